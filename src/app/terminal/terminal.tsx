import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react'
import { createPortal } from 'react-dom'
import type { HostId } from '../../core/base/ids.ts'
import { Plate } from '../parts/plate.tsx'
import { Segmented } from '../parts/segmented.tsx'
import { useScene, useSessionState, useWords } from '../session/context.tsx'
import { Expected } from './expected.tsx'
import { Pane } from './pane.tsx'
import { closePane, openFile, seePane, showHost, splitPane, usePanes } from './panes.ts'
import { Tools } from './tools.tsx'
import './terminal.css'

/** The editor is another chunk: it comes when a file is opened. */
const Files = lazy(() => import('../editor/files.tsx').then((m) => ({ default: m.Files })))

/** A command line on each host, one or several in sight. What they print is what the run holds up to the playhead. */
export function Terminal() {
  const { session, owners } = useScene()
  const selected = useSessionState((s) => s.selectedHost)
  const { hosts, active, full, file } = usePanes(owners.hosts)
  const slot = useSyncExternalStore(onNothing, () => document.getElementById('dock-tools'))
  useEffect(() => {
    if (selected !== undefined) showHost(owners.hosts, selected)
  }, [owners.hosts, selected])
  const host = hosts[active] ?? owners.hosts[0] ?? ''
  const choose = (to: HostId): void => {
    showHost(owners.hosts, to)
    session.select(to)
  }
  const tools = (
    <Tools
      host={host}
      full={full}
      canSplit={hosts.length < Math.min(4, owners.hosts.length)}
      onSplit={() => splitPane(owners.hosts)}
      onFiles={() => openFile(host, '')}
    />
  )
  return (
    <div className={full ? 'terminal full' : 'terminal'}>
      <Hosts host={host} onChoose={choose} />
      <div className="terminal-body">
        {full ? <div className="terminal-head">{tools}</div> : slot && createPortal(tools, slot)}
        <Expected onShow={choose} />
        {file === undefined ? (
          <div className={`panes panes-${hosts.length}`}>
            {hosts.map((one, i) => (
              <Pane
                key={one}
                host={one}
                active={i === active}
                alone={hosts.length === 1}
                onFocus={() => seePane(i)}
                onClose={() => closePane(i)}
              />
            ))}
          </div>
        ) : (
          <Suspense>
            <Files
              key={file.host}
              host={file.host}
              path={file.path}
              onClose={() => openFile(undefined, '')}
            />
          </Suspense>
        )}
      </div>
    </div>
  )
}

/** Whose terminal is in front. */
function Hosts({ host, onChoose }: { host: HostId; onChoose: (host: HostId) => void }) {
  const { ui } = useWords()
  const { owners } = useScene()
  return (
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
        onChoose={onChoose}
      />
    </div>
  )
}

/** The dock's head stays where it is once it is there. */
function onNothing(): () => void {
  return () => undefined
}
