import type { FlagKind } from '../../view/flag/model.ts'
import type { PacketInfo } from './packet-info.ts'

/** A frame as a filter sees it. */
export interface Filtered extends PacketInfo {
  kind: FlagKind
  /** Hosts that sent or were to receive it. */
  hosts: readonly string[]
  lost: boolean
}

export type Predicate = (frame: Filtered) => boolean
export type ParsedFilter = { ok: true; value: Predicate } | { ok: false; word: string }

const KINDS: readonly string[] = ['syn', 'synack', 'ack', 'data', 'fin', 'rst']

/**
 * A display filter in the words of packet analysers: protocols and kinds by name, `host == LB1`, `ip.addr == A`,
 * `tcp.port == N`, joined by `not`, `and`, `or` (in this order of binding). No brackets. Empty text passes everything.
 */
export function parseFilter(text: string): ParsedFilter {
  const words = text.toLowerCase().match(/==|[^\s=]+/g) ?? []
  if (words.length === 0) return { ok: true, value: () => true }
  const any: Predicate[][] = [[]]
  for (let i = 0; i < words.length;) {
    const negated = words[i] === 'not' || words[i] === '!'
    if (negated) i++
    const term = termAt(words, i)
    if (term === undefined) return { ok: false, word: words[i] ?? 'not' }
    any.at(-1)?.push(negated ? (frame) => !term.test(frame) : term.test)
    i += term.length
    const joint = words[i]
    if (joint === undefined) break
    if (joint !== 'and' && joint !== 'or' && joint !== '&&' && joint !== '||')
      return { ok: false, word: joint }
    if (joint === 'or' || joint === '||') any.push([])
    if (++i >= words.length) return { ok: false, word: joint }
  }
  return { ok: true, value: (frame) => any.some((all) => all.every((test) => test(frame))) }
}

function termAt(words: readonly string[], i: number): { test: Predicate; length: number } | undefined {
  const [name, relation, value] = words.slice(i, i + 3)
  if (name === undefined) return undefined
  if (relation !== '==') {
    const test = named(name)
    return test && { test, length: 1 }
  }
  if (value === undefined) return undefined
  const test = compared(name, value)
  return test && { test, length: 3 }
}

function named(name: string): Predicate | undefined {
  if (name === 'arp' || name === 'tcp' || name === 'icmp' || name === 'udp')
    return (frame) => frame.proto === name
  if (name === 'ip') return (frame) => frame.proto !== 'arp' && frame.proto !== 'eth'
  if (name === 'http') return (frame) => frame.proto === 'tcp' && frame.payload > 0
  if (name === 'lost') return (frame) => frame.lost
  return KINDS.includes(name) ? (frame) => frame.kind === name : undefined
}

function compared(name: string, value: string): Predicate | undefined {
  if (name === 'host') return (frame) => frame.hosts.some((host) => host.toLowerCase() === value)
  if (name === 'ip.addr') return (frame) => frame.ips.includes(value)
  if (name === 'tcp.port') return (frame) => frame.proto === 'tcp' && frame.ports.includes(Number(value))
  return undefined
}
