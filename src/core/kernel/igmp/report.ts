import { write16, write32 } from '../../base/bytes.ts'
import { checksum16 } from '../../base/checksum.ts'
import type { DevName, Ip4 } from '../../base/ids.ts'
import { emitIpv4, IPV4 } from '../../wire/ipv4.ts'
import type { Ctx } from '../ctx.ts'
import { selectSource } from '../dev/address.ts'
import type { Host } from '../host.ts'
import { ipLocalOut } from '../ip/output.ts'
import { L2, newSkb } from '../skb.ts'

export const PROTO_IGMP = 2
/** Record types of RFC 3376 4.2.12. */
export const CHANGE_TO_INCLUDE = 3
export const CHANGE_TO_EXCLUDE = 4

/** 224.0.0.22, all IGMPv3 routers. */
const ALL_IGMP3_ROUTERS = 0xe0000016 as Ip4
/** RFC 2113 option "router alert". */
const ROUTER_ALERT = 0x94040000
const HEADER = 24

/** One IGMPv3 membership report (RFC 3376 4.2) with records that name no sources, as igmpv3_newpack makes it; its IP id is 0 (DF is set). */
export function sendReport(
  host: Host,
  dev: DevName,
  records: readonly { type: number; ip: Ip4 }[],
  ctx: Ctx,
): void {
  const skb = newSkb(HEADER + 8 + 8 * records.length)
  const { data } = skb
  const at = L2 + HEADER
  data[at] = 0x22
  write16(data, at + 6, records.length)
  for (const [i, { type, ip }] of records.entries()) {
    data[at + 8 + 8 * i] = type
    write32(data, at + 12 + 8 * i, ip)
  }
  write16(data, at + 2, checksum16(data, at, data.length))
  const dst = ALL_IGMP3_ROUTERS
  const prefsrc = selectSource(host, dev, dst)
  const totalLength = data.length - L2
  const head = {
    tos: 0xc0,
    totalLength,
    id: 0,
    df: true,
    ttl: 1,
    proto: PROTO_IGMP,
    src: prefsrc,
    dst,
  }
  emitIpv4(head, data, L2)
  data[L2] = 0x40 | (HEADER / 4)
  write32(data, L2 + IPV4.size, ROUTER_ALERT)
  write16(data, L2 + IPV4.checksum.at, 0)
  write16(data, L2 + IPV4.checksum.at, checksum16(data, L2, L2 + HEADER))
  skb.dst = { type: 'multicast', dev, nexthop: dst, gateway: 0 as Ip4, prefsrc }
  ipLocalOut(host, skb, ctx)
}
