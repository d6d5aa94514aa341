import type { Challenge } from '../challenge.ts'
export const tun: readonly Challenge[] = []
