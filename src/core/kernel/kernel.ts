import type { Bytes } from '../base/bytes.ts'
import { type DevName, type FrameId, isGroupMac, MAC_BROADCAST } from '../base/ids.ts'
import { ETH, ETH_P_ARP, ETH_P_IP, ethDst, ethType } from '../wire/ethernet.ts'
import { ICMP_DEST_UNREACH, ICMP_HOST_UNREACH } from '../wire/icmp.ts'
import { PROTO_ICMP, PROTO_IPIP, PROTO_TCP, PROTO_UDP } from '../wire/ipv4.ts'
import type { Ctx, HookDef, Stack } from './ctx.ts'
import type { Dev, Host } from './host.ts'
import { icmpProtocol } from './icmp/receive.ts'
import { icmpSend } from './icmp/send.ts'
import { fragTimer } from './ip/reassemble.ts'
import { ipReceive } from './ip/receive.ts'
import { ipvsHooks } from './ipvs/hooks.ts'
import { ipvsTimer } from './ipvs/timer.ts'
import { arpReceive } from './neigh/arp-receive.ts'
import { proxyTimer } from './neigh/proxy.ts'
import { neighTimer } from './neigh/neigh.ts'
import { HOOK_POINTS } from './netfilter/hooks.ts'
import { tableHooks } from './netfilter/module.ts'
import type { HookPoint } from './note.ts'
import { raw } from './raw/module.ts'
import { exceptionTimer } from './route/exception.ts'
import { nextHopTimer } from './route/nexthop-change.ts'
import { packetHeard } from './packet/socket.ts'
import type { PktType, Skb } from './skb.ts'
import { tcpProtocol } from './tcp/protocol.ts'
import { tcpTimer } from './tcp/timer.ts'
import { ipipProtocol, tunnelTransmit } from './tunnel/ipip.ts'
import { udpProtocol } from './udp/receive.ts'

/** The composition root of one kernel: everything that would be an import circle meets here. */
export function makeStack(): Stack {
  return {
    hooks: hookTable([...tableHooks, ...ipvsHooks]),
    protocols: {
      [PROTO_ICMP]: icmpProtocol,
      [PROTO_TCP]: tcpProtocol,
      [PROTO_UDP]: udpProtocol,
      [PROTO_IPIP]: ipipProtocol,
    },
    icmpSend,
    tunnelTransmit,
    linkFailure: (host, skb, ctx) => icmpSend(host, skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0, ctx),
  }
}

function hookTable(defs: readonly HookDef[]): Record<HookPoint, readonly HookDef[]> {
  const table: Record<HookPoint, HookDef[]> = {
    PREROUTING: [],
    LOCAL_IN: [],
    FORWARD: [],
    LOCAL_OUT: [],
    POSTROUTING: [],
  }
  for (const def of defs) table[def.point].push(def)
  for (const point of HOOK_POINTS) table[point].sort((a, b) => a.priority - b.priority)
  return table
}

/** A frame arrives on an interface (netif_receive_skb). */
export function receiveFrame(
  host: Host,
  devName: DevName,
  frame: { id: FrameId; bytes: Bytes },
  ctx: Ctx,
): void {
  const dev = host.devs[devName]
  if (!dev) return
  const skb: Skb = {
    data: frame.bytes,
    shared: true,
    frame: frame.id,
    dev: devName,
    pkt: packetType(dev, frame.bytes),
    dst: null,
    mark: 0,
    sock: 0,
    confirm: false,
    ipvs: false,
    cause: ctx.cause,
  }
  if (!dev.up) return ctx.drop(host, skb, 'DEV_DOWN', devName)
  dev.rxPackets += 1
  dev.rxBytes += frame.bytes.length
  skb.cause = ctx.note(host, { kind: 'rx', dev: devName, frame: frame.id, pkt: skb.pkt })
  if (host.packetSocks.length > 0) packetHeard(host, devName, frame.bytes, skb.pkt, ctx)
  if (frame.bytes.length < ETH.size) return ctx.drop(host, skb, 'PKT_TOO_SMALL')
  if (skb.pkt === 'otherhost') return ctx.drop(host, skb, 'OTHERHOST')
  switch (ethType(frame.bytes)) {
    case ETH_P_IP:
      return ipReceive(host, skb, ctx)
    case ETH_P_ARP:
      return arpReceive(host, skb, ctx)
    default:
      return ctx.drop(host, skb, 'UNHANDLED_PROTO', 'ethertype')
  }
}

/** Whom the frame is for, by its destination MAC (eth_type_trans). */
function packetType(dev: Dev, bytes: Bytes): PktType {
  if (dev.loopback || dev.tunnel) return 'host'
  const to = ethDst(bytes)
  if (to === dev.mac) return 'host'
  if (to === MAC_BROADCAST) return 'broadcast'
  return isGroupMac(to) ? 'multicast' : 'otherhost'
}

/** A timer of this host is due; its key says whose it is. */
export function fireTimer(host: Host, key: string, ctx: Ctx): void {
  if (key.startsWith('tcp:')) tcpTimer(host, key, ctx)
  else if (key.startsWith('neigh:')) neighTimer(host, key, ctx)
  else if (key.startsWith('ipvs:')) ipvsTimer(host, key, ctx)
  else if (key.startsWith('rtx:')) exceptionTimer(host, key, ctx)
  else if (key.startsWith('frag:')) fragTimer(host, key, ctx)
  else if (key.startsWith('nexthop:')) nextHopTimer(host, key, ctx)
  else if (key.startsWith('proxy:')) proxyTimer(host, key, ctx)
  else if (key.startsWith('igmp:')) raw().igmpTimer(host, key, ctx)
}

export { applyOp } from './apply.ts'
export { setCarrier } from './dev/link.ts'
