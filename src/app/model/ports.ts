import type { HostId } from '../../core/base/ids.ts'
import type { Loaded } from '../../engine/engine.ts'

/** An interface with a cable. */
export interface Port {
  host: HostId
  dev: string
  segment: string
}

/** All interfaces of a lab, in its order. */
export function portsOfLab(lab: Loaded['lab']): Port[] {
  return Object.entries(lab.hosts).flatMap(([host, { interfaces }]) =>
    Object.entries(interfaces).map(([dev, { segment }]) => ({ host, dev, segment })),
  )
}
