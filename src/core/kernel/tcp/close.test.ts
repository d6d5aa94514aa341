import { expect, test } from 'vitest'
import { type Ip4, MS, SEC } from '../../base/ids.ts'
import { flagText, makePair, pattern, PORT, sameBytes, segmentsOf } from '../../../testing/pair.ts'
import { tcpAbort, tcpAccept, tcpClose, tcpConnect, tcpListen, tcpSend, tcpShutdown } from './socket.ts'

const empty = { ok: true, value: { bytes: new Uint8Array(0), eof: true } }

test('half close: one side sends FIN and goes on reading', () => {
  const pair = makePair()
  const { a, b } = pair.open()
  pair.call('a', (host, ctx) => tcpShutdown(host, a, ctx))
  pair.net.run(50 * MS)
  expect(pair.sock('a', a)?.state).toBe('FIN_WAIT2')
  expect(pair.sock('b', b)?.state).toBe('CLOSE_WAIT')
  expect(pair.receive('b', b)).toEqual(empty)
  expect(pair.send('a', a, pattern(1))).toEqual({ ok: false, error: 'EPIPE' })
  pair.send('b', b, pattern(3000))
  pair.net.run(50 * MS)
  const got = pair.receive('a', a)
  expect(got.ok && sameBytes(got.value.bytes, pattern(3000))).toBe(true)
  pair.call('b', (host, ctx) => tcpClose(host, b, ctx))
  pair.net.run(50 * MS)
  expect(pair.sock('b', b)).toBeUndefined()
  expect(pair.net.host('a').tcp.timeWaits).toHaveLength(1)
  expect(pair.receive('a', a)).toEqual(empty)
  pair.call('a', (host, ctx) => tcpClose(host, a, ctx))
  expect(pair.sock('a', a)).toBeUndefined()
})

test('both close at the same time: CLOSING, then TIME_WAIT on both sides', () => {
  const pair = makePair()
  const { a, b } = pair.open()
  pair.call('a', (host, ctx) => tcpClose(host, a, ctx))
  pair.call('b', (host, ctx) => tcpClose(host, b, ctx))
  pair.net.run(SEC)
  expect(pair.net.host('a').tcp.timeWaits.map((tw) => tw.state)).toEqual(['TIME_WAIT'])
  expect(pair.net.host('b').tcp.timeWaits.map((tw) => tw.state)).toEqual(['TIME_WAIT'])
  const states = pair.net.trace.records.flatMap((r) => (r.kind === 'tcp.state' ? [r.to] : []))
  expect(states.filter((state) => state === 'CLOSING')).toHaveLength(2)
})

test('close with unread data sends RST, and the peer reads ECONNRESET', () => {
  const pair = makePair()
  const { a, b } = pair.open()
  pair.send('a', a, pattern(10))
  pair.net.run(10 * MS)
  pair.call('b', (host, ctx) => tcpClose(host, b, ctx))
  pair.net.run(10 * MS)
  expect(pair.flags('b').at(-1)).toBe('R.')
  expect(pair.receive('a', a)).toEqual({ ok: false, error: 'ECONNRESET' })
  expect(pair.net.host('a').drops['TCP_RESET']).toBe(1)
  expect(pair.sock('b', b)).toBeUndefined()
})

test('abort resets; nothing waits afterwards', () => {
  const pair = makePair()
  const { a, b } = pair.open()
  pair.call('a', (host, ctx) => tcpAbort(host, a, ctx))
  pair.net.run(10 * MS)
  expect(pair.sock('a', a)).toBeUndefined()
  expect(pair.net.host('a').tcp.timeWaits).toEqual([])
  expect(pair.receive('b', b)).toEqual({ ok: false, error: 'ECONNRESET' })
})

test('data for a program that has closed is answered by RST', () => {
  const pair = makePair()
  const { a, b } = pair.open()
  pair.call('a', (host, ctx) => tcpClose(host, a, ctx))
  pair.net.run(50 * MS)
  expect(pair.net.host('a').tcp.timeWaits.map((tw) => tw.state)).toEqual(['FIN_WAIT2'])
  pair.send('b', b, pattern(5))
  pair.net.run(50 * MS)
  expect(pair.flags('a').at(-1)).toBe('R')
  expect(pair.receive('b', b)).toEqual({ ok: false, error: 'EPIPE' })
  expect(pair.net.host('a').tcp.timeWaits).toEqual([])
})

