import { type Ip4, SEC } from '../../base/ids.ts'
import { nextBelow, nextU32 } from '../../base/prng.ts'
import type { Host } from '../host.ts'

import { mix32 } from './seq.ts'
import { findConnection } from './table.ts'

/** Local ports: for connect (inet_hash_connect) and for bind (inet_csk_get_port). */

function portRange(host: Host): { low: number; count: number } {
  const [low = 32768, high = 60999] = (host.sysctl.other['net.ipv4.ip_local_port_range'] ?? '')
    .split(/\s+/)
    .map(Number)
  return high > low ? { low, count: high - low + 1 } : { low: 32768, count: 28232 }
}

/**
 * A free local port for a connection: the search starts at a place that depends on the addresses and moves on with each
 * connection, and takes ports of the parity of the range's low end first. undefined = all in use.
 */
export function pickPort(host: Host, laddr: Ip4, raddr: Ip4, rport: number, now: number): number | undefined {
  const { low, count } = portRange(host)
  const spread = mix32(laddr ^ host.bootSeed, raddr, rport)
  const slot = spread & 0xff
  const perturb = host.tcp.perturb[slot] ?? nextU32(host.rng) & 0xffff
  let offset = (spread + perturb) % count
  offset -= offset % 2
  for (let parity = 0; parity < 2; parity++) {
    for (let i = 0; i < count; i += 2) {
      const port = low + ((offset + parity + i) % count)
      if (!isFree(host, laddr, port, raddr, rport, now)) continue
      // A few ports are skipped at random, so that the next one cannot be foretold (RFC 6056 3.3.4).
      const skip = Math.max(i, 2 * nextBelow(host.rng, 8))
      host.tcp.perturb[slot] = (perturb + skip + 2) >>> 0
      return port
    }
  }
  return undefined
}

function isFree(host: Host, laddr: Ip4, port: number, raddr: Ip4, rport: number, now: number): boolean {
  for (const id of host.tcp.listeners) if (host.tcp.socks[id]?.lport === port) return false
  return isTupleFree(host, laddr, port, raddr, rport, now)
}

/** May a new connection use this 4-tuple? A TIME_WAIT gives way if timestamps tell old from new (tcp_twsk_unique). */
export function isTupleFree(
  host: Host,
  laddr: Ip4,
  lport: number,
  raddr: Ip4,
  rport: number,
  now: number,
): boolean {
  const found = findConnection(host, laddr, lport, raddr, rport)
  if (!found) return true
  if (!('expiresNs' in found)) return false
  const reuse = host.sysctl.ipv4['tcp_tw_reuse'] ?? 2
  const allowed = reuse === 1 || (reuse === 2 && laddr >>> 24 === 127)
  return allowed && found.tsRecentNs > 0 && Math.floor((now - found.tsRecentNs) / SEC) > 0
}

/** Is the port taken for a bind to `ip` (0 = any)? TIME_WAIT counts: no SO_REUSEADDR here. */
export function isBindTaken(host: Host, ip: Ip4, port: number): boolean {
  const { socks, timeWaits } = host.tcp
  const meets = (laddr: Ip4): boolean => laddr === ip || laddr === 0 || ip === 0
  for (const id in socks) {
    const s = socks[id]
    if (s && s.lport === port && s.state !== 'CLOSED' && meets(s.laddr)) return true
  }
  return timeWaits.some((tw) => tw.lport === port && meets(tw.laddr))
}
