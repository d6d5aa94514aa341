import { read16, read8 } from '../../base/bytes.ts'
import { ICMP_DEST_UNREACH, ICMP_PORT_UNREACH } from '../../wire/icmp.ts'
import { ipDst, ipProto, ipSrc, PROTO_TCP } from '../../wire/ipv4.ts'
import { RST, SYN } from '../../wire/tcp.ts'
import type { Ctx, HookDef, HookResult } from '../ctx.ts'
import type { Host } from '../host.ts'
import { icmpSend } from '../icmp/send.ts'
import { packetEnd, transportAt } from '../ip/offsets.ts'
import { NF_PRI } from '../netfilter/hooks.ts'
import { L2, type Skb } from '../skb.ts'
import { findConn, makeConn, removeConn, setState } from './conn.ts'
import { SCHEDULERS } from './schedulers/table.ts'
import { findService } from './service.ts'
import { nextInputOnly, timeoutOf } from './states.ts'
import type { IpvsConn, IpvsService } from './types.ts'
import { drXmit } from './xmit/dr.ts'

/**
 * IPVS sits on LOCAL_IN, not PREROUTING: the VIP must first be routed as an address of this host. That is why a director
 * has to own the VIP. Priorities as `nft list hooks` shows them, captured in golden N1. Not modelled yet: NAT, tunnel
 * and FULLNAT forwarding, so nothing has to be restored in FORWARD; UDP and fwmark services; persistence.
 */
export const ipvsHooks: readonly HookDef[] = [
  { point: 'LOCAL_IN', priority: NF_PRI.NAT_SRC - 1, name: 'ip_vs_in', run: ipvsIn },
  { point: 'LOCAL_OUT', priority: NF_PRI.NAT_DST + 2, name: 'ip_vs_in', run: ipvsIn },
]

interface Segment {
  cip: ReturnType<typeof ipSrc>
  cport: number
  vip: ReturnType<typeof ipDst>
  vport: number
  flags: number
}

function ipvsIn(host: Host, skb: Skb, ctx: Ctx): HookResult {
  if (skb.ipvs || host.ipvs.services.length === 0) return 'ACCEPT'
  const { data } = skb
  if (ipProto(data, L2) !== PROTO_TCP || (read16(data, L2 + 6) & 0x1fff) !== 0) return 'ACCEPT'
  const at = transportAt(skb)
  if (packetEnd(skb) < at + 20) return 'ACCEPT'
  const seg: Segment = {
    cip: ipSrc(data, L2),
    cport: read16(data, at),
    vip: ipDst(data, L2),
    vport: read16(data, at + 2),
    flags: read8(data, at + 13),
  }
  const known = liveConn(host, seg, ctx)
  const conn = known ?? schedule(host, skb, seg, ctx)
  if (typeof conn === 'string') return conn
  const oldState = conn.state
  const state = nextInputOnly(oldState, seg.flags)
  setState(host, conn, state, timeoutOf(state), ctx)
  const { cip, cport, vip, vport, dip, dport } = conn
  ctx.note(host, {
    kind: 'ipvs.conn',
    found: known !== undefined,
    cip,
    cport,
    vip,
    vport,
    dip,
    dport,
    state,
    oldState,
  })
  return { verdict: 'STOLEN', then: () => drXmit(host, skb, conn, ctx) }
}

/** The connection this segment belongs to, unless it is a new SYN on one that is over (conn_reuse_mode). */
function liveConn(host: Host, seg: Segment, ctx: Ctx): IpvsConn | undefined {
  const conn = findConn(host, PROTO_TCP, seg.cip, seg.cport, seg.vip, seg.vport)
  if (!conn || (seg.flags & (SYN | RST)) !== SYN) return conn
  const mode = host.sysctl.vs['conn_reuse_mode'] ?? 1
  const over =
    conn.state === 'TIME_WAIT' || conn.state === 'CLOSE' || ((mode & 2) !== 0 && conn.state === 'FIN_WAIT')
  if (mode === 0 || !over) return conn
  removeConn(host, conn, ctx)
  return undefined
}

/** A new connection: only a SYN may open one (unless sloppy_tcp); everything else is left to the host's own TCP. */
function schedule(host: Host, skb: Skb, seg: Segment, ctx: Ctx): IpvsConn | 'ACCEPT' | 'DROP' {
  const opens = ((seg.flags & SYN) !== 0 || host.sysctl.vs['sloppy_tcp'] === 1) && (seg.flags & RST) === 0
  const service = opens ? findService(host, PROTO_TCP, seg.vip, seg.vport) : undefined
  if (!service) return 'ACCEPT'
  const dest = SCHEDULERS[service.scheduler]?.(service)
  if (!dest) return leave(host, skb, ctx)
  notePick(host, service, dest, ctx)
  const { cip, cport, vip, vport } = seg
  return makeConn(host, { proto: PROTO_TCP, cip, cport, vip, vport }, dest)
}

function notePick(host: Host, service: IpvsService, dest: IpvsService['dests'][number], ctx: Ctx): void {
  ctx.note(host, {
    kind: 'ipvs.pick',
    vip: service.vip,
    vport: service.port,
    scheduler: service.scheduler,
    dip: dest.ip,
    dport: dest.port,
    candidates: service.dests.filter((d) => d.weight > 0).length,
    weight: dest.weight,
  })
}

/** No usable real server: ICMP port unreachable from the VIP (ip_vs_leave; golden B12). */
function leave(host: Host, skb: Skb, ctx: Ctx): 'DROP' {
  icmpSend(host, skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0, ctx)
  return 'DROP'
}
