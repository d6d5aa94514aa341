import { useRef } from 'react'
import { useStore } from 'zustand'
import { portsOfLab } from '../model/ports.ts'
import { Icon } from '../parts/icon.tsx'
import { Select } from '../parts/select.tsx'
import { useScene, useSessionState, useWords } from '../session/context.tsx'
import type { CapturePoint } from './capture.ts'
import { closeCapture, openCapture, opened } from './opened.ts'

/** Where the frames were seen: every link, a host, an interface; or the file that is open. */
export function PointChoice(props: {
  point: CapturePoint
  file: boolean
  onChoose: (point: CapturePoint | 'file') => void
}) {
  const { ui } = useWords()
  const { session } = useScene()
  const file = useStore(opened, (s) => s.file)
  const ports = portsOfLab(session.lab)
  const points: readonly { value: string; label: string; point: CapturePoint | 'file' }[] = [
    { value: 'all', label: ui.packets.everyLink, point: { at: 'all' } },
    ...Object.keys(session.lab.hosts).flatMap((host) => [
      { value: host, label: ui.packets.wholeHost(host), point: { at: 'host', host } as const },
      ...ports
        .filter((port) => port.host === host)
        .map(({ dev }) => ({
          value: `${host} ${dev}`,
          label: ui.packets.port(host, dev),
          point: { at: 'port', host, dev } as const,
        })),
    ]),
    ...(file === undefined
      ? []
      : [{ value: '/file', label: ui.packets.file(file.name), point: 'file' as const }]),
  ]
  return (
    <Select
      label={ui.packets.point}
      quiet
      value={props.file ? '/file' : valueOf(props.point)}
      options={points}
      onChoose={(value) => {
        const found = points.find((one) => one.value === value)
        if (found !== undefined) props.onChoose(found.point)
      }}
    />
  )
}

function valueOf(point: CapturePoint): string {
  if (point.at === 'all') return 'all'
  return point.at === 'host' ? point.host : `${point.host} ${point.dev}`
}

/** Downloads what is listed, for packet analysers. */
export function SaveButton({ onSave, empty }: { onSave: () => void; empty: boolean }) {
  const { ui } = useWords()
  const blocked = useSessionState((s) => s.curtain)
  return (
    <button
      type="button"
      className="btn quiet"
      title={ui.packets.saveHow}
      disabled={blocked || empty}
      onClick={onSave}
    >
      <Icon name="export" size={16} />
      {ui.packets.save}
    </button>
  )
}

/** Opens a capture file beside the run, or closes it. */
export function OpenFile({ onOpened }: { onOpened: () => void }) {
  const { ui } = useWords()
  const field = useRef<HTMLInputElement>(null)
  const file = useStore(opened, (s) => s.file)
  const fault = useStore(opened, (s) => s.fault)
  const why =
    fault === undefined
      ? undefined
      : fault === 'large'
        ? ui.packets.faults.large
        : ui.packets.fault(ui.packets.faults[fault.code], fault.at)
  return (
    <>
      <input
        ref={field}
        type="file"
        hidden
        aria-label={ui.packets.open}
        accept=".pcap,.pcapng,.cap,application/vnd.tcpdump.pcap"
        onChange={(event) => {
          const chosen = event.target.files?.[0]
          event.target.value = ''
          if (chosen !== undefined) void openCapture(chosen).then(onOpened)
        }}
      />
      <button
        type="button"
        className="btn quiet"
        title={ui.packets.openHow}
        onClick={() => field.current?.click()}
      >
        {ui.packets.open}
      </button>
      {file === undefined ? null : (
        <button type="button" className="btn quiet" onClick={closeCapture}>
          {ui.packets.close}
        </button>
      )}
      {why === undefined ? null : (
        <span className="wrong" role="alert">
          {why}
        </span>
      )}
    </>
  )
}
