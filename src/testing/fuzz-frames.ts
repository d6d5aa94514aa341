import { type Bytes, write16, write32, write48 } from '../core/base/bytes.ts'
import type { Ip4, Mac } from '../core/base/ids.ts'
import { nextBelow, nextU32, type Rng } from '../core/base/prng.ts'
import { checksum16 } from '../core/base/checksum.ts'
import { emitIpv4 } from '../core/wire/ipv4.ts'
import { setIcmpChecksum } from '../core/wire/icmp.ts'

/** Frames that nobody sane sends, and some that are nearly right. All by one seeded generator. */

export interface Target {
  mac: Mac
  addresses: readonly Ip4[]
}

const ADDRESSES = [
  ...[0, 1, 0x7f000001, 0x7f0000ff, 0xe0000001, 0xe0000005, 0xffffffff, 0xf0000001, 0x0a00000a, 0xac10fd64],
  ...[
    0xac10fd83, 0xac10fd81, 0xac10fd82, 0xac10fd86, 0xac10fd87, 0xac10fdff, 0xac10fd00, 0xc0a8420d,
    0x08080808,
  ],
]

/** A frame for `target`. `real` are frames seen on the links, to be changed. */
export function fuzzFrame(rng: Rng, target: Target, real: readonly Bytes[]): Bytes {
  const frame = shape(rng, target, real)
  const way = nextBelow(rng, 10)
  if (frame.length >= 6 && way < 8) write48(frame, 0, target.mac)
  else if (frame.length >= 6 && way === 8) write48(frame, 0, 0xffffffffffff)
  return frame
}

function shape(rng: Rng, target: Target, real: readonly Bytes[]): Bytes {
  switch (nextBelow(rng, 8)) {
    case 0:
      return randomBytes(rng, nextBelow(rng, 200))
    case 1:
      return truncated(rng, pick(rng, real))
    case 2:
    case 3:
      return mutated(rng, pick(rng, real))
    case 4:
      return ipPacket(rng, target, randomBytes(rng, nextBelow(rng, 120)))
    case 5:
      return arpPacket(rng, target)
    case 6:
      return icmpPacket(rng, target, pick(rng, real))
    default:
      return readdressed(rng, pick(rng, real))
  }
}

function pick<T>(rng: Rng, from: readonly T[]): T {
  return from[nextBelow(rng, from.length)] as T
}

function randomBytes(rng: Rng, length: number): Bytes {
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i++) bytes[i] = nextU32(rng) & 0xff
  if (length > 14 && nextBelow(rng, 4) > 0) write16(bytes, 12, pick(rng, [0x0800, 0x0806, 0x86dd, 0x8100]))
  return bytes
}

function truncated(rng: Rng, frame: Bytes): Bytes {
  return frame.slice(0, nextBelow(rng, frame.length + 1))
}

/** A few bytes changed; half the time the IP checksum is made right again, so that the rest is looked at too. */
function mutated(rng: Rng, frame: Bytes): Bytes {
  const bytes = frame.slice()
  for (let n = 1 + nextBelow(rng, 4); n > 0; n--) {
    // Mostly in the headers, where it hurts.
    const at = nextBelow(rng, 4) === 0 ? nextBelow(rng, bytes.length) : 14 + nextBelow(rng, 48)
    if (at < bytes.length) bytes[at] = pick(rng, [0, 1, 0x7f, 0x80, 0xff, nextU32(rng) & 0xff])
  }
  if (nextBelow(rng, 2) === 0) fixIp(bytes)
  return bytes
}

function fixIp(bytes: Bytes): void {
  if (bytes.length < 34) return
  write16(bytes, 24, 0)
  const end = Math.min(bytes.length, 14 + ((bytes[14] ?? 0) & 15) * 4)
  write16(bytes, 24, checksum16(bytes, 14, Math.max(34, end)))
}

