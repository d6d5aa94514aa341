import { course, courseStandIn } from '../core/lab/labs/course.ts'
import { outsideLab } from '../core/lab/labs/outside.ts'
import type { Lab } from '../core/lab/schema.ts'
import type { Challenge, ChallengeLab } from './challenge.ts'
import type { Variant } from './variant.ts'

const LABS: Record<ChallengeLab, () => Lab> = {
  course: () => course,
  'course-static': () => courseStandIn,
  outside: () => outsideLab(),
}

/** The lab of a challenge (already in its variant), with the fault in its boot lines, so that the run begins after it. */
export function challengeLab(challenge: Challenge, variant: Variant): Lab {
  const lab = JSON.parse(variant.renumbered(JSON.stringify(LABS[challenge.lab]()))) as Lab
  for (const { host, sh } of challenge.boot) {
    const spec = lab.hosts[host]
    if (spec === undefined) throw new Error(`challenge ${challenge.id}: no host ${host}`)
    spec.boot.push(sh)
  }
  return { ...lab, title: challenge.title }
}
