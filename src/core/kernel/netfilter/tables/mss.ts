import { read16, read8, write16 } from '../../../base/bytes.ts'
import { ipSrc } from '../../../wire/ipv4.ts'
import { setTcpChecksum } from '../../../wire/tcp.ts'
import { OPT_END, OPT_MSS, OPT_NOP } from '../../../wire/tcp-options.ts'
import type { Host } from '../../host.ts'
import { lookupFib } from '../../route/fib.ts'
import { L2, writable } from '../../skb.ts'
import { isTcpSyn, type Look } from './match.ts'

const HEADERS = 40

/**
 * TCPMSS: lower the MSS that a SYN offers (xt_TCPMSS.c). `mss` 0 = what fits the smaller MTU of both ways. Simplified: a SYN
 * without the option is left alone, the kernel would add one. False: the packet is broken and is dropped.
 */
export function clampMss(host: Host, mss: number, look: Look): boolean {
  if (look.at < 0 || !isTcpSyn(look)) return true
  const limit = mss !== 0 ? mss : pathMss(host, look)
  const option = findMss(look)
  if (option < 0) return true
  const was = read16(look.skb.data, option + 2)
  if (was <= limit) return true
  const data = writable(look.skb)
  write16(data, option + 2, limit)
  setTcpChecksum(data, L2, look.at, look.end)
  return true
}

function pathMss(host: Host, look: Look): number {
  const { dst } = look.skb
  const forth = dst?.mtu ?? host.devs[dst?.dev ?? '']?.mtu ?? 1500
  const back = lookupFib(host, ipSrc(look.skb.data, L2))?.nexthops[0]?.dev
  const min = Math.min(forth, host.devs[back ?? '']?.mtu ?? forth)
  return min <= HEADERS ? 0 : min - HEADERS
}

/** Offset of the MSS option; -1 when there is none. */
function findMss(look: Look): number {
  const { data } = look.skb
  const end = Math.min(look.end, look.at + (read8(data, look.at + 12) >>> 4) * 4)
  let at = look.at + 20
  while (at < end) {
    const kind = read8(data, at)
    if (kind === OPT_END) return -1
    if (kind === OPT_MSS && at + 4 <= end) return at
    const length = kind === OPT_NOP ? 1 : read8(data, at + 1)
    if (length < 1) return -1
    at += length
  }
  return -1
}
