import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { HostId } from '../../core/base/ids.ts'
import { terminalEntries, type TerminalEntry } from '../model/terminal-entries.ts'
import { Plate } from '../parts/plate.tsx'
import { Segmented } from '../parts/segmented.tsx'
import { Tokenized } from '../parts/tokenized.tsx'
import { useK, useRevision, useScene, useSessionState, useWords } from '../session/context.tsx'

/** Older entries stay in the Log; this many are kept in the page. */
const SHOWN = 200

/** A command line on each host. What it prints is what the run holds up to the playhead. */
export function Terminal() {
  const { ui } = useWords()
  const { session, owners } = useScene()
  const selected = useSessionState((s) => s.selectedHost)
  const host = selected ?? owners.hosts[0] ?? ''
  return (
    <div className="terminal">
      <div className="terminal-hosts">
        <Segmented
          label={ui.dock.host}
          value={host}
          segments={owners.hosts.map((value) => ({
            value,
            name: value,
            title: value,
            label: <Plate code={owners.codeOf(value)} size="list" />,
          }))}
          onChoose={session.select}
        />
      </div>
      <Screen key={host} host={host} />
    </div>
  )
}

function Screen({ host }: { host: HostId }) {
  const { ui } = useWords()
  const { session } = useScene()
  const k = useK()
  useRevision()
  const [pending, setPending] = useState<string | undefined>(undefined)
  const end = useRef<HTMLDivElement>(null)
  const entries = terminalEntries(session.run, session.lists.commands, host, k)
  const shown = entries.slice(-SHOWN)
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'end' })
  }, [entries.length, pending])

  async function type(line: string): Promise<void> {
    setPending(line)
    await session.exec([{ host, sh: line }], { watch: false })
    setPending(undefined)
  }

  return (
    <div className="screen" role="log" aria-label={`${ui.dock.tabs.terminal}: ${host}`} tabIndex={0}>
      {entries.length === 0 ? <p className="muted">{ui.dock.terminalHint}</p> : null}
      {shown.map((entry) => (
        <Entry key={entry.note} host={host} entry={entry} />
      ))}
      {pending === undefined ? (
        <Prompt host={host} history={entries.map((entry) => entry.line)} onType={(line) => void type(line)} />
      ) : (
        <p>
          <span className="prompt">[{host}]#</span> <b>{pending}</b> …
        </p>
      )}
      <div ref={end} />
    </div>
  )
}

function Entry({ host, entry }: { host: HostId; entry: TerminalEntry }) {
  const { ui } = useWords()
  const { session } = useScene()
  const lines = entry.output === '' ? [] : entry.output.replace(/\n$/, '').split('\n')
  const watchable = entry.before >= session.run.bootRecord
  return (
    <div className="entry">
      <p>
        <span className="prompt">[{host}]#</span> <b>{entry.line}</b>
        {watchable ? (
          <button
            type="button"
            className="watch"
            title={ui.dock.watchLong}
            onClick={() => session.player.set(entry.before)}
          >
            {ui.dock.watch}
          </button>
        ) : null}
      </p>
      {lines.map((line, i) => (
        <p
          key={i}
          className={entry.status !== 0 && i === lines.length - 1 && !entry.open ? 'failed' : undefined}
        >
          <Tokenized text={line === '' ? ' ' : line} />
        </p>
      ))}
      {entry.open ? <p className="muted">…</p> : null}
    </div>
  )
}

function Prompt({
  host,
  history,
  onType,
}: {
  host: HostId
  history: readonly string[]
  onType: (line: string) => void
}) {
  const { ui } = useWords()
  const [line, setLine] = useState('')
  const [back, setBack] = useState(0)
  const ready = useSessionState((s) => s.phase === 'ready' && !s.busy)

  function onKey(event: KeyboardEvent<HTMLInputElement>): void {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key]
    if (event.key === 'Enter' && line.trim() !== '' && ready) {
      onType(line.trim())
      setLine('')
      setBack(0)
    } else if (step !== undefined) {
      const to = Math.max(0, Math.min(history.length, back + step))
      setBack(to)
      setLine(to === 0 ? '' : (history[history.length - to] ?? ''))
    } else return
    event.preventDefault()
  }

  return (
    <p className="prompt-line">
      <label htmlFor="terminal-input" className="prompt">
        [{host}]#
      </label>
      <input
        id="terminal-input"
        value={line}
        aria-label={ui.dock.type(host)}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={4000}
        onChange={(event) => setLine(event.target.value)}
        onKeyDown={onKey}
      />
    </p>
  )
}
