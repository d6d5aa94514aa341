import { read8 } from '../../base/bytes.ts'
import { ipProto, PROTO_ICMP, PROTO_TCP } from '../../wire/ipv4.ts'
import { SYN } from '../../wire/tcp.ts'
import type { Ctx, HookResult } from '../ctx.ts'
import type { Host } from '../host.ts'
import { usesOldConntrack } from '../netfilter/ipvs-conntrack.ts'
import { L2, type Skb } from '../skb.ts'
import { destOf, isAvailable, removeConn, touchConn } from './conn.ts'
import { countIn, follow } from './follow.ts'
import { icmpIn } from './icmp.ts'
import { endsOf, type Ends } from './packet.ts'
import { schedule } from './schedule.ts'
import { findConn } from './table.ts'
import { ipvsModule } from './module.ts'
import type { Draft, IpvsConn } from './types.ts'
import { transmit } from './xmit/xmit.ts'

/**
 * Requests (net/netfilter/ipvs/ip_vs_core.c ip_vs_in_hook), at LOCAL_IN and LOCAL_OUT. Not modelled: drop_entry,
 * drop_packet and secure_tcp (defences that are off by default; setting them changes nothing), SCTP, FTP's helper.
 */
export function ipvsIn(host: Host, skb: Skb, ctx: Ctx): HookResult {
  const { ipvs } = host
  if (skb.ipvs || !ipvs.enabled) return 'ACCEPT'
  if (skb.pkt !== 'host' && skb.pkt !== 'outgoing') return 'ACCEPT'
  if (isBackupOnly(host)) return 'ACCEPT'
  const ends = endsOf(skb)
  if (!ends) return otherProtocol(host, skb, ctx)
  const known = usable(host, skb, ends, ctx)
  if (known === 'DROP') return known
  const conn = known ?? schedule(host, skb, ends, false, ctx)
  if (conn === 'DROP' || conn === 'ACCEPT') return conn
  countIn(host, skb, conn, ctx)
  const after = finish(host, follow(host, skb, ends.at, conn, 'input'), ctx)
  const { cip, cport, vip, vport, dip, dport, state } = after
  const found = known !== undefined
  ctx.note(host, {
    kind: 'ipvs.conn',
    found,
    cip,
    cport,
    vip,
    vport,
    dip,
    dport,
    state,
    oldState: conn.state,
  })
  return transmit(host, skb, after, ctx)
}

/** Count the packet, tell other directors, start the timer anew; one-packet connections are over at once. */
function finish(host: Host, next: Draft, ctx: Ctx): IpvsConn {
  next.inPkts++
  const after = touchConn(host, next, ctx)
  if (host.ipvs.master) ipvsModule().sync.syncConn(host, after, ctx)
  if (after.onePacket) removeConn(host, after, ctx)
  return after
}

function otherProtocol(host: Host, skb: Skb, ctx: Ctx): HookResult {
  if (ipProto(skb.data, L2) === PROTO_ICMP) return icmpIn(host, skb, ctx)
  // What comes out of a tunnel later carries the mark along (ignore_tunneled).
  if (host.sysctl.vs['ignore_tunneled'] === 1) skb.ipvs = true
  return 'ACCEPT'
}

/** A director that only takes over connections leaves requests alone (backup_only). */
export function isBackupOnly(host: Host): boolean {
  return host.sysctl.vs['backup_only'] === 1 && host.ipvs.backup !== null
}

/** The connection this packet belongs to, unless it has to be scheduled anew, or cannot be served (DROP). */
function usable(host: Host, skb: Skb, ends: Ends, ctx: Ctx): IpvsConn | 'DROP' | undefined {
  const { proto, src, sport, dst, dport, at } = ends
  const conn = findConn(host.ipvs, { proto, cip: src, cport: sport, vip: dst, vport: dport })
  if (!conn) return undefined
  const isNew = proto === PROTO_TCP && (read8(skb.data, at + 13) & SYN) !== 0
  if (isNew && isOver(host, conn)) return giveUp(host, skb, conn, ctx)
  if (conn.dest === 0 || isAvailable(host, conn)) return conn
  if (host.sysctl.vs['expire_nodest_conn'] !== 1) return 'DROP'
  return giveUp(host, skb, conn, ctx)
}

/**
 * Forget an entry in favour of a new one. A packet of a connection that is tracked already belongs to the old real server:
 * it is lost, and so is what was tracked, so that the next one starts anew.
 */
function giveUp(host: Host, skb: Skb, conn: IpvsConn, ctx: Ctx): 'DROP' | undefined {
  const old = usesOldConntrack(skb)
  removeConn(host, old ? conn : { ...conn, tracked: false }, ctx, true)
  return old ? 'DROP' : undefined
}

/** A SYN on an entry whose connection is over opens a new one (conn_reuse_mode), or whose server was quiesced. */
function isOver(host: Host, conn: IpvsConn): boolean {
  const { vs } = host.sysctl
  if (vs['expire_nodest_conn'] === 1 && destOf(host, conn)?.weight === 0) return true
  const mode = vs['conn_reuse_mode'] ?? 1
  // Connections of a persistent service are left alone.
  if (mode === 0 || conn.control) return false
  const { state } = conn
  return (
    state === 'TIME_WAIT' || state === 'CLOSE' || ((mode & 2) !== 0 && state === 'FIN_WAIT' && conn.noOutput)
  )
}
