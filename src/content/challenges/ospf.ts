import type { Challenge } from '../challenge.ts'
export const ospf: readonly Challenge[] = []
