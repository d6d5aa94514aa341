import { type DevName, type Ip4, type Mac, MAC_BROADCAST, MAC_ZERO } from '../../base/ids.ts'
import { ARP_REPLY, ARP_REQUEST, arpFrame } from '../../wire/arp.ts'
import { ipSrc } from '../../wire/ipv4.ts'
import type { Ctx } from '../ctx.ts'
import { isOnLink, selectSource } from '../dev/address.ts'
import { sendRaw } from '../dev/transmit.ts'
import type { Host } from '../host.ts'
import { addressType } from '../route/fib.ts'
import { L2, type Skb } from '../skb.ts'
import { maxConf } from '../sysctl/max.ts'
import type { Neigh } from './entry.ts'

/** ARP as sent (net/ipv4/arp.c arp_solicit, arp_send). */

/** Ask for a neighbour's MAC: by broadcast, or by unicast when `mac` is known and only its validity is in doubt. */
export function solicit(
  host: Host,
  neigh: Neigh,
  mac: Mac | undefined,
  waiting: Skb | undefined,
  ctx: Ctx,
): void {
  const dev = host.devs[neigh.dev]
  if (!dev) return
  const source = waiting ? ipSrc(waiting.data, L2) : (0 as Ip4)
  const announce = maxConf(host, neigh.dev, 'arp_announce')
  const sender = senderAddress(host, neigh, source, announce.value)
  ctx.note(host, {
    kind: 'arp.request',
    dev: neigh.dev,
    target: neigh.ip,
    sender,
    announce: announce.value,
    all: announce.all,
    own: announce.own,
    source,
    unicast: mac !== undefined,
  })
  const arp = { op: ARP_REQUEST, sha: dev.mac, spa: sender, tha: MAC_ZERO, tpa: neigh.ip }
  sendRaw(host, neigh.dev, arpFrame({ dst: mac ?? MAC_BROADCAST, src: dev.mac }, arp), 0, ctx)
}

/** Which of the host's addresses stands in the request: the rule of arp_announce (ip-sysctl.rst). */
function senderAddress(host: Host, neigh: Neigh, source: Ip4, announce: number): Ip4 {
  const isOwn = source !== 0 && addressType(host, source) === 'local'
  if (announce === 0 && isOwn) return source
  if (announce === 1 && isOwn && isOnLink(host, neigh.dev, neigh.ip, source)) return source
  return selectSource(host, neigh.dev, neigh.ip)
}

/** Ask for `target` outside the neighbour table (arping): everybody, or `to` alone. */
export function sendArpRequest(
  host: Host,
  devName: DevName,
  target: Ip4,
  sender: Ip4,
  ctx: Ctx,
  to = MAC_BROADCAST,
): void {
  const dev = host.devs[devName]
  if (!dev) return
  // arping fills in whom it asks, the kernel leaves zeros
  const arp = { op: ARP_REQUEST, sha: dev.mac, spa: sender, tha: to, tpa: target }
  sendRaw(host, devName, arpFrame({ dst: to, src: dev.mac }, arp), 0, ctx)
}

/** Say unasked where `ip` is: a request, or with `reply` a reply, whose sender and target are one (RFC 5227 3). */
export function announce(host: Host, devName: DevName, ip: Ip4, ctx: Ctx, reply = false): void {
  const dev = host.devs[devName]
  if (!dev) return
  ctx.note(host, { kind: 'arp.announce', dev: devName, ip })
  const arp = reply
    ? { op: ARP_REPLY, sha: dev.mac, spa: ip, tha: dev.mac, tpa: ip }
    : { op: ARP_REQUEST, sha: dev.mac, spa: ip, tha: MAC_ZERO, tpa: ip }
  sendRaw(host, devName, arpFrame({ dst: MAC_BROADCAST, src: dev.mac }, arp), 0, ctx)
}

/** Answer a request: `ip` is at this interface's MAC. */
export function sendArpReply(host: Host, dev: DevName, ip: Ip4, to: { mac: Mac; ip: Ip4 }, ctx: Ctx): void {
  const mac = host.devs[dev]?.mac ?? MAC_ZERO
  const arp = { op: ARP_REPLY, sha: mac, spa: ip, tha: to.mac, tpa: to.ip }
  sendRaw(host, dev, arpFrame({ dst: to.mac, src: mac }, arp), 0, ctx)
}
