import type { Ip4 } from '../../base/ids.ts'
import type { Host } from '../host.ts'
import type { Ends } from './packet.ts'
import { findLocal } from './table.ts'
import type { IpvsService } from './types.ts'

/** Address and port that the real server sees as the client. */
export interface Local {
  lip: Ip4
  lport: number
}

const FIRST_PORT = 1024
const PORTS = 65536 - FIRST_PORT

/**
 * FULLNAT: an address of the service's pool, in turn, and a port that is free towards this real server. The client's own
 * port is tried first, as source translation does (golden B8); FULLNAT kernels count ports up from 5000 instead.
 * undefined = no address, or none of its ports is free.
 */
export function takeLocal(
  host: Host,
  service: IpvsService,
  { proto, sport }: Ends,
  dip: Ip4,
  dport: number,
): Local | undefined {
  const { laddrs } = service
  for (let i = 0; i < laddrs.length; i++) {
    const lip = laddrs[service.nextLaddr % laddrs.length]
    service.nextLaddr = (service.nextLaddr + 1) % laddrs.length
    if (lip === undefined) continue
    for (let step = 0; step <= PORTS; step++) {
      const lport = step === 0 ? sport : FIRST_PORT + ((sport - FIRST_PORT + step + PORTS) % PORTS)
      if (!findLocal(host.ipvs, proto, lip, lport, dip, dport)) return { lip, lport }
    }
  }
  return undefined
}
