import { useState } from 'react'
import type { HostId } from '../../core/base/ids.ts'
import { Icon } from '../parts/icon.tsx'
import { Plate } from '../parts/plate.tsx'
import { useScene, useSessionState, useWords } from '../session/context.tsx'
import { putLine } from './inserted.ts'

/** In a task of a lesson: the command it waits for, shown on request and put at the prompt on request. Never typed by itself. */
export function Expected({ onShow }: { onShow: (host: HostId) => void }) {
  const { ui } = useWords()
  const { owners } = useScene()
  const next = useSessionState((s) => s.expected[0])
  const [shown, setShown] = useState<string | undefined>(undefined)
  if (next === undefined) return null
  if (shown !== next.sh)
    return (
      <div className="terminal-strip">
        <button type="button" className="btn quiet" onClick={() => setShown(next.sh)}>
          <Icon name="hint" size={16} />
          {ui.terminal.expected}
        </button>
      </div>
    )
  const insert = (): void => {
    onShow(next.host)
    putLine(next.host, next.sh)
  }
  return (
    <div className="terminal-strip">
      <span>
        {ui.terminal.expectedOn} <Plate code={owners.codeOf(next.host)} /> {next.host}
      </span>
      <code>{next.sh}</code>
      <button type="button" className="btn" onClick={insert}>
        {ui.terminal.insert}
      </button>
    </div>
  )
}
