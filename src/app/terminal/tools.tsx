import { SEC, type HostId } from '../../core/base/ids.ts'
import { usePrefs } from '../parts/use-prefs.ts'
import { setPrefs } from '../prefs/prefs.ts'
import { TERMINAL_PX } from '../prefs/read-prefs.ts'
import { useScene, useSessionState, useWords } from '../session/context.tsx'
import { fill } from './panes.ts'
import { useTerminalPx } from './use-look.ts'

/** What can be done with the terminals as a whole. */
export function Tools(props: {
  host: HostId
  full: boolean
  canSplit: boolean
  onSplit: () => void
  onFiles: () => void
}) {
  const { ui } = useWords()
  const { session } = useScene()
  const readAloud = usePrefs((p) => p.readAloud)
  const idle = useSessionState((s) => !s.busy && Object.keys(s.typing).length === 0)
  const words = ui.terminal
  return (
    <div className="terminal-tools" role="group" aria-label={words.tools}>
      <button
        type="button"
        className="btn quiet"
        disabled={!idle}
        onClick={() => void session.act((engine) => engine.advance(SEC))}
      >
        {words.pass}
      </button>
      <button type="button" className="btn quiet" onClick={props.onFiles}>
        {words.files}
      </button>
      <button type="button" className="btn quiet" disabled={!props.canSplit} onClick={props.onSplit}>
        {words.split}
      </button>
      <Sizes />
      <button
        type="button"
        className="btn quiet"
        aria-pressed={readAloud}
        title={words.readAloudLong}
        onClick={() => setPrefs({ readAloud: !readAloud })}
      >
        {words.readAloud}
      </button>
      <button
        type="button"
        className="btn quiet"
        aria-pressed={props.full}
        title={words.fillKey}
        onClick={() => fill(!props.full)}
      >
        {props.full ? words.unfill : words.fill}
      </button>
    </div>
  )
}

function Sizes() {
  const { ui } = useWords()
  const px = useTerminalPx()
  const size = (by: number): void => {
    setPrefs({ terminalPx: Math.min(TERMINAL_PX.most, Math.max(TERMINAL_PX.least, px + by)) })
  }
  return [
    { by: -1, sign: 'A−', name: ui.terminal.smaller },
    { by: 1, sign: 'A+', name: ui.terminal.larger },
  ].map(({ by, sign, name }) => (
    <button
      key={by}
      type="button"
      className="btn quiet"
      aria-label={name}
      title={name}
      onClick={() => size(by)}
    >
      {sign}
    </button>
  ))
}
