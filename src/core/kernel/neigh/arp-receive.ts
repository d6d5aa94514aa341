import { inPrefix } from '../../base/cidr.ts'
import { type DevName, IP_BROADCAST, type Ip4, isLoopback, isMulticast } from '../../base/ids.ts'
import { type Arp, ARP_REPLY, ARP_REQUEST, parseArp } from '../../wire/arp.ts'
import type { Ctx } from '../ctx.ts'
import { ownerOf } from '../dev/address.ts'
import type { Host } from '../host.ts'
import { addressType } from '../route/fib.ts'
import { findRoute } from '../route/lookup.ts'
import { validateSource } from '../route/validate.ts'
import { L2, type Skb } from '../skb.ts'
import { type InEffect, maxConf, orConf } from '../sysctl/max.ts'
import { arpHeard } from './arp-sock.ts'
import { sendArpReply } from './arp-send.ts'
import { findNeigh, isUnlocked, makeNeigh, neighUpdate } from './neigh.ts'
import { replyAsProxy } from './proxy.ts'

/** ARP as received (net/ipv4/arp.c arp_process). */
export function arpReceive(host: Host, skb: Skb, ctx: Ctx): void {
  const { dev } = skb
  // Neither lo nor a tunnel has a link to ask on (IFF_NOARP).
  const { loopback, tunnel } = host.devs[dev] ?? {}
  if (loopback === true || tunnel) return ctx.drop(host, skb, 'ARP_INVALID', 'device without ARP')
  const parsed = parseArp(skb.data, L2)
  if (!parsed.ok) return ctx.drop(host, skb, 'ARP_INVALID', parsed.error)
  const arp = parsed.value
  if (host.arpSocks.length > 0) arpHeard(host, skb, arp, ctx)
  if (arp.op !== ARP_REQUEST && arp.op !== ARP_REPLY)
    return ctx.drop(host, skb, 'ARP_INVALID', `op ${arp.op}`)
  if (isMulticast(arp.tpa) || (isLoopback(arp.tpa) && !orConf(host, dev, 'route_localnet'))) {
    return ctx.drop(host, skb, 'ARP_INVALID', 'target')
  }
  if (arp.spa === arp.tpa && orConf(host, dev, 'drop_gratuitous_arp')) {
    return ctx.drop(host, skb, 'ARP_INVALID', 'drop_gratuitous_arp')
  }
  const isLocal = addressType(host, arp.tpa) === 'local'
  if (arp.spa === 0) {
    if (arp.op === ARP_REQUEST && isLocal) return answer(host, skb, arp, ctx)
    return ctx.drop(host, skb, 'ARP_NOT_MINE', 'probe')
  }
  if (arp.op === ARP_REQUEST && isSourceGood(host, dev, arp)) {
    if (isLocal) return answer(host, skb, arp, ctx)
    if (answerAsProxy(host, skb, arp, ctx)) return
  }
  // who is not believed (rp_filter) is not answered either, yet what is known of him is brought up to date
  const known = learn(host, skb, arp, ctx)
  if (known) return
  if (arp.op === ARP_REQUEST && isLocal) ctx.drop(host, skb, 'ARP_INVALID', 'sender is not believed')
  else ctx.drop(host, skb, 'ARP_NOT_MINE')
}

/** Requests are routed like packets, so that rp_filter and martian senders count (ip_route_input). */
function isSourceGood(host: Host, dev: DevName, arp: Arp): boolean {
  if (isMulticast(arp.spa) || arp.spa === IP_BROADCAST || arp.spa >>> 24 === 0) return false
  if (isLoopback(arp.spa) && !orConf(host, dev, 'route_localnet')) return false
  return validateSource(host, dev, arp.spa, arp.tpa).ok
}

/** A request for one of our addresses: does arp_ignore let us answer? */
function answer(host: Host, skb: Skb, arp: Arp, ctx: Ctx): void {
  const { dev } = skb
  const probe = arp.spa === 0
  const ignore = maxConf(host, dev, 'arp_ignore')
  const owner = ownerOf(host, arp.tpa)?.name ?? ''
  const words = { dev, target: arp.tpa, owner, ignore: ignore.value, all: ignore.all, own: ignore.own }
  const ignored = isIgnored(host, dev, arp, ignore)
  if (ignored || (!probe && isFiltered(host, dev, arp))) {
    ctx.note(host, { kind: 'arp.ignored', from: arp.spa, ...words })
    return ctx.drop(host, skb, 'ARP_IGNORED', ignored ? `arp_ignore=${ignore.value}` : 'arp_filter')
  }
  if (!probe) heardOf(host, dev, arp, ctx)
  ctx.note(host, { kind: 'arp.reply', to: arp.spa, ...words })
  sendArpReply(host, dev, arp.tpa, { mac: arp.sha, ip: arp.spa }, ctx)
}

