import { describe, expect, test } from 'vitest'
import A1 from '../../testing/fixtures/golden/A1.json' with { type: 'json' }
import framesJson from '../../testing/fixtures/frames.json' with { type: 'json' }
import type { FramesFixture } from '../../testing/frames-fixture.ts'
import { type GoldenFixture, goldenPoint } from '../../testing/golden/fixture.ts'
import { bytesOfHex, bytesOfText, type Bytes, concatBytes } from '../base/bytes.ts'
import { type Ip4, type Mac, MAC_BROADCAST, parseIp4 } from '../base/ids.ts'
import { ARP_REPLY, ARP_REQUEST, arpFrame } from './arp.ts'
import {
  comparePoint,
  findHealthLegs,
  findHealthPairs,
  findOspfPairs,
  type PointFrame,
  reducePoint,
} from './compare.ts'
import { emitEthernet, ETH_P_IP } from './ethernet.ts'
import { emitIcmpError, ICMP_REDIRECT } from './icmp.ts'
import { emitIpv4, setIpTtl } from './ipv4.ts'
import { ACK, emitTcp, FIN, PSH, setTcpChecksum, SYN } from './tcp.ts'

const ip = (text: string): Ip4 => parseIp4(text) ?? (0 as Ip4)
const [CLIENT, VIP, LB, RIP] = ['10.0.0.10', '172.16.253.100', '172.16.253.131', '172.16.253.130'].map(
  ip,
) as [Ip4, Ip4, Ip4, Ip4]
const MAC_A = 0x02000000000a as Mac
const MAC_B = 0x02000000000b as Mac

interface Segment {
  src?: Ip4
  dst?: Ip4
  sport: number
  dport: number
  seq: number
  ack?: number
  flags: number
  data?: string
  ttl?: number
  proto?: number
}

function segment(s: Segment): Bytes {
  const data = bytesOfText(s.data ?? '')
  const b = new Uint8Array(54 + data.length)
  const { src = CLIENT, dst = VIP, ttl = 64, proto = 6 } = s
  emitEthernet({ dst: MAC_B, src: MAC_A, type: ETH_P_IP }, b)
  emitIpv4({ totalLength: 40 + data.length, id: 9, df: true, ttl, proto, src, dst }, b, 14)
  emitTcp({ ack: 0, window: 1, urgent: 0, options: {}, ...s }, b, 34)
  b.set(data, 54)
  setTcpChecksum(b, 14, 34, b.length)
  return b
}

/** A short connection of CLIENT to VIP, as seen where both directions pass. */
function connection(port: number, isn: number, ends: { src?: Ip4; dst?: Ip4 } = {}): Bytes[] {
  const { src = CLIENT, dst = VIP } = ends
  const to = { src, dst, sport: port, dport: 8080 }
  const from = { src: dst, dst: src, sport: 8080, dport: port }
  return [
    segment({ ...to, seq: isn, flags: SYN }),
    segment({ ...from, seq: 7 * isn, ack: isn + 1, flags: SYN | ACK }),
    segment({ ...to, seq: isn + 1, ack: 7 * isn + 1, flags: ACK }),
    segment({
      ...to,
      seq: isn + 1,
      ack: 7 * isn + 1,
      flags: PSH | ACK,
      data: 'GET / HTTP/1.1\r\nX-A: b\r\n\r\n',
    }),
    segment({ ...to, seq: isn + 27, ack: 7 * isn + 1, flags: FIN | ACK }),
  ]
}

const ask = (spa: Ip4, tpa: Ip4, to: Mac = MAC_BROADCAST): Bytes =>
  arpFrame({ dst: to, src: MAC_A }, { op: ARP_REQUEST, sha: MAC_A, spa, tha: 0 as Mac, tpa })
const answer = (spa: Ip4, tpa: Ip4, sha = MAC_B): Bytes =>
  arpFrame({ dst: MAC_A, src: sha }, { op: ARP_REPLY, sha, spa, tha: MAC_A, tpa })

