import { type Nanos, SEC } from '../../base/ids.ts'
import { emitIpv4, ipHeaderLength, readIpv4 } from '../../wire/ipv4.ts'
import { ICMP_EXC_FRAGTIME, ICMP_TIME_EXCEEDED } from '../../wire/icmp.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { icmpSend } from '../icmp/send.ts'
import { L2, newSkb, type Skb } from '../skb.ts'
import type { FragQueue } from './fragment-queue.ts'

/**
 * Reassembly (RFC 791 3.2, RFC 5722 for overlaps; net/ipv4/ip_fragment.c). Simplified: at most 64 datagrams wait at one
 * time instead of a limit of memory; the reassembled packet has a header without options.
 */
const QUEUE_LIMIT = 64
const HEADER = 20
const MAX_LENGTH = 65535

type Piece = FragQueue['pieces'][number]

/** Take a fragment: true when `skb` is a whole packet now, false when the fragment waits or was dropped. */
export function reassemble(host: Host, skb: Skb, ctx: Ctx): boolean {
  const ip = readIpv4(skb.data, L2)
  const start = L2 + ipHeaderLength(skb.data, L2)
  const from = ip.fragOffset
  let to = from + Math.min(skb.data.length, L2 + ip.totalLength) - start
  if (ip.mf) to -= to % 8
  const key = `frag:${ip.src} ${ip.dst} ${ip.proto} ${ip.id}`
  const found = host.frags.find((q) => q.key === key)
  if (!found && host.frags.length >= QUEUE_LIMIT) return refuse(host, skb, 'LIMIT', 'fragment queues', ctx)
  if (to <= from || HEADER + to > MAX_LENGTH) return refuse(host, skb, 'IP_INHDR', 'fragment length', ctx)
  const queue = found ?? open(host, skb, key, ctx)
  const length = ip.mf ? queue.length : to
  const tooLong = length >= 0 && (to > length || queue.pieces.some((p) => p.to > length))
  if (tooLong || (!ip.mf && queue.length >= 0 && queue.length !== to)) {
    close(host, queue, ctx)
    return refuse(host, skb, 'IP_INHDR', 'fragments contradict each other', ctx)
  }
  const clash = queue.pieces.find((p) => from < p.to && to > p.from)
  if (clash) {
    // A fragment that says nothing new is dropped alone; any other overlap ends the whole datagram (RFC 5722).
    if (from < clash.from || to > clash.to) close(host, queue, ctx)
    return refuse(host, skb, 'DUP_FRAG', '', ctx)
  }
  const piece: Piece = { from, to, bytes: skb.data, frame: skb.frame }
  const pieces = [...queue.pieces, piece].sort((a, b) => a.from - b.from)
  if (length < 0 || !isWhole(pieces, length)) {
    const kept = { ...queue, pieces, length }
    host.frags = host.frags.map((q) => (q.key === key ? kept : q))
    return false
  }
  close(host, queue, ctx)
  join(skb, pieces, length)
  ctx.note(host, { kind: 'ip.reassembled', length: HEADER + length, pieces: pieces.length })
  return true
}

function refuse(host: Host, skb: Skb, why: Parameters<Ctx['drop']>[2], detail: string, ctx: Ctx): false {
  ctx.drop(host, skb, why, detail)
  return false
}

function open(host: Host, skb: Skb, key: string, ctx: Ctx): FragQueue {
  const waitNs: Nanos = (host.sysctl.ipv4['ipfrag_time'] ?? 30) * SEC
  const queue = { key, dev: skb.dev, pieces: [], length: -1, expiresNs: ctx.now + waitNs }
  host.frags = [...host.frags, queue]
  ctx.setTimer(host, key, queue.expiresNs)
  return queue
}

function close(host: Host, queue: FragQueue, ctx: Ctx): void {
  host.frags = host.frags.filter((q) => q.key !== queue.key)
  ctx.clearTimer(host, queue.key)
}

function isWhole(pieces: readonly Piece[], length: number): boolean {
  let upTo = 0
  for (const piece of pieces) {
    if (piece.from !== upTo) return false
    upTo = piece.to
  }
  return upTo === length
}

function join(skb: Skb, pieces: readonly Piece[], length: number): void {
  const data = new Uint8Array(L2 + HEADER + length)
  const first = pieces[0]
  if (!first) return
  data.set(first.bytes.subarray(0, L2))
  for (const { from, to, bytes } of pieces) {
    const at = L2 + ipHeaderLength(bytes, L2)
    data.set(bytes.subarray(at, at + to - from), L2 + HEADER + from)
  }
  const head = readIpv4(first.bytes, L2)
  emitIpv4({ ...head, totalLength: HEADER + length, df: false, mf: false, fragOffset: 0 }, data, L2)
  skb.data = data
  skb.shared = false
}

/** Timer `frag:...`: what is missing did not come. The sender is told if the first fragment is there (ip_expire). */
export function fragTimer(host: Host, key: string, ctx: Ctx): void {
  const queue = host.frags.find((q) => q.key === key)
  if (!queue) return
  host.frags = host.frags.filter((q) => q.key !== key)
  for (const { from, bytes, frame } of queue.pieces) {
    const skb: Skb = { ...newSkb(0), data: bytes, shared: true, frame, dev: queue.dev, pkt: 'host' }
    if (from === 0) icmpSend(host, skb, ICMP_TIME_EXCEEDED, ICMP_EXC_FRAGTIME, 0, ctx)
    ctx.drop(host, skb, 'FRAG_REASM_TIMEOUT')
  }
}
