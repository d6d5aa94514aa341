import type { Bytes } from '../../base/bytes.ts'
import { parseIp4 } from '../../base/ids.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import { bytesOf, packetOf, type Test, type Value } from './match.ts'
import {
  addressTest,
  baseOf,
  constant,
  type Direction,
  FilterProblem,
  groupTest,
  macTest,
  maskOf,
  numberedProto,
  portTest,
  PROTOS,
  protoTest,
  SYNTAX,
} from './primitives.ts'

/**
 * Filter expressions of pcap (pcap-filter(7)) over what exists here: Ethernet, ARP, IPv4 and what it carries. IPv6, VLANs,
 * names of hosts and the reading of a tunnel's inside are refused by name.
 */

/** Says whether a frame is wanted; `raw`: the bytes begin with the IP header. */
export type Filter = (bytes: Bytes, raw: boolean) => boolean

/** An empty expression takes everything. The error is libpcap's words, or names what is not modelled. */
export function compileFilter(text: string): Result<Filter> {
  const tokens =
    text
      .toLowerCase()
      .match(/&&|\|\||<<|>>|[!=<>]=|[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}|\\?[\w.-]+(?:\/\d+)?|\S/g) ?? []
  if (tokens.length === 0) return ok(() => true)
  if (tokens.length > TOKEN_LIMIT) return bad('vipscope: the expression is too long')
  try {
    const test = new Parser(tokens).all()
    return ok((bytes, raw) => test(packetOf(bytes, raw)))
  } catch (error) {
    if (error instanceof FilterProblem) return bad(error.message)
    throw error
  }
}

const TOKEN_LIMIT = 500
const CONSTANTS: Readonly<Record<string, number>> = {
  tcpflags: 13,
  'tcp-fin': 1,
  'tcp-syn': 2,
  'tcp-rst': 4,
  'tcp-push': 8,
  'tcp-ack': 16,
  'tcp-urg': 32,
  icmptype: 0,
  icmpcode: 1,
  'icmp-echoreply': 0,
  'icmp-unreach': 3,
  'icmp-redirect': 5,
  'icmp-echo': 8,
  'icmp-timxceed': 11,
}
const LATER: readonly string[] = [
  'ip6',
  'icmp6',
  'vlan',
  'mpls',
  'pppoes',
  'gateway',
  'ifname',
  'inbound',
  'outbound',
]
const RELATIONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
}
const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? 0 : Math.trunc(a / b)),
  '%': (a, b) => (b === 0 ? 0 : a % b),
  '&': (a, b) => (a & b) >>> 0,
  '|': (a, b) => (a | b) >>> 0,
  '^': (a, b) => (a ^ b) >>> 0,
  '<<': (a, b) => (a << b) >>> 0,
  '>>': (a, b) => a >>> b,
}

/** What stands before a value: an alternative without qualifiers takes those of the one before (`port 80 or 443`). */
interface Qualifiers {
  proto: string
  direction: Direction
  type: string
}

class Parser {
  private readonly tokens: readonly string[]
  private at = 0
  private depth = 0
  private last: Qualifiers | undefined

  constructor(tokens: readonly string[]) {
    this.tokens = tokens
  }

  all(): Test {
    const test = this.or()
    if (this.at < this.tokens.length) throw new FilterProblem(SYNTAX)
    return test
  }

  /** `and` and `or` bind alike and to the left in libpcap's grammar. */
  private or(): Test {
    if (++this.depth > 50) throw new FilterProblem('vipscope: the expression is nested too deeply')
    let left = this.not()
    for (;;) {
      const first = left
      if (this.take('or', '||')) {
        const right = this.not()
        left = (p) => first(p) || right(p)
      } else if (this.take('and', '&&')) {
        const right = this.not()
        left = (p) => first(p) && right(p)
      } else break
    }
    this.depth--
    return left
  }

  private not(): Test {
    if (this.take('not', '!')) {
      const test = this.not()
      return (p) => !test(p)
    }
    if (this.peek() === '(' && !this.isRelation()) {
      this.at++
      const test = this.or()
      this.expect(')')
      return test
    }
    return this.isRelation() ? this.relation() : this.primitive()
  }

  /** A comparison of numbers: something with [ ] or `len` before the next relation. */
  private isRelation(): boolean {
    let depth = 0
    for (let i = this.at; i < this.tokens.length; i++) {
      const token = this.tokens[i] ?? ''
      if (token === '(') depth++
      else if (token === ')' && --depth < 0) return false
      else if (depth === 0 && ['and', 'or', '&&', '||', 'not', '!'].includes(token)) return false
      else if (depth === 0 && Object.hasOwn(RELATIONS, token)) return true
    }
    return false
  }

  private relation(): Test {
    const left = this.value()
    const op = this.next()
    const compare = Object.hasOwn(RELATIONS, op) ? RELATIONS[op] : undefined
    if (!compare) throw new FilterProblem(SYNTAX)
    const right = this.value()
    return (p) => {
      const a = left(p)
      const b = right(p)
      return a !== undefined && b !== undefined && compare(a, b)
    }
  }

