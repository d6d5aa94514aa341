import { must } from '../../base/assert.ts'

/** Synchronisation is loaded with the command that can start its daemons; few labs use it. */
type Sync = typeof import('./sync.ts')

let sync: Sync | undefined

export async function loadIpvsSync(): Promise<void> {
  sync ??= await import('./sync.ts')
}

export function ipvsSync(): Sync {
  return must(sync, 'IPVS synchronisation is loaded')
}
