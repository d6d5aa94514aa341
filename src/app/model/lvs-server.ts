import { formatIp4, type Ip4 } from '../../core/base/ids.ts'
import type { HostView } from '../../engine/engine.ts'
import { inEffect, mainDev } from './cards.ts'
import { type Change, destsOf, facing, lanAddresses, type LvsMode } from './lvs-lab.ts'
import { type Setting, settingsLine } from './lvs-settings.ts'

const TUNNEL = 'tunl0'
/** On a sender's own LAN, the extra addresses that requests may come from (.200 to .249), as one prefix. */
const EXTRA = { last: 192, prefix: 26 }

/** What a real server types for a change of mode: where the virtual address is, who hears of it, which way answers go. */
export function serverLines(change: Change): string[] {
  const away = vipsOf(change).flatMap((vip) => removeVip(change, vip))
  const unloaded = change.to === 'tun' ? [] : unloadTunnel(change)
  const arrives = vipsOf(change).flatMap((vip) => addVip(change, vip))
  return [
    ...away,
    ...unloaded,
    ...loadTunnel(change),
    ...settingsLine(change, (mode) => needsOf(change, mode)),
    ...arrives,
    ...routeLines(change),
  ]
}

/** Virtual addresses of the services that this server is behind. */
function vipsOf({ now, all }: Change): Ip4[] {
  const own = lanAddresses(now).map(({ ip }) => ip)
  const services = destsOf(all).filter(({ dest }) => own.includes(dest.ip))
  return [...new Set(services.flatMap(({ service }) => (service.vip === 0 ? [] : [service.vip])))]
}

function placeOf(mode: LvsMode): string | undefined {
  return mode === 'dr' ? 'lo' : mode === 'tun' ? TUNNEL : undefined
}

/** From wherever it is and should not be, with a host route to it that would point into the void. */
function removeVip({ now, home, to }: Change, vip: Ip4): string[] {
  const unloads = to !== 'tun' && home !== undefined && !hasDev(home, TUNNEL)
  const addresses = now.devs.flatMap(({ name, addrs }) =>
    name === placeOf(to) || (name === TUNNEL && unloads)
      ? []
      : addrs
          .filter(({ ip }) => ip === vip)
          .map((addr) => `ip addr del ${formatIp4(vip)}/${addr.prefix} dev ${name}`),
  )
  const isRouted = to !== 'dr' && hasHostRoute(now, vip)
  return [...(isRouted ? [`ip route del ${formatIp4(vip)} dev lo`] : []), ...addresses]
}

function addVip({ now, home, to }: Change, vip: Ip4): string[] {
  const place = placeOf(to)
  const text = formatIp4(vip)
  const out: string[] = []
  const label =
    home?.devs.find(({ name }) => name === 'lo')?.addrs.find(({ ip }) => ip === vip)?.label ?? 'lo:0'
  if (place === 'lo' && !hasAddress(now, 'lo', vip)) out.push(`ip addr add ${text}/32 dev lo label ${label}`)
  if (place === 'lo' && home && hasHostRoute(home, vip) && !hasHostRoute(now, vip))
    out.push(`ip route add ${text} dev lo`)
  if (place === TUNNEL && !hasAddress(now, TUNNEL, vip)) out.push(`ip addr add ${text}/32 dev ${TUNNEL}`)
  return out
}

function loadTunnel({ now, to }: Change): string[] {
  if (to !== 'tun') return []
  const device = now.devs.find(({ name }) => name === TUNNEL)
  return [...(device ? [] : ['modprobe ipip']), ...(device?.up === true ? [] : [`ip link set ${TUNNEL} up`])]
}

function unloadTunnel({ now, home }: Change): string[] {
  return hasDev(now, TUNNEL) && home && !hasDev(home, TUNNEL) ? ['rmmod ipip'] : []
}

/** With the virtual address on the servers, only the load balancer may answer for it; unwrapped packets come from far away. */
function needsOf({ now }: Change, mode: LvsMode): readonly Setting[] {
  if (mode === 'nat' || mode === 'fullnat') return []
  const dev = mainDev(now)
  const arp: Setting[] = [
    { place: 'all', name: 'arp_ignore', value: Math.max(1, now.conf['all']?.arp_ignore ?? 0) },
    { place: 'all', name: 'arp_announce', value: 2 },
  ]
  const hidden = inEffect(now, dev, 'arp_ignore') > 0 && inEffect(now, dev, 'arp_announce') === 2
  const kept = hidden && (now.conf['all']?.arp_ignore ?? 0) === 0 ? [] : arp
  if (mode === 'dr') return kept
  return [
    ...kept,
    { place: 'all', name: 'rp_filter', value: 0 },
    { place: TUNNEL, name: 'rp_filter', value: 0 },
  ]
}