test('an orphan in FIN_WAIT2 is forgotten after tcp_fin_timeout', () => {
  const pair = makePair()
  const { a } = pair.open()
  pair.call('a', (host, ctx) => tcpClose(host, a, ctx))
  pair.net.run(59 * SEC)
  expect(pair.net.host('a').tcp.timeWaits).toHaveLength(1)
  pair.net.run(2 * SEC)
  expect(pair.net.host('a').tcp.timeWaits).toHaveLength(0)
})

test('a lost last ACK: the repeated FIN is answered out of TIME_WAIT, which then starts anew', () => {
  let block = false
  const pair = makePair((to, tcp) => (block && to === 'b' && flagText(tcp.flags) === '.' ? 'lose' : 'pass'))
  const { a, b } = pair.open()
  pair.call('a', (host, ctx) => tcpClose(host, a, ctx))
  pair.net.run(50 * MS)
  block = true
  pair.call('b', (host, ctx) => tcpClose(host, b, ctx))
  pair.net.run(100 * MS)
  expect(pair.sock('b', b)?.state).toBe('LAST_ACK')
  const before = pair.net.host('a').tcp.timeWaits[0]?.expiresNs ?? 0
  block = false
  pair.net.run(SEC)
  expect(pair.sock('b', b)).toBeUndefined()
  expect(pair.net.host('a').tcp.timeWaits[0]?.expiresNs).toBeGreaterThan(before)
})

test('a 4-tuple in TIME_WAIT is not used again, unless the peer begins a new connection with it', () => {
  const pair = makePair()
  const { a, b } = pair.open()
  const port = pair.sock('a', a)?.lport ?? 0
  pair.call('b', (host, ctx) => tcpClose(host, b, ctx))
  pair.net.run(50 * MS)
  pair.call('a', (host, ctx) => tcpClose(host, a, ctx))
  pair.net.run(50 * MS)
  expect(pair.net.host('b').tcp.timeWaits).toHaveLength(1)
  // The passive closer may come back from the same port: its SYN is newer.
  const again = pair.connect(port)
  expect(again.ok).toBe(true)
  pair.net.run(50 * MS)
  expect(again.ok && pair.sock('a', again.value)?.state).toBe('ESTABLISHED')
  expect(pair.net.host('b').tcp.timeWaits).toHaveLength(0)
})

test('binding to a port in TIME_WAIT fails', () => {
  const pair = makePair()
  const listener = pair.listen()
  const a = pair.connect(40001)
  pair.net.run(10 * MS)
  const b = pair.accept(listener)
  if (!a.ok || b === undefined) throw new Error('no connection')
  pair.call('a', (host, ctx) => tcpClose(host, a.value, ctx))
  pair.net.run(10 * MS)
  pair.call('b', (host, ctx) => tcpClose(host, b, ctx))
  pair.net.run(10 * MS)
  expect(pair.connect(40001)).toEqual({ ok: false, error: 'EADDRINUSE' })
})

test('the backlog: SYNs beyond it are dropped, and taken when there is room again', () => {
  const pair = makePair()
  const listener = pair.listen(1)
  const socks = [1, 2, 3].map(() => {
    const a = pair.connect()
    pair.net.run(10 * MS)
    return a.ok ? a.value : 0
  })
  expect(pair.net.host('b').drops['TCP_BACKLOG']).toBe(1)
  expect(socks.map((id) => pair.sock('a', id)?.state)).toEqual(['ESTABLISHED', 'ESTABLISHED', 'SYN_SENT'])
  expect(pair.accept(listener)).toBeDefined()
  pair.net.run(2 * SEC)
  expect(pair.sock('a', socks[2] ?? 0)?.state).toBe('ESTABLISHED')
})

test('a listener that closes resets what nobody has accepted', () => {
  const pair = makePair()
  const listener = pair.listen()
  const a = pair.connect()
  pair.net.run(10 * MS)
  pair.call('b', (host, ctx) => tcpClose(host, listener, ctx))
  pair.net.run(10 * MS)
  expect(a.ok && pair.receive('a', a.value)).toEqual({ ok: false, error: 'ECONNRESET' })
  expect(pair.net.host('b').tcp.socks).toEqual({})
  expect(pair.connect().ok).toBe(true)
  pair.net.run(10 * MS)
  expect(pair.flags('b').at(-1)).toBe('R.')
})

