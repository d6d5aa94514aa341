import { type FieldInfo, type FieldType, FIELDS, fieldInfo } from './fields.ts'
import { EXAMPLES, type Literal, literalOf } from './literals.ts'
import { Refused, type Token, tokensOf } from './tokens.ts'

/** Fields compared, then joined. Comparisons follow Wireshark 4: `!=` holds when the field is there and no value is equal. */
export type Node =
  | { op: 'and' | 'or' | 'xor'; left: Node; right: Node }
  | { op: 'not'; of: Node }
  | { op: 'present'; field: Operand }
  | { op: 'compare'; field: Operand; how: Relation; with: Literal | Operand }
  | { op: 'in'; field: Operand; set: readonly Literal[] }
  | { op: 'contains'; field: Operand; text: string }
  | { op: 'matches'; field: Operand; pattern: RegExp }

export interface Operand {
  name: string
  type: FieldType
  /** Layer of that protocol, from 1; 0 = any. */
  nth: number
  /** `field & mask`; 0 = none. */
  mask: number
}

export type Relation = '==' | '!=' | '===' | '!==' | '>' | '<' | '>=' | '<='

const RELATIONS: Readonly<Record<string, Relation>> = {
  '==': '==', eq: '==', any_eq: '==', '!=': '!=', ne: '!=', all_ne: '!=', '===': '===', all_eq: '===',
  '!==': '!==', '~=': '!==', any_ne: '!==', '>': '>', gt: '>', '<': '<', lt: '<', '>=': '>=', ge: '>=',
  '<=': '<=', le: '<=',
} // prettier-ignore

const JOINTS: readonly (readonly [op: 'or' | 'xor' | 'and', words: readonly string[]])[] = [
  ['or', ['or', '||']],
  ['xor', ['xor', '^^']],
  ['and', ['and', '&&']],
]
const NOT: readonly string[] = ['not', '!']
const MAX_DEPTH = 100

/** The tree of a filter; undefined for an empty one, which lets everything pass. Throws `Refused`. */
export function parseDisplayFilter(text: string): Node | undefined {
  const tokens = tokensOf(text)
  if (tokens.length === 0) return undefined
  const parser = new Parser(tokens, text.length)
  const node = parser.joined(0, 0)
  parser.end()
  return node
}

class Parser {
  private readonly tokens: readonly Token[]
  private readonly size: number
  private next = 0

  constructor(tokens: readonly Token[], size: number) {
    this.tokens = tokens
    this.size = size
  }

  /** Everything was read. */
  end(): void {
    const token = this.peek()
    if (token !== undefined) throw refuse('unexpected', token)
  }

  joined(level: number, depth: number): Node {
    const joint = JOINTS[level]
    if (joint === undefined) return this.negated(depth)
    let left = this.joined(level + 1, depth)
    while (this.take(joint[1])) left = { op: joint[0], left, right: this.joined(level + 1, depth) }
    return left
  }

  private negated(depth: number): Node {
    const token = this.peek()
    if (depth > MAX_DEPTH && token !== undefined) throw refuse('unexpected', token)
    if (this.take(NOT)) return { op: 'not', of: this.negated(depth + 1) }
    if (!this.take(['('])) return this.test()
    const inner = this.joined(0, depth + 1)
    if (!this.take([')'])) throw this.stop('bracket', ')')
    return inner
  }

  private test(): Node {
    const field = this.operand()
    const token = this.peek()
    const word = token?.kind === 'quoted' ? '' : (token?.text.toLowerCase() ?? '')
    const how = Object.hasOwn(RELATIONS, word) ? RELATIONS[word] : undefined
    if (how !== undefined) {
      this.next++
      return this.comparison(field, how)
    }
    if (word === 'in') return this.membership(field)
    if (word === 'contains' || word === 'matches' || word === '~') return this.search(field, word)
    return { op: 'present', field }
  }

  private operand(): Operand {
    const token = this.need()
    const info = token.kind === 'word' ? fieldInfo(token.text.toLowerCase()) : undefined
    if (info === undefined) throw token.kind === 'sign' ? refuse('unexpected', token) : unknownField(token)
    this.next++
    const operand: Operand = { name: token.text.toLowerCase(), type: info.type, nth: 0, mask: 0 }
    if (this.peek()?.text === '[') throw refuse('slice', this.need())
    if (this.take(['#'])) operand.nth = this.number(operand, 'uint')
    if (this.take(['&'])) operand.mask = this.number(operand, info.type)
    return operand
  }

