import { type Ip4, SEC } from '../../base/ids.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import type { Credit } from './types.ts'

/** Peers that are remembered; more, and those heard of longest ago go. */
const LIMIT = 4096

/** What is remembered about a destination of ICMP messages (struct inet_peer): a full token bucket at first. */
export function peerOf(host: Host, ip: Ip4, ctx: Ctx): Credit {
  return host.icmp.credits[ip] ?? { tokensNs: 0, lastNs: ctx.now - 60 * SEC, redirects: 0 }
}

export function setPeer(host: Host, ip: Ip4, credit: Credit): void {
  const { credits } = host.icmp
  if (credits[ip] === undefined) {
    const keys = Object.keys(credits)
    if (keys.length >= LIMIT) host.icmp.credits = {}
  }
  host.icmp.credits[ip] = credit
}
