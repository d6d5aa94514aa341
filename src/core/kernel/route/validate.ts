import type { DevName, Ip4 } from '../../base/ids.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import { ownerOf } from '../dev/address.ts'
import type { Host } from '../host.ts'
import { maxConf, orConf } from '../sysctl/max.ts'
import { lookupFlow, nextHopsOf } from './fib.ts'
import type { Flow } from './types.ts'

/** Why a source address is not believed. */
export interface Martian {
  why: 'IP_MARTIAN_SOURCE' | 'IP_RPFILTER'
  detail: string
}

/**
 * Is this source believable on this interface (net/ipv4/fib_frontend.c fib_validate_source)? The value says whether it
 * lies on the link of `dev`, which redirects depend on. The look-up is that of an answer: from `dst` to `src`. `oif`:
 * where a packet to be forwarded will leave.
 */
export function validateSource(
  host: Host,
  dev: DevName,
  src: Ip4,
  dst: Ip4,
  oif?: DevName,
): Result<boolean, Martian> {
  if (host.devs[dev]?.loopback === true || src === 0) return ok(false)
  const filter = maxConf(host, dev, 'rp_filter')
  const acceptLocal = orConf(host, dev, 'accept_local')
  const turnsBack = dev === oif && orConf(host, dev, 'send_redirects')
  if (filter.value === 0 && !turnsBack && (acceptLocal || host.rules === null)) {
    if (acceptLocal || !ownerOf(host, src)) return ok(false)
    return bad({ why: 'IP_MARTIAN_SOURCE', detail: 'own address as source' })
  }
  const refused: Martian = {
    why: 'IP_RPFILTER',
    detail: `rp_filter=max(${filter.all}, ${filter.own})`,
  }
  const flow: Flow = { dst: src, src: dst, proto: 0, sport: 0, dport: 0 }
  const back = lookupFlow(host, flow)
  if (!back || back.type === 'unreachable' || back.type === 'blackhole' || back.type === 'prohibit') {
    return filter.value === 0 ? ok(false) : bad(refused)
  }
  if (back.type !== 'unicast' && !(back.type === 'local' && acceptLocal)) {
    const whose = back.type === 'local' ? 'own' : back.type
    return bad({ why: 'IP_MARTIAN_SOURCE', detail: `${whose} address as source` })
  }
  const hops = nextHopsOf(host, back)
  if (hops.some((hop) => hop.dev === dev)) return ok(hops[0]?.gateway === 0)
  // An interface without addresses cannot be asked for a way back.
  if (host.devs[dev]?.addrs.length === 0) return filter.value === 0 ? ok(false) : bad(refused)
  if (filter.value === 1) return bad(refused)
  const here = lookupFlow(host, { ...flow, oif: dev })
  return ok(here?.type === 'unicast' && nextHopsOf(host, here)[0]?.gateway === 0)
}
