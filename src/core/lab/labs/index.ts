import type { Lab } from '../schema.ts'
import { course, courseStandIn } from './course.ts'
import { outsideDr } from './outside.ts'
import { vrrp } from './vrrp.ts'

/** Labs that come with the program, by id. */
export const LABS: Readonly<Record<string, Lab>> = {
  [course.id]: course,
  [courseStandIn.id]: courseStandIn,
  [outsideDr.id]: outsideDr,
  [vrrp.id]: vrrp,
}
