import { type HostId, type Ip4, isGroupMac, isLoopback, type Mac } from '../../core/base/ids.ts'
import type { HostView, Loaded } from '../../engine/engine.ts'
import type { OwnerCode } from '../../view/hues.ts'

/** Whose address is it: the code on the plate. '' = nobody in particular (loopback, unspecified): no plate. */
export interface Owners {
  codeOf: (host: HostId) => OwnerCode
  hostOf: (code: OwnerCode) => HostId | undefined
  ofIp: (ip: Ip4) => OwnerCode
  ofMac: (mac: Mac) => OwnerCode
  /** Hosts in the lab's order. */
  hosts: readonly HostId[]
  /** The virtual addresses: on more than one host, or served by IPVS. */
  vips: readonly Ip4[]
}

const UNKNOWN: OwnerCode = 'X'
const LETTER = { router: 'R', lb: 'L', server: 'S', client: 'C' } as const

/** Codes in the lab's order: R, L1, L2, S1 ...; a router or client alone needs no number. */
export function codesOf(lab: Loaded['lab']): Map<HostId, OwnerCode> {
  const codes = new Map<HostId, OwnerCode>()
  const count: Record<string, number> = {}
  const hosts = Object.entries(lab.hosts)
  for (const [id, { role }] of hosts) {
    const n = (count[role] = (count[role] ?? 0) + 1)
    const alone =
      (role === 'router' || role === 'client') && hosts.filter(([, host]) => host.role === role).length === 1
    codes.set(id, alone ? LETTER[role] : `${LETTER[role]}${n}`)
  }
  return codes
}

/** Owners of all addresses that the hosts have (or had, in earlier views given). */
export function ownersOf(lab: Loaded['lab'], views: readonly HostView[]): Owners {
  const codes = codesOf(lab)
  const hosts = [...codes.keys()]
  const ips = new Map<Ip4, HostId>()
  const macs = new Map<Mac, HostId>()
  const vips = new Set<Ip4>()
  for (const view of views) {
    for (const { vip } of view.ipvs.services) vips.add(vip)
    for (const dev of view.devs) {
      if (dev.mac !== 0) macs.set(dev.mac, view.host)
      for (const { ip } of dev.addrs) {
        if (isLoopback(ip)) continue
        const other = ips.get(ip)
        if (other !== undefined && other !== view.host) vips.add(ip)
        ips.set(ip, view.host)
      }
    }
  }
  const codeOf = (host: HostId): OwnerCode => codes.get(host) ?? UNKNOWN
  return {
    codeOf,
    hosts,
    vips: [...vips],
    hostOf: (code) => hosts.find((id) => codes.get(id) === code),
    ofIp: (ip) => {
      if (vips.has(ip)) return 'V'
      const host = ips.get(ip)
      if (host !== undefined) return codeOf(host)
      return ip === 0 || isLoopback(ip) ? '' : UNKNOWN
    },
    ofMac: (mac) => {
      if (mac === 0) return ''
      const host = macs.get(mac)
      return host === undefined || isGroupMac(mac) ? UNKNOWN : codeOf(host)
    },
  }
}
