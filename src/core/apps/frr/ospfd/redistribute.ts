import type { ZapiRoute } from '../zapi.ts'
import type { RedistributeType } from './config.ts'
import { flushExternalLsa, updateExternalLsa } from './originate.ts'
import type { Run } from './run.ts'
import type { Redistributed } from './types.ts'

/** Routes of other sources that zebra tells of: each becomes an AS-external LSA, or takes it back (ospf_zebra_read_route). */
export function redistributed(run: Run, routes: readonly ZapiRoute[]): void {
  for (const route of routes) {
    const { type } = route
    if (!isRedistributable(type)) continue
    const key = `${type} ${route.dst}/${route.prefix}`
    const old = run.o.redistributed[key]
    if (route.remove) {
      delete run.o.redistributed[key]
      if (old) flushExternalLsa(run, old)
      continue
    }
    const gateway = route.nexthops[0]?.gateway ?? (0 as Redistributed['gateway'])
    const told: Redistributed = { type, ip: route.dst, prefix: route.prefix, gateway, tag: route.tag ?? 0 }
    run.o.redistributed[key] = told
    updateExternalLsa(run, told)
  }
}

function isRedistributable(type: string): type is RedistributeType {
  return type === 'kernel' || type === 'connected' || type === 'static'
}
