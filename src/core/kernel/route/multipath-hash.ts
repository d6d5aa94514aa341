/**
 * The hash by which Linux spreads flows over the next hops of an IPv4 route, bit for bit as measured on 6.18,
 * little-endian (net/ipv4/route.c fib_multipath_hash, net/core/flow_dissector.c). The kernel makes no promise across
 * versions: before 6.11 the key was another one.
 *
 * Not modelled: a ready-made L4 hash that a packet brings along from a NIC or from a socket of the same machine (policy 1
 * would take that one instead), so the choice depends on what is on the wire alone.
 */
import { type Bytes, write16, write32 } from '../../base/bytes.ts'
import type { Ip4 } from '../../base/ids.ts'
import { type Hash64, sipHigh, sipInit, type SipKey, sipLow, sipRun } from '../../base/siphash.ts'
import { type FlowFields, hasPorts, type HashFlow } from './multipath-flow.ts'

export { flowOfPacket, type FlowFields, type HashFlow } from './multipath-flow.ts'

/** A flow (multipath-flow) and the settings that say how it is hashed. */
export interface HashInput extends HashFlow {
  /** net.ipv4.fib_multipath_hash_policy, 0..3. */
  policy: number
  /** net.ipv4.fib_multipath_hash_fields; policy 3 only. */
  fields: number
  /** net.ipv4.fib_multipath_hash_seed; for 0 pass the host's boot seed. */
  seed: number
  /** 'fwd': a packet that came in, or `ip route get` (which makes one up); 'local': a flow of our own. */
  path: 'fwd' | 'local'
}

/** Bits of fib_multipath_hash_fields; those of the inner header are the same, shifted left by INNER_SHIFT. */
export const HASH_FIELD = { src: 1, dst: 2, proto: 4, flowLabel: 8, sport: 0x10, dport: 0x20 } as const
const INNER_SHIFT = 6
const FIELD_MASK = 0x3f

/** One run of the hash: what was hashed, and how. */
export interface HashBlock {
  from: 'outer' | 'inner' | 'quoted'
  /** After the policy and the mask: what does not count is 0. */
  fields: FlowFields
  /** As they stand in the block: sorted by the value of their bytes read little-endian. */
  addresses: [Ip4, Ip4]
  ports: [number, number]
  addressesSwapped: boolean
  portsSwapped: boolean
  /** The 48 bytes that are hashed. */
  block: Bytes
  sip: Hash64
  /** Low half of `sip`; 0 is replaced by 1. */
  hash32: number
}

export interface HashExplanation {
  blocks: HashBlock[]
  /** Policy 3 on forwarded packets: the two hashes (0 = none) that a last step mixes. */
  mixed?: { outer: number; inner: number }
  hash32: number
  /** What is compared with the bounds: hash32 without its lowest bit. */
  hash31: number
}

const HEAD = 0
const PORTS = 3
const ADDR_A = 4
const ADDR_B = 5
/** Six 64-bit words of the block and the length word; low half, high half. Scratch, filled anew for each hash. */
const WORDS = new Int32Array(14)
WORDS[13] = 48 << 24
const STATE = new Int32Array(8)
const KEY: SipKey = { lo0: 0, hi0: 0, lo1: 0, hi1: 0 }

/** The key of a seed: seed * 2^32 + seed, twice. */
export function keyOfSeed(seed: number, into: SipKey = { lo0: 0, hi0: 0, lo1: 0, hi1: 0 }): SipKey {
  into.lo0 = into.hi0 = into.lo1 = into.hi1 = seed | 0
  return into
}

/** The bytes of a u32 in reverse: the number a little-endian machine sees in a field of network order. Unsigned. */
function swap32(x: number): number {
  return ((x >>> 24) | ((x >>> 8) & 0xff00) | ((x << 8) & 0xff0000) | (x << 24)) >>> 0
}

function swap16(x: number): number {
  return ((x & 0xff) << 8) | (x >>> 8)
}

/** 32-bit hash of one block of fields. */
function hashFields(f: FlowFields, key: SipKey): number {
  const a = swap32(f.src)
  const b = swap32(f.dst)
  const p = swap16(f.sport)
  const q = swap16(f.dport)
  WORDS[2 * HEAD] = f.proto << 16
  WORDS[2 * PORTS + 1] = p <= q ? p | (q << 16) : q | (p << 16)
  WORDS[2 * ADDR_A + 1] = a <= b ? a : b
  WORDS[2 * ADDR_B] = a <= b ? b : a
  sipRun(sipInit(key, STATE), WORDS, true, STATE)
  return sipLow(STATE) >>> 0 || 1
}

interface Part {
  from: HashBlock['from']
  fields: FlowFields
}

