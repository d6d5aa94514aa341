import { useState } from 'react'
import { portsOfLab } from '../model/ports.ts'
import { Icon } from '../parts/icon.tsx'
import { saveFile } from '../parts/save-file.ts'
import { Select } from '../parts/select.tsx'
import { useScene, useSessionState, useWords } from '../session/context.tsx'

/** Downloads what passed one interface, or all links, as a file for packet analysers. */
export function SaveCapture() {
  const { ui } = useWords()
  const { session, owners } = useScene()
  const [wanted, setWanted] = useState(-1)
  const blocked = useSessionState((s) => s.curtain || s.busy || s.phase !== 'ready')
  const ports = portsOfLab(session.lab)
  const port = ports[wanted]
  async function save(): Promise<void> {
    const bytes = await session.engine.capture(port)
    const name = port === undefined ? 'all' : `${port.host}-${port.dev}`
    saveFile(`${session.lab.id}-${name}.pcap`, 'application/vnd.tcpdump.pcap', bytes)
  }
  return (
    <>
      <button type="button" className="btn quiet" disabled={blocked} onClick={() => void save()}>
        <Icon name="export" size={16} />
        {ui.dock.savePcap}
      </button>
      <Select
        label={ui.dock.capturePoint}
        quiet
        value={wanted}
        options={[
          { value: -1, label: ui.dock.allLinks },
          ...ports.map(({ host, dev }, value) => ({ value, label: `${owners.codeOf(host)} ${dev}` })),
        ]}
        onChoose={setWanted}
      />
    </>
  )
}
