import type { Match, RuleSpec, Target } from '../../../kernel/netfilter/tables/types.ts'
import { findMatch, type MatchKind, type Option } from './matches.ts'
import { parseProtocol } from './names.ts'
import { findTarget, type TargetKind } from './targets.ts'
import { isMistake, parseMasked } from './values.ts'
import { type Mistake, usage } from './words.ts'

/** Reading the words of an iptables command one after the other, extensions' options among them. */

export type Verb = 'A' | 'C' | 'D' | 'I' | 'R' | 'L' | 'S' | 'F' | 'Z' | 'N' | 'X' | 'E' | 'P'

const LONG: Record<string, string> = {
  append: 'A',
  check: 'C',
  delete: 'D',
  insert: 'I',
  replace: 'R',
  list: 'L',
  'list-rules': 'S',
  flush: 'F',
  zero: 'Z',
  'new-chain': 'N',
  new: 'N',
  'delete-chain': 'X',
  'rename-chain': 'E',
  policy: 'P',
  table: 't',
  protocol: 'p',
  proto: 'p',
  source: 's',
  src: 's',
  destination: 'd',
  dst: 'd',
  'in-interface': 'i',
  'out-interface': 'o',
  jump: 'j',
  goto: 'g',
  match: 'm',
  fragments: 'f',
  numeric: 'n',
  verbose: 'v',
  exact: 'x',
  'line-numbers': '0',
  wait: 'w',
  'set-counters': 'c',
  ipv4: '4',
  help: 'h',
  version: 'V',
}
const VERBS = 'ACDIRLSFZNXEP'
/** Short options that need a word of their own, and those that take one if it does not begin with a dash. */
const NEED = 'ACDIRNEPtpsdiojgmc'
const MAY = 'LSFZXw'
const ALONE = 'nvxf04hV'

/** What the reader knows so far. */
export class Reader {
  readonly words: readonly string[]
  at = 0
  verb: Verb | '' = ''
  table = 'filter'
  chain = ''
  number = 0
  second = ''
  spec: RuleSpec = { matches: [], target: null }
  seen = new Set<string>()
  sources: NonNullable<RuleSpec['src']>[] = []
  destinations: NonNullable<RuleSpec['dst']>[] = []
  matches: { kind: MatchKind; match: Match }[] = []
  target: { kind: TargetKind; target: Target } | undefined
  flags = new Set<string>()
  count: { packets: number; bytes: number } | undefined

  constructor(words: readonly string[]) {
    this.words = words
  }

  /** The next word if it is no option. */
  optional(): string | undefined {
    const word = this.words[this.at]
    if (word === undefined || word.startsWith('-') || word === '!') return undefined
    this.at++
    return word
  }
}

/** Take up one word and what belongs to it. */
export function readWord(r: Reader, word: string, not: boolean): Mistake | undefined {
  if (word.startsWith('--')) return readLong(r, word, not)
  if (!word.startsWith('-') || word === '-') return { text: `Bad argument \`${word}'`, kind: 'bare' }
  // A cluster: letters that stand alone, then perhaps one that takes a word.
  for (let i = 1; i < word.length; i++) {
    const letter = word.charAt(i)
    if (letter === '0' || !(NEED + MAY + ALONE).includes(letter)) return usage(`unknown option "-${letter}"`)
    if (ALONE.includes(letter)) {
      const wrong = readOption(r, letter, `-${letter}`, not)
      if (wrong) return wrong
      continue
    }
    const rest = word.slice(i + 1)
    if (rest !== '' && !MAY.includes(letter)) return readOption(r, letter, `-${letter}`, not, rest)
    const wrong = readOption(r, letter, `-${letter}`, not)
    if (wrong || rest === '') return wrong
  }
  return undefined
}

