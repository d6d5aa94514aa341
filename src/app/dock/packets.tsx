import { type ReactNode, useMemo, useState } from 'react'
import { formatFrame } from '../../core/wire/format.ts'
import type { FlagReader } from '../model/flags.ts'
import { infoOf } from '../model/packet-info.ts'
import { parseFilter, type Predicate } from '../model/packet-filter.ts'
import { firstAfter } from '../model/stops.ts'
import { secondsText } from '../model/time.ts'
import { EmptyBox } from '../parts/box.tsx'
import { FlagSvg } from '../parts/flag-svg.tsx'
import { Plate } from '../parts/plate.tsx'
import { type Scene, useK, useRevision, useScene, useSessionState, useWords } from '../session/context.tsx'
import type { RunData } from '../session/run-data.ts'
import { SaveCapture } from './save-capture.tsx'
import { VirtualRows } from './virtual-rows.tsx'

const ROW_PX = 28

/** Every frame that was put on a link, in order. A click goes there. */
export function Packets() {
  const { ui } = useWords()
  const scene = useScene()
  const { session, flags } = scene
  const k = useK()
  const revision = useRevision()
  const curtain = useSessionState((s) => s.curtain)
  const { columns } = ui.dock
  const [text, setText] = useState('')
  const filter = useMemo(() => parseFilter(text), [text])
  const all = session.lists.flights
  const shown = useMemo(() => {
    if (!filter.ok || text.trim() === '') return { list: all, revision }
    return { list: all.filter((i) => passes(session.run, flags, i, filter.value)), revision }
  }, [all, filter, text, flags, session, revision]).list
  const passed = firstAfter(shown, k)
  const list = curtain ? shown.slice(0, passed) : shown
  return (
    <div className="packets">
      <FilterField
        text={text}
        onChange={setText}
        bad={filter.ok ? undefined : ui.dock.filterBad(filter.word)}
      >
        {all.length > 0 ? <SaveCapture /> : null}
      </FilterField>
      {list.length === 0 ? (
        <NoPackets filtered={all.length > 0 && text !== ''} onClear={() => setText('')} />
      ) : (
        <VirtualRows
          label={ui.dock.tabs.packets}
          className="packet-rows"
          head={[columns.no, columns.time, columns.by, columns.flag, columns.ttl, columns.info]}
          count={list.length}
          current={passed - 1}
          ahead={passed}
          rowPx={ROW_PX}
          cells={(row) => packetCells(scene, list[row] ?? -1)}
          onMove={(row) => session.player.set(list[row] ?? k)}
        />
      )}
    </div>
  )
}

function FilterField(props: {
  text: string
  onChange: (text: string) => void
  bad: string | undefined
  children: ReactNode
}) {
  const { ui } = useWords()
  return (
    <div className="filter">
      <input
        id="packet-filter"
        type="search"
        aria-label={ui.dock.filter}
        aria-invalid={props.bad !== undefined}
        placeholder={ui.dock.filterHint}
        title={ui.dock.noMatchHow}
        spellCheck={false}
        value={props.text}
        onChange={(event) => props.onChange(event.target.value)}
      />
      {props.bad === undefined ? null : (
        <span className="wrong" role="status">
          {props.bad}
        </span>
      )}
      <span className="capture">{props.children}</span>
    </div>
  )
}

function NoPackets({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const { ui } = useWords()
  if (!filtered) return <EmptyBox title={ui.dock.noPackets} how={ui.dock.noPacketsHow} />
  return (
    <EmptyBox title={ui.dock.noMatch} how={ui.dock.noMatchHow}>
      <button type="button" className="btn" onClick={onClear}>
        {ui.dock.clearFilter}
      </button>
    </EmptyBox>
  )
}

function packetCells({ session, owners, flags }: Scene, k: number): ReactNode[] {
  const record = session.run.records[k]
  if (record?.kind !== 'flight') return []
  const bytes = session.run.frames[record.frame]?.bytes
  const flag = flags.ofFlight(k)
  const info = bytes && infoOf(bytes)
  return [
    <span className="mono">{record.frame}</span>,
    <span className="mono">{secondsText(record.t0)}</span>,
    <>
      <Plate code={owners.codeOf(record.host)} /> <span className="muted">{record.dev}</span>
    </>,
    flag === undefined ? null : <FlagSvg flag={flag} />,
    <span className="mono">{info?.ttl ?? ''}</span>,
    <span className="mono info" title={bytes && formatFrame(bytes)}>
      {info?.text}
    </span>,
  ]
}

function passes(run: RunData, flags: FlagReader, k: number, test: Predicate): boolean {
  const record = run.records[k]
  const bytes = record?.kind === 'flight' ? run.frames[record.frame]?.bytes : undefined
  const flag = flags.ofFlight(k)
  if (record?.kind !== 'flight' || bytes === undefined || flag === undefined) return false
  const hosts = [record.host, ...record.to.map((end) => end.host)]
  return test({ ...infoOf(bytes), kind: flag.kind, hosts, lost: flag.lost !== undefined })
}
