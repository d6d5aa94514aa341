import { read16 } from '../../base/bytes.ts'
import { type Ip4, type Nanos, SEC } from '../../base/ids.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import { ipDst, ipProto, PROTO_TCP, PROTO_UDP } from '../../wire/ipv4.ts'
import { emitUdp, setUdpChecksum, UDP, udpChecksumOk } from '../../wire/udp.ts'
import type { Ctx, HookResult } from '../ctx.ts'
import { selectSource } from '../dev/address.ts'
import { joinGroup, leaveAll } from '../igmp/group.ts'
import type { Host } from '../host.ts'
import { packetEnd, transportAt } from '../ip/offsets.ts'
import { ipSend, nextIpId } from '../ip/output.ts'
import type { Errno } from '../netlink.ts'
import { L2, newSkb, type Skb } from '../skb.ts'
import { makeConn, removeConn, SYNC_TIMER, touchConn } from './conn.ts'
import { findDest, serviceOf } from './service.ts'
import { emitSync, parseSync, SYNC_CONN, SYNC_HEADER, type SyncRecord } from './sync-message.ts'
import { connById, findConn, findTemplate, replaceConn } from './table.ts'
import type { ConnKey, IpvsConn, IpvsDest, IpvsState, SyncDaemon } from './types.ts'

/**
 * Connection synchronisation (net/netfilter/ipvs/ip_vs_sync.c): a master tells its connections by UDP multicast, a backup
 * takes them over into its table, so that they go on when the traffic comes to it. Simplified: one message buffer that is
 * sent two seconds after its first connection (the kernel's thread looks once a second), no sync_sock_size and
 * sync_qlen_max; sync_refresh_period is read as off; FULLNAT connections are not told, as their local port is not shared.
 */
const GROUP = 0xe0000051 as Ip4 // 224.0.0.81
const PORT = 8848
/** Stands for the kernel's own socket; those of programs count from 1. */
const KERNEL_SOCK = -PORT
const MAX_MESSAGE = 1472
const FLUSH: Nanos = 2 * SEC
/** The kernel's socket has a random port; nobody asks for it. */
const SOURCE_PORT = 49_152

/** EEXIST: it runs already. ENODEV: no such interface. */
export function startDaemon(
  host: Host,
  state: 'master' | 'backup',
  daemon: Pick<SyncDaemon, 'dev' | 'id'>,
  ctx: Ctx,
): Result<void, Errno> {
  if (host.ipvs[state]) return bad('EEXIST')
  if (!host.devs[daemon.dev]) return bad('ENODEV')
  host.ipvs[state] = { ...daemon, queue: [] }
  if (state === 'backup') joinGroup(host, KERNEL_SOCK, daemon.dev, GROUP, ctx)
  return ok(undefined)
}

/** ESRCH: it does not run. */
export function stopDaemon(host: Host, state: 'master' | 'backup', ctx: Ctx): Result<void, Errno> {
  if (!host.ipvs[state]) return bad('ESRCH')
  if (state === 'backup') leaveAll(host, KERNEL_SOCK, ctx)
  host.ipvs[state] = null
  return ok(undefined)
}

/** States that are told at all, and at once when they begin; ESTABLISHED waits for its packets. */
const TOLD: readonly IpvsState[] = ['ESTABLISHED', 'FIN_WAIT', 'CLOSE', 'CLOSE_WAIT', 'TIME_WAIT']

/** A packet of this connection was sent on: tell of it if it is time to, and of its template (ip_vs_sync_conn). */
export function syncConn(host: Host, conn: IpvsConn, ctx: Ctx): void {
  const { master } = host.ipvs
  if (!master || conn.mode === 'fullnat') return
  if (!conn.onePacket && isNeeded(host, conn)) {
    enqueue(host, master, replaceConn(host.ipvs, { ...conn, toldState: conn.state }), ctx)
  }
  const template = conn.control && connById(host.ipvs, conn.control)
  if (template) syncConn(host, replaceConn(host.ipvs, { ...template, inPkts: template.inPkts + 1 }), ctx)
}

/** sync_threshold: told at the 3rd packet of every 50, and when a state other than ESTABLISHED begins. */
function isNeeded(host: Host, conn: IpvsConn): boolean {
  if (!conn.template) {
    if (conn.control && host.sysctl.vs['sync_persist_mode'] === 1) return false
    if (conn.proto === PROTO_TCP) {
      if (!TOLD.includes(conn.state)) return false
      if (conn.state !== conn.toldState && conn.state !== 'ESTABLISHED') return true
    }
  }
  const [threshold, period] = thresholdOf(host)
  if (period === 0) return conn.inPkts === threshold
  return conn.template || conn.inPkts % period === threshold
}

function thresholdOf(host: Host): [threshold: number, period: number] {
  const [threshold = 3, period = 50] = (host.sysctl.other['net.ipv4.vs.sync_threshold'] ?? '3\t50')
    .split('\t')
    .map(Number)
  return [threshold, period]
}

