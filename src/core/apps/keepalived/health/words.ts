import { formatIp4, type Ip4 } from '../../../base/ids.ts'
import type { CheckSpec, ServerSpec, ServiceSpec } from './types.ts'

const PROTOCOLS: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp', 132: 'sctp', 0: 'none' }

/** '[172.16.253.130]:tcp:8080' (inet_sockaddrtotrio). */
function trio(ip: Ip4, proto: number, port: number): string {
  return `[${formatIp4(ip)}]:${PROTOCOLS[proto] ?? '?'}:${port}`
}

/** FMT_VS. */
export function serviceName(
  vs: Pick<ServiceSpec, 'ip' | 'port' | 'proto' | 'fwmark' | 'group' | 'member'>,
): string {
  if (vs.group !== '') return `[${vs.group}]:${vs.member}`
  return vs.fwmark !== 0 ? `FWM ${vs.fwmark}` : trio(vs.ip, vs.proto, vs.port)
}

/** FMT_RS. */
export function serverName(rs: Pick<ServerSpec, 'ip' | 'port'>, vs: Pick<ServiceSpec, 'proto'>): string {
  return trio(rs.ip, vs.proto, rs.port)
}

/** FMT_CHK: where the check goes. */
export function checkName(check: Pick<CheckSpec, 'ip' | 'port'>, vs: Pick<ServiceSpec, 'proto'>): string {
  return trio(check.ip, vs.proto, check.port)
}
