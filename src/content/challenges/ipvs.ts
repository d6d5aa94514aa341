import type { Challenge } from '../challenge.ts'
export const ipvs: readonly Challenge[] = []
