import type { IpvsDest, IpvsService } from '../types.ts'

/** Chooses the real server of a new connection; undefined = none is usable. May keep its memory in `service.sched`. */
export type Scheduler = (service: IpvsService) => IpvsDest | undefined
