import type { Lab } from '../schema.ts'
import { exportContainerlab } from './containerlab.ts'
import { exportNetns } from './netns.ts'

/** Where a lab can be built for real, and the text that builds it there. */
export const EXPORTERS = {
  netns: exportNetns,
  containerlab: exportContainerlab,
} as const satisfies Record<string, (lab: Lab) => string>

export type ExportTarget = keyof typeof EXPORTERS

export function isExportTarget(text: string): text is ExportTarget {
  return Object.hasOwn(EXPORTERS, text)
}
