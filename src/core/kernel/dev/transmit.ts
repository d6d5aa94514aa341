import { write16, write48 } from '../../base/bytes.ts'
import { type DevName, type FrameId, type Mac, MAC_ZERO } from '../../base/ids.ts'
import type { Bytes } from '../../base/bytes.ts'
import { ETH_P_IP } from '../../wire/ethernet.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { packetHeard } from '../packet/socket.ts'
import { type Skb, writable } from '../skb.ts'

/** Put the Ethernet header in front of an IP packet and send it (dev_queue_xmit). */
export function devTransmit(host: Host, skb: Skb, devName: DevName, to: Mac, ctx: Ctx): void {
  const dev = host.devs[devName]
  if (!dev?.up) return ctx.drop(host, skb, 'DEV_DOWN', devName)
  if (!dev.carrier) return ctx.drop(host, skb, 'NO_CARRIER', devName)
  const data = writable(skb)
  write48(data, 0, to)
  write48(data, 6, dev.mac)
  write16(data, 12, ETH_P_IP)
  skb.shared = true
  count(host, devName, data.length)
  if (host.packetSocks.length > 0) packetHeard(host, devName, data, 'outgoing', ctx)
  if (dev.loopback) ctx.loop(host, devName, data, skb.frame)
  else ctx.transmit(host, devName, data, skb.frame)
}

/** Send a finished frame (ARP). */
export function sendRaw(host: Host, devName: DevName, frame: Bytes, parent: FrameId, ctx: Ctx): void {
  const dev = host.devs[devName]
  if (!dev?.up || !dev.carrier || dev.loopback) return
  count(host, devName, frame.length)
  if (host.packetSocks.length > 0) packetHeard(host, devName, frame, 'outgoing', ctx)
  ctx.transmit(host, devName, frame, parent)
}

function count(host: Host, devName: DevName, length: number): void {
  const dev = host.devs[devName]
  if (!dev) return
  dev.txPackets += 1
  dev.txBytes += length
}

/** A packet to ourselves: through lo, without a neighbour. */
export function loopTransmit(host: Host, skb: Skb, ctx: Ctx): void {
  devTransmit(host, skb, 'lo', MAC_ZERO, ctx)
}
