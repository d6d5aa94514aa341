import { read8 } from '../../base/bytes.ts'
import { ICMP_DEST_UNREACH, ICMP_PORT_UNREACH } from '../../wire/icmp.ts'
import { ipProto, PROTO_ICMP, PROTO_TCP } from '../../wire/ipv4.ts'
import { RST } from '../../wire/tcp.ts'
import type { Ctx, HookResult } from '../ctx.ts'
import type { Host } from '../host.ts'
import { icmpSend } from '../icmp/send.ts'
import { trackNat } from '../netfilter/ipvs-conntrack.ts'
import type { HookPoint } from '../note.ts'
import { L2, type Skb } from '../skb.ts'
import { touchConn } from './conn.ts'
import { countOut, follow } from './follow.ts'
import { icmpOut } from './icmp.ts'
import { endsOf, type Ends, rewriteSrc } from './packet.ts'
import { reroute } from './reroute.ts'
import { isRealService } from './service.ts'
import { findReply } from './table.ts'
import type { IpvsConn } from './types.ts'

/**
 * Answers of real servers that pass here (ip_vs_core.c ip_vs_out_hook), at FORWARD, LOCAL_IN and LOCAL_OUT. Not modelled:
 * fragments are not put together first, so a fragmented answer under NAT is forwarded as it is.
 */
export function ipvsOut(host: Host, point: HookPoint, skb: Skb, ctx: Ctx): HookResult {
  const { ipvs } = host
  if (skb.ipvs || !ipvs.enabled) return 'ACCEPT'
  const ends = endsOf(skb)
  if (!ends) return ipProto(skb.data, L2) === PROTO_ICMP ? icmpOut(host, point, skb, ctx) : 'ACCEPT'
  const { proto, src, sport, dst, dport } = ends
  const conn = findReply(ipvs, proto, { ip: src, port: sport }, dst, dport)
  if (!conn) return strayAnswer(host, skb, ends, ctx)
  const nat = conn.mode === 'nat' || conn.mode === 'fullnat'
  if (nat) {
    rewriteSrc(skb, ends, conn.vip, conn.vport)
    if (!reroute(host, point, skb, ctx)) return 'DROP'
  }
  countOut(host, skb, conn, ctx)
  const after = touchConn(host, follow(host, skb, ends.at, conn, 'output'), ctx)
  noteReply(host, after, conn, ctx)
  skb.ipvs = true
  trackNat(host, skb, conn.tracked, 'reply', { ip: conn.vip, port: conn.vport })
  return 'ACCEPT'
}

function noteReply(host: Host, conn: IpvsConn, before: IpvsConn, ctx: Ctx): void {
  const { mode, cip, cport, vip, vport, dip, dport, state } = conn
  ctx.note(host, {
    kind: 'ipvs.reply',
    mode,
    cip,
    cport,
    vip,
    vport,
    dip,
    dport,
    state,
    oldState: before.state,
  })
}

/** With nat_icmp_send a real server hears that nobody waits for its packet. */
function strayAnswer(host: Host, skb: Skb, { proto, src, sport, at }: Ends, ctx: Ctx): HookResult {
  if (host.sysctl.vs['nat_icmp_send'] !== 1 || !isRealService(host, proto, src, sport)) return 'ACCEPT'
  const isReset = proto === PROTO_TCP && (read8(skb.data, at + 13) & RST) !== 0
  if (isReset) return 'ACCEPT'
  icmpSend(host, skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0, ctx)
  return 'DROP'
}