interface Way {
  dst: Ip4
  prefix: number
  via: Ip4
}

/** Under NAT answers must come back through the load balancer, those to a client on the same LAN too; else as at boot. */
function routeLines(change: Change): string[] {
  const { now, to } = change
  const wanted = to === 'nat' ? waysThrough(change) : waysAtBoot(change)
  const present = now.routes.flatMap(wayOf)
  const isSame = (a: Way, b: Way): boolean => a.dst === b.dst && a.prefix === b.prefix
  const gateways = directorsOf(change)
  const added = wanted
    .filter((way) => !present.some((other) => isSame(way, other) && other.via === way.via))
    .map((way) => `ip route ${way.prefix === 0 ? 'replace' : 'add'} ${target(way)} via ${formatIp4(way.via)}`)
  const removed = present
    .filter((way) => gateways.includes(way.via) && !wanted.some((other) => isSame(way, other)))
    .map((way) => `ip route del ${target(way)}`)
  return [...removed, ...added]
}

function target({ dst, prefix }: Way): string {
  if (prefix === 0) return 'default'
  return prefix === 32 ? formatIp4(dst) : `${formatIp4(dst)}/${prefix}`
}

function wayOf(route: HostView['routes'][number]): Way[] {
  const [hop, another] = route.nexthops
  if (hop === undefined || another !== undefined || hop.gateway === 0) return []
  return [{ dst: route.dst, prefix: route.prefix, via: hop.gateway }]
}

/** Addresses of the load balancers of this server that are on its LAN. */
function directorsOf({ now, all }: Change): Ip4[] {
  const own = lanAddresses(now).map(({ ip }) => ip)
  const placed = destsOf(all).filter(({ dest }) => own.includes(dest.ip))
  return [...new Set(placed.flatMap(({ director, dest }) => facing(director, dest.ip)?.ip ?? []))]
}

function waysThrough(change: Change): Way[] {
  const via = directorsOf(change)[0]
  if (via === undefined) return []
  const near = sendersNear(change).flatMap((ip): Way[] => [
    { dst: ip, prefix: 32, via },
    { dst: (((ip & 0xffffff00) >>> 0) + EXTRA.last) as Ip4, prefix: EXTRA.prefix, via },
  ])
  return [{ dst: 0 as Ip4, prefix: 0, via }, ...near]
}

/** Addresses of clients on this server's own LAN; where there is no client, routers send. */
function sendersNear({ now, all }: Change): Ip4[] {
  const views = Object.values(all)
  const clients = views.filter(({ role }) => role === 'client')
  const senders = clients.length > 0 ? clients : views.filter(({ role }) => role === 'router')
  return senders.flatMap((view) => lanAddresses(view).flatMap(({ ip }) => (facing(now, ip) ? [ip] : [])))
}

/** What was there at boot; a lab booted under NAT gets the router as its way out. */
function waysAtBoot(change: Change): Way[] {
  const { now, home, homeMode, all } = change
  const booted = (home?.routes ?? []).flatMap(wayOf)
  if (homeMode !== 'nat') return booted
  const gateways = directorsOf(change)
  const router = Object.values(all).find(({ role }) => role === 'router')
  const via = router && lanAddresses(router).find(({ ip }) => facing(now, ip))?.ip
  const others = booted.filter((way) => !gateways.includes(way.via))
  const hasDefault = others.some(({ prefix }) => prefix === 0)
  return hasDefault || via === undefined ? others : [{ dst: 0 as Ip4, prefix: 0, via }, ...others]
}

function hasDev(view: HostView, name: string): boolean {
  return view.devs.some((dev) => dev.name === name)
}

function hasAddress(view: HostView, dev: string, ip: Ip4): boolean {
  return view.devs.some(({ name, addrs }) => name === dev && addrs.some((addr) => addr.ip === ip))
}

function hasHostRoute(view: HostView, ip: Ip4): boolean {
  return view.routes.some(
    (r) => r.dst === ip && r.prefix === 32 && r.nexthops.some(({ dev }) => dev === 'lo'),
  )
}