const point = (frames: readonly Bytes[]): PointFrame[] => frames.map((bytes, i) => ({ at: i * 1000, bytes }))
const reduce = (...frames: Bytes[]) => reducePoint(point(frames))
const texts = (...frames: Bytes[]) =>
  reduce(...frames).map((packet) => packet.text.slice('00:00:00:00:00:00 > 00:00:00:00:00:00 '.length))
const { frames } = framesJson as unknown as FramesFixture

describe('reducing', () => {
  test('relative numbers, renumbered ports, HTTP lines', () => {
    expect(texts(...connection(40000, 1000))).toEqual([
      'IP 10.0.0.10 > 172.16.253.100 ttl 64 DF len 40 TCP e1 > 8080 [S] seq 0 data 0',
      'IP 172.16.253.100 > 10.0.0.10 ttl 64 DF len 40 TCP 8080 > e1 [S.] seq 0 ack 1 data 0',
      'IP 10.0.0.10 > 172.16.253.100 ttl 64 DF len 40 TCP e1 > 8080 [.] seq 1 ack 1 data 0',
      'IP 10.0.0.10 > 172.16.253.100 ttl 64 DF len 66 TCP e1 > 8080 [P.] seq 1 ack 1 data 26 | GET / HTTP/1.1 | X-A: b',
      'IP 10.0.0.10 > 172.16.253.100 ttl 64 DF len 40 TCP e1 > 8080 [F.] seq 27 ack 1 data 0',
    ])
  })

  test('what is random makes no difference', () => {
    expect(reduce(...connection(40000, 1000))).toEqual(reduce(...connection(50000, 4_000_000_000)))
  })

  test('each connection has its port; both legs of one under NAT share it', () => {
    const nat = connection(40000, 1000, { src: LB, dst: RIP })
    const list = reduce(...connection(40000, 1000), ...nat, ...connection(40001, 5000))
    expect(list.map((packet) => packet.conn)).toEqual([
      ...Array<number>(10).fill(1),
      ...Array<number>(5).fill(2),
    ])
    expect(list.at(-1)?.text).toContain(' e2 > 8080 ')
  })

  test('a new SYN from the same port is a new connection', () => {
    const list = reduce(...connection(40000, 1000), ...connection(40000, 9000))
    expect(list.map((packet) => packet.conn)).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2, 2])
    expect(list[5]?.text).toContain('TCP e2 > 8080 [S] seq 0 ')
  })

  test('an error about a packet belongs to its conversation, and the quote is told like the packet', () => {
    const [syn = new Uint8Array()] = connection(40000, 1000)
    const message = emitIcmpError({ type: ICMP_REDIRECT, code: 1, rest: RIP }, syn, 14)
    const b = new Uint8Array(34)
    emitEthernet({ dst: MAC_A, src: MAC_B, type: ETH_P_IP }, b)
    emitIpv4({ totalLength: 20 + message.length, id: 0, ttl: 64, proto: 1, src: LB, dst: CLIENT }, b, 14)
    const list = reduce(syn, concatBytes([b, message]))
    expect(list.map((packet) => packet.conn)).toEqual([1, 1])
    expect(list[1]?.text).toContain(
      'ICMP 5/1 gateway 172.16.253.130 [IP 10.0.0.10 > 172.16.253.100 ttl 64 DF len 40 TCP e1 > 8080 [S] seq 0 data 0]',
    )
  })

  test('left out: OSPF, IGMP, and ARP that confirms what is known', () => {
    const ospf = segment({ sport: 1, dport: 2, seq: 0, flags: 0, proto: 89 })
    const igmp = segment({ sport: 1, dport: 2, seq: 0, flags: 0, proto: 2 })
    const first = [ask(CLIENT, VIP), answer(VIP, CLIENT)]
    const again = [ask(CLIENT, VIP, MAC_B), answer(VIP, CLIENT)]
    expect(reduce(ospf, ...first, igmp, ...again)).toEqual(
      reduce(...first).map((p, i) => ({ ...p, at: 1000 * (i + 1) })),
    )
    expect(texts(...first)).toEqual([
      'ARP request 10.0.0.10 (02:00:00:00:00:0a) > 172.16.253.100',
      'ARP reply 172.16.253.100 (02:00:00:00:00:0b) > 10.0.0.10',
    ])
  })

  test('health checks: by their user agent, by given pairs of addresses, or kept', () => {
    const check = connection(45000, 1000, { src: LB, dst: RIP })
    const get = 'GET / HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\n\r\n'
    const named = [
      ...check,
      segment({ src: LB, dst: RIP, sport: 45000, dport: 8080, seq: 1001, flags: ACK, data: get }),
    ]
    const failed = segment({ src: LB, dst: RIP, sport: 45001, dport: 8080, seq: 1, flags: SYN })
    const client = connection(45002, 2000, { src: LB, dst: RIP })
    const all = point([...named, failed, ...client])
    expect(reducePoint(all).map((packet) => packet.at)).toEqual([7, 8, 9, 10, 11].map((n) => n * 1000))
    expect(reducePoint(all, { health: [[LB, RIP]] })).toEqual([])
    expect(reducePoint(all, { withHealth: true })).toHaveLength(12)
    // Another point saw only the beginning of the check: what the first one knows helps.
    const part = point(check.slice(0, 1))
    expect(reducePoint(part)).toHaveLength(1)
    expect(reducePoint(part, { healthLegs: findHealthLegs(all) })).toEqual([])
  })

  test('ARP between the two ends of a check goes with it, all other ARP stays', () => {
    const check = connection(40000, 1000, { src: LB, dst: RIP })
    check[3] = segment({
      ...{ src: LB, dst: RIP, sport: 40000, dport: 8080, seq: 1001, ack: 7001, flags: PSH | ACK },
      data: 'GET / HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\n\r\n',
    })
    const all = point([ask(LB, RIP), answer(RIP, LB), ...check, ask(RIP, LB), ask(CLIENT, LB), ask(VIP, RIP)])
    const healthPairs = findHealthPairs(all)
    expect(reducePoint(all, { healthPairs }).map(({ kind }) => kind)).toEqual([
      'ARP 10.0.0.10 asks for 172.16.253.131',
      'ARP 172.16.253.100 asks for 172.16.253.130',
    ])
    expect(reducePoint(all).filter(({ kind }) => kind.startsWith('ARP'))).toHaveLength(5)
    expect(reducePoint(all, { healthPairs, withHealth: true })).toHaveLength(10)
  })

  test('ARP between those who speak OSPF goes with it', () => {
    const hello = (src: Ip4): Bytes => {
      const b = new Uint8Array(34)
      emitEthernet({ dst: MAC_B, src: MAC_A, type: ETH_P_IP }, b)
      emitIpv4({ totalLength: 20, id: 0, ttl: 1, proto: 89, src, dst: ip('224.0.0.5') }, b, 14)
      return b
    }
    const all = point([hello(LB), hello(RIP), ask(LB, RIP), answer(RIP, LB), ask(CLIENT, LB)])
    const healthPairs = findOspfPairs(all)
    expect(reducePoint(all, { healthPairs }).map(({ kind }) => kind)).toEqual([
      'ARP 10.0.0.10 asks for 172.16.253.131',
    ])
  })

  test('every recorded frame that is compared has a text, however deep it is nested', () => {
    for (const frame of frames) {
      const bytes = bytesOfHex(frame.hex)
      const [packet] = reducePoint([{ at: 0, bytes, raw: frame.raw === true }], { withHealth: true })
      if (/OSPF|igmp/.test(frame.line)) expect(packet).toBeUndefined()
      else expect(packet?.text).toMatch(/ARP|TCP|UDP|ICMP|frag/)
    }
    const ipip = frames.find((frame) => /: IP .*Flags \[S\]/.test(frame.line))
    const [packet] = reducePoint([{ at: 0, bytes: bytesOfHex(ipip?.hex ?? '') }])
    expect(packet?.text).toMatch(
      /len 80 IPIP \[IP 10\.0\.0\.10 > .* TCP e1 > 8080 \[S\] seq 0 data 0 mss 1460\]$/,
    )
  })
})

