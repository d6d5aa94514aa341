import type { Bytes } from '../base/bytes.ts'
import type { DevName, FrameId, Ip4, Nanos, Pid, SockId } from '../base/ids.ts'
import type { Arp } from '../wire/arp.ts'
import type { DropReason } from './drop.ts'
import type { Dev, Host } from './host.ts'
import type { NetChange } from './net-change.ts'
import type { Note, HookPoint, Verdict } from './note.ts'
import type { PktType, Skb } from './skb.ts'
import type { Errno } from './netlink.ts'

/**
 * STOLEN with `then`: the packet goes on another way, after the hook's verdict is noted. DROP with `detail`: what decided,
 * e.g. 'filter/INPUT rule 3'.
 */
export type HookResult =
  Exclude<Verdict, 'STOLEN'> | { verdict: 'STOLEN'; then: () => void } | { verdict: 'DROP'; detail: string }

/** A function registered on a Netfilter hook; lower priority runs first (include/uapi/linux/netfilter_ipv4.h). */
export interface HookDef {
  point: HookPoint
  priority: number
  name: string
  /** Bits of `host.nf.active` (NF_*) of which one must be set; absent = runs on every host. */
  needs?: number
  run: (host: Host, skb: Skb, ctx: Ctx) => HookResult
}

/** Handler of an IP protocol: `receive` gets packets for this host, `error` the quote inside an ICMP error. */
export interface Protocol {
  receive: (host: Host, skb: Skb, ctx: Ctx) => void
  error?: (host: Host, quoted: IcmpError, ctx: Ctx) => void
}

/** An ICMP error that came in, with the header it quotes; `at` = offset of the quoted IP header in `skb.data`. */
export interface IcmpError {
  skb: Skb
  type: number
  code: number
  /** Next-hop MTU of "fragmentation needed", else 0. */
  mtu: number
  /** Gateway that a redirect names. */
  gateway?: Ip4
  at: number
}

/** Tables filled by the composition root (kernel.ts), so that leaf modules need not import each other in a circle. */
export interface Stack {
  hooks: Record<HookPoint, readonly HookDef[]>
  protocols: Record<number, Protocol | undefined>
  /** ARP gave up on the next hop of this packet (dst_link_failure): tell its sender. */
  linkFailure: (host: Host, skb: Skb, ctx: Ctx) => void
  /** ICMP error about a packet, for those whom icmp/send.ts imports itself. */
  icmpSend: (host: Host, about: Skb, type: number, code: number, rest: number, ctx: Ctx) => void
  /** Send a packet through a tunnel device. */
  tunnelTransmit: (host: Host, skb: Skb, dev: Dev, ctx: Ctx) => void
}

/** What wakes a program: its start, a socket that can go on, its own timer, a signal. */
export type ProcEvent =
  | { kind: 'start' }
  | {
      kind: 'sock'
      sock: SockId
      ready: 'connected' | 'accept' | 'readable' | 'closed' | 'error'
      errno?: Errno
    }
  | { kind: 'ping'; sock: SockId; bytes: Bytes; ttl: number; from: number; at: Nanos }
  | { kind: 'datagram'; sock: SockId; bytes: Bytes; from: Ip4; ttl: number; at: Nanos }
  | { kind: 'icmp.error'; sock: SockId; type: number; code: number; from: Ip4; to: Ip4; at: Nanos }
  /** ARP heard by a packet socket; `toHost`: addressed to this interface alone. */
  | { kind: 'arp'; arp: Arp; toHost: boolean; at: Nanos }
  /** A frame that passed a device, as a packet socket hears it; `raw`: it begins with the IP header (a tunnel). */
  | { kind: 'packet'; dev: DevName; bytes: Bytes; raw: boolean; way: PktType | 'outgoing'; at: Nanos }
  /** A packet heard by a raw socket, from its IP header on. `dev`: where it came in. */
  | { kind: 'raw'; sock: SockId; dev: DevName; bytes: Bytes; at: Nanos }
  /** Something about links, addresses or routes of this host has changed. */
  | { kind: 'netlink'; change: NetChange }
  /** Another process of this host says something (a local socket or a pipe on Linux); `body` is frozen plain data. */
  | { kind: 'message'; from: Pid; what: string; body: unknown }
  | { kind: 'timer'; name: string }
  | { kind: 'signal'; signal: 'INT' | 'TERM' | 'KILL' | 'HUP' }

/** The world as one kernel sees it while it handles one event. */
export interface Ctx {
  readonly now: Nanos
  readonly stack: Stack
  /** Number of the note that the next note follows from. Handlers set it when they take up a waiting packet. */
  cause: number
  /** Write a note about `host`; returns its number, which becomes the new cause. */
  note: (host: Host, note: Note) => number
  /** A packet ends here. Writes the drop note and counts it. `detail`: the deciding value, if any, e.g. 'rp_filter=1'. */
  drop: (host: Host, skb: Skb, why: DropReason, detail?: string) => void
  /** Put a finished frame on the link of `dev`. `bytes` must not be written any more. */
  transmit: (host: Host, dev: DevName, bytes: Bytes, parent: FrameId) => void
  /** Hand a frame to the same host again after the softirq is done (loopback device). */
  loop: (host: Host, dev: DevName, bytes: Bytes, parent: FrameId) => void
  /** A packet passes a device that has no link (a tunnel, outwards): numbered and noted, so that captures see it. */
  tap: (host: Host, dev: DevName, bytes: Bytes, parent: FrameId) => FrameId
  /**
   * A packet taken out of another comes in on `dev` once the softirq at hand is done; as one with the packet that waits
   * there already, if `merge` makes one of both.
   */
  reenter: (
    host: Host,
    dev: DevName,
    bytes: Bytes,
    parent: FrameId,
    merge?: (waiting: Bytes, next: Bytes) => Bytes | undefined,
  ) => void
  /** One live event per key: setting again replaces. `at` is absolute. */
  setTimer: (host: Host, key: string, at: Nanos) => void
  clearTimer: (host: Host, key: string) => void
  /** Let a program run: after the scheduling delay, or at `at`. */
  wake: (host: Host, pid: Pid, event: ProcEvent, at?: Nanos) => void
}