/** Which headers are hashed, with what does not count set to 0; `mix` = two hashes are made into one. */
function partsOf(input: HashInput): { parts: Part[]; mix: boolean } {
  const forwarded = input.path === 'fwd'
  const outer = forwarded ? withoutFalsePorts(input.outer) : input.outer
  const inner = forwarded && input.inner ? withoutFalsePorts(input.inner) : undefined
  const quoted = forwarded ? input.quoted : undefined
  switch (input.policy) {
    case 0:
      return {
        parts: [
          quoted
            ? { from: 'quoted', fields: addressesOf(quoted) }
            : { from: 'outer', fields: addressesOf(outer) },
        ],
        mix: false,
      }
    case 1:
      return { parts: [{ from: 'outer', fields: outer }], mix: false }
    case 2:
      return {
        parts: [
          inner
            ? { from: 'inner', fields: addressesOf(inner) }
            : { from: 'outer', fields: addressesOf(outer) },
        ],
        mix: false,
      }
    default: {
      const parts: Part[] = []
      const outerMask = input.fields & FIELD_MASK
      const innerMask = (input.fields >>> INNER_SHIFT) & FIELD_MASK
      if (outerMask) parts.push({ from: 'outer', fields: maskFields(outer, outerMask) })
      if (innerMask && inner) parts.push({ from: 'inner', fields: maskFields(inner, innerMask) })
      return { parts, mix: forwarded }
    }
  }
}

function addressesOf({ src, dst }: { src: Ip4; dst: Ip4 }): FlowFields {
  return { src, dst, proto: 0, sport: 0, dport: 0 }
}

/** `ip route get` can name ports of a protocol that has none; the packet it makes up does not carry them. */
function withoutFalsePorts(f: FlowFields): FlowFields {
  return hasPorts(f.proto) ? f : { src: f.src, dst: f.dst, proto: f.proto, sport: 0, dport: 0 }
}

function maskFields(f: FlowFields, mask: number): FlowFields {
  return {
    src: mask & HASH_FIELD.src ? f.src : (0 as Ip4),
    dst: mask & HASH_FIELD.dst ? f.dst : (0 as Ip4),
    proto: mask & HASH_FIELD.proto ? f.proto : 0,
    sport: mask & HASH_FIELD.sport ? f.sport : 0,
    dport: mask & HASH_FIELD.dport ? f.dport : 0,
  }
}

const rol = (x: number, k: number): number => (x << k) | (x >>> (32 - k))

/** Two hashes made into one: the final stage of Jenkins' lookup3 (include/linux/jhash.h jhash_2words). Unsigned. */
export function mixHashes(outer: number, inner: number): number {
  const iv = (0xdeadbeef + 8) | 0
  let a = (outer + iv) | 0
  let b = (inner + iv) | 0
  let c = iv
  c = ((c ^ b) - rol(b, 14)) | 0
  a = ((a ^ c) - rol(c, 11)) | 0
  b = ((b ^ a) - rol(a, 25)) | 0
  c = ((c ^ b) - rol(b, 16)) | 0
  a = ((a ^ c) - rol(c, 4)) | 0
  b = ((b ^ a) - rol(a, 14)) | 0
  c = ((c ^ b) - rol(b, 24)) | 0
  return c >>> 0
}

/**
 * The 32-bit multipath hash. What chooses the next hop is this value `>>> 1` (see multipath-select). Policy 3 without
 * any outer field in the mask gives 0 for local flows, so always the first next hop.
 */
export function multipathHash(input: HashInput): number {
  const key = keyOfSeed(input.seed, KEY)
  const { parts, mix } = partsOf(input)
  let outer = 0
  let inner = 0
  for (const part of parts) {
    if (mix && part.from === 'inner') inner = hashFields(part.fields, key)
    else outer = hashFields(part.fields, key)
  }
  return mix ? mixHashes(outer, inner) : outer
}

/** The same hash with everything on the way to it, for showing. */
export function explainHash(input: HashInput): HashExplanation {
  const { parts, mix } = partsOf(input)
  const blocks = parts.map((part) => explainBlock(part, input.seed))
  const outer = blocks.find((block) => !mix || block.from === 'outer')?.hash32 ?? 0
  const inner = blocks.find((block) => mix && block.from === 'inner')?.hash32 ?? 0
  const hash32 = mix ? mixHashes(outer, inner) : outer
  return { blocks, ...(mix ? { mixed: { outer, inner } } : {}), hash32, hash31: hash32 >>> 1 }
}

function explainBlock({ from, fields }: Part, seed: number): HashBlock {
  const addressesSwapped = swap32(fields.src) > swap32(fields.dst)
  const portsSwapped = swap16(fields.sport) > swap16(fields.dport)
  const addresses: [Ip4, Ip4] = addressesSwapped ? [fields.dst, fields.src] : [fields.src, fields.dst]
  const ports: [number, number] = portsSwapped ? [fields.dport, fields.sport] : [fields.sport, fields.dport]
  const block = new Uint8Array(48)
  block[2] = fields.proto
  write16(block, 28, ports[0])
  write16(block, 30, ports[1])
  write32(block, 36, addresses[0])
  write32(block, 40, addresses[1])
  const hash32 = hashFields(fields, keyOfSeed(seed))
  const sip = { hi: sipHigh(STATE) >>> 0, lo: sipLow(STATE) >>> 0 }
  return { from, fields, addresses, ports, addressesSwapped, portsSwapped, block, sip, hash32 }
}
