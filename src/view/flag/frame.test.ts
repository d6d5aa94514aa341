import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { bytesOfHex, type Bytes } from '../../core/base/bytes.ts'
import {
  formatIp4,
  formatMac,
  isGroupMac,
  parseIp4,
  parseMac,
  type Ip4,
  type Mac,
} from '../../core/base/ids.ts'
import { arpFrame } from '../../core/wire/arp.ts'
import { emitEthernet } from '../../core/wire/ethernet.ts'
import { emitIpv4, PROTO_IPIP, PROTO_TCP, setIpTtl } from '../../core/wire/ipv4.ts'
import { ACK, emitTcp, FIN, PSH, RST, SYN } from '../../core/wire/tcp.ts'
import { flagOfFrame, type Owners } from './frame.ts'

const MACS: Record<string, string> = {
  '00:0c:29:35:01:35': 'R',
  '00:0c:29:31:01:31': 'L1',
  '00:0c:29:30:01:30': 'S1',
}
const IPS: Record<string, string> = {
  '172.16.253.135': 'R',
  '172.16.253.131': 'L1',
  '172.16.253.130': 'S1',
  '172.16.253.100': 'V',
}
const NAMES: Record<string, string> = { R: 'router', L1: 'LB1', S1: 'server1', V: 'VIP', X: 'everyone' }

const owners: Owners = {
  ofMac: (mac) => (isGroupMac(mac) ? 'X' : (MACS[formatMac(mac)] ?? 'X')),
  ofIp: (ip) => IPS[formatIp4(ip)] ?? 'X',
  words: {
    arp: (op) => (op === 1 ? 'ARP\nasks' : 'ARP\ntells'),
    icmp: (type) => (type === 8 ? 'echo request' : ''),
    name: (code) => NAMES[code] ?? code,
    frame: (from, to) => `frame from ${from} to ${to}`,
    packet: (from, to) => `packet from ${from} to ${to}`,
    arpPair: (from, to) => `${from} asks for ${to}`,
    inside: (from, to) => `inside from ${from} to ${to}`,
    ttl: (ttl) => `TTL ${ttl}`,
    change: (field, was) => `${field}${was === undefined ? '' : `, was ${was}`}`,
    changed: (list) => `changed: ${list.join(', ')}`,
    lost: (reason) => `lost: ${reason}`,
    comma: ', ',
    semicolon: '; ',
  },
}

const mac = (text: string): Mac => parseMac(text) ?? (0 as Mac)
const ip = (text: string): Ip4 => parseIp4(text) ?? (0 as Ip4)
const R = mac('00:0c:29:35:01:35')
const L1 = mac('00:0c:29:31:01:31')
const S1 = mac('00:0c:29:30:01:30')

function tcpFrame(src: Mac, dst: Mac, flags: number, payload = '', ttl = 64): Bytes {
  const b = new Uint8Array(54 + payload.length)
  emitEthernet({ src, dst, type: 0x0800 }, b)
  const addresses = { src: ip('172.16.253.135'), dst: ip('172.16.253.100') }
  emitIpv4({ totalLength: 40 + payload.length, id: 1, ttl, proto: PROTO_TCP, ...addresses }, b, 14)
  emitTcp({ sport: 49900, dport: 8080, seq: 1, ack: 0, flags, window: 64240, urgent: 0, options: {} }, b, 34)
  for (let i = 0; i < payload.length; i++) b[54 + i] = payload.charCodeAt(i)
  return b
}

