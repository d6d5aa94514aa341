import { useEffect, useMemo, useState } from 'react'
import type { HostId } from '../../core/base/ids.ts'
import type { ShellView } from '../../engine/engine.ts'
import type { Session } from '../session/session.ts'
import { useScene, useSessionState } from '../session/context.tsx'
import { complete } from './completion.ts'
import { addLine, keepHistory, readHistory } from './history.ts'
import { readKeys, type TerminalKey } from './keys.ts'
import { knownOn } from './known.ts'
import { editLine, emptyLine, type LineState } from './line-editor.ts'
import { editedFile } from './edited-file.ts'
import { openFile } from './panes.ts'
import { promptText } from './prompt.ts'
import { transcript } from './transcript.ts'

/** A host's prompt: the line being written, and what becomes of it. */
export interface Typing {
  prompt: string
  line: LineState
  /** What Tab has found. */
  candidates: readonly string[]
  /** A line that waits for an answer: into the past or not. */
  asking: string | undefined
  /** Pieces before this one were wiped away (Ctrl-L). */
  clearedAt: number | undefined
  onData: (data: string) => void
  put: (line: string) => void
  interrupt: () => void
  answer: (where: 'here' | 'end' | 'no') => void
}

const NO_SHELL: ShellView = { user: 'root', cwd: '/root', vars: [], commands: [] }

export function useTyping(host: HostId): Typing {
  const { session } = useScene()
  const shell = useShell(session, host)
  const [, render] = useState(0)
  const prompt = promptText(host, shell)
  const typist = useMemo(() => new Typist(session, host, () => render((n) => n + 1)), [session, host])
  useEffect(() => {
    typist.shell = shell
    typist.prompt = prompt
  })
  const { line, candidates, asking, clearedAt } = typist
  return useMemo(
    () => ({ ...typist.acts, prompt, line, candidates, asking, clearedAt }),
    [typist, prompt, line, candidates, asking, clearedAt],
  )
}

/** What the shell knows, asked again after each line. */
function useShell(session: Session, host: HostId): ShellView {
  const running = useSessionState((s) => s.typing[host] !== undefined || s.busy)
  const [shell, setShell] = useState(NO_SHELL)
  useEffect(() => {
    if (running) return
    let gone = false
    session.engine
      .shell(host)
      .then((view) => {
        if (!gone) setShell(view)
      })
      // the engine tells of its failure itself
      .catch(() => undefined)
    return () => {
      gone = true
    }
  }, [session, host, running])
  return shell
}

/** Takes keys, edits the line, types it. Lines that come while one runs wait for it. */
class Typist {
  line: LineState = emptyLine()
  candidates: readonly string[] = []
  asking: string | undefined
  clearedAt: number | undefined
  shell: ShellView = NO_SHELL
  prompt = ''
  readonly acts: Pick<Typing, 'onData' | 'put' | 'interrupt' | 'answer'>
  private history: readonly string[]
  private readonly waiting: string[] = []
  private running = false

  constructor(
    private readonly session: Session,
    private readonly host: HostId,
    private readonly render: () => void,
  ) {
    this.history = readHistory(host)
    this.acts = {
      onData: (data) => {
        for (const key of readKeys(data)) this.take(key)
        this.render()
      },
      put: (text) => {
        this.line = editLine(this.line, { key: 'set', text }, this.history)
        this.render()
      },
      interrupt: () => {
        this.interrupt()
      },
      answer: (where) => void this.answer(where),
    }
  }

  private take(key: TerminalKey): void {
    this.candidates = []
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
        this.clearedAt = transcript(this.session, this.host, this.session.playhead.getState().k).length
        break
      case 'end-of-input':
        if (this.line.text !== '') this.line = editLine(this.line, { key: 'delete' }, this.history)
        break
      default:
        this.line = editLine(this.line, key, this.history)
    }
  }

  private enter(): void {
    const text = this.line.text.trim()
    this.line = emptyLine(this.line.killed)
    if (text === '') return
    this.history = addLine(this.history, text)
    keepHistory(this.host, this.history)
    this.waiting.push(text)
    void this.typeNext()
  }

  private async typeNext(): Promise<void> {
    if (this.running || this.asking !== undefined) return
    const line = this.waiting.shift()
    if (line === undefined) return
    const file = editedFile(line, this.shell.cwd)
    if (file !== undefined) openFile(this.host, file)
    else if (this.isPast()) this.asking = line
    else await this.type(line)
    this.render()
    if (this.waiting.length > 0) void this.typeNext()
  }

  /** What others type now makes no past of it: then one looks at the end anyhow. */
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
    else this.line = emptyLine(this.line.killed)
    this.render()
  }

  private async answer(where: 'here' | 'end' | 'no'): Promise<void> {
    const line = this.asking
    this.asking = undefined
    if (line === undefined) return
    if (where === 'no') this.waiting.length = 0
    if (where === 'no') this.line = editLine(this.line, { key: 'set', text: line }, this.history)
    if (where === 'here') await this.session.forkHere()
    if (where !== 'no') this.waiting.unshift(line)
    if (where === 'end') this.session.player.toEnd()
    this.render()
    await this.typeNext()
  }

  private complete(): void {
    const { text, at } = this.line
    const known = knownOn(this.session, this.host, this.shell)
    const { words, common } = complete(text.slice(0, at), known)
    if (common !== '') this.line = editLine(this.line, { key: 'text', text: common }, this.history)
    if (words.length > 1) this.candidates = words
  }
}
