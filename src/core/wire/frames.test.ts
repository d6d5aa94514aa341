import { describe, expect, test } from 'vitest'
import framesJson from '../../testing/fixtures/frames.json' with { type: 'json' }
import type { FramesFixture } from '../../testing/frames-fixture.ts'
import { type Bytes, bytesOfHex, hexOf } from '../base/bytes.ts'
import { emitArp, parseArp } from './arp.ts'
import { dissect, findField, type Layer } from './dissect.ts'
import { emitEthernet, ETH, ETH_P_ARP, parseEthernet } from './ethernet.ts'
import type { SeqBases } from './format-tcp.ts'
import { formatFrame } from './format.ts'
import { emitIcmp, parseIcmp } from './icmp.ts'
import { emitIpv4, type Ipv4, parseIpv4, PROTO_ICMP, PROTO_IPIP, PROTO_TCP, PROTO_UDP } from './ipv4.ts'
import { emitTcp, parseTcp, setTcpChecksum } from './tcp.ts'
import { emitUdp, parseUdp, setUdpChecksum } from './udp.ts'

const { frames, conversation } = framesJson as unknown as FramesFixture

/** The frame parsed into records and emitted again, layer by layer, into a buffer that held other bytes. */
function reemit(b: Bytes, raw: boolean): Bytes {
  const out = new Uint8Array(b.length).fill(0xa5)
  if (raw) {
    reemitIp(b, out, 0)
    return out
  }
  const eth = parseEthernet(b)
  if (!eth.ok) throw new Error(eth.error)
  emitEthernet(eth.value, out)
  if (eth.value.type !== ETH_P_ARP) reemitIp(b, out, ETH.size)
  else {
    const arp = parseArp(b, ETH.size)
    if (!arp.ok) throw new Error(arp.error)
    emitArp(arp.value, out, ETH.size)
  }
  return out
}

function reemitIp(b: Bytes, out: Bytes, at: number): void {
  const parsed = parseIpv4(b, at)
  if (!parsed.ok) throw new Error(parsed.error)
  const ip = parsed.value
  const end = at + ip.totalLength
  const payload = at + ip.headerLength
  out.set(b.subarray(payload, end), payload)
  // Options are stepped over, never written: such a header is taken as it is.
  if (ip.headerLength > 20) out.set(b.subarray(at, payload), at)
  else emitIpv4(ip, out, at)
  const isWhole = !ip.mf && ip.fragOffset === 0
  if (isWhole) reemitPayload(b, out, { ip, at, payload, end })
}

function reemitPayload(
  b: Bytes,
  out: Bytes,
  where: { ip: Ipv4; at: number; payload: number; end: number },
): void {
  const { ip, at, payload, end } = where
  if (ip.proto === PROTO_IPIP) reemitIp(b, out, payload)
  if (ip.proto === PROTO_ICMP) {
    const icmp = parseIcmp(b, payload, end)
    if (!icmp.ok) throw new Error(icmp.error)
    out.fill(0xa5, payload, payload + 8)
    emitIcmp(icmp.value, out, payload, end)
  }
  if (ip.proto === PROTO_UDP) {
    const udp = parseUdp(b, payload, end)
    if (!udp.ok) throw new Error(udp.error)
    out.fill(0xa5, payload, payload + 8)
    emitUdp(udp.value, out, payload)
    setUdpChecksum(out, at, payload, end)
  }
  if (ip.proto === PROTO_TCP) {
    const tcp = parseTcp(b, payload, end)
    if (!tcp.ok) throw new Error(tcp.error)
    out.fill(0xa5, payload, payload + tcp.value.headerLength)
    expect(emitTcp(tcp.value, out, payload)).toBe(tcp.value.headerLength)
    setTcpChecksum(out, at, payload, end)
  }
}

const FLAG_BITS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR']

/** What tshark says under its own column names, read from our field tree. */
function readAsTshark(layers: readonly Layer[], name: string): string | undefined {
  const outer = (field: string): string | undefined => findField(layers, field)?.text
  const inner = (field: string): string | undefined =>
    findField(
      layers.filter((layer) => layer.depth === 1),
      field,
    )?.text
  const l4 = layers.find(({ proto }) => proto === 'tcp' || proto === 'udp')
  const l4Field = (part: string): string | undefined =>
    l4?.fields.find((field) => field.name.endsWith(part))?.text
  switch (name) {
    case 'ip.df':
      return String(findField(layers, 'ip.flags.df')?.value)
    case 'ip.proto':
      return String(findField(layers, 'ip.proto')?.value)
    case 'ip.id':
      return outer('ip.id')?.slice(0, 6)
    case 'inner.src':
    case 'inner.dst':
    case 'inner.ttl':
      return inner(`ip.${name.slice(6)}`)
    case 'l4.sport':
      return l4Field('.srcport')
    case 'l4.dport':
      return l4Field('.dstport')
    case 'icmp.type/code':
      return `${findField(layers, 'icmp.type')?.value}/${findField(layers, 'icmp.code')?.value}`
    default:
      return outer(name)
  }
}

describe.each(frames)('$source', ({ hex, raw, line, linkLine, tshark }) => {
  const bytes = bytesOfHex(hex)
  const layers = dissect(bytes, raw ? 'ip' : 'eth')

  test('parse and emit give the same bytes', () => {
    expect(hexOf(reemit(bytes, raw === true))).toBe(hex)
  })

  test('the line is tcpdump’s', () => {
    expect(formatFrame(bytes, { raw: raw === true })).toBe(line)
    expect(formatFrame(bytes, { raw: raw === true, link: true })).toBe(linkLine)
  })

  test('the fields are tshark’s', () => {
    // A fragment was put together by tshark before it read what is inside; the dissector reads one frame.
    const isFragment =
      findField(layers, 'ip.flags.mf')?.value === 1 || findField(layers, 'ip.frag_offset')?.value !== 0
    const isIp = findField(layers, 'ip.src') !== undefined
    const skipped = ['tcp.flags', 'payload_len', ...(isIp ? [] : ['ip.src', 'ip.dst'])]
    for (const [name, value] of Object.entries(tshark)) {
      if (skipped.includes(name) || (isIp && isFragment && /^(inner|l4|tcp)\./.test(name))) continue
      expect([name, readAsTshark(layers, name)]).toEqual([name, value])
    }
    const flags = findField(layers, 'tcp.flags')
    if (tshark['tcp.flags'] !== undefined && flags)
      expect(FLAG_BITS.filter((_, bit) => (Number(flags.value) >>> bit) & 1).sort()).toEqual(
        tshark['tcp.flags'].split(/[^A-Z]+/).sort(),
      )
  })

  test('no field is noted as wrong in a frame that tshark finds good', () => {
    expect(tshark['bad_checksum']).toBeUndefined()
    const wrong = layers.flatMap((layer) => layer.fields).filter(({ note }) => note === 'bad checksum')
    expect(wrong).toEqual([])
  })
})

test('a conversation has tcpdump’s relative sequence numbers', () => {
  const seqs: SeqBases = {}
  const lines = conversation.map(({ hex }) => formatFrame(bytesOfHex(hex), { seqs }))
  expect(lines).toEqual(conversation.map(({ line }) => line))
  expect(lines.filter((line) => line.includes(' seq 1:')).length).toBeGreaterThan(0)
})
