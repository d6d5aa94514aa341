/**
 * Route maps as zebra uses them (lib/routemap.c, zebra/zebra_routemap.c): entries in order of their numbers; the first
 * whose matches all hold decides. Modelled: match ip address (prefix-list), match interface, match ip next-hop
 * prefix-list, match source-protocol, match tag, set src, set metric (taken, without effect here). Other lines are kept
 * and shown, and their matches hold for nothing.
 */
import type { Ip4 } from '../../../base/ids.ts'
import { parseIp4 } from '../../../base/ids.ts'
import { own } from './own.ts'
import { passes, type PrefixLists } from './prefix-list.ts'

export interface MapEntry {
  readonly seq: number
  readonly permit: boolean
  readonly description: string
  /** Lines as written, e.g. 'ip address prefix-list ANY'. */
  readonly match: readonly string[]
  readonly set: readonly string[]
}

/** By name, each sorted by number. */
export type RouteMaps = Record<string, readonly MapEntry[]>

/** What a map is asked about. */
export interface MapSubject {
  dst: Ip4
  prefix: number
  gateway: Ip4
  dev: string
  type: string
  tag: number
}

export interface MapVerdict {
  permit: boolean
  /** Source address that the map sets, 0 = none. */
  src: Ip4
  /** Entry that decided, 0 = none. */
  seq: number
}

const NONE: MapVerdict = { permit: false, src: 0 as Ip4, seq: 0 }

/** Ask a map; one that is not there refuses (zebra_route_map_check: a named map that does not exist denies). */
export function askMap(
  entries: readonly MapEntry[] | undefined,
  lists: PrefixLists,
  about: MapSubject,
): MapVerdict {
  for (const entry of entries ?? []) {
    if (!entry.match.every((line) => matches(line.split(' '), lists, about))) continue
    const { permit, seq } = entry
    return { permit, src: permit ? sourceOf(entry) : (0 as Ip4), seq }
  }
  return NONE
}

function matches(words: readonly string[], lists: PrefixLists, about: MapSubject): boolean {
  const line = words.slice(0, -1).join(' ')
  const value = words[words.length - 1] ?? ''
  switch (line) {
    case 'ip address prefix-list':
      return passes(own(lists, value), about.dst, about.prefix)
    case 'ip next-hop prefix-list':
      return passes(own(lists, value), about.gateway, 32)
    case 'ip address prefix-len':
      return about.prefix === Number(value)
    case 'interface':
      return about.dev === value
    case 'source-protocol':
      return about.type === value
    case 'tag':
      return about.tag === Number(value)
    default:
      return false
  }
}

function sourceOf(entry: MapEntry): Ip4 {
  const line = entry.set.find((set) => set.startsWith('src '))
  return (line && parseIp4(line.slice(4))) || (0 as Ip4)
}