/** Who asks tells us where he is (neigh_event_ns). */
function heardOf(host: Host, dev: DevName, arp: Arp, ctx: Ctx): void {
  const neigh = findNeigh(host, dev, arp.spa) ?? makeNeigh(host, dev, arp.spa, ctx.now)
  neighUpdate(host, neigh, arp.sha, 'STALE', true, 'arp.request', ctx)
}

/** proxy_arp or a proxy entry: answer for an address that we would forward to another interface (arp_fwd_proxy). */
function answerAsProxy(host: Host, skb: Skb, arp: Arp, ctx: Ctx): boolean {
  const { dev } = skb
  if (!host.sysctl.conf[dev]?.forwarding) return false
  const isEntry = host.proxies.some((proxy) => proxy.ip === arp.tpa && proxy.dev === dev)
  if (!isEntry && !orConf(host, dev, 'proxy_arp')) return false
  const flow = { dst: arp.tpa, src: arp.spa, proto: 0, sport: 0, dport: 0, iif: dev }
  const found = findRoute(host, flow, 'fwd', undefined, ctx.now)
  if (!found.ok || found.value.dst.type !== 'unicast' || found.value.dst.dev === dev) return false
  heardOf(host, dev, arp, ctx)
  ctx.note(host, { kind: 'arp.proxy', dev, target: arp.tpa, to: arp.spa, by: found.value.dst.dev })
  replyAsProxy(host, skb, arp, ctx)
  return true
}

/** The rule of arp_ignore (ip-sysctl.rst, arp_ignore() and confirm_addr_indev() of the kernel). */
function isIgnored(host: Host, dev: DevName, arp: Arp, ignore: InEffect): boolean {
  const onDev = host.devs[dev]?.addrs ?? []
  switch (ignore.value) {
    case 1:
      return !onDev.some((a) => a.ip === arp.tpa)
    case 2:
      // asker and address must share a subnet of the interface, but it may be that of another address
      return (
        !onDev.some((a) => a.ip === arp.tpa) ||
        !onDev.some((a) => inPrefix(arp.spa, a.ip, a.prefix) && inPrefix(arp.tpa, a.ip, a.prefix))
      )
    case 3:
      return !Object.values(host.devs).some((d) =>
        d.addrs.some((a) => a.ip === arp.tpa && a.scope !== 'host'),
      )
    case 8:
      return true
    default:
      return false
  }
}

/** arp_filter: answer only on the interface by which we would send to the asker from that address. */
function isFiltered(host: Host, dev: DevName, arp: Arp): boolean {
  if (!orConf(host, dev, 'arp_filter')) return false
  const flow = { dst: arp.spa, src: arp.tpa, proto: 0, sport: 0, dport: 0 }
  const back = findRoute(host, flow, 'get')
  return !back.ok || back.value.dst.dev !== dev
}

/** Learn from what others say. Only entries that exist are changed, unless arp_accept allows new ones. */
function learn(host: Host, skb: Skb, arp: Arp, ctx: Ctx): boolean {
  if (arp.spa === 0) return false
  const gratuitous = isGratuitous(host, arp)
  let neigh = findNeigh(host, skb.dev, arp.spa)
  if (!neigh && isAccepted(host, skb.dev, arp.spa)) {
    const unasked = arp.op === ARP_REPLY && addressType(host, arp.spa) === 'unicast'
    if (gratuitous || unasked) neigh = makeNeigh(host, skb.dev, arp.spa, ctx.now)
  }
  if (!neigh) return false
  // Of several answers in a row the first counts; a gratuitous one always does.
  const override = isUnlocked(host, neigh, ctx.now) || gratuitous
  const proves = arp.op === ARP_REPLY && skb.pkt === 'host'
  const why = gratuitous ? 'gratuitous' : proves ? 'arp.reply' : 'arp.request'
  neighUpdate(host, neigh, arp.sha, proves ? 'REACHABLE' : 'STALE', override, why, ctx)
  return true
}

/** arp_accept: 1 = from everybody, 2 = from senders in a subnet of the interface. */
function isAccepted(host: Host, dev: DevName, sender: Ip4): boolean {
  const { value } = maxConf(host, dev, 'arp_accept')
  if (value !== 2) return value === 1
  return host.devs[dev]?.addrs.some((a) => inPrefix(sender, a.ip, a.prefix)) ?? false
}

/** Sender and target are one, and not ours; a reply must also name its sender as target MAC (arp_is_garp). */
function isGratuitous(host: Host, arp: Arp): boolean {
  if (arp.spa !== arp.tpa || (arp.op === ARP_REPLY && arp.tha !== arp.sha)) return false
  return addressType(host, arp.spa) === 'unicast'
}