  private number(operand: Operand, type: FieldType): number {
    const token = this.need()
    this.next++
    const value = type === 'uint' ? literalOf(token, 'uint')?.low : undefined
    if (typeof value !== 'number' || value === 0) throw badValue(token, { ...operand, type: 'uint' })
    return value
  }

  private comparison(field: Operand, how: Relation): Node {
    const token = this.need()
    const other =
      token.kind === 'word' && field.type !== 'text' ? fieldInfo(token.text.toLowerCase()) : undefined
    if (other !== undefined && isComparable(other, field))
      return { op: 'compare', field, how, with: this.operand() }
    if (field.type === 'proto' || field.type === 'mark') throw refuse('types', token, field.name)
    this.next++
    const value = token.kind === 'quoted' && field.type !== 'text' ? undefined : literalOf(token, field.type)
    if (value === undefined || token.kind === 'sign') throw badValue(token, field)
    return { op: 'compare', field, how, with: value }
  }

  private membership(field: Operand): Node {
    this.next++
    if (!this.take(['{'])) throw this.stop('bracket', '{')
    const set: Literal[] = []
    do {
      const low = this.value(field)
      const high = this.take(['..']) ? this.value(field) : low
      set.push({ low: low.low, high: high.high })
    } while (this.take([',']))
    if (!this.take(['}'])) throw this.stop('bracket', '}')
    return { op: 'in', field, set }
  }

  private value(field: Operand): Literal {
    const token = this.peek()
    if (token === undefined) throw this.stop('bracket', '}')
    this.next++
    const value = token.kind === 'sign' ? undefined : literalOf(token, field.type)
    if (value === undefined) throw badValue(token, field)
    return value
  }

  private search(field: Operand, word: string): Node {
    const sign = this.need()
    this.next++
    if (field.type !== 'text' && field.type !== 'proto') throw refuse('types', sign, field.name)
    const token = this.need()
    this.next++
    if (token.kind === 'sign') throw badValue(token, { ...field, type: 'text' })
    if (word === 'contains') return { op: 'contains', field, text: token.text }
    try {
      return { op: 'matches', field, pattern: new RegExp(token.text, 'is') }
    } catch {
      throw refuse('regexp', token)
    }
  }

  private peek(): Token | undefined {
    return this.tokens[this.next]
  }

  /** The word that must be here; it is not passed over unless it is a field or a value that was read. */
  private need(): Token {
    const token = this.peek()
    if (token === undefined) throw this.stop('missing', '')
    return token
  }

  private take(words: readonly string[]): boolean {
    const token = this.peek()
    if (token === undefined || token.kind === 'quoted' || !words.includes(token.text.toLowerCase()))
      return false
    this.next++
    return true
  }

  /** Something is missing here, or at the end. */
  private stop(code: 'missing' | 'bracket', word: string): Refused {
    const token = this.peek()
    return new Refused({ code, word, at: token?.at ?? this.size, length: token?.length ?? 0 })
  }
}

function isComparable(a: FieldInfo, b: Operand): boolean {
  return a.type === b.type && a.type !== 'proto' && a.type !== 'mark'
}

function refuse(code: 'unexpected' | 'types' | 'regexp' | 'slice', token: Token, hint?: string): Refused {
  const { text, at, length } = token
  return new Refused({ code, word: text, at, length, ...(hint === undefined ? {} : { hint }) })
}

function badValue(token: Token, field: Operand): Refused {
  const { text, at, length } = token
  return new Refused({
    code: 'value',
    word: text,
    at,
    length,
    hint: `${field.name}: ${EXAMPLES[field.type]}`,
  })
}

/** The nearest names: those that begin alike, else those that contain the word. */
function unknownField(token: Token): Refused {
  const typed = token.text.toLowerCase()
  const [proto = ''] = typed.split('.')
  const names = Object.keys(FIELDS)
  const near = names.filter((name) => name.includes(typed))
  const kin = near.length > 0 ? near : names.filter((name) => name.startsWith(`${proto}.`))
  const { text, at, length } = token
  return new Refused({ code: 'field', word: text, at, length, hint: kin.slice(0, 4).join(', ') })
}
