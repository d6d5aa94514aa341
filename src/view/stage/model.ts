import type { Captions, FlagField, FlagModel } from '../flag/model.ts'
import type { OwnerCode } from '../hues.ts'

/** Everything the stage shows at one step, as plain data in the reader's language. */
export interface StageModel {
  /** Size of the stage in px. */
  width: number
  height: number
  /** Px at the lower edge that something lies over: packet and text keep above it. */
  covered?: number
  /** 'projector': large plates and type, no hook strip, flag zoom 4; show only the hosts of the step. */
  scale?: 'normal' | 'projector'
  hosts: readonly StageHost[]
  segments: readonly StageSegment[]
  /** Hops walked so far in this step, drawn 4 px with an arrowhead on every straight piece. */
  way: readonly WalkedHop[]
  /** The packet spoken of: zoom 3 beside its link. At most one. */
  packet?: StagePacket
  /** What happened on a host without a packet to show for it: a sentence below the rail, at the host. */
  news?: { host: string; text: string }
  /** Packets that move; sorted by t0. Where they are depends on `seek` alone. */
  flights: readonly Flight[]
  captions: Captions
  /** Same for ARP: MAC from, MAC to, sender IP, IP asked for. */
  arpCaptions: Captions
  /** Same for a packet in a tunnel, with those of the packet inside. */
  tunnelCaptions?: Captions
  /** Accessible name of the whole picture. */
  ariaLabel: string
}

export type HostStatus = 'active' | 'normal' | 'dimmed' | 'down'

export interface StageHost {
  id: string
  code: OwnerCode
  name: string
  role: string
  /** Left upper corner in the lab's 784 x 556 coordinates; the stage keeps order and row, not the pixel. */
  at: readonly [x: number, y: number]
  status: HostStatus
  selected?: boolean
  /** What daemons have made of it, in a word each: 'DR', 'MASTER', 'L1 ✓'. Boxed beside the name. */
  marks?: readonly string[]
  rows: readonly AddressRow[]
  /** The one fact that matters in this step. */
  state?: string
  /** A table that grows out of the card. */
  table?: CardTable
  ports: readonly StagePort[]
  /** Where inside the host the packet is. */
  hooks?: readonly HookBox[]
  ariaLabel: string
}

export interface AddressRow {
  /** Interface, or what the address is ('V/32'). */
  label: string
  address: string
  owner: OwnerCode
  note?: string
}

export interface CardTable {
  title: string
  /** The command that shows it on Linux. */
  command: string
  rows: readonly { address: string; owner: OwnerCode; note: string; mark?: 'new' | 'old'; strong?: boolean }[]
}

export interface StagePort {
  dev: string
  segment: string
  up: boolean
  /** What the link does to frames, in a few words. */
  note?: string
  /** What a click on its link does; no words, no click. */
  action?: string
}

export interface HookBox {
  name: string
  state: 'done' | 'now' | 'skip'
}

export interface StageSegment {
  id: string
  label: string
  /** Hatched: the frame spoken of goes to everyone on this segment. */
  broadcast?: boolean
}

export interface PortRef {
  host: string
  dev: string
}

export interface WalkedHop {
  from: PortRef
  /** One receiver, or everyone on the segment; `taken: false` = it came there and was not meant (dashed). */
  to: readonly (PortRef & { taken?: boolean })[]
}

export interface StagePacket {
  flag: FlagModel
  /** The port whose link the packet stands on: usually the one it goes to. */
  at: PortRef
  /** Text at the changed cell. First line in bold. */
  callout?: { field?: FlagField | 'ttl'; title: string; text: string }
  /** Show only while display time is in [from, to): leave out to show it always. */
  from?: number
  to?: number
}

export interface Flight {
  id: string
  from: PortRef
  to: readonly PortRef[]
  /** Display time in ms. */
  t0: number
  t1: number
  flag: FlagModel
  zoom?: 1 | 2
}

/** What a person does with the stage. */
export interface StageOptions {
  onSelectHost?: (id: string) => void
  onSelectFlight?: (id: string) => void
  /** A link was clicked that has an action. */
  onLink?: (port: PortRef) => void
  /** Flags jump to their end stand. Default: what the system asks for. */
  reducedMotion?: boolean
}
