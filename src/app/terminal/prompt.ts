import { BOLD, QUIET } from './ink.ts'
import type { LineState } from './line-editor.ts'

/** The prompt of a root shell as Debian has it: user, host, folder. */
export function promptText(host: string, { user, cwd }: { user: string; cwd: string }): string {
  const home = user === 'root' ? '/root' : `/home/${user}`
  const folder = cwd === home ? '~' : cwd.startsWith(`${home}/`) ? `~${cwd.slice(home.length)}` : cwd
  return `${user}@${host}:${folder}${user === 'root' ? '#' : '$'} `
}

/** A drawn prompt: what is written, and in which row of its own the cursor then stands. */
export interface DrawnPrompt {
  text: string
  row: number
}

/** Prompt and line on a screen of `columns`, with the cursor where it belongs. It begins at the left edge. */
export function drawPrompt(prompt: string, state: LineState, columns: number): DrawnPrompt {
  const head = state.search ? searchHead(state.search) : prompt
  const all = cellsOf(head) + cellsOf(state.text)
  const at = cellsOf(head) + cellsOf(state.text.slice(0, state.at))
  const row = Math.floor(at / columns)
  const lastRow = Math.floor(all / columns)
  // a full row leaves the cursor on its last cell: a blank takes it to the next
  const wrap = all > 0 && all % columns === 0 ? ' \r' : ''
  const up = lastRow > row ? `\x1b[${lastRow - row}A` : ''
  const right = at % columns > 0 ? `\x1b[${at % columns}C` : ''
  return { text: `${QUIET(head)}${BOLD(state.text)}${wrap}${up}\r${right}`, row }
}

/** Takes a drawn prompt away; the cursor stands where it began. */
export function erasePrompt({ row }: DrawnPrompt): string {
  return `${row > 0 ? `\x1b[${row}A` : ''}\r\x1b[J`
}

function searchHead({ query, failed }: { query: string; failed: boolean }): string {
  return `(${failed ? 'failed ' : ''}reverse-i-search)\`${query}': `
}

/** Cells of a text: wide letters of East Asian scripts take two (Unicode Standard Annex 11, W and F, the usual blocks). */
export function cellsOf(text: string): number {
  let cells = 0
  for (const letter of text) cells += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(letter) ? 2 : 1 // prettier-ignore
  return cells
}