test('two listeners on a port: the one bound to the address wins', () => {
  const pair = makePair()
  pair.listen()
  const own = 0x0a000002 as Ip4
  const refused = pair.call('b', (host, ctx) => tcpListen(host, { pid: 1, ip: own, port: PORT }, ctx))
  expect(refused).toEqual({ ok: false, error: 'EADDRINUSE' })
  const other = pair.call('b', (host, ctx) =>
    tcpListen(host, { pid: 1, ip: 0x0a000063 as Ip4, port: 81 }, ctx),
  )
  expect(other).toEqual({ ok: false, error: 'EADDRNOTAVAIL' })
})

test('both sides connect to each other at the same time', () => {
  const pair = makePair()
  const to = (dst: number, sport: number, dport: number) => ({ pid: 1, dst: dst as Ip4, sport, dport })
  const a = pair.call('a', (host, ctx) => tcpConnect(host, to(0x0a000002, 7001, 7002), ctx))
  const b = pair.call('b', (host, ctx) => tcpConnect(host, to(0x0a000001, 7002, 7001), ctx))
  pair.net.run(SEC)
  if (!a.ok || !b.ok) throw new Error('connect')
  expect(pair.sock('a', a.value)?.state).toBe('ESTABLISHED')
  expect(pair.sock('b', b.value)?.state).toBe('ESTABLISHED')
  pair.send('a', a.value, pattern(2000))
  pair.net.run(SEC)
  const got = pair.receive('b', b.value)
  expect(got.ok && sameBytes(got.value.bytes, pattern(2000))).toBe(true)
})

test('a RST that is only somewhere in the window is challenged, not believed', () => {
  const pair = makePair()
  const { a, b } = pair.open()
  const victim = pair.sock('b', b)
  const spoofer = pair.sock('a', a)
  if (!victim || !spoofer) throw new Error('sockets')
  pair.call('a', (host, ctx) => {
    spoofer.sndNxt = (spoofer.sndNxt + 1000) >>> 0
    tcpAbort(host, a, ctx)
  })
  pair.net.run(10 * MS)
  // The challenge ACK meets a host that knows nothing any more, whose RST is exact.
  expect(pair.net.host('b').drops['TCP_INVALID_SEQUENCE']).toBe(1)
  expect(pair.flags('a').at(-1)).toBe('R')
  expect(pair.receive('b', b)).toEqual({ ok: false, error: 'ECONNRESET' })
})

test('closing while connecting leaves nothing behind', () => {
  const pair = makePair((to) => (to === 'b' ? 'lose' : 'pass'))
  const a = pair.connect()
  pair.net.run(10 * MS)
  if (a.ok) pair.call('a', (host, ctx) => tcpClose(host, a.value, ctx))
  pair.net.run(10 * SEC)
  expect(pair.flags('a')).toEqual(['S'])
  expect(pair.net.host('a').tcp.socks).toEqual({})
  expect(pair.net.host('a').tcp.hash).toEqual({})
})

test('loopback: a host talks to itself with large segments', () => {
  const pair = makePair()
  const done = pair.call('b', (host, ctx) => {
    const listener = tcpListen(host, { pid: 1, ip: 0 as Ip4, port: 80 }, ctx)
    const sock = tcpConnect(host, { pid: 1, dst: 0x7f000001 as Ip4, dport: 80 }, ctx)
    return listener.ok && sock.ok ? { listener: listener.value, sock: sock.value } : undefined
  })
  if (!done) throw new Error('connect')
  pair.net.run(MS)
  const server = pair.call('b', (host) => tcpAccept(host, done.listener)) ?? 0
  pair.call('b', (host, ctx) => tcpSend(host, done.sock, pattern(50_000), ctx))
  pair.net.run(SEC)
  const got = pair.receive('b', server)
  expect(got.ok && sameBytes(got.value.bytes, pattern(50_000))).toBe(true)
  const first = segmentsOf(pair.net, 'b')[0]
  expect(first?.tcp.options.mss).toBe(65495)
  expect(first?.tcp.window).toBe(65495)
})

test('a FIN behind data that never came, after the program has closed: reset, as a segment without connection is', () => {
  let hole = false
  const pair = makePair((to, _, length) => (hole && to === 'a' && length === 1448 ? 'lose' : 'pass'))
  const { a, b } = pair.open()
  hole = true
  pair.send('b', b, pattern(1500))
  pair.net.run(MS)
  pair.call('a', (host, ctx) => tcpClose(host, a, ctx))
  pair.net.run(MS)
  pair.call('b', (host, ctx) => tcpClose(host, b, ctx))
  pair.net.run(MS)
  const last = segmentsOf(pair.net, 'a').at(-1)
  expect(last && flagText(last.tcp.flags)).toBe('R')
  expect(pair.sock('a', a)).toBeUndefined()
})
