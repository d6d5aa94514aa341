import type { Result } from '../base/result.ts'
import { bad, ok } from '../base/result.ts'
import type { Connector, Group, Item, Node, Pipeline, Redirection, Simple, Word } from './syntax.ts'
import { tokenize, type Token } from './tokens.ts'

/**
 * bash's grammar as far as modelled (syntax.ts) by recursive descent. What bash knows and this does not is recognised,
 * so that it is refused by name and never taken for plain words.
 */

/** Words that end a list, so that they cannot begin a command. */
const CLOSERS = new Set(['then', 'else', 'elif', 'fi', 'do', 'done', '}'])
const LATER: Readonly<Record<string, string>> = {
  case: 'a choice by pattern',
  esac: 'a choice by pattern',
  select: 'a menu',
  function: 'a function',
  '[[': 'an expression of bash; write [ ... ]',
  time: 'the measuring of time',
  coproc: 'a coprocess',
}
const REDIRECTIONS = new Set(['<', '>', '>>', '>|', '>&', '<&', '&>', '&>>', '<<', '<<-', '<<<'])
const DEPTH_LIMIT = 50

/** The error is what bash prints, or names what is not modelled. */
export function parseLine(line: string): Result<Item[]> {
  const tokens = tokenize(line)
  if (!tokens.ok) return tokens
  const parser = new Parser(tokens.value)
  try {
    return ok(parser.program())
  } catch (error) {
    if (error instanceof SyntaxProblem) return bad(error.message)
    throw error
  }
}

/** Thrown inside the descent alone: a syntax error ends the parse wherever it is. */
class SyntaxProblem extends Error {}

