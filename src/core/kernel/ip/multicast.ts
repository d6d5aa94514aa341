import { type Ip4, isMulticast, type Mac, MAC_BROADCAST } from '../../base/ids.ts'
import type { Ctx } from '../ctx.ts'
import { devTransmit } from '../dev/transmit.ts'
import type { Host } from '../host.ts'
import type { Skb } from '../skb.ts'

/** RFC 1112 6.4: 01:00:5e and the low 23 bits of the group. */
export function macOfGroup(ip: Ip4): Mac {
  return (0x01005e000000 + (ip & 0x7fffff)) as Mac
}

/** To everybody on the link, or to a group: no neighbour is asked. */
export function groupTransmit(host: Host, skb: Skb, dev: string, to: Ip4, ctx: Ctx): void {
  devTransmit(host, skb, dev, isMulticast(to) ? macOfGroup(to) : MAC_BROADCAST, ctx)
}
