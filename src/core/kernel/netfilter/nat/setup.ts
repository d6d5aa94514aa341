import { PROTO_ICMP } from '../../../wire/ipv4.ts'
import type { Ctx } from '../../ctx.ts'
import type { Host } from '../../host.ts'
import { invert, sameTuple } from '../conntrack/tuple.ts'
import {
  type CtEntry,
  IPS_CONFIRMED,
  IPS_DST_NAT,
  IPS_DST_NAT_DONE,
  IPS_SRC_NAT,
  IPS_SRC_NAT_DONE,
  type Tuple,
} from '../conntrack/types.ts'
import type { NatTo } from '../tables/types.ts'
import type { Manip } from './manip.ts'
import { alterReply, uniqueTuple } from './unique.ts'

/** Bits of an entry's status per side: decided, and changed. */
export const DONE = { src: IPS_SRC_NAT_DONE, dst: IPS_DST_NAT_DONE }
export const CHANGED = { src: IPS_SRC_NAT, dst: IPS_DST_NAT }
export const BOTH = IPS_SRC_NAT | IPS_DST_NAT

/** Decide about one side of a connection, once (nf_nat_setup_info). */
export function setupNat(host: Host, entry: CtEntry, to: NatTo, manip: Manip, ctx: Ctx): void {
  if ((entry.status & (DONE[manip] | IPS_CONFIRMED)) !== 0) return
  const current = invert(entry.reply)
  const tuple = uniqueTuple(host, entry, current, to, manip, ctx.now)
  if (!sameTuple(tuple, current)) {
    alterReply(host, entry, invert(tuple))
    entry.status |= CHANGED[manip]
    const [from, toward] = manip === 'src' ? [sideOf(current), sideOf(tuple)] : [farOf(current), farOf(tuple)]
    ctx.note(host, {
      kind: 'nat',
      manip,
      from: from.ip,
      fromPort: from.port,
      to: toward.ip,
      toPort: toward.port,
    })
  }
  entry.status |= DONE[manip]
}

const sideOf = (t: Tuple): { ip: Tuple['src']; port: number } => ({ ip: t.src, port: t.sport })
const farOf = (t: Tuple): { ip: Tuple['src']; port: number } => ({
  ip: t.dst,
  port: t.proto === PROTO_ICMP ? t.sport : t.dport,
})
