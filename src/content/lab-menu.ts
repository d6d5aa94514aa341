import { LABS } from '../core/lab/labs/index.ts'
import type { L10n } from './lesson.ts'

/** Labs to choose from, those with running daemons first. */
const ORDER = ['course', 'vrrp', 'course-static', 'outside'] as const

export const LAB_MENU: readonly { id: string; title: L10n }[] = ORDER.flatMap((id) => {
  const lab = LABS[id]
  return lab ? [{ id, title: lab.title }] : []
})
