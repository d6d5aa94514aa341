import type { OwnerCode } from '../hues.ts'

/**
 * The flag: a packet on the wire as cells in its owners' colours, `kind | MAC from > MAC to | IP from > IP to`.
 * Plain data, already worded; see frame.ts for how it is read from bytes.
 */
export interface FlagModel {
  kind: FlagKind
  /** Word on the tab: 'SYN', 'GET /', 'ARP' ... A line break is honoured where the tab is tall enough (zoom 3 and 4). */
  label: string
  mac: CellPair
  /** IP from and to; for ARP the sender's IP and the IP asked for. Missing when the frame carries neither. */
  ip?: CellPair
  /** IPIP: the pair of the packet inside; `ip` is then the outer pair. */
  inner?: CellPair
  ttl?: TtlCell
  /** Word beside the flag: the type of an ICMP message, 'Hello' of OSPF. */
  beside?: string
  /** Set when the packet was lost: the reason in words, '' for the stamp alone. */
  lost?: string
  /** Packets of this kind that wait here; drawn as sheets behind with a count. */
  queued?: number
  selected?: boolean
  /** Accessible name, see name.ts. */
  ariaLabel: string
}

export type FlagKind =
  'syn' | 'synack' | 'ack' | 'data' | 'fin' | 'rst' | 'arp' | 'icmp' | 'ospf' | 'udp' | 'other'

export type CellPair = readonly [Cell, Cell]

export interface Cell {
  code: OwnerCode
  /** Second line in zoom 3 and 4: last three bytes of a MAC, last octet of an IP. */
  sub: string
  /** What changed it: the decision spoken of (solid ring) or merely this hop (dashed). */
  ring?: Ring
  /** Owner of the value before, drawn as a ghost. */
  old?: OwnerCode
}

export type Ring = 'decision' | 'hop'

/** A field a decision can change. */
export type FlagField = 'macFrom' | 'macTo' | 'ipFrom' | 'ipTo' | 'outer'

export interface TtlCell {
  value: number
  old?: number
}

/** 1 lists and ladder, 2 in flight, 3 the packet spoken of, 4 projector. */
export type Zoom = 1 | 2 | 3 | 4

export type Captions = readonly [
  macFrom: string,
  macTo: string,
  ipFrom: string,
  ipTo: string,
  innerFrom?: string,
  innerTo?: string,
]

export interface FlagOptions {
  zoom: Zoom
  /** Draw the TTL cell (in zoom 1 a number beside). By default from zoom 3 on. */
  ttl?: boolean
  /** Captions under the cells, zoom 3 and 4: MAC from, MAC to, IP from, IP to; of a tunnel packet inner from, inner to. */
  captions?: Captions
}
