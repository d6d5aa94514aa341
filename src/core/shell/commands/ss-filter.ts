import { inPrefix } from '../../base/cidr.ts'
import type { SockRow, SockState } from './sockets.ts'
import { parsePrefix } from './words.ts'

/**
 * ss's filter: `state NAME`, `exclude NAME`, and an expression of `src`, `dst`, `sport`, `dport`, `not`, `and`, `or` and
 * parentheses (misc/ssfilter.y).
 */
export interface SsFilter {
  /** Null = by -a and -l. */
  states: SockState[] | null
  test: (row: SockRow) => boolean
}

type Test = SsFilter['test']

const ALL: readonly SockState[] = [
  ...(['ESTABLISHED', 'SYN_SENT', 'SYN_RECV', 'FIN_WAIT1', 'FIN_WAIT2', 'TIME_WAIT', 'UNCONN'] as const),
  ...(['CLOSE_WAIT', 'LAST_ACK', 'LISTEN', 'CLOSING'] as const),
]
const BUCKET: readonly SockState[] = ['SYN_RECV', 'TIME_WAIT']
const connected: readonly SockState[] = ALL.filter((s) => s !== 'LISTEN' && s !== 'UNCONN')
const STATES: Readonly<Record<string, readonly SockState[]>> = {
  all: ALL,
  connected,
  synchronized: connected.filter((s) => s !== 'SYN_SENT'),
  bucket: BUCKET,
  big: ALL.filter((s) => !BUCKET.includes(s)),
  established: ['ESTABLISHED'],
  'syn-sent': ['SYN_SENT'],
  'syn-recv': ['SYN_RECV'],
  'fin-wait-1': ['FIN_WAIT1'],
  'fin-wait-2': ['FIN_WAIT2'],
  'time-wait': ['TIME_WAIT'],
  unconnected: ['UNCONN'],
  closed: ['UNCONN'],
  'close-wait': ['CLOSE_WAIT'],
  'last-ack': ['LAST_ACK'],
  listening: ['LISTEN'],
  closing: ['CLOSING'],
}

export function isWanted(row: SockRow, filter: SsFilter): boolean {
  return (filter.states === null || filter.states.includes(row.state)) && filter.test(row)
}

/** The error is a line for the terminal; ss ends with status 255 then. */
export function parseFilter(words: readonly string[]): SsFilter | string {
  let states: SockState[] | null = null
  let at = 0
  for (; words[at] === 'state' || words[at] === 'exclude' || words[at] === 'excl'; at += 2) {
    const name = words[at + 1] ?? ''
    const named = Object.hasOwn(STATES, name) ? STATES[name] : undefined
    if (!named) return `ss: wrong state name: ${name}`
    if (words[at] === 'state') states = [...(states ?? []), ...named]
    else states = (states ?? connected).filter((s) => !named.includes(s))
  }
  const tokens =
    words
      .slice(at)
      .join(' ')
      .match(/[()]|[^\s()]+/g) ?? []
  if (tokens.length === 0) return { states, test: () => true }
  const parser = new Parser(tokens)
  const test = parser.either()
  if (test === undefined || !parser.isAtEnd())
    return 'ss: bison bellows (while parsing filter): "syntax error!" Sorry.\nvipscope: modelled are src, dst, sport and dport, joined by and, or and not'
  return { states, test }
}

const DEEPEST = 50

class Parser {
  private at = 0
  private depth = 0
  private readonly tokens: readonly string[]

  constructor(tokens: readonly string[]) {
    this.tokens = tokens
  }

  isAtEnd(): boolean {
    return this.at === this.tokens.length
  }

  private take(...names: string[]): boolean {
    if (!names.includes(this.tokens[this.at] ?? '')) return false
    this.at++
    return true
  }

  either(): Test | undefined {
    let left = this.both()
    while (left && this.take('or', '|', '||')) {
      const a: Test = left
      const b = this.both()
      left = b && ((row) => a(row) || b(row))
    }
    return left
  }

  private both(): Test | undefined {
    let left = this.single()
    while (left && !this.isAtEnd() && !['or', '|', '||', ')'].includes(this.tokens[this.at] ?? '')) {
      this.take('and', '&', '&&')
      const a: Test = left
      const b = this.single()
      left = b && ((row) => a(row) && b(row))
    }
    return left
  }

  private single(): Test | undefined {
    if (++this.depth > DEEPEST) return undefined
    try {
      if (this.take('not', '!')) {
        const inner = this.single()
        return inner && ((row) => !inner(row))
      }
      if (this.take('(')) {
        const inner = this.either()
        return this.take(')') ? inner : undefined
      }
      return this.primary()
    } finally {
      this.depth--
    }
  }

  private primary(): Test | undefined {
    const what = this.tokens[this.at++]
    if (what === 'src' || what === 'dst') return addressTest(what, this.tokens[this.at++] ?? '')
    if (what !== 'sport' && what !== 'dport') return undefined
    const next = this.tokens[this.at] ?? ''
    const operator = OPERATORS[next]
    if (operator) this.at++
    const port = /^(?:\*?:)?(\d{1,5})$/.exec(this.tokens[this.at++] ?? '')
    if (!port) return undefined
    const compare = operator ?? ((a: number, b: number) => a === b)
    return (row) => compare(what === 'sport' ? row.lport : row.rport, Number(port[1]))
  }
}

const equal = (a: number, b: number): boolean => a === b
const OPERATORS: Readonly<Record<string, ((a: number, b: number) => boolean) | undefined>> = {
  ...{ '=': equal, '==': equal, eq: equal },
  ...{ '!=': (a, b) => a !== b, ne: (a, b) => a !== b, neq: (a, b) => a !== b },
  ...{ '>': (a, b) => a > b, gt: (a, b) => a > b, '<': (a, b) => a < b, lt: (a, b) => a < b },
  ...{ '>=': (a, b) => a >= b, ge: (a, b) => a >= b, '<=': (a, b) => a <= b, le: (a, b) => a <= b },
}

/** `dst 10.0.0.0/8`, `dst 10.0.0.1:80`, `dst :80`. */
function addressTest(what: 'src' | 'dst', text: string): Test | undefined {
  const m = /^([^:]*)(?::(\d{1,5}|\*))?$/.exec(text)
  const address = m?.[1] ?? ''
  const prefix = address === '' || address === '*' ? undefined : parsePrefix(address)
  if (!m || (prefix === undefined && address !== '' && address !== '*')) return undefined
  const port = m[2] === undefined || m[2] === '*' ? undefined : Number(m[2])
  return (row) => {
    const [ip, own] = what === 'src' ? [row.laddr, row.lport] : [row.raddr, row.rport]
    return (port === undefined || port === own) && (!prefix || inPrefix(ip, prefix.ip, prefix.prefix))
  }
}
