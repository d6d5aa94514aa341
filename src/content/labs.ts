import { LABS } from '../core/lab/labs/index.ts'
import type { Lab } from '../core/lab/schema.ts'

/** A lab that comes with the program; undefined for an id that there is none of. */
export function labById(id: string): Lab | undefined {
  return Object.hasOwn(LABS, id) ? LABS[id] : undefined
}
