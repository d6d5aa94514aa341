import type { Owners } from '../model/owners.ts'
import { BOLD, inkFailed, inkOutput, plainText, QUIET } from './ink.ts'
import type { Piece } from './transcript.ts'

interface Printing {
  owners: Owners
  /** Prompt of lines whose own is not known, and of the line that runs. */
  prompt: string
  byKnob: string
}

/** The pieces as a terminal shows them: addresses in their owners' looks, what a control has typed marked as a comment. */
export function screenText(pieces: readonly Piece[], printing: Printing): string {
  return pieces.map((piece) => pieceText(piece, printing)).join('')
}

function pieceText(piece: Piece, { owners, prompt, byKnob }: Printing): string {
  if (piece.kind === 'stray') return ended(inkOutput(piece.text, owners))
  const mark = piece.by === 'knob' ? QUIET(`  # ${byKnob}`) : ''
  if (piece.kind === 'open') return typedLine(prompt, piece.line, mark) + inkOutput(piece.output, owners)
  const { entry } = piece
  const head = typedLine(piece.prompt ?? prompt, entry.line, mark)
  if (entry.output === '') return head
  return (
    head +
    ended(
      FINE.has(entry.status) || entry.open ? inkOutput(entry.output, owners) : failed(entry.output, owners),
    )
  )
}

/** Ctrl-C is no failure. */
const FINE: ReadonlySet<number> = new Set([0, 130])

/** A line of several lines, a here document say, shows the shell's second prompt. */
function typedLine(prompt: string, line: string, mark: string): string {
  const [first = '', ...others] = line.split('\n')
  return `${QUIET(prompt)}${BOLD(first)}${mark}\n${others.map((other) => `${QUIET('> ')}${BOLD(other)}\n`).join('')}`
}

function failed(output: string, owners: Owners): string {
  const lines = output.replace(/\n$/, '').split('\n')
  const last = lines.pop() ?? ''
  return [...lines.map((line) => inkOutput(line, owners)), last === '' ? '' : inkFailed(last)].join('\n')
}

/** The prompt begins at the left edge, whatever was printed. */
function ended(text: string): string {
  return text === '' || text.endsWith('\n') || text.endsWith('\x1b[3J') ? text : `${text}\n`
}

/** The same for those who listen: the last pieces, without looks. */
export function spokenText(pieces: readonly Piece[], prompt: string): string[] {
  return pieces.slice(-SPOKEN).flatMap((piece) => {
    if (piece.kind === 'stray') return plainText(piece.text).split('\n')
    const line = piece.kind === 'open' ? piece.line : piece.entry.line
    const output = piece.kind === 'open' ? piece.output : piece.entry.output
    return [prompt + line, ...plainText(output).replace(/\n$/, '').split('\n')]
  })
}

const SPOKEN = 40
