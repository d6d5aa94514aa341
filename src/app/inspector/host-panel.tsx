import { useStore } from 'zustand'
import { secondsText } from '../model/time.ts'
import { Select } from '../parts/select.tsx'
import { useHostView } from '../session/use-host-view.ts'
import { useK, useRevision, useScene, useSessionState, useWords } from '../session/context.tsx'
import { HostTables } from './host-tables.tsx'

/** A host's tables as they were at the playhead. */
export function HostPanel() {
  const { ui } = useWords()
  const { session, owners } = useScene()
  const selected = useSessionState((s) => s.selectedHost)
  const k = useK()
  useRevision()
  const record = session.run.records[k]
  const host = selected ?? (k > session.run.bootRecord ? record?.host : undefined) ?? owners.hosts[0] ?? ''
  const config = useStore(session.views.store, (s) => s.now[host])
  const view = useHostView(host, k) ?? config
  return (
    <div className="host">
      <header className="host-title">
        <h2 className="sr">{host}</h2>
        <Select
          label={ui.inspector.hostOf}
          value={host}
          options={owners.hosts.map((value) => ({ value, label: `${owners.codeOf(value)} ${value}` }))}
          onChoose={session.select}
        />
        {view === undefined ? null : (
          <p className="small">{ui.inspector.at(ui.common.seconds(secondsText(record?.at ?? view.now)))}</p>
        )}
      </header>
      {view === undefined ? null : <HostTables view={view} />}
    </div>
  )
}
