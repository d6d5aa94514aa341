import { must } from '../../base/assert.ts'
import { loadRaw } from '../raw/module.ts'

/**
 * The control side, schedulers, FULLNAT and connection synchronisation are modules of their own, as ip_vs_rr and its like are on
 * Linux: the command that makes services loads them.
 */
interface IpvsModule {
  applyIpvs: typeof import('./apply.ts').applyIpvs
  schedulers: typeof import('./schedulers/table.ts').SCHEDULERS
  sync: typeof import('./sync.ts')
  fullnat: typeof import('./fullnat.ts')
}

let module: IpvsModule | undefined

export async function loadIpvs(): Promise<void> {
  if (module) return
  // a backup joins the group of synchronisation
  await loadRaw()
  const { applyIpvs } = await import('./apply.ts')
  const { SCHEDULERS } = await import('./schedulers/table.ts')
  const sync = await import('./sync.ts')
  module = { applyIpvs, schedulers: SCHEDULERS, sync, fullnat: await import('./fullnat.ts') }
}

export function ipvsModule(): IpvsModule {
  return must(module, 'IPVS is loaded')
}
