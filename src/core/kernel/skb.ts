import type { Bytes } from '../base/bytes.ts'
import type { DevName, FrameId, SockId } from '../base/ids.ts'
import type { SkbCt } from './netfilter/conntrack/types.ts'
import type { Dst } from './route/types.ts'

/** Ethernet header length: every buffer has this headroom, the network header starts here. */
export const L2 = 14

export type PktType = 'host' | 'broadcast' | 'multicast' | 'otherhost' | 'outgoing'

/**
 * A packet on its way through one kernel (the kernel's sk_buff). `data` is the whole Ethernet frame: L2 header at 0,
 * network header at L2. Frames on the wire are never mutated: `writable` copies once before the first write.
 */
export interface Skb {
  data: Bytes
  /** True while `data` belongs to a frame that others may read. */
  shared: boolean
  /** Frame this packet came in as, or was derived from; 0 = born here. Becomes the parent of the frame that leaves. */
  frame: FrameId
  /** Interface it came in on; '' = locally generated. */
  dev: DevName
  pkt: PktType
  dst: Dst | null
  mark: number
  /** Sending socket, 0 = none. */
  sock: SockId
  /** The socket has seen progress from this neighbour: sending confirms it (dst_pending_confirm). */
  confirm: boolean
  /** Set by IPVS once it has handled the packet (skb->ipvs_property). */
  ipvs: boolean
  /** Its tracked connection, only where something tracks connections. Gone once the packet has left the hooks. */
  ct?: SkbCt | undefined
  /** Last note written about this packet; notes after a wait go on from it. */
  cause: number
}

/** The packet's bytes for writing in place; copies first if the buffer is shared with a frame. */
export function writable(skb: Skb): Bytes {
  if (skb.shared) {
    skb.data = skb.data.slice()
    skb.shared = false
  }
  return skb.data
}

/** A new packet of our own with `length` bytes after the Ethernet header, all zero. */
export function newSkb(length: number): Skb {
  return {
    data: new Uint8Array(L2 + length),
    shared: false,
    frame: 0,
    dev: '',
    pkt: 'outgoing',
    dst: null,
    mark: 0,
    sock: 0,
    confirm: false,
    ipvs: false,
    cause: -1,
  }
}