class Parser {
  private readonly tokens: readonly Token[]
  private at = 0
  private depth = 0

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens
  }

  program(): Item[] {
    const items = this.list()
    if (this.peek() !== undefined) this.unexpected()
    return items
  }

  /** Commands up to a word or operator that ends a list. */
  private list(): Item[] {
    if (++this.depth > DEPTH_LIMIT) throw new SyntaxProblem('vipscope: commands are nested too deeply')
    const items: Item[] = []
    let after: Connector = ';'
    for (;;) {
      while (this.isOp('\n') && (after === ';' || items.length > 0)) this.at++
      if (this.isListEnd()) {
        if (after !== ';') this.unexpected()
        break
      }
      const node = this.pipeline()
      const background = this.isOp('&')
      if (background && (after !== ';' || node.kind !== 'simple'))
        throw later('&', 'running a list in the background')
      items.push({ after, node, background })
      after = ';'
      if (this.isOp('&&') || this.isOp('||')) after = this.takeOp() as Connector
      else if (this.isOp(';') || this.isOp('&') || this.isOp('\n')) this.at++
      else break
    }
    this.depth--
    return items
  }

  private isListEnd(): boolean {
    const token = this.peek()
    if (token === undefined || (token.kind === 'op' && token.op === ')')) return true
    const word = plainWord(token)
    return word !== undefined && CLOSERS.has(word)
  }

  private pipeline(): Node {
    const negated = this.isWord('!')
    if (negated) this.at++
    const stages: Pipeline['stages'] = [{ node: this.command(), withErrors: false }]
    while (this.isOp('|') || this.isOp('|&')) {
      const last = stages[stages.length - 1]
      if (last) last.withErrors = this.takeOp() === '|&'
      while (this.isOp('\n')) this.at++
      stages.push({ node: this.command(), withErrors: false })
    }
    const only = stages[0]
    return stages.length === 1 && !negated && only ? only.node : { kind: 'pipeline', negated, stages }
  }

  private command(): Node {
    const token = this.peek()
    if (token === undefined) throw new SyntaxProblem('bash: syntax error: unexpected end of file')
    if (token.kind === 'op') {
      if (token.op === '(') return this.group(true)
      if (REDIRECTIONS.has(token.op)) return this.simple()
      this.unexpected()
    }
    const word = plainWord(token)
    if (word !== undefined && Object.hasOwn(LATER, word)) throw later(word, LATER[word] ?? '')
    switch (word) {
      case '{':
        return this.group(false)
      case 'for':
        return this.loop()
      case 'while':
      case 'until':
        return this.repeat(word === 'until')
      case 'if':
        return this.choice()
      default:
        if (word !== undefined && CLOSERS.has(word)) this.unexpected()
        return this.simple()
    }
  }

  private group(subshell: boolean): Group {
    this.at++
    const body = this.body()
    if (subshell) this.expectOp(')')
    else this.expectWord('}')
    return { kind: 'group', subshell, body, redirections: this.redirections() }
  }

  private loop(): Node {
    this.at++
    const token = this.peek()
    const name = token && plainWord(token)
    if (name === undefined || !/^[A-Za-z_]\w*$/.test(name)) this.unexpected()
    this.at++
    const words: Word[] = []
    if (this.isWord('in')) {
      this.at++
      for (let next = this.peek(); next?.kind === 'word'; next = this.peek()) {
        words.push(next.pieces)
        this.at++
      }
    }
    while (this.isOp(';') || this.isOp('\n')) this.at++
    const body = this.doBody()
    return { kind: 'for', name, words, body, redirections: this.redirections() }
  }

  private repeat(until: boolean): Node {
    this.at++
    const condition = this.body()
    const body = this.doBody()
    return { kind: 'while', until, condition, body, redirections: this.redirections() }
  }

  private choice(): Node {
    const arms: { condition: Item[]; body: Item[] }[] = []
    let otherwise: Item[] | null = null
    do {
      this.at++
      const condition = this.body()
      this.expectWord('then')
      arms.push({ condition, body: this.body() })
    } while (this.isWord('elif'))
    if (this.isWord('else')) {
      this.at++
      otherwise = this.body()
    }
    this.expectWord('fi')
    return { kind: 'if', arms, otherwise, redirections: this.redirections() }
  }

  private doBody(): Item[] {
    this.expectWord('do')
    const body = this.body()
    this.expectWord('done')
    return body
  }

  /** A list with at least one command. */
  private body(): Item[] {
    while (this.isOp('\n')) this.at++
    const items = this.list()
    if (items.length === 0) this.unexpected()
    return items
  }

  private simple(): Simple {
    const node: Simple = { kind: 'simple', assigns: [], words: [], redirections: [] }
    for (;;) {
      const token = this.peek()
      if (token?.kind === 'op') {
        if (token.op === '(' && node.words.length === 1) throw later('()', 'a function')
        if (!REDIRECTIONS.has(token.op)) break
        node.redirections.push(this.redirection())
      } else if (token) {
        const assign = node.words.length === 0 ? readAssign(token.pieces) : undefined
        if (assign) node.assigns.push(assign)
        else node.words.push(token.pieces)
        this.at++
      } else break
    }
    return node
  }

  private redirections(): Redirection[] {
    const found: Redirection[] = []
    for (let token = this.peek(); token?.kind === 'op' && REDIRECTIONS.has(token.op); token = this.peek())
      found.push(this.redirection())
    return found
  }

  private redirection(): Redirection {
    const token = this.peek()
    this.at++
    const next = this.peek()
    if (token?.kind !== 'op' || next?.kind !== 'word') this.unexpected()
    this.at++
    const target = next.pieces
    switch (token.op) {
      case '<':
        return { kind: 'read', fd: token.fd ?? 0, target }
      case '>>':
        return { kind: 'append', fd: token.fd ?? 1, target }
      case '<&':
        return { kind: 'copy', fd: token.fd ?? 0, target }
      case '>&':
        return isNumber(target) || token.fd !== null
          ? { kind: 'copy', fd: token.fd ?? 1, target }
          : { kind: 'both', append: false, target }
      case '&>':
      case '&>>':
        return { kind: 'both', append: token.op === '&>>', target }
      case '<<':
      case '<<-':
        return { kind: 'text', fd: token.fd ?? 0, body: token.body ?? [] }
      case '<<<':
        return {
          kind: 'text',
          fd: token.fd ?? 0,
          body: [...target, { kind: 'text', text: '\n', quoted: true }],
        }
      default:
        return { kind: 'write', fd: token.fd ?? 1, target }
    }
  }

  private peek(): Token | undefined {
    return this.tokens[this.at]
  }

  private isOp(op: string): boolean {
    const token = this.peek()
    return token?.kind === 'op' && token.op === op
  }

  private takeOp(): string {
    const token = this.peek()
    this.at++
    return token?.kind === 'op' ? token.op : ''
  }

  private isWord(word: string): boolean {
    const token = this.peek()
    return token !== undefined && plainWord(token) === word
  }

  private expectOp(op: string): void {
    if (!this.isOp(op)) this.unexpected()
    this.at++
  }

  private expectWord(word: string): void {
    if (!this.isWord(word)) this.unexpected()
    this.at++
  }

  private unexpected(): never {
    const token = this.peek()
    if (token === undefined) throw new SyntaxProblem('bash: syntax error: unexpected end of file')
    const shown = token.kind === 'op' ? token.op : textOf(token.pieces)
    throw new SyntaxProblem(
      `bash: syntax error near unexpected token \`${shown === '\n' ? 'newline' : shown}'`,
    )
  }
}

function later(what: string, kind: string): SyntaxProblem {
  return new SyntaxProblem(`vipscope: \`${what}': ${kind} is not modelled yet`)
}

/** Text of a word that is one unquoted piece: only such words are reserved ones. */
function plainWord(token: Token): string | undefined {
  if (token.kind !== 'word' || token.pieces.length !== 1) return undefined
  const [piece] = token.pieces
  return piece?.kind === 'text' && !piece.quoted ? piece.text : undefined
}

function isNumber(word: Word): boolean {
  return /^\d$|^-$/.test(textOf(word))
}

function textOf(word: Word): string {
  return word.map((piece) => (piece.kind === 'text' ? piece.text : '$')).join('')
}

function readAssign(pieces: Word): Simple['assigns'][number] | undefined {
  const [first, ...rest] = pieces
  if (first?.kind !== 'text' || first.quoted) return undefined
  const m = /^([A-Za-z_]\w*)(\+?)=/.exec(first.text)
  if (!m) return undefined
  const value = first.text.slice(m[0].length)
  const head: Word = value === '' ? [] : [{ kind: 'text', text: value, quoted: false }]
  return { name: m[1] ?? '', append: m[2] === '+', value: [...head, ...rest] }
}
