import type { Result } from '../base/result.ts'
import { bad, ok } from '../base/result.ts'
import type { Piece, Token } from './tokens.ts'
import { tokenize } from './tokens.ts'

/**
 * The part of bash's grammar that is modelled: simple commands joined by `;` `&&` `||` `&`. Pipes, redirections,
 * expansions and compound commands are recognised, so that they are refused by name and never taken for plain words.
 */
export type Connector = ';' | '&&' | '||'

export interface Simple {
  /** How it depends on the status of the command before it. */
  after: Connector
  words: Piece[][]
  /** Ended by `&`. */
  background: boolean
}

const RESERVED = new Set(
  'if then else elif fi case esac for select while until do done in function { } [[ ]] ! time coproc'.split(
    ' ',
  ),
)
const LATER: Record<string, string> = {
  '|': 'a pipe',
  '|&': 'a pipe',
  '<': 'a redirection',
  '>': 'a redirection',
  '>>': 'a redirection',
  '<<': 'a here document',
  '<<<': 'a here string',
  '<&': 'a redirection',
  '>&': 'a redirection',
  '&>': 'a redirection',
  '&>>': 'a redirection',
  '<>': 'a redirection',
  '>|': 'a redirection',
  '(': 'a subshell',
  ')': 'a subshell',
}

/** Split a line into commands. The error is one or two lines as bash prints them, or names what is not modelled. */
export function parseLine(line: string): Result<Simple[]> {
  const tokens = tokenize(line)
  if (!tokens.ok) return tokens
  const items: Simple[] = []
  let words: Piece[][] = []
  let after: Connector = ';'
  /** An operator that needs a command after it. */
  let open = false
  for (const token of tokens.value) {
    if (token.kind === 'word') {
      const refused = words.length === 0 ? refuseFirst(token) : undefined
      if (refused !== undefined) return bad(refused)
      words.push(token.pieces)
      continue
    }
    const later = LATER[token.op]
    if (later !== undefined) return bad(notModelled(token.op, later))
    if (words.length === 0 || token.op === ';;') {
      if (token.op === '\n') continue
      return bad(`bash: syntax error near unexpected token \`${token.op}'`)
    }
    const background = token.op === '&'
    if (background && after !== ';') return bad(notModelled('&', 'running a list in the background'))
    items.push({ after, words, background })
    words = []
    open = token.op === '&&' || token.op === '||'
    after = token.op === '&&' || token.op === '||' ? token.op : ';'
  }
  if (words.length > 0) items.push({ after, words, background: false })
  else if (open) return bad('bash: syntax error: unexpected end of file')
  return ok(items)
}

/** Words that begin a compound command, an assignment or a function cannot be taken for the name of a command. */
function refuseFirst(token: Token & { kind: 'word' }): string | undefined {
  const [first] = token.pieces
  if (first === undefined || first.kind !== 'text' || first.quoted) return undefined
  if (token.pieces.length === 1 && RESERVED.has(first.text))
    return notModelled(first.text, 'a compound command')
  if (/^[A-Za-z_]\w*\+?=/.test(first.text)) return notModelled(first.text, 'a shell variable')
  return undefined
}

function notModelled(what: string, kind: string): string {
  return `vipscope: \`${what}': ${kind} is not modelled yet`
}