describe('flagOfFrame', () => {
  it.each([
    [SYN, '', 'syn', 'SYN'],
    [SYN | ACK, '', 'synack', 'SYN,ACK'],
    [ACK, '', 'ack', 'ACK'],
    [FIN | ACK, '', 'fin', 'FIN'],
    [RST, '', 'rst', 'RST'],
    [PSH | ACK, 'GET / HTTP/1.1\r\n', 'data', 'GET /'],
    [PSH | ACK, 'HTTP/1.1 200 OK\r\n', 'data', '200'],
    [PSH | ACK, 'GET /index.html HTTP/1.1\r\n', 'data', 'GET /i…'],
    [PSH | ACK, 'xyz', 'data', '3 B'],
  ])('flags %i with payload "%s" is %s', (flags, payload, kind, label) => {
    const flag = flagOfFrame(tcpFrame(R, L1, flags, payload), undefined, owners)
    expect([flag.kind, flag.label]).toEqual([kind, label])
  })

  it('marks what DR changed as a decision, and MAC source and TTL as what every hop does (golden A1)', () => {
    const before = tcpFrame(R, L1, SYN)
    const after = tcpFrame(L1, S1, SYN, '', 63)
    const flag = flagOfFrame(after, before, owners, { decided: ['macTo'] })
    expect(flag.mac).toEqual([
      { code: 'L1', sub: '31:01:31', ring: 'hop', old: 'R' },
      { code: 'S1', sub: '30:01:30', ring: 'decision', old: 'L1' },
    ])
    expect(flag.ip).toEqual([
      { code: 'R', sub: '.135' },
      { code: 'V', sub: '.100' },
    ])
    expect(flag.ttl).toEqual({ value: 63, old: 64 })
    expect(flag.ariaLabel).toBe(
      'SYN, frame from LB1 to server1, packet from router to VIP, TTL 63; changed: macTo, was LB1',
    )
  })

  it('without a decision a new MAC is only a hop, and nothing is ringed that did not change', () => {
    const before = tcpFrame(R, L1, SYN)
    const after = before.slice()
    emitEthernet({ src: L1, dst: S1, type: 0x0800 }, after)
    setIpTtl(after, 14, 63)
    const flag = flagOfFrame(after, before, owners)
    expect(flag.mac.map((c) => c.ring)).toEqual(['hop', 'hop'])
    expect(flagOfFrame(before, before, owners, { decided: ['macTo'] }).mac[1].ring).toBeUndefined()
  })

  it('rings a decision that had no frame before: the router itself chose the next hop', () => {
    const flag = flagOfFrame(tcpFrame(R, L1, SYN), undefined, owners, { decided: ['macTo'] })
    expect(flag.mac[1]).toEqual({ code: 'L1', sub: '31:01:31', ring: 'decision' })
  })

  it('reads ARP as sender and asked-for address', () => {
    const arp = { op: 1, sha: R, spa: ip('172.16.253.135'), tha: 0 as Mac, tpa: ip('172.16.253.130') }
    const flag = flagOfFrame(arpFrame({ src: R, dst: 0xffffffffffff as Mac }, arp), undefined, owners)
    expect([flag.kind, flag.label, flag.mac[1].code]).toEqual(['arp', 'ARP\nasks', 'X'])
    expect(flag.ip?.map((c) => c.code)).toEqual(['R', 'S1'])
    expect(flag.ttl).toBeUndefined()
    expect(flag.ariaLabel).toBe('ARP asks, frame from router to everyone, router asks for server1')
  })

  it('shows the packet in a tunnel inside the outer pair and compares the inner one', () => {
    const inside = tcpFrame(R, L1, SYN)
    const b = new Uint8Array(inside.length + 20)
    b.set(inside.subarray(14), 34)
    emitEthernet({ src: L1, dst: S1, type: 0x0800 }, b)
    const outer = { src: ip('172.16.253.131'), dst: ip('172.16.253.130') }
    emitIpv4({ totalLength: 60, id: 2, ttl: 63, proto: PROTO_IPIP, ...outer }, b, 14)
    const flag = flagOfFrame(b, inside, owners, { decided: ['outer'] })
    expect(flag.kind).toBe('syn')
    expect(flag.ip?.map((c) => [c.code, c.ring])).toEqual([
      ['L1', 'decision'],
      ['S1', 'decision'],
    ])
    expect(flag.inner).toEqual([
      { code: 'R', sub: '.135' },
      { code: 'V', sub: '.100' },
    ])
  })

  it('reads anything without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 90 }), fc.boolean(), (bytes, asIp) => {
        if (asIp && bytes.length > 13) bytes.set([8, 0], 12)
        expect(flagOfFrame(bytes, undefined, owners).mac).toHaveLength(2)
      }),
    )
    expect(flagOfFrame(bytesOfHex('ffffffffffff000c2935013586dd'), undefined, owners).kind).toBe('other')
  })
})