function enqueue(host: Host, master: SyncDaemon, conn: IpvsConn, ctx: Ctx): void {
  if (master.queue.length === 0) ctx.setTimer(host, SYNC_TIMER, ctx.now + FLUSH)
  master.queue = [...master.queue, conn]
  const { cip, cport, vip, vport, dip, dport } = conn
  ctx.note(host, { kind: 'ipvs.sync', way: 'out', cip, cport, vip, vport, dip, dport })
  if (SYNC_HEADER + SYNC_CONN * (master.queue.length + 1) > MAX_MESSAGE) syncTimer(host, ctx)
}

/** Send what has gathered. */
export function syncTimer(host: Host, ctx: Ctx): void {
  const { master } = host.ipvs
  if (!master || master.queue.length === 0) return
  const message = emitSync(master.id, master.queue)
  master.queue = []
  ctx.clearTimer(host, SYNC_TIMER)
  const src = selectSource(host, master.dev, GROUP)
  const skb = newSkb(20 + UDP.size + message.length)
  const at = L2 + 20
  skb.data.set(message, at + UDP.size)
  emitUdp({ sport: SOURCE_PORT, dport: PORT, length: UDP.size + message.length }, skb.data, at)
  skb.dst = { type: 'multicast', dev: master.dev, nexthop: GROUP, gateway: 0 as Ip4, prefsrc: src }
  writeAddresses(skb, src)
  setUdpChecksum(skb.data, L2, at, skb.data.length)
  ipSend(host, skb, { src, dst: GROUP, proto: PROTO_UDP, df: false, id: nextIpId(host), ttl: 1 }, ctx)
}

/** The checksum covers the addresses, which ipSend writes later. */
function writeAddresses(skb: Skb, src: Ip4): void {
  for (let i = 0; i < 4; i++) {
    skb.data[L2 + 12 + i] = (src >>> (24 - 8 * i)) & 255
    skb.data[L2 + 16 + i] = (GROUP >>> (24 - 8 * i)) & 255
  }
}

/**
 * LOCAL_IN, last: a backup takes its messages here, where the kernel has a UDP socket that joined the group. Everybody
 * else's UDP drops them for want of a socket.
 * @public called through the module that is loaded late
 */
export function syncIn(host: Host, skb: Skb, ctx: Ctx): HookResult {
  const { backup } = host.ipvs
  if (!backup || skb.dev !== backup.dev || ipProto(skb.data, L2) !== PROTO_UDP) return 'ACCEPT'
  const at = transportAt(skb)
  const end = packetEnd(skb)
  if (ipDst(skb.data, L2) !== GROUP || end < at + UDP.size || read16(skb.data, at + 2) !== PORT)
    return 'ACCEPT'
  if (!udpChecksumOk(skb.data, L2, at, end)) return 'ACCEPT'
  const records = parseSync(skb.data.subarray(at + UDP.size, end), backup.id)
  return { verdict: 'STOLEN', then: () => records.forEach((record) => learn(host, record, ctx)) }
}

/** Take over a connection, or what is new about one (ip_vs_proc_conn). */
function learn(host: Host, record: SyncRecord, ctx: Ctx): void {
  const { ipvs } = host
  const { dip, dport, template, active, state, timeoutNs } = record
  const key: ConnKey = record
  let known = template ? findTemplate(ipvs, key) : findConn(ipvs, key)
  if (known && !template && (known.dip !== dip || known.dport !== dport)) {
    // Another director has given this client to another server; what it says of an old connection is ignored.
    if (!active) return
    removeConn(host, known, ctx)
    known = undefined
  }
  const dest = destOfRecord(host, record)
  if (known && known.dest !== 0 && dest && known.active !== active && !template) {
    dest.activeConns += active ? 1 : -1
    dest.inactConns += active ? -1 : 1
  }
  const conn = known ?? adopt(host, record, dest)
  const [threshold] = thresholdOf(host)
  touchConn(host, { ...conn, state, toldState: state, active, timeoutNs, inPkts: threshold }, ctx)
  const { cip, cport, vip, vport } = record
  ctx.note(host, { kind: 'ipvs.sync', way: 'in', cip, cport, vip, vport, dip, dport })
}

function destOfRecord(
  host: Host,
  { fwmark, proto, vip, vport, dip, dport }: SyncRecord,
): IpvsDest | undefined {
  const service = serviceOf(host, fwmark, proto, vip, vport)
  return service && (findDest(service, dip, dport) ?? findDest(service, dip, 0))
}

/** A new entry; without the real server in its own table it still sends packets there, but counts nowhere. */
function adopt(host: Host, record: SyncRecord, dest: IpvsDest | undefined): IpvsConn {
  const { proto, cip, cport, vip, vport, dip, dport, mode, template, noOutput, fwmark, active } = record
  const more = { template, fwmark, mode, noOutput, active, synced: true, dip }
  return makeConn(host, { proto, cip, cport, vip, vport }, dest, dport, more)
}
