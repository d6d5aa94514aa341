/**
 * The shape of a command line, as far as bash's grammar is modelled (POSIX.1-2017, XCU 2.9): simple commands with
 * assignments and redirections, pipelines, lists, groups, `for`, `while`, `until` and `if`.
 */

/** Part of a word. `quoted`: stands in quotes, so that it is never split into several words. */
export type Piece =
  | { kind: 'text'; text: string; quoted: boolean }
  /** `$name`, `${name}`, `${name:-otherwise}`, `${#name}`; the name may be `?`, `#`, `@`, `$`, `!` or a digit. */
  | {
      kind: 'param'
      name: string
      quoted: boolean
      length: boolean
      otherwise: { op: ':-' | '-' | ':=' | ':+'; pieces: Piece[] } | null
    }
  /** `$(line)` or backquotes. */
  | { kind: 'command'; line: string; quoted: boolean }
  /** `$((expression))`. */
  | { kind: 'arith'; expression: string; quoted: boolean }

export type Word = Piece[]

/** `fd` is what is redirected; a copy (`2>&1`) names another one in its target. */
export type Redirection =
  | { kind: 'read' | 'write' | 'append' | 'copy'; fd: number; target: Word }
  /** `&>` and `&>>`: output and errors together. */
  | { kind: 'both'; append: boolean; target: Word }
  /** A here document or here string. */
  | { kind: 'text'; fd: number; body: Word }

export type Connector = ';' | '&&' | '||'

export interface Item {
  /** How it depends on the status of the item before it. */
  after: Connector
  node: Node
  /** Ended by `&`. */
  background: boolean
}

export type Node = Simple | Pipeline | Loop | Repeat | Choice | Group

export interface Simple {
  kind: 'simple'
  assigns: { name: string; value: Word; append: boolean }[]
  words: Word[]
  redirections: Redirection[]
}

export interface Pipeline {
  kind: 'pipeline'
  /** `!` before it. */
  negated: boolean
  /** At least one; `withErrors`: `|&` leads out of it. */
  stages: { node: Node; withErrors: boolean }[]
}

interface Compound {
  redirections: Redirection[]
}

/** `for NAME in WORDS; do BODY; done`. */
export interface Loop extends Compound {
  kind: 'for'
  name: string
  words: Word[]
  body: Item[]
}

/** `while` and `until`. */
export interface Repeat extends Compound {
  kind: 'while'
  until: boolean
  condition: Item[]
  body: Item[]
}

export interface Choice extends Compound {
  kind: 'if'
  arms: { condition: Item[]; body: Item[] }[]
  otherwise: Item[] | null
}

/** `{ ...; }`, or `( ... )`, which keeps its variables to itself. */
export interface Group extends Compound {
  kind: 'group'
  subshell: boolean
  body: Item[]
}
