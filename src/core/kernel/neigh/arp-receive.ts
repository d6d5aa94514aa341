import { inPrefix } from '../../base/cidr.ts'
import { type DevName, type Ip4, isLoopback, isMulticast } from '../../base/ids.ts'
import { type Arp, ARP_REPLY, ARP_REQUEST, parseArp } from '../../wire/arp.ts'
import type { Ctx } from '../ctx.ts'
import { ownerOf } from '../dev/address.ts'
import type { Host } from '../host.ts'
import { addressType, lookupFib } from '../route/fib.ts'
import { validateSource } from '../route/input.ts'
import { L2, type Skb } from '../skb.ts'
import { type InEffect, maxConf, orConf } from '../sysctl/max.ts'
import { sendArpReply } from './arp-send.ts'
import { findNeigh, isUnlocked, makeNeigh, neighUpdate } from './neigh.ts'

/** ARP as received (net/ipv4/arp.c arp_process). Not modelled: proxy_arp, duplicate address detection by us. */
export function arpReceive(host: Host, skb: Skb, ctx: Ctx): void {
  const parsed = parseArp(skb.data, L2)
  if (!parsed.ok) return ctx.drop(host, skb, 'ARP_INVALID', parsed.error)
  const arp = parsed.value
  if (arp.op !== ARP_REQUEST && arp.op !== ARP_REPLY)
    return ctx.drop(host, skb, 'ARP_INVALID', `op ${arp.op}`)
  const { dev } = skb
  if (isMulticast(arp.tpa) || (isLoopback(arp.tpa) && !orConf(host, dev, 'route_localnet'))) {
    return ctx.drop(host, skb, 'ARP_INVALID', 'target')
  }
  if (arp.op === ARP_REQUEST && addressType(host, arp.tpa) === 'local') return answer(host, skb, arp, ctx)
  const known = learn(host, skb, arp, ctx)
  if (!known) ctx.drop(host, skb, 'ARP_NOT_MINE')
}

/** A request for one of our addresses: does arp_ignore (and the reverse path) let us answer? */
function answer(host: Host, skb: Skb, arp: Arp, ctx: Ctx): void {
  const { dev } = skb
  const probe = arp.spa === 0
  const refused = probe ? undefined : validateSource(host, dev, arp.spa)
  if (refused) return ctx.drop(host, skb, refused.why, refused.detail)
  const ignore = maxConf(host, dev, 'arp_ignore')
  const owner = ownerOf(host, arp.tpa)?.name ?? ''
  const words = { dev, target: arp.tpa, owner, ignore: ignore.value, all: ignore.all, own: ignore.own }
  if (isIgnored(host, dev, arp, ignore) || isFiltered(host, dev, arp)) {
    ctx.note(host, { kind: 'arp.ignored', from: arp.spa, ...words })
    return ctx.drop(host, skb, 'ARP_IGNORED', `arp_ignore=${ignore.value}`)
  }
  if (!probe) {
    const neigh = findNeigh(host, dev, arp.spa) ?? makeNeigh(host, dev, arp.spa, ctx.now)
    neighUpdate(host, neigh, arp.sha, 'STALE', true, 'arp.request', ctx)
  }
  ctx.note(host, { kind: 'arp.reply', to: arp.spa, ...words })
  sendArpReply(host, dev, arp.tpa, { mac: arp.sha, ip: arp.spa }, skb.frame, ctx)
}

/** The rule of arp_ignore (ip-sysctl.rst, arp_ignore() and confirm_addr_indev() of the kernel). */
function isIgnored(host: Host, dev: DevName, arp: Arp, ignore: InEffect): boolean {
  const onDev = host.devs[dev]?.addrs ?? []
  switch (ignore.value) {
    case 1:
      return !onDev.some((a) => a.ip === arp.tpa)
    case 2:
      return !onDev.some((a) => a.ip === arp.tpa && inPrefix(arp.spa, a.ip, a.prefix))
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

/** arp_filter: answer only on the interface by which we would send to the asker. */
function isFiltered(host: Host, dev: DevName, arp: Arp): boolean {
  if (!orConf(host, dev, 'arp_filter') || arp.spa === 0) return false
  const back = lookupFib(host, arp.spa)
  return back?.nexthops.every((hop) => hop.dev !== dev) ?? true
}

/** Learn from what others say. Only entries that exist are changed, unless arp_accept allows new ones. */
function learn(host: Host, skb: Skb, arp: Arp, ctx: Ctx): boolean {
  const gratuitous = isGratuitous(arp)
  let neigh = findNeigh(host, skb.dev, arp.spa)
  if (!neigh && gratuitous && orConf(host, skb.dev, 'arp_accept') && arp.spa !== 0) {
    neigh = makeNeigh(host, skb.dev, arp.spa, ctx.now)
  }
  if (!neigh) return false
  // Of several answers in a row the first counts; a gratuitous one always does.
  const override = isUnlocked(neigh, ctx.now) || gratuitous
  const proves = arp.op === ARP_REPLY && skb.pkt === 'host'
  const why = gratuitous ? 'gratuitous' : proves ? 'arp.reply' : 'arp.request'
  neighUpdate(host, neigh, arp.sha, proves ? 'REACHABLE' : 'STALE', override, why, ctx)
  return true
}

function isGratuitous(arp: Arp): boolean {
  const announced: Ip4 = arp.spa
  return (
    announced === arp.tpa && (arp.op === ARP_REQUEST || arp.tha === arp.sha || arp.tha === 0xffffffffffff)
  )
}