function readLong(r: Reader, word: string, not: boolean): Mistake | undefined {
  const equals = word.indexOf('=')
  const name = word.slice(2, equals < 0 ? undefined : equals)
  const attached = equals < 0 ? undefined : word.slice(equals + 1)
  const own = findExtension(r, name)
  if (own) return readExtension(r, own, name, not, attached)
  const letter = findLong(name)
  if (letter === undefined) {
    // The protocol's own match is loaded when one of its options is seen.
    if (loadProtocolMatch(r)) return readLong(r, word, not)
    return usage(`unknown option "--${name}"`)
  }
  return readOption(r, letter, `--${name}`, not, attached)
}

/** The whole name, or a beginning that only one option has (getopt_long). */
function findLong(name: string): string | undefined {
  if (Object.hasOwn(LONG, name)) return LONG[name]
  const near = Object.keys(LONG).filter((key) => key.startsWith(name))
  return near.length === 1 ? LONG[near[0] ?? ''] : undefined
}

interface Extension {
  option: Option<never>
  into: Match | Target
}

function findExtension(r: Reader, name: string): Extension | undefined {
  const all: { name: string; option: Option<never>; into: Match | Target }[] = []
  for (const { kind, match } of [...r.matches].reverse()) {
    for (const [key, option] of Object.entries(kind.options)) all.push({ name: key, option, into: match })
  }
  if (r.target) {
    const { kind, target } = r.target
    for (const [key, option] of Object.entries(kind.options)) all.push({ name: key, option, into: target })
  }
  const exact = all.find((o) => o.name === name)
  if (exact) return exact
  if (Object.hasOwn(LONG, name)) return undefined
  const near = all.filter((o) => o.name.startsWith(name))
  return near.length === 1 ? near[0] : undefined
}

function readExtension(
  r: Reader,
  { option, into }: Extension,
  name: string,
  not: boolean,
  attached: string | undefined,
): Mistake | undefined {
  if (not && option.plain === true) return usage(`cannot have ! before --${name}`)
  const words: string[] = attached === undefined ? [] : [attached]
  while (words.length < option.args) {
    const next = r.words[r.at]
    if (next === undefined || (words.length > 0 && next.startsWith('-'))) break
    words.push(next)
    r.at++
  }
  if (option.args > 0 && words.length === 0) return usage(`option "--${name}" requires an argument`)
  return (option as Option<Match | Target>).set(into, words, not, r.spec)
}

function loadProtocolMatch(r: Reader): boolean {
  const names: Record<number, string> = { 1: 'icmp', 6: 'tcp', 17: 'udp' }
  const { proto } = r.spec
  const name = proto && !proto.not ? names[proto.proto] : undefined
  if (name === undefined || r.matches.some(({ match }) => match.m === name)) return false
  return addMatch(r, name) === undefined
}

function addMatch(r: Reader, name: string): Mistake | undefined {
  const kind = findMatch(name)
  if (isMistake(kind)) return kind
  const match = kind.create(r.spec)
  if (isMistake(match)) return match
  r.matches.push({ kind, match })
  return undefined
}

function readOption(
  r: Reader,
  letter: string,
  shown: string,
  not: boolean,
  attached?: string,
): Mistake | undefined {
  if (not && !'psdiof'.includes(letter)) return usage(`cannot have ! before ${shown}`)
  if (VERBS.includes(letter)) return readVerb(r, letter as Verb, shown, attached)
  if (ALONE.includes(letter) && letter !== 'f') {
    r.flags.add(letter)
    return undefined
  }
  if (letter === 'w') {
    r.optional()
    return undefined
  }
  if ('psdiojgf'.includes(letter)) {
    if (r.seen.has(letter)) return usage(`multiple -${letter} flags not allowed`)
    r.seen.add(letter)
  }
  if (letter === 'f') {
    r.spec.fragment = { not }
    return undefined
  }
  const value = attached ?? r.words[r.at++]
  if (value === undefined) return usage(`option "${shown}" requires an argument`)
  return readValue(r, letter, value, not)
}

