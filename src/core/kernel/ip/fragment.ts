import { read16 } from '../../base/bytes.ts'
import { emitIpv4, ipHeaderLength, ipTotalLength, readIpv4 } from '../../wire/ipv4.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { L2, type Skb } from '../skb.ts'

/**
 * Fragmentation on output (RFC 791 3.2; net/ipv4/ip_output.c ip_do_fragment). Simplified: options of the packet are not
 * copied to the fragments, which all have a header of 20 bytes.
 */
const HEADER = 20
const DF = 0x4000
const MF_AND_OFFSET = 0x3fff

export function hasDf(skb: Skb): boolean {
  return (read16(skb.data, L2 + 6) & DF) !== 0
}

export function isFragment(skb: Skb): boolean {
  return (read16(skb.data, L2 + 6) & MF_AND_OFFSET) !== 0
}

/** Cut a packet into fragments of at most `mtu` bytes and hand each to `output`. */
export function fragment(host: Host, skb: Skb, mtu: number, ctx: Ctx, output: (piece: Skb) => void): void {
  const ip = readIpv4(skb.data, L2)
  const from = L2 + ipHeaderLength(skb.data, L2)
  const payload = skb.data.subarray(from, L2 + ipTotalLength(skb.data, L2))
  const step = (mtu - HEADER) & ~7
  if (step <= 0) return ctx.drop(host, skb, 'PKT_TOO_BIG', `mtu=${mtu}`)
  const dev = skb.dst?.dev ?? ''
  const pieces = Math.ceil(payload.length / step)
  ctx.note(host, { kind: 'ip.fragment', dev, length: ip.totalLength, mtu, pieces })
  const { cause } = ctx
  for (let at = 0; at < payload.length; at += step) {
    const part = payload.subarray(at, at + step)
    const data = new Uint8Array(L2 + HEADER + part.length)
    data.set(part, L2 + HEADER)
    const mf = ip.mf || at + step < payload.length
    const totalLength = HEADER + part.length
    emitIpv4({ ...ip, totalLength, df: false, mf, fragOffset: ip.fragOffset + at }, data, L2)
    ctx.cause = cause
    output({ ...skb, data, shared: false })
  }
}
