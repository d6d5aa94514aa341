import { createStore } from 'zustand/vanilla'
import type { HostId } from '../../core/base/ids.ts'
import type { ShellView } from '../../engine/engine.ts'
import type { Session } from '../session/session.ts'
import { complete } from './completion.ts'
import { editedFile } from './edited-file.ts'
import { addLine, keepHistory, readHistory } from './history.ts'
import { readKeys, type TerminalKey } from './keys.ts'
import { knownOn } from './known.ts'
import { editLine, emptyLine, type LineKey, type LineState } from './line-editor.ts'
import { openFile } from './panes.ts'
import { transcript } from './transcript.ts'

export interface TypingState {
  line: LineState
  /** What Tab has found. */
  candidates: readonly string[]
  /** A line that waits for an answer: into the past or not. */
  asking: string | undefined
  /** Pieces before this one were wiped away (Ctrl-L). */
  clearedAt: number | undefined
}

export interface TypingActs {
  /** What the emulator sends: keys, pasted text. */
  onData: (data: string) => void
  /** Have a line at the prompt; it is not typed. */
  put: (line: string) => void
  /** Ctrl-C. */
  interrupt: () => void
  /** Where the line goes that waits. */
  answer: (where: 'here' | 'end' | 'no') => void
}

export const NO_SHELL: ShellView = { user: 'root', cwd: '/root', vars: [], commands: [] }

/** Takes keys, edits the line, types it. Lines that come while one runs wait for it. */
export class Typist {
  readonly state = createStore<TypingState>()(() => ({
    line: emptyLine(),
    candidates: [],
    asking: undefined,
    clearedAt: undefined,
  }))
  readonly acts: TypingActs
  private readonly session: Session
  private readonly host: HostId
  private history: readonly string[]
  private readonly waiting: string[] = []
  private running = false
  private shell = NO_SHELL
  private prompt = ''

  constructor(session: Session, host: HostId) {
    this.session = session
    this.host = host
    this.history = readHistory(host)
    this.acts = {
      onData: (data) => {
        for (const key of readKeys(data)) this.take(key)
      },
      put: (text) => this.edit({ key: 'set', text }),
      interrupt: () => this.interrupt(),
      answer: (where) => void this.answer(where),
    }
  }

  /** What completion and the prompt need. */
  know(shell: ShellView, prompt: string): void {
    this.shell = shell
    this.prompt = prompt
  }

  private take(key: TerminalKey): void {
    if (this.state.getState().candidates.length > 0) this.state.setState({ candidates: [] })
    switch (key.key) {
      case 'enter':
        this.enter()
        break
      case 'complete':
        this.complete()
        break
      case 'interrupt':
        this.interrupt()
        break
      case 'clear':
        this.clear()
        break
      case 'end-of-input':
        this.edit({ key: 'delete' })
        break
      default:
        this.edit(key)
    }
  }

  private edit(key: LineKey): void {
    this.state.setState(({ line }) => ({ line: editLine(line, key, this.history) }))
  }

  private takeLine(): string {
    const { line } = this.state.getState()
    this.state.setState({ line: emptyLine(line.killed) })
    return line.text.trim()
  }

  private clear(): void {
    const { k } = this.session.playhead.getState()
    this.state.setState({ clearedAt: transcript(this.session, this.host, k).length })
  }

  private enter(): void {
    const text = this.takeLine()
    if (text === '') return
    this.history = addLine(this.history, text)
    keepHistory(this.host, this.history)
    this.waiting.push(text)
    void this.typeNext()
  }

  private async typeNext(): Promise<void> {
    while (!this.running && this.state.getState().asking === undefined) {
      const line = this.waiting.shift()
      if (line === undefined) return
      const file = editedFile(line, this.shell.cwd)
      if (file !== undefined) openFile(this.host, file)
      else if (this.isPast()) this.state.setState({ asking: line })
      else await this.type(line)
    }
  }

  /** While other lines run one looks at the end anyhow, or will when time goes on. */
  private isPast(): boolean {
    return !this.session.player.isAtEnd() && !this.session.isTyping()
  }

  private async type(line: string): Promise<void> {
    this.running = true
    await this.session.type(this.host, line, this.prompt)
    this.running = false
  }

  private interrupt(): void {
    this.waiting.length = 0
    if (this.running) this.session.interrupt(this.host)
    else this.takeLine()
  }

  private async answer(where: 'here' | 'end' | 'no'): Promise<void> {
    const line = this.state.getState().asking
    if (line === undefined) return
    this.state.setState({ asking: undefined })
    if (where === 'no') {
      this.waiting.length = 0
      this.edit({ key: 'set', text: line })
      return
    }
    this.waiting.unshift(line)
    if (where === 'here') await this.session.forkHere()
    else this.session.player.toEnd()
    await this.typeNext()
  }

  private complete(): void {
    const { text, at } = this.state.getState().line
    const { words, common } = complete(text.slice(0, at), knownOn(this.session, this.host, this.shell))
    if (common !== '') this.edit({ key: 'text', text: common })
    this.state.setState({ candidates: words.length > 1 ? words : [] })
  }
}
