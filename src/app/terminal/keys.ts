import type { LineKey } from './line-editor.ts'

/** What a person does at a terminal, read from what a terminal emulator sends (xterm's sequences). */
export type TerminalKey = LineKey | { key: 'enter' | 'complete' | 'interrupt' | 'clear' | 'end-of-input' }

const SEQUENCES: Readonly<Record<string, TerminalKey['key']>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'complete',
  '\x03': 'interrupt',
  '\x04': 'end-of-input',
  '\x0c': 'clear',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '\x01': 'home',
  '\x1b[H': 'home',
  '\x1bOH': 'home',
  '\x05': 'end',
  '\x1b[F': 'end',
  '\x1bOF': 'end',
  '\x02': 'left',
  '\x1b[D': 'left',
  '\x1bOD': 'left',
  '\x06': 'right',
  '\x1b[C': 'right',
  '\x1bOC': 'right',
  '\x10': 'up',
  '\x1b[A': 'up',
  '\x1bOA': 'up',
  '\x0e': 'down',
  '\x1b[B': 'down',
  '\x1bOB': 'down',
  '\x1b[3~': 'delete',
  '\x0b': 'killEnd',
  '\x15': 'killStart',
  '\x17': 'killWord',
  '\x1b\x7f': 'killWordLeft',
  '\x1bd': 'killWordRight',
  '\x1bb': 'wordLeft',
  '\x1b[1;5D': 'wordLeft',
  '\x1b[1;3D': 'wordLeft',
  '\x1bf': 'wordRight',
  '\x1b[1;5C': 'wordRight',
  '\x1b[1;3C': 'wordRight',
  '\x19': 'yank',
  '\x14': 'transpose',
  '\x12': 'search',
  '\x07': 'cancel',
}

/** Keys in the order in which they came. Pasted text comes in one piece: its line ends are Enter. Unknown keys are none. */
export function readKeys(data: string): TerminalKey[] {
  const known = SEQUENCES[data]
  if (known !== undefined) return [{ key: known } as TerminalKey]
  if (data.startsWith('\x1b')) return []
  const keys: TerminalKey[] = []
  for (const [i, piece] of data.split(/\r\n|\r|\n/).entries()) {
    if (i > 0) keys.push({ key: 'enter' })
    // a tab in pasted text is a blank, not a wish for completion
    // eslint-disable-next-line no-control-regex -- they are what is taken out
    const text = piece.replaceAll('\t', ' ').replaceAll(/[\x00-\x1f\x7f]/g, '')
    if (text !== '') keys.push({ key: 'text', text })
  }
  return keys
}
