import { formatIp4, type HostId, type Ip4 } from '../../core/base/ids.ts'
import type { HostView } from '../../engine/engine.ts'

type Views = Readonly<Record<HostId, HostView>>

export type ArpName = 'arp_ignore' | 'arp_announce'
export const SEND_MODES = ['port', 'fixed', 'address'] as const
export type SendMode = (typeof SEND_MODES)[number]

/** Source port of "one port": below the range that Linux gives out by itself, so that nobody else holds it. */
const FIXED_PORT = 20_000
/** A port stays taken for 60 s after the client has closed (TIME_WAIT); curl cannot bind to it before. */
const WAIT_S = 61
/** Extra addresses on lo: .200 to .249 of the router's own network, as in the course. */
const FIRST_EXTRA = 200
const EXTRAS = 50

export function hostsOfRole(views: Views, role: HostView['role']): HostId[] {
  return Object.values(views).flatMap((view) => (view.role === role ? [view.host] : []))
}

/** The service that clients ask for, from the first load balancer that has one. */
export function serviceOf(views: Views): { vip: Ip4; port: number } | undefined {
  for (const view of Object.values(views)) {
    const service = view.ipvs.services[0]
    if (service !== undefined) return { vip: service.vip, port: service.port }
  }
  return undefined
}

export function policyCommand(policy: number): string {
  return `sysctl -w net.ipv4.fib_multipath_hash_policy=${policy}`
}

export function arpCommand(name: ArpName, place: string, value: number): string {
  return `sysctl -w net.ipv4.conf.${place}.${name}=${value}`
}

/** Where a host has this address on lo: the label, such as 'lo:0'. */
export function labelOnLo(view: HostView, ip: Ip4): string | undefined {
  return view.devs.find((dev) => dev.name === 'lo')?.addrs.find((addr) => addr.ip === ip)?.label
}

export function vipCommand(view: HostView, vip: Ip4, on: boolean): string {
  if (on) return `ifconfig lo:0 ${formatIp4(vip)} netmask 255.255.255.255 up`
  return `ifconfig ${labelOnLo(view, vip) ?? 'lo:0'} down`
}

/** Command lines that send `count` requests, given the sender as it is at the end of the run. */
export function sendCommands(
  view: HostView,
  service: { vip: Ip4; port: number },
  mode: SendMode,
  count: number,
): string[] {
  const url = `http://${formatIp4(service.vip)}:${service.port}`
  if (mode === 'port') return Array.from({ length: count }, () => `curl -v ${url}`)
  if (mode === 'fixed') return fixedPortCommands(view, url, count)
  const out: string[] = []
  let used = extrasOf(view)
  for (let i = 0; i < count; i++) {
    const n = used % EXTRAS
    const address = extraAddress(view, n)
    if (used < EXTRAS) out.push(`ifconfig lo:${n + 1} ${address} netmask 255.255.255.255 up`)
    out.push(`curl -v ${url} --interface ${address}`)
    used++
  }
  return out
}

function fixedPortCommands(view: HostView, url: string, count: number): string[] {
  const taken = view.sockets.some((socket) => socket.lport === FIXED_PORT)
  return Array.from({ length: count }, (_, i) => {
    const curl = `curl -v ${url} --local-port ${FIXED_PORT}`
    return taken || i > 0 ? `sleep ${WAIT_S} && ${curl}` : curl
  })
}

/** How many of the extra addresses are on lo already, counted from the first without a gap. */
function extrasOf(view: HostView): number {
  const addrs = view.devs.find((dev) => dev.name === 'lo')?.addrs.map(({ ip }) => formatIp4(ip)) ?? []
  let n = 0
  while (n < EXTRAS && addrs.includes(extraAddress(view, n))) n++
  return n
}

function extraAddress(view: HostView, n: number): string {
  const own = view.devs.find((dev) => dev.name !== 'lo')?.addrs[0]?.ip ?? (0 as Ip4)
  return `${formatIp4(own).split('.').slice(0, 3).join('.')}.${FIRST_EXTRA + n}`
}
