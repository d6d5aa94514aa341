import { useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { HostId } from '../../core/base/ids.ts'
import { useTerminalPx } from '../terminal/use-look.ts'
import { useScene, useSessionState, useWords } from '../session/context.tsx'
import { checkOf, type Problem, problemsOf, writeCommand } from './checks.ts'
import { diffLines } from './diff.ts'
import { draftKey, drafts, setDraft } from './drafts.ts'
import { createFileEditor, type FileEditor } from './file-editor.ts'

interface Props {
  host: HostId
  path: string
  /** As it is on the host at the end of the run. */
  onHost: string
  /** As it was at boot; undefined when it did not exist. */
  original: string | undefined
  onClose: () => void
}

/** One file, edited beside what it was. Saving types a command on the host, then the daemon's own check is asked. */
export function OneFile({ host, path, onHost, original = '', onClose }: Props) {
  const { ui } = useWords()
  const key = draftKey(host, path)
  const draft = useStore(drafts, (all) => all[key])
  const text = draft ?? onHost
  const latest = (): string => drafts.getState()[key] ?? onHost
  const [beside, setBeside] = useState(true)
  const { problems, said, save, ready } = useSaving({ host, path })
  const diff = useMemo(() => diffLines(original, text), [original, text])
  const px = useTerminalPx()
  const marks = beside ? diff.added : NOWHERE
  return (
    <div className="one-file">
      <div className="file-acts">
        <button
          type="button"
          className="btn main"
          disabled={!ready || draft === undefined}
          title={ui.files.saveKey}
          onClick={save}
        >
          {ui.files.save}
        </button>
        <button
          type="button"
          className="btn"
          disabled={draft === undefined}
          onClick={() => setDraft(key, onHost, onHost)}
        >
          {ui.files.revert}
        </button>
        <button type="button" className="btn quiet" aria-pressed={beside} onClick={() => setBeside(!beside)}>
          {ui.files.sideBySide}
        </button>
        <span className="muted">{ui.files.changed(Math.max(diff.added.length, diff.removed.length))}</span>
        <span className="muted">{ui.files.leave}</span>
        <span className="spacer" />
        <button type="button" className="btn quiet" onClick={onClose}>
          {ui.files.close}
        </button>
      </div>
      <div className="file-sides" style={{ fontSize: px }}>
        <Side
          label={ui.files.edit(path)}
          text={text}
          lines={marks}
          problems={problems}
          latest={latest}
          onChange={(to) => setDraft(key, to, onHost)}
          onSave={save}
        />
        {beside ? (
          <Side label={ui.files.original(path)} text={original} lines={diff.removed} problems={NO_PROBLEMS} />
        ) : null}
      </div>
      <Said text={said} problems={problems} />
    </div>
  )
}

/** What the daemon's own check has answered. */
function Said({ text, problems }: { text: string; problems: readonly Problem[] }) {
  return (
    <div role="status" className="file-said">
      {text === '' ? null : <p>{text}</p>}
      {problems.map((problem, i) => (
        <p key={i} className="fault">
          <code>{problem.text}</code>
        </p>
      ))}
    </div>
  )
}

const NOWHERE: readonly number[] = []
const NO_PROBLEMS: readonly Problem[] = []

function useSaving({ host, path }: { host: HostId; path: string }) {
  const { ui } = useWords()
  const { session } = useScene()
  const ready = useSessionState((s) => s.phase === 'ready' && !s.busy && s.typing[host] === undefined)
  const [problems, setProblems] = useState(NO_PROBLEMS)
  const [said, setSaid] = useState('')
  async function write(text: string): Promise<void> {
    const ended = text === '' || text.endsWith('\n') ? text : `${text}\n`
    await session.exec([{ host, sh: writeCommand(path, ended) }], { watch: false })
    setDraft(draftKey(host, path), ended, ended)
    const check = checkOf(path)
    const answer = check && (await session.engine.probe(host, check.line))
    const found = answer ? problemsOf(path, answer) : []
    setProblems(found)
    const isChecked = answer !== undefined && answer.status !== 127
    const verdict = found.length > 0 ? ui.files.wrong : ui.files.checkedBy
    setSaid(isChecked ? `${ui.files.saved} ${verdict(check?.line ?? '')}` : ui.files.saved)
  }
  const save = (): void => {
    // the page may be a letter behind what was written
    const text = drafts.getState()[draftKey(host, path)]
    if (ready && text !== undefined) void write(text)
  }
  return { problems, said, save, ready }
}

interface SideProps {
  label: string
  text: string
  lines: readonly number[]
  problems: readonly Problem[]
  /** What was written last: the page may be a letter behind it. */
  latest?: () => string
  onChange?: (text: string) => void
  onSave?: () => void
}

/** One editor: made once, told what has changed. */
function Side({ label, text, lines, problems, latest, onChange, onSave }: SideProps) {
  const box = useRef<HTMLDivElement>(null)
  const editor = useRef<FileEditor>(undefined)
  const acts = useRef({ latest, onChange, onSave })
  useEffect(() => {
    acts.current = { latest, onChange, onSave }
  })
  const readOnly = onChange === undefined
  useEffect(() => {
    if (box.current === null) return
    const made = createFileEditor(box.current, {
      label,
      readOnly,
      onChange: (to) => acts.current.onChange?.(to),
      onSave: () => acts.current.onSave?.(),
    })
    editor.current = made
    if (!readOnly) made.focus()
    return () => made.destroy()
  }, [label, readOnly])
  useEffect(() => {
    editor.current?.setText(acts.current.latest?.() ?? text)
    editor.current?.mark(lines, problems)
  }, [text, lines, problems, label])
  return (
    <div className="file-side">
      <p className="muted">{label}</p>
      <div className="file-text" ref={box} />
    </div>
  )
}
