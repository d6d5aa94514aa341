import type { HostId } from '../../core/base/ids.ts'
import { useK, useScene, useSessionState, useWords } from '../session/context.tsx'
import type { Typing } from './use-typing.ts'

/** Words that Tab offers; the next key takes them away. */
export function Candidates({ words }: { words: readonly string[] }) {
  if (words.length === 0) return null
  const more = words.length - SHOWN
  return (
    <p className="candidates" role="status">
      {words.slice(0, SHOWN).map((word) => (
        <code key={word}>{word}</code>
      ))}
      {more > 0 ? <span className="muted">+{more}</span> : null}
    </p>
  )
}

const SHOWN = 60

/** What the terminal has to say about time: a line runs, waits, or would be typed into the past. */
export function PaneStrip({ host, typing }: { host: HostId; typing: Typing }) {
  const { ui } = useWords()
  const { session } = useScene()
  const running = useSessionState((s) => s.typing[host])
  const held = useSessionState((s) => s.held)
  if (typing.asking !== undefined) return <PastQuestion typing={typing} line={typing.asking} />
  if (running === undefined) return <Later host={host} />
  const name = running.split('\n')[0] ?? ''
  return (
    <div className="terminal-strip" role="status">
      <span>{held ? ui.terminal.held(name) : ui.terminal.running(name)}</span>
      <button type="button" className="btn" onClick={() => session.hold(!held)}>
        {held ? ui.terminal.letRun : ui.terminal.hold}
      </button>
      <button type="button" className="btn quiet" onClick={() => session.hurry()}>
        {ui.terminal.hurry}
      </button>
      <button type="button" className="btn quiet" onClick={() => typing.interrupt()}>
        {ui.terminal.interrupt}
      </button>
    </div>
  )
}

/** Lines that come later in the run than where it is looked at. */
function Later({ host }: { host: HostId }) {
  const { ui } = useWords()
  const { session } = useScene()
  const k = useK()
  const { commands } = session.lists
  let count = 0
  for (let i = commands.length - 1; i >= 0 && (commands[i] ?? 0) > k; i--)
    if (session.run.records[commands[i] ?? -1]?.host === host) count++
  if (count === 0) return null
  return (
    <div className="terminal-strip">
      <span className="muted">{ui.terminal.later(count)}</span>
      <button type="button" className="btn quiet" onClick={() => session.player.toEnd()}>
        {ui.transport.end}
      </button>
    </div>
  )
}

function PastQuestion({ typing, line }: { typing: Typing; line: string }) {
  const { ui } = useWords()
  return (
    <div className="terminal-strip" role="alertdialog" aria-label={ui.terminal.past}>
      <span>{ui.terminal.past}</span>
      <code>{line}</code>
      {/* the question is asked by a key: the answer is given by the next one */}
      <button
        type="button"
        className="btn"
        ref={(button) => button?.focus()}
        onClick={() => typing.answer('here')}
      >
        {ui.terminal.pastHere}
      </button>
      <button type="button" className="btn" onClick={() => typing.answer('end')}>
        {ui.terminal.pastEnd}
      </button>
      <button type="button" className="btn quiet" onClick={() => typing.answer('no')}>
        {ui.terminal.cancel}
      </button>
    </div>
  )
}