  private value(): Value {
    let left = this.factor()
    for (let op = this.peek(); Object.hasOwn(ARITHMETIC, op); op = this.peek()) {
      this.at++
      const compute = ARITHMETIC[op]
      const first = left
      const right = this.factor()
      left = (p) => {
        const a = first(p)
        const b = right(p)
        return a === undefined || b === undefined || !compute ? undefined : compute(a, b)
      }
    }
    return left
  }

  private factor(): Value {
    const token = this.next()
    if (token === '(') {
      const value = this.value()
      this.expect(')')
      return value
    }
    if (token === 'len') return ({ b }) => b.length
    if (Object.hasOwn(CONSTANTS, token)) return constant(CONSTANTS[token] ?? 0)
    if (/^(\d+|0x[0-9a-f]+)$/.test(token)) return constant(Number(token))
    if (this.peek() !== '[') throw new FilterProblem(SYNTAX)
    this.at++
    const offset = this.value()
    let size = 1
    if (this.take(':')) size = Number(this.next())
    this.expect(']')
    if (![1, 2, 4].includes(size)) throw new FilterProblem('data size must be 1, 2, or 4')
    return bytesOf(baseOf(token), offset, size)
  }

  private primitive(): Test {
    const token = this.peek()
    if (LATER.includes(token)) throw new FilterProblem(`vipscope: \`${token}' is not modelled in filters`)
    if (token === 'broadcast' || token === 'multicast') return groupTest(this.next())
    if (token === 'less' || token === 'greater') {
      const word = this.next()
      const length = Number(this.next())
      if (!Number.isInteger(length)) throw new FilterProblem(SYNTAX)
      return ({ b }) => (word === 'less' ? b.length <= length : b.length >= length)
    }
    return this.qualified()
  }

  private qualified(): Test {
    const start = this.at
    const q: Qualifiers = { proto: '', direction: 'either', type: '' }
    if (isProtoWord(this.peek())) q.proto = this.next()
    if (q.proto === 'ether' && (this.peek() === 'broadcast' || this.peek() === 'multicast'))
      return groupTest(this.next())
    const direction = this.direction()
    if (direction) q.direction = direction
    if (['host', 'net', 'port', 'portrange', 'proto'].includes(this.peek())) q.type = this.next()
    if (q.type === '' && q.proto !== '' && !direction) {
      // the protocol alone, unless a value follows that only an address can be
      this.last = undefined
      return protoTest(q.proto)
    }
    const bare = this.at === start
    const wanted = bare && this.last ? this.last : q
    if (bare && !this.last && !/^[\d.]+(\/\d+)?$/.test(this.peek())) throw new FilterProblem(this.unknown())
    this.last = wanted
    return this.valueTest(wanted)
  }

  private unknown(): string {
    const token = this.peek()
    return /^[a-z][\w.-]*$/.test(token) ? `unknown host '${token}'` : SYNTAX
  }

  private direction(): Direction | undefined {
    const word = this.peek()
    if (word !== 'src' && word !== 'dst') return undefined
    this.at++
    const other = word === 'src' ? 'dst' : 'src'
    const joined = this.peek()
    if ((joined === 'or' || joined === 'and') && this.tokens[this.at + 1] === other) {
      this.at += 2
      return joined === 'or' ? 'either' : 'both'
    }
    return word
  }

  private valueTest({ proto, direction, type }: Qualifiers): Test {
    const id = this.next()
    switch (type) {
      case 'port':
      case 'portrange':
        return portTest(id, type, proto, direction)
      case 'proto':
        return numberedProto(id, proto)
      case 'net':
        return this.netTest(id, proto, direction)
      default: {
        if (proto === 'ether') return macTest(id, direction)
        if (id.includes('/')) return this.netTest(id, proto, direction)
        const ip = parseIp4(id)
        if (ip === undefined) throw new FilterProblem(/^[a-z]/.test(id) ? `unknown host '${id}'` : SYNTAX)
        return addressTest(ip, 0xffffffff, proto, direction)
      }
    }
  }

  private netTest(id: string, proto: string, direction: Direction): Test {
    const [address = '', length] = id.split('/')
    const parts = address.split('.')
    const ip = parseIp4([...parts, '0', '0', '0'].slice(0, 4).join('.'))
    if (ip === undefined) throw new FilterProblem(/^[a-z]/.test(id) ? `unknown network '${id}'` : SYNTAX)
    let mask = maskOf(length === undefined ? 8 * parts.length : Number(length))
    if (this.take('mask')) mask = parseIp4(this.next()) ?? 0
    if ((ip & ~mask) >>> 0 !== 0) throw new FilterProblem(`non-network bits set in "${id}"`)
    return addressTest(ip, mask >>> 0, proto, direction)
  }

  private peek(): string {
    return this.tokens[this.at] ?? ''
  }

  private next(): string {
    const token = this.tokens[this.at++]
    if (token === undefined) throw new FilterProblem(SYNTAX)
    return token
  }

  private take(...words: string[]): boolean {
    if (!words.includes(this.peek()) || this.at >= this.tokens.length) return false
    this.at++
    return true
  }

  private expect(word: string): void {
    if (this.next() !== word) throw new FilterProblem(SYNTAX)
  }
}

function isProtoWord(word: string): boolean {
  return word === 'ether' || word === 'ip' || word === 'arp' || word === 'rarp' || Object.hasOwn(PROTOS, word)
}