function readValue(r: Reader, letter: string, value: string, not: boolean): Mistake | undefined {
  switch (letter) {
    case 't':
      r.table = value
      return undefined
    case 'p':
      return readProtocol(r, value, not)
    case 's':
    case 'd':
      return readAddresses(letter === 's' ? r.sources : r.destinations, value, not)
    case 'i':
    case 'o':
      if (value.length > 15) return usage(`interface name \`${value}' must be shorter than IFNAMSIZ (15)`)
      r.spec[letter === 'i' ? 'in' : 'out'] = { name: value, not }
      return undefined
    case 'm':
      return addMatch(r, value)
    case 'c': {
      const bytes = r.words[r.at++]
      if (!/^\d+$/.test(value) || bytes === undefined || !/^\d+$/.test(bytes)) {
        return usage('-c requires packet and byte counter')
      }
      r.count = { packets: Number(value), bytes: Number(bytes) }
      return undefined
    }
    default:
      return readTarget(r, letter, value)
  }
}

function readTarget(r: Reader, letter: string, value: string): Mistake | undefined {
  if (letter === 'g') {
    r.spec.target = { t: 'goto', chain: value }
    return undefined
  }
  const kind = findTarget(value)
  if (!kind) {
    r.spec.target = { t: 'jump', chain: value }
    return undefined
  }
  if (isMistake(kind)) return kind
  r.target = { kind, target: kind.create() }
  return undefined
}

function readProtocol(r: Reader, value: string, not: boolean): Mistake | undefined {
  const proto = parseProtocol(value)
  if (proto === undefined) return usage(`unknown protocol "${value}" specified`)
  if (proto === 0 && not) return usage('rule would never match protocol')
  if (proto !== 0) r.spec.proto = { proto, not }
  return undefined
}

function readAddresses(
  into: NonNullable<RuleSpec['src']>[],
  value: string,
  not: boolean,
): Mistake | undefined {
  const parts = value.split(',')
  if (not && parts.length > 1) return usage('! not allowed with multiple source or destination IP addresses')
  for (const part of parts) {
    const address = parseMasked(part)
    if (isMistake(address)) return address
    into.push({ ...address, not })
  }
  return undefined
}

function readVerb(r: Reader, letter: Verb, shown: string, attached?: string): Mistake | undefined {
  const zeroBeside = letter === 'Z' && (r.verb === 'L' || r.verb === 'S')
  if (zeroBeside || (r.verb === 'Z' && (letter === 'L' || letter === 'S'))) r.flags.add('zero')
  else if (r.verb !== '') return usage(`Cannot use -${letter} with -${r.verb}`)
  if (!zeroBeside) r.verb = letter
  if (MAY.includes(letter)) {
    const chain = r.optional()
    if (chain === undefined) return undefined
    r.chain = chain
    return letter === 'L' || letter === 'S' || letter === 'Z' ? readNumber(r) : undefined
  }
  const chain = attached ?? r.words[r.at++]
  if (chain === undefined) return usage(`option "${shown}" requires an argument`)
  r.chain = chain
  if (letter === 'I' || letter === 'D' || letter === 'R') {
    const wrong = readNumber(r)
    if (wrong) return wrong
    if (letter === 'R' && r.number === 0) return usage('-R requires a rule number')
  }
  if (letter === 'E' || letter === 'P') {
    const second = r.optional()
    const what = letter === 'E' ? 'old-chain-name and new-chain-name' : 'a chain and a policy'
    if (second === undefined) return usage(`-${letter} requires ${what}`)
    r.second = second
  }
  return letter === 'N' ? checkName(chain) : undefined
}

function readNumber(r: Reader): Mistake | undefined {
  const word = r.optional()
  if (word === undefined) return undefined
  if (!/^\d+$/.test(word) || Number(word) === 0) return usage(`Invalid rule number \`${word}'`)
  r.number = Number(word)
  return undefined
}

const MAX_NAME = 29

export function checkName(name: string): Mistake | undefined {
  if (name.startsWith('-') || name.startsWith('!')) {
    return usage(`chain name not allowed to start with \`${name.charAt(0)}'`)
  }
  if (name.length >= MAX_NAME) {
    return usage(`chain name \`${name}' too long (must be under ${MAX_NAME} chars)`)
  }
  if (findTarget(name)) return usage('chain name may not clash with target name')
  return undefined
}
