import { must } from '../core/base/assert.ts'
import type { Bytes } from '../core/base/bytes.ts'
import { type Ip4, MS, parseIp4, type SockId } from '../core/base/ids.ts'
import { ipHeaderLength, ipProto, PROTO_TCP } from '../core/wire/ipv4.ts'
import { parseTcp, type Tcp } from '../core/wire/tcp.ts'
import { L2 } from '../core/kernel/skb.ts'
import { tcpAccept, tcpConnect, tcpListen, tcpReceive, tcpSend } from '../core/kernel/tcp/socket.ts'
import type { TcpSock } from '../core/kernel/tcp/types.ts'
import type { Frame } from '../core/sim/trace.ts'
import { type Fate, makeNet, type Net } from './net.ts'

/** Sockets of these belong to no process: what they are woken for goes nowhere, the test calls them itself. */
const PID = 9999
export const PORT = 5000

/** Two hosts `a` and `b`, and system calls on their sockets from outside. */
export function makePair(fate?: (to: 'a' | 'b', tcp: Tcp, length: number, frame: Frame) => Fate, seed = 1) {
  const net = makeNet({
    hosts: { a: '10.0.0.1/24', b: '10.0.0.2/24' },
    seed,
    fate: (to, frame) => {
      const tcp = readTcp(frame.bytes)
      return tcp && fate ? fate(to === 'a' ? 'a' : 'b', tcp.tcp, tcp.length, frame) : 'pass'
    },
  })
  const dst = must(parseIp4('10.0.0.2'), 'address')
  const call = <T>(
    id: string,
    what: Parameters<Net['act']>[1] extends (...args: infer A) => void ? (...args: A) => T : never,
  ): T => {
    let out: { value: T } | undefined
    net.act(id, (host, ctx) => {
      out = { value: what(host, ctx) }
    })
    return must(out, 'result').value
  }
  const listen = (backlog = 10): SockId => {
    const done = call('b', (host, ctx) =>
      tcpListen(host, { pid: PID, ip: 0 as Ip4, port: PORT, backlog }, ctx),
    )
    if (!done.ok) throw new Error(done.error)
    return done.value
  }
  const connect = (sport?: number) =>
    call('a', (host, ctx) =>
      tcpConnect(host, { pid: PID, dst, dport: PORT, ...(sport === undefined ? {} : { sport }) }, ctx),
    )
  const accept = (listener: SockId): SockId | undefined => call('b', (host) => tcpAccept(host, listener))
  /** A connection that stands, accepted. */
  const open = (): { a: SockId; b: SockId; listener: SockId } => {
    const listener = listen()
    const a = connect()
    if (!a.ok) throw new Error(a.error)
    net.run(10 * MS)
    return { a: a.value, b: must(accept(listener), 'accepted'), listener }
  }
  const send = (id: 'a' | 'b', sock: SockId, bytes: Bytes) =>
    call(id, (host, ctx) => tcpSend(host, sock, bytes, ctx))
  const receive = (id: 'a' | 'b', sock: SockId) => call(id, (host, ctx) => tcpReceive(host, sock, ctx))
  const sock = (id: 'a' | 'b', number: SockId): TcpSock | undefined => net.host(id).tcp.socks[number]
  const flags = (id: 'a' | 'b'): string[] =>
    segmentsOf(net, id).map(({ tcp, length }) => flagText(tcp.flags) + (length > 0 ? ` ${length}` : ''))
  const times = (id: 'a' | 'b'): number[] => segmentsOf(net, id).map(({ at }) => at)
  return { net, call, listen, connect, accept, open, send, receive, sock, flags, times }
}

function readTcp(bytes: Bytes): { tcp: Tcp; length: number } | undefined {
  if (bytes[12] !== 8 || bytes[13] !== 0 || ipProto(bytes, L2) !== PROTO_TCP) return undefined
  const at = L2 + ipHeaderLength(bytes, L2)
  const tcp = parseTcp(bytes, at, bytes.length)
  return tcp.ok ? { tcp: tcp.value, length: bytes.length - at - tcp.value.headerLength } : undefined
}

/** TCP segments a host has sent, in order. */
export function segmentsOf(net: Net, id: string): { at: number; tcp: Tcp; length: number }[] {
  return net.trace.records.flatMap((record) => {
    if (record.kind !== 'tx' || record.host !== id) return []
    const read = readTcp(net.trace.frames[record.frame - 1]?.bytes ?? new Uint8Array(0))
    return read ? [{ at: record.at, ...read }] : []
  })
}

/** 'S', 'S.', 'P.', 'F.', 'R' as tcpdump has them. */
export function flagText(flags: number): string {
  const letters =
    (flags & 1 ? 'F' : '') + (flags & 2 ? 'S' : '') + (flags & 4 ? 'R' : '') + (flags & 8 ? 'P' : '')
  return letters + (flags & 16 ? '.' : '')
}

/** `length` bytes in which every position can be told from others nearby. */
export function pattern(length: number): Bytes {
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i++) bytes[i] = (i * 7 + (i >>> 8) * 13) & 0xff
  return bytes
}

/** Quick even for megabytes, unlike a deep comparison by the test runner. */
export function sameBytes(a: Bytes, b: Bytes): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
