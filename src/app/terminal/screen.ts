import { FitAddon } from '@xterm/addon-fit'
import { type ILink, type ITheme, Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import type { LineState } from './line-editor.ts'
import { type DrawnPrompt, drawPrompt, erasePrompt } from './prompt.ts'

/** What stands on a screen. */
export interface ScreenModel {
  /** All that was printed, with escapes; usually what it was and something more. */
  text: string
  /** None while a line runs. */
  prompt: { head: string; state: LineState } | undefined
  theme: ITheme
  fontPx: number
  readAloud: boolean
  /** Of several terminals, the one that a key of the page turns to. */
  active: boolean
}

/** A stretch of a row that can be pointed at. Characters of the row, the end not included. */
export interface RowLink {
  from: number
  to: number
  onHover?: (on: boolean) => void
  onClick?: () => void
}

export interface ScreenOptions {
  label: string
  onData: (data: string) => void
  onFocus: () => void
  /** `below`: how many rows of the same text stand further down. */
  linksOf: (row: string, below: number) => readonly RowLink[]
  /** Keys that are not the terminal's: true = let the page have it. */
  isForPage: (event: KeyboardEvent) => boolean
}

export interface Screen {
  update: (model: ScreenModel) => void
  focus: () => void
  destroy: () => void
}

const FONT = "'JetBrains Mono', 'Noto Sans SC', monospace"

/** A terminal emulator that shows a model: what is new is appended, what has become another text is written anew. */
export function createScreen(root: HTMLElement, options: ScreenOptions): Screen {
  const term = new Terminal({
    allowProposedApi: true,
    fontFamily: FONT,
    fontSize: 13,
    lineHeight: 1.2,
    scrollback: 5000,
    cursorBlink: false,
    cursorStyle: 'block',
    cursorInactiveStyle: 'outline',
    drawBoldTextInBrightColors: false,
    convertEol: true,
    macOptionIsMeta: true,
  })
  const fit = new FitAddon()
  term.loadAddon(fit)
  term.open(root)
  term.textarea?.setAttribute('aria-label', options.label)
  term.textarea?.addEventListener('focus', options.onFocus)
  term.onData(options.onData)
  term.attachCustomKeyEventHandler((event) => !takesKey(term, event) && !options.isForPage(event))
  const links = term.registerLinkProvider({
    provideLinks: (y, tell) => {
      tell(linksAt(term, y - 1, options))
    },
  })

  let model: ScreenModel | undefined
  let written = ''
  let drawn: DrawnPrompt | undefined
  const writeAll = (): void => {
    term.reset()
    written = ''
    drawn = undefined
    if (model) show(model)
  }
  const show = (next: ScreenModel): void => {
    if (!next.text.startsWith(written)) {
      term.reset()
      written = ''
      drawn = undefined
    }
    const more = next.text.slice(written.length)
    const before = drawn ? erasePrompt(drawn) : ''
    drawn = next.prompt && drawPrompt(next.prompt.head, next.prompt.state, term.cols)
    term.write(before + more + (drawn?.text ?? '\x1b[?25l') + (drawn ? '\x1b[?25h' : ''))
    written = next.text
  }
  const sized = new ResizeObserver(() => {
    const { cols, rows } = term
    fit.fit()
    if (term.cols !== cols || term.rows !== rows) writeAll()
  })
  sized.observe(root)
  // cells are measured with the font that is there
  void document.fonts.load(`13px ${FONT}`).then(() => {
    term.options.fontFamily = `${FONT}, monospace`
    fit.fit()
    writeAll()
  })

  return {
    update: (next) => {
      if (next.theme !== model?.theme) term.options.theme = next.theme
      if (next.readAloud !== model?.readAloud) term.options.screenReaderMode = next.readAloud
      if (term.textarea) term.textarea.id = next.active ? 'terminal-input' : ''
      const sizes = next.fontPx !== model?.fontPx
      model = next
      if (!sizes) {
        show(next)
        return
      }
      term.options.fontSize = next.fontPx
      fit.fit()
      writeAll()
    },
    focus: () => {
      term.focus()
    },
    destroy: () => {
      sized.disconnect()
      links.dispose()
      term.dispose()
    },
  }
}

/** Copy and paste are the browser's; Ctrl-C copies when something is marked. */
function takesKey(term: Terminal, event: KeyboardEvent): boolean {
  if (event.type !== 'keydown') return false
  const key = event.key.toLowerCase()
  const withControl = event.ctrlKey || event.metaKey
  if (withControl && key === 'v') return true
  if (withControl && key === 'c' && (event.shiftKey || term.hasSelection())) {
    void navigator.clipboard.writeText(term.getSelection()).catch(() => undefined)
    term.clearSelection()
    event.preventDefault()
    return true
  }
  return false
}

/** Links of the line that row `y` of the buffer belongs to: a long line goes over several rows. */
function linksAt(term: Terminal, y: number, options: ScreenOptions): ILink[] | undefined {
  const { buffer, cols } = term
  let first = y
  while (first > 0 && buffer.active.getLine(first)?.isWrapped === true) first--
  const text = lineFrom(term, first)
  if (text.trim() === '') return undefined
  let below = 0
  for (let row = first + 1; row < buffer.active.length; row++)
    if (buffer.active.getLine(row)?.isWrapped === false && lineFrom(term, row) === text) below++
  return options.linksOf(text, below).map(({ from, to, onHover, onClick }) => ({
    text: text.slice(from, to),
    range: {
      start: { x: (from % cols) + 1, y: first + Math.floor(from / cols) + 1 },
      end: { x: ((to - 1) % cols) + 1, y: first + Math.floor((to - 1) / cols) + 1 },
    },
    decorations: { underline: false, pointerCursor: onClick !== undefined },
    activate: () => onClick?.(),
    hover: () => onHover?.(true),
    leave: () => onHover?.(false),
  }))
}

function lineFrom(term: Terminal, first: number): string {
  const { active } = term.buffer
  let text = active.getLine(first)?.translateToString(true) ?? ''
  for (let row = first + 1; active.getLine(row)?.isWrapped === true; row++)
    text += active.getLine(row)?.translateToString(true) ?? ''
  return text
}
