import type { FlagModel } from '../flag/model.ts'
import type { OwnerCode } from '../hues.ts'

/**
 * Where inside a host a packet can be. `routeOut`: routing of what the host itself sends; `arp`: ARP and neighbours.
 */
export type Place =
  | 'in'
  | 'pre'
  | 'route'
  | 'input'
  | 'forward'
  | 'output'
  | 'post'
  | 'procs'
  | 'routeOut'
  | 'ipvs'
  | 'tunnel'
  | 'arp'
  | 'out'

export type HookPlace = 'pre' | 'input' | 'forward' | 'output' | 'post'

/** A host from the inside, at one step, as plain data in the reader's language. */
export interface MapModel {
  width: number
  height: number
  /** For a wall: what is not needed there gives its room to larger letters. */
  wall?: boolean
  devs: readonly string[]
  hooks: Readonly<Record<HookPlace, MapHook>>
  procs: MapBand
  neighbours: MapBand
  ipvs?: MapTable
  tunnel?: MapTable
  /** The way of the packet spoken of. */
  walk?: MapWalk
  /** Ways of the same conversation in the other direction, shown on demand. */
  others: readonly MapLeg[]
  /** What a routing decision has looked up, and its answer. */
  asked?: MapAsked
  changes: readonly MapChange[]
  came?: MapFlag
  goes?: MapFlag
  words: MapWords
  legend: readonly { style: LineStyle; text: string }[]
  ariaLabel: string
}

export interface MapHook {
  title: string
  rows: readonly MapRow[]
  state: PlaceState
  /** Verdict, once it has been given. */
  verdict?: string
}

export type PlaceState = 'idle' | 'ahead' | 'done' | 'now'

/** A function registered on a hook. */
export interface MapRow {
  priority: string
  name: string
  /** What is to be said of it: number of rules, what it did. */
  note: string
  /** Nothing is registered here on this host. */
  absent?: boolean
  /** It gave the verdict, or changed the packet. */
  decides?: boolean
}

export interface MapBand {
  title: string
  note: string
  state: PlaceState
  items: readonly MapItem[]
}

export interface MapItem {
  title: string
  owner?: OwnerCode
  note: string
  now?: boolean
}

export interface MapTable {
  title: string
  note: string
  state: PlaceState
  rows: readonly { label: string; value: string; owner?: OwnerCode; strong?: boolean }[]
}

export interface MapStop {
  place: Place
  dev?: string
}

export interface MapWalk {
  /** `at`, `until`: first and last thing told there, display time in ms. */
  stops: readonly (MapStop & { at: number; until: number })[]
  /** Index of the last stop that has been reached. */
  reached: number
  /** The packet ended there: the reason. */
  lost?: string
  double?: boolean
}

export interface MapLeg {
  stops: readonly MapStop[]
  /** Drawn as two lines: the way of replies. */
  double: boolean
}

export interface MapAsked {
  place: 'route' | 'routeOut'
  row: string
  owner?: OwnerCode
  answer: string
}

/** Bytes that change at a place: from whose address to whose. */
export interface MapChange {
  place: Place
  label: string
  old?: OwnerCode
  now?: OwnerCode
  text?: string
}

export interface MapFlag {
  flag: FlagModel
  title: string
  now: boolean
}

export interface MapWords {
  in: string
  out: string
  route: readonly string[]
  routeOut: string
  yes: string
  no: string
  noRow: string
}

export type LineStyle = 'walked' | 'ahead' | 'idle' | 'double'
