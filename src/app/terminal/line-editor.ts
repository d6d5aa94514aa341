/**
 * The line at the prompt, edited as readline does with its Emacs keys (readline(3)). Pure: a key gives the next state. One
 * difference: the kill ring holds one entry, the last one killed.
 */
export interface LineState {
  text: string
  /** Characters before the cursor. */
  at: number
  /** What Ctrl-Y brings back. */
  killed: string
  /** Lines back in the history; 0 = the line being written, which `draft` keeps meanwhile. */
  back: number
  draft: string
  /** Ctrl-R: what is looked for; `found` lines back, 0 = nothing found yet. */
  search: { query: string; found: number; failed: boolean } | undefined
}

export type LineKey =
  { key: 'text'; text: string } | { key: EditKey } | { key: 'set'; text: string; at?: number }

export type EditKey =
  | ('left' | 'right' | 'home' | 'end' | 'wordLeft' | 'wordRight' | 'backspace' | 'delete' | 'yank')
  | ('killEnd' | 'killStart' | 'killWord' | 'killWordLeft' | 'killWordRight' | 'transpose')
  | ('up' | 'down' | 'search' | 'cancel')

export function emptyLine(killed = ''): LineState {
  return { text: '', at: 0, killed, back: 0, draft: '', search: undefined }
}

/** The line after a key. `history`: oldest first. */
export function editLine(state: LineState, key: LineKey, history: readonly string[]): LineState {
  if (key.key === 'set') return { ...state, text: key.text, at: key.at ?? key.text.length, search: undefined }
  if (state.search) return searchLine(state, key, history)
  if (key.key === 'text') return insert(state, key.text)
  return EDITS[key.key](state, history)
}

type Edit = (state: LineState, history: readonly string[]) => LineState

const EDITS: Readonly<Record<EditKey, Edit>> = {
  left: (s) => ({ ...s, at: Math.max(0, s.at - 1) }),
  right: (s) => ({ ...s, at: Math.min(s.text.length, s.at + 1) }),
  home: (s) => ({ ...s, at: 0 }),
  end: (s) => ({ ...s, at: s.text.length }),
  wordLeft: (s) => ({ ...s, at: wordStart(s) }),
  wordRight: (s) => ({ ...s, at: wordEnd(s) }),
  backspace: (s) => cut(s, s.at - 1, s.at, false),
  delete: (s) => cut(s, s.at, s.at + 1, false),
  killEnd: (s) => cut(s, s.at, s.text.length),
  killStart: (s) => cut(s, 0, s.at),
  // Ctrl-W takes what stands between blanks, Alt-Backspace and Alt-D take letters and digits
  killWord: (s) => cut(s, s.at - (/\S+\s*$/.exec(s.text.slice(0, s.at))?.[0].length ?? s.at), s.at),
  killWordLeft: (s) => cut(s, wordStart(s), s.at),
  killWordRight: (s) => cut(s, s.at, wordEnd(s)),
  yank: (s) => insert(s, s.killed),
  transpose: swapTwo,
  up: (s, history) => goBack(s, history, s.back + 1),
  down: (s, history) => goBack(s, history, s.back - 1),
  search: (s) => ({ ...s, search: { query: '', found: 0, failed: false } }),
  cancel: (s) => emptyLine(s.killed),
}

function insert(state: LineState, text: string): LineState {
  const { at } = state
  return { ...state, text: state.text.slice(0, at) + text + state.text.slice(at), at: at + text.length }
}

function cut(state: LineState, from: number, to: number, keep = true): LineState {
  const start = Math.max(0, from)
  const gone = state.text.slice(start, to)
  if (gone === '') return state
  const text = state.text.slice(0, start) + state.text.slice(to)
  return { ...state, text, at: start, killed: keep ? gone : state.killed }
}

function wordStart({ text, at }: LineState): number {
  return at - (/[\p{L}\p{N}]+[^\p{L}\p{N}]*$/u.exec(text.slice(0, at))?.[0].length ?? at)
}

function wordEnd({ text, at }: LineState): number {
  const found = /^[^\p{L}\p{N}]*[\p{L}\p{N}]+/u.exec(text.slice(at))
  return found ? at + found[0].length : text.length
}

function swapTwo(state: LineState): LineState {
  const { text, at } = state
  if (at === 0 || text.length < 2) return state
  const right = Math.min(at, text.length - 1)
  const swapped = text.slice(0, right - 1) + text.slice(right, right + 1) + text.slice(right - 1, right)
  return { ...state, text: swapped + text.slice(right + 1), at: right + 1 }
}

function goBack(state: LineState, history: readonly string[], back: number): LineState {
  if (back < 0 || back > history.length) return state
  const draft = state.back === 0 ? state.text : state.draft
  const text = back === 0 ? draft : (history[history.length - back] ?? '')
  return { ...state, text, at: text.length, back, draft }
}

/** Reverse incremental search: letters narrow it, Ctrl-R goes on, any other key takes what was found. */
function searchLine(state: LineState, key: LineKey, history: readonly string[]): LineState {
  const search = state.search ?? { query: '', found: 0, failed: false }
  if (key.key === 'text') return look(state, search.query + key.text, Math.max(search.found, 1), history)
  if (key.key === 'search') return look(state, search.query, search.found + 1, history)
  if (key.key === 'backspace') return look(state, search.query.slice(0, -1), 1, history)
  if (key.key === 'cancel') return { ...state, search: undefined }
  const taken = { ...state, search: undefined }
  return key.key === 'set' ? taken : EDITS[key.key](taken, history)
}

function look(state: LineState, query: string, from: number, history: readonly string[]): LineState {
  for (let back = from; query !== '' && back <= history.length; back++) {
    const text = history[history.length - back] ?? ''
    const at = text.indexOf(query)
    if (at < 0) continue
    const draft = state.back === 0 ? state.text : state.draft
    return { ...state, text, at, back, draft, search: { query, found: back, failed: false } }
  }
  const found = state.search?.found ?? 0
  return { ...state, search: { query, found, failed: query !== '' } }
}
