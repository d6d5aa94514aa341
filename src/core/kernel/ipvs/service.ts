import type { Ip4 } from '../../base/ids.ts'
import { PROTO_TCP } from '../../wire/ipv4.ts'
import type { Host } from '../host.ts'
import type { IpvsDest, IpvsService, IpvsServiceKey } from './types.ts'

/** Finding virtual services and real servers (net/netfilter/ipvs/ip_vs_ctl.c). */

const FTP = 21
const FTP_DATA = 20

export function isSameService(a: IpvsServiceKey, b: IpvsServiceKey): boolean {
  if (a.fwmark !== 0 || b.fwmark !== 0) return a.fwmark === b.fwmark
  return a.port === b.port && a.vip === b.vip && a.proto === b.proto
}

/** The service that an administrator means. */
export function findService(host: Host, key: IpvsServiceKey): IpvsService | undefined {
  for (const service of host.ipvs.services) if (isSameService(service, key)) return service
  return undefined
}

/**
 * The service of a packet (ip_vs_service_find): by its mark, then by address and port, then FTP's data connection, then
 * the service for all ports of the address.
 */
export function serviceOf(
  host: Host,
  mark: number,
  proto: number,
  vip: Ip4,
  port: number,
): IpvsService | undefined {
  const { services } = host.ipvs
  let any: IpvsService | undefined
  let exact: IpvsService | undefined
  let ftp: IpvsService | undefined
  for (const service of services) {
    if (service.fwmark !== 0) {
      if (service.fwmark === mark) return service
    } else if (service.proto === proto && service.vip === vip) {
      if (service.port === port) exact = service
      else if (service.port === 0) any = service
      else if (service.port === FTP && proto === PROTO_TCP && (port === FTP_DATA || port >= 1024))
        ftp = service
    }
  }
  return exact ?? ftp ?? any
}

export function findDest(service: IpvsService, ip: Ip4, port: number): IpvsDest | undefined {
  return service.dests.find((d) => d.ip === ip && d.port === port)
}

/** A real server by its id, with the service it belongs to; in the trash it has none. */
export function destById(host: Host, id: number): { dest: IpvsDest; service?: IpvsService } | undefined {
  if (id === 0) return undefined
  for (const service of host.ipvs.services) {
    for (const dest of service.dests) if (dest.id === id) return { dest, service }
  }
  const gone = host.ipvs.trash.find((t) => t.dest.id === id)
  return gone && { dest: gone.dest }
}

/** Is this address a real server's, so that an error about a packet of ours in IPIP may be for us (ip_vs_find_tunnel)? */
export function isTunnelEnd(host: Host, ip: Ip4): boolean {
  return host.ipvs.services.some((s) => s.dests.some((d) => d.mode === 'tun' && d.ip === ip))
}

/** Does this address and port belong to some real server under NAT (ip_vs_has_real_service)? */
export function isRealService(host: Host, proto: number, ip: Ip4, port: number): boolean {
  const isNat = (d: IpvsDest): boolean => d.mode === 'nat' || d.mode === 'fullnat'
  return host.ipvs.services.some(
    (s) =>
      (s.proto === proto || s.fwmark !== 0) &&
      s.dests.some((d) => isNat(d) && d.ip === ip && d.port === port),
  )
}