describe('comparing', () => {
  const one = connection(40000, 1000)
  const two = connection(41000, 2000, { src: ip('10.0.0.11') })

  test('a real capture is the same as itself, at every point', () => {
    const golden = A1 as unknown as GoldenFixture
    for (const name of Object.keys(golden.points)) {
      const list = goldenPoint(golden, name)
      expect(list.length).toBeGreaterThan(4)
      expect(comparePoint(list, list)).toEqual({ same: list.length })
    }
  })

  test('one packet changed, lost or added in a real capture is found where it is', () => {
    const real = goldenPoint(A1 as unknown as GoldenFixture, 'sw-br0')
    for (const i of real.keys()) {
      const changed = real.map((packet, n) =>
        n === i ? { ...packet, text: packet.text.replace(/ttl \d+|ARP/, 'X') } : packet,
      )
      expect(comparePoint(changed, real)).toMatchObject({ at: i, sim: changed[i], real: real[i] })
      const lost = real.filter((_, n) => n !== i)
      expect(comparePoint(lost, real)).not.toHaveProperty('same')
      expect(comparePoint(real, lost)).not.toHaveProperty('same')
    }
  })

  test('two packets of one conversation may not change places', () => {
    const swapped = [...one]
    ;[swapped[1], swapped[2]] = [one[2] ?? new Uint8Array(), one[1] ?? new Uint8Array()]
    expect(comparePoint(reduce(...swapped), reduce(...one))).toHaveProperty('at', 1)
  })

  test('concurrent conversations may be interleaved in any way', () => {
    const zipped = one.flatMap((b, i) => [b, two[i] ?? b])
    const other = two.flatMap((b, i) => [b, one[i] ?? b])
    expect(comparePoint(reduce(...zipped), reduce(...other))).toEqual({ same: 10 })
    expect(comparePoint(reduce(...one, ...two), reduce(...other))).toEqual({ same: 10 })
  })

  test('conversations one after the other keep their order', () => {
    const result = comparePoint(reduce(...two, ...one), reduce(...one, ...two))
    expect(result).toMatchObject({ at: 0 })
    expect('real' in result ? result.real.text : '').toContain('10.0.0.10 >')
  })

  test('several hosts may answer one ARP request in any order, but not before it', () => {
    const question = ask(CLIENT, VIP)
    const answers = [MAC_A, MAC_B].map((mac) => answer(VIP, CLIENT, mac))
    const real = reduce(question, ...answers)
    expect(comparePoint(reduce(question, ...[...answers].reverse()), real)).toEqual({ same: 3 })
    expect(comparePoint(reduce(...answers, question), real)).not.toHaveProperty('same')
  })

  test('a missing and an additional conversation are shown on their side only', () => {
    const real = reduce(...one, ...two)
    const missing = comparePoint(reduce(...one), real)
    expect(missing).toMatchObject({ at: 5, real: real[5] })
    expect(missing).not.toHaveProperty('sim')
    const more = comparePoint(real, reduce(...one))
    expect(more).toMatchObject({ at: 5, sim: real[5] })
    expect(more).not.toHaveProperty('real')
  })

  test('another TTL is a difference', () => {
    const other = one.map((b) => b.slice())
    setIpTtl(other[3] ?? new Uint8Array(64), 14, 63)
    expect(comparePoint(reduce(...other), reduce(...one))).toHaveProperty('at', 3)
  })

  test('two empty lists are the same', () => {
    expect(comparePoint([], [])).toEqual({ same: 0 })
  })
})
