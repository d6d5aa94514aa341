import type { OwnerCode } from '../hues.ts'
import type { Cell, FlagField, FlagModel } from './model.ts'

/** Words for the accessible name of a flag, one function per clause; `name` turns a code into a host's name. */
export interface NameWords {
  name: (code: OwnerCode) => string
  frame: (from: string, to: string) => string
  packet: (from: string, to: string) => string
  /** ARP: who asks or tells, and about which address. */
  arpPair: (sender: string, target: string) => string
  /** The packet inside a tunnel packet. */
  inside: (from: string, to: string) => string
  ttl: (ttl: number) => string
  /** One change: 'MAC to, was LB1'. `was` is undefined when nothing was there before. */
  change: (field: FlagField, was: string | undefined) => string
  changed: (changes: readonly string[]) => string
  lost: (reason: string) => string
  /** ', ' and '; ' or their counterparts. */
  comma: string
  semicolon: string
}

/** 'SYN, frame from LB1 to server1, packet from client to VIP, TTL 63; changed: MAC to, was LB1'. Only decisions are named. */
export function flagName(flag: FlagModel, words: NameWords): string {
  const [macFrom, macTo] = flag.mac.map((cell) => words.name(cell.code))
  const clauses = [flag.label.replace('\n', ' '), words.frame(macFrom ?? '', macTo ?? '')]
  if (flag.beside) clauses[0] += ` ${flag.beside}`
  if (flag.ip) clauses.push((flag.kind === 'arp' ? words.arpPair : words.packet)(...names(flag.ip, words)))
  if (flag.inner) clauses.push(words.inside(...names(flag.inner, words)))
  if (flag.ttl) clauses.push(words.ttl(flag.ttl.value))
  let name = clauses.join(words.comma)
  const changes = decisions(flag, words)
  if (changes.length > 0) name += words.semicolon + words.changed(changes)
  if (flag.lost !== undefined) name += words.semicolon + words.lost(flag.lost)
  return name
}

function names(pair: readonly [Cell, Cell], words: NameWords): [string, string] {
  return [words.name(pair[0].code), words.name(pair[1].code)]
}

function decisions(flag: FlagModel, words: NameWords): string[] {
  const innermost = flag.inner ?? flag.ip
  const fields: [FlagField, Cell | undefined][] = [
    ['macFrom', flag.mac[0]],
    ['macTo', flag.mac[1]],
    ['outer', flag.inner ? flag.ip?.[0] : undefined],
    ['ipFrom', innermost?.[0]],
    ['ipTo', innermost?.[1]],
  ]
  return fields.flatMap(([field, cell]) =>
    cell?.ring === 'decision'
      ? [words.change(field, cell.old === undefined ? undefined : words.name(cell.old))]
      : [],
  )
}