/** Any protocol, any fragment field, any TTL, any addresses; right checksum, sometimes lying length. */
function ipPacket(rng: Rng, target: Target, payload: Bytes): Bytes {
  const bytes = new Uint8Array(34 + payload.length)
  write16(bytes, 12, 0x0800)
  bytes.set(payload, 34)
  const own = target.addresses.length > 0 ? pick(rng, target.addresses) : (0x0a000001 as Ip4)
  const lie = nextBelow(rng, 4) === 0 ? nextBelow(rng, 65536) : 20 + payload.length
  emitIpv4(
    {
      tos: nextU32(rng) & 0xff,
      totalLength: lie,
      id: nextBelow(rng, 4),
      df: nextBelow(rng, 2) === 0,
      mf: nextBelow(rng, 4) === 0,
      fragOffset: nextBelow(rng, 3) === 0 ? nextBelow(rng, 8192) * 8 : 0,
      ttl: pick(rng, [0, 1, 2, 64, 255]),
      proto: pick(rng, [1, 1, 4, 4, 6, 6, 17, 17, 89, 47, nextU32(rng) & 0xff]),
      src: pick(rng, ADDRESSES) as Ip4,
      dst: (nextBelow(rng, 2) === 0 ? own : pick(rng, ADDRESSES)) as Ip4,
    },
    bytes,
    14,
  )
  return bytes
}

function arpPacket(rng: Rng, target: Target): Bytes {
  const bytes = new Uint8Array(42 + nextBelow(rng, 20))
  write48(bytes, 6, nextBelow(rng, 0xffffff))
  write16(bytes, 12, 0x0806)
  write16(bytes, 14, nextBelow(rng, 20) === 0 ? 6 : 1)
  write16(bytes, 16, 0x0800)
  write16(bytes, 18, 0x0604)
  write16(bytes, 20, pick(rng, [1, 1, 2, 2, 3, 9]))
  write48(bytes, 22, nextBelow(rng, 0xffffff))
  write32(bytes, 28, pick(rng, ADDRESSES))
  write48(bytes, 32, nextBelow(rng, 0xffffff))
  const own = target.addresses.length > 0 ? pick(rng, target.addresses) : 0
  write32(bytes, 38, nextBelow(rng, 2) === 0 ? own : pick(rng, ADDRESSES))
  return bytes
}

/** Errors of every kind about real packets, cut and changed. */
function icmpPacket(rng: Rng, target: Target, about: Bytes): Bytes {
  const quote = mutatedQuote(rng, about)
  const payload = new Uint8Array(8 + quote.length)
  payload[0] = pick(rng, [0, 3, 3, 3, 4, 5, 5, 8, 11, 12, 13, nextU32(rng) & 0xff])
  payload[1] = nextBelow(rng, 16)
  write32(payload, 4, pick(rng, [0, 1, 68, 552, 1280, 0xac10fd81, 0xac10fd87, nextU32(rng)]))
  payload.set(quote, 8)
  setIcmpChecksum(payload, 0, payload.length)
  const bytes = ipPacket(rng, target, payload)
  bytes[23] = 1
  write16(bytes, 16, bytes.length - 14)
  write16(bytes, 20, 0)
  fixIp(bytes)
  return bytes
}

function mutatedQuote(rng: Rng, about: Bytes): Bytes {
  const bytes = nextBelow(rng, 2) === 0 ? about : mutated(rng, about)
  return bytes.slice(14, 14 + nextBelow(rng, bytes.length))
}

/** A real packet with other addresses: martians, own addresses as source, strangers. */
function readdressed(rng: Rng, frame: Bytes): Bytes {
  const bytes = frame.slice()
  if (bytes.length < 34) return bytes
  if (nextBelow(rng, 2) === 0) write32(bytes, 26, pick(rng, ADDRESSES))
  if (nextBelow(rng, 2) === 0) write32(bytes, 30, pick(rng, ADDRESSES))
  if (nextBelow(rng, 3) === 0) write16(bytes, 20, nextU32(rng) & 0xffff)
  fixIp(bytes)
  return bytes
}
