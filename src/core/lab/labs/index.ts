import type { Lab } from '../schema.ts'
import { course, courseFrr } from './course.ts'
import { outsideDr } from './outside.ts'

/** Labs that come with the program, by id. */
export const LABS: Readonly<Record<string, Lab>> = {
  [course.id]: course,
  [courseFrr.id]: courseFrr,
  [outsideDr.id]: outsideDr,
}
