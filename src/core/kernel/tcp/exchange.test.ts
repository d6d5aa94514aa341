import { expect, test } from 'vitest'
import { MS, SEC } from '../../base/ids.ts'
import { ipHeaderLength, ipProto, ipTotalLength, PROTO_TCP } from '../../../core/wire/ipv4.ts'
import { parseTcp } from '../../wire/tcp.ts'
import { L2 } from '../skb.ts'
import { read16 } from '../../base/bytes.ts'
import { makeNet, type Net } from '../../../testing/net.ts'

/** A segment of the one connection of a test, numbers relative to the first ones. */
interface Seen {
  from: string
  flags: string
  seq: number
  ack: number
  length: number
  total: number
  window: number
  mss?: number
  idZero: boolean
}

const NAMES = ['FIN', 'SYN', 'RST', 'PSH', 'ACK'] as const

function segments(net: Net): Seen[] {
  const first: Record<string, number> = {}
  const seen: Seen[] = []
  for (const record of net.trace.records) {
    if (record.kind !== 'tx') continue
    const bytes = net.trace.frames[record.frame - 1]?.bytes ?? new Uint8Array(0)
    if (read16(bytes, 12) !== 0x0800 || ipProto(bytes, L2) !== PROTO_TCP) continue
    const at = L2 + ipHeaderLength(bytes, L2)
    const tcp = parseTcp(bytes, at, bytes.length)
    if (!tcp.ok) throw new Error(tcp.error)
    const { seq, ack, flags, window, options, headerLength } = tcp.value
    const other = record.host === 'client' ? 'server' : 'client'
    first[record.host] ??= seq
    seen.push({
      from: record.host,
      flags: NAMES.filter((_, bit) => flags & (1 << bit)).join(','),
      seq: (seq - (first[record.host] ?? 0)) >>> 0,
      ack: flags & 16 ? (ack - (first[other] ?? 0)) >>> 0 : 0,
      length: bytes.length - at - headerLength,
      total: ipTotalLength(bytes, L2),
      window: flags & 2 ? window : window << 7,
      ...(options.mss === undefined ? {} : { mss: options.mss }),
      idZero: read16(bytes, L2 + 4) === 0,
    })
  }
  return seen
}

const CONF = `events { }
http {
    default_type text/plain;
    server {
        listen 8080;
        location / {
            add_header X-Remote-IP $remote_addr;
            add_header X-Host server2;
            return 200;
        }
    }
}
`

function course(): Net {
  const net = makeNet({ hosts: { client: '172.16.253.135/24', server: '172.16.253.100/24' } })
  net.host('server').files['/etc/nginx/nginx.conf'] = CONF
  net.start('server', 'nginx')
  net.run(MS)
  return net
}

test('a curl exchange is the one of golden A1, segment by segment', () => {
  const net = course()
  const pid = net.start('client', 'curl -v http://172.16.253.100:8080')
  net.run(SEC)
  expect(net.status(pid, 'client')).toBe(0)
  const c = { from: 'client', idZero: false }
  const s = { from: 'server', idZero: false }
  // Golden A1, 1.802127 s ff.: flags, relative numbers, payload, total length, window (unscaled there).
  expect(segments(net)).toEqual([
    { ...c, flags: 'SYN', seq: 0, ack: 0, length: 0, total: 60, window: 64240, mss: 1460 },
    { ...s, flags: 'SYN,ACK', seq: 0, ack: 1, length: 0, total: 60, window: 65160, mss: 1460, idZero: true },
    { ...c, flags: 'ACK', seq: 1, ack: 1, length: 0, total: 52, window: 64256 },
    { ...c, flags: 'PSH,ACK', seq: 1, ack: 1, length: 83, total: 135, window: 64256 },
    { ...s, flags: 'ACK', seq: 1, ack: 84, length: 0, total: 52, window: 65152 },
    { ...s, flags: 'PSH,ACK', seq: 1, ack: 84, length: 193, total: 245, window: 65152 },
    { ...c, flags: 'ACK', seq: 84, ack: 194, length: 0, total: 52, window: 64128 },
    { ...c, flags: 'FIN,ACK', seq: 84, ack: 194, length: 0, total: 52, window: 64128 },
    { ...s, flags: 'FIN,ACK', seq: 194, ack: 85, length: 0, total: 52, window: 65152 },
    { ...c, flags: 'ACK', seq: 85, ack: 195, length: 0, total: 52, window: 64128 },
  ])
})

test('identification counts up by one on each side, apart from the SYN-ACK', () => {
  const net = course()
  net.start('client', 'curl http://172.16.253.100:8080')
  net.run(SEC)
  const ids = (host: string): number[] =>
    net.trace.records.flatMap((record) => {
      if (record.kind !== 'tx' || record.host !== host) return []
      const bytes = net.trace.frames[record.frame - 1]?.bytes ?? new Uint8Array(0)
      return read16(bytes, 12) === 0x0800 ? [read16(bytes, L2 + 4)] : []
    })
  const steps = (list: number[]): number[] => list.slice(1).map((id, i) => (id - (list[i] ?? 0)) & 0xffff)
  expect(steps(ids('client'))).toEqual([1, 1, 1, 1, 1])
  expect(ids('server')[0]).toBe(0)
  expect(steps(ids('server').slice(1))).toEqual([1, 1])
})

test('the port of a closed service answers RST with the numbers of RFC 9293', () => {
  const net = course()
  const pid = net.start('client', 'curl http://172.16.253.100:81')
  net.run(SEC)
  expect(net.output(pid, 'client')).toContain(
    'curl: (7) Failed to connect to 172.16.253.100 port 81 after 0 ms',
  )
  expect(
    segments(net).map(({ from, flags, ack, total, window, idZero }) => ({
      from,
      flags,
      ack,
      total,
      window,
      idZero,
    })),
  ).toEqual([
    { from: 'client', flags: 'SYN', ack: 0, total: 60, window: 64240, idZero: false },
    { from: 'server', flags: 'RST,ACK', ack: 1, total: 40, window: 0, idZero: true },
  ])
  expect(net.host('server').drops['NO_SOCKET']).toBe(1)
})

test('successive connections use even ports that move on, and each side forgets after a minute', () => {
  const net = course()
  for (let i = 0; i < 20; i++) {
    net.start('client', 'curl http://172.16.253.100:8080')
    net.run(SEC)
  }
  const ports = net.trace.records.flatMap((r) =>
    r.kind === 'tcp.state' && r.host === 'client' && r.to === 'SYN_SENT' ? [r.lport] : [],
  )
  expect(ports).toHaveLength(20)
  expect(new Set(ports).size).toBe(20)
  for (const port of ports) {
    expect(port % 2).toBe(0)
    expect(port).toBeGreaterThanOrEqual(32768)
    expect(port).toBeLessThanOrEqual(60999)
  }
  expect(net.host('client').tcp.timeWaits).toHaveLength(20)
  expect(Object.keys(net.host('client').tcp.socks)).toHaveLength(0)
  expect(Object.keys(net.host('server').tcp.socks)).toHaveLength(1)
  net.run(61 * SEC)
  expect(net.host('client').tcp.timeWaits).toHaveLength(0)
  expect(Object.keys(net.host('client').tcp.hash)).toHaveLength(0)
  expect(Object.keys(net.host('client').timers).filter((key) => key.startsWith('tcp:'))).toEqual([])
  expect(Object.keys(net.host('server').timers).filter((key) => key.startsWith('tcp:'))).toEqual([])
})
