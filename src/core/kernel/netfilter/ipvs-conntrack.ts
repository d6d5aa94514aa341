import type { Ip4 } from '../../base/ids.ts'
import { PROTO_ICMP } from '../../wire/ipv4.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import type { Skb } from '../skb.ts'
import { IPS_CONFIRMED, IPS_DYING, ORIGINAL, type Tuple } from './conntrack/types.ts'
import { netfilter } from './module.ts'

/**
 * Where IPVS meets connection tracking (net/netfilter/ipvs/ip_vs_nfct.c). Without net.ipv4.vs.conntrack what IPVS sends on
 * is untracked, so that rules of table nat do not touch it; with it, the entry learns of the real server and SNAT works on
 * top of IPVS (golden B8). Where nothing on the host tracks connections these cost one test.
 */

/** Does IPVS keep connection tracking informed (sysctl at the birth of the IPVS connection, IP_VS_CONN_F_NFCT)? */
export function usesConntrack(host: Host): boolean {
  return host.sysctl.vs['conntrack'] === 1
}

/** Is the packet's connection in the table already (ip_vs_conn_uses_old_conntrack)? Its addresses cannot change any more. */
export function usesOldConntrack({ ct }: Skb): boolean {
  return ct?.entry != null && (ct.entry.status & IPS_CONFIRMED) !== 0
}

/** The IPVS connection is over, and so is what was tracked of it (ip_vs_conn_drop_conntrack). */
export function dropConntrack(host: Host, tuple: Tuple): void {
  if (host.ct.count > 0) netfilter().applyNf(host, { op: 'ct.del', tuple })
}

/** A request sent on by direct routing, just before LOCAL_OUT (ip_vs_send_or_cont). */
export function trackDirect(skb: Skb, nfct: boolean): void {
  if (!nfct && skb.ct) netfilter().untrack(skb)
}

/**
 * A packet that IPVS has rewritten, just before LOCAL_OUT or further in FORWARD (ip_vs_update_conntrack). For a request
 * `to` is the real server: the answer is expected from there. For a reply it is the virtual address.
 */
export function trackNat(
  host: Host,
  skb: Skb,
  nfct: boolean,
  way: 'request' | 'reply',
  to: { ip: Ip4; port: number },
): void {
  const { ct } = skb
  if (!ct) return
  if (!nfct) return netfilter().untrack(skb)
  const { entry } = ct
  if (!entry || (entry.status & (IPS_CONFIRMED | IPS_DYING)) !== 0 || ct.dir !== ORIGINAL) return
  const { reply } = entry
  const isEcho = reply.proto === PROTO_ICMP
  const changed =
    way === 'request'
      ? { ...reply, src: to.ip, sport: isEcho ? reply.sport : to.port }
      : { ...reply, dst: to.ip, dport: isEcho ? reply.dport : to.port }
  netfilter().alterReply(host, entry, changed)
}

/**
 * A request about to be put into a tunnel (ip_vs_tunnel_xmit_prepare): the connection inside is confirmed if it is
 * tracked; the packet around it is another one. False: drop it.
 */
export function trackTunnel(host: Host, skb: Skb, nfct: boolean, ctx: Ctx): boolean {
  if (nfct && skb.ct && netfilter().conntrackConfirm(host, skb, ctx) !== 'ACCEPT') return false
  skb.ct = undefined
  return true
}
