import type { Challenge } from '../challenge.ts'
export const fullnat: readonly Challenge[] = []
