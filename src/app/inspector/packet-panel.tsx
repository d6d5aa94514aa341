import { useState } from 'react'
import type { Words } from '../../i18n/words.ts'
import { frameAt } from '../model/chain.ts'
import { beforeOf, decidedBy } from '../model/flags.ts'
import { diffFrames } from '../model/packet-diff.ts'
import { spanText } from '../model/time.ts'
import { EmptyBox } from '../parts/box.tsx'
import { useK, useRevision, useScene, useWords } from '../session/context.tsx'
import type { RunData } from '../session/run-data.ts'
import { FieldTable } from './field-table.tsx'
import { HexView } from './hex-view.tsx'
import { ChangeReasons } from './change-reasons.tsx'

/** Flag fields whose change was decided, as the dissector names them. */
const FIELD_OF = {
  macFrom: 'eth.src',
  macTo: 'eth.dst',
  ipFrom: 'arp.src.proto_ipv4',
  ipTo: 'ip.dst',
  outer: 'ip.src',
} as const

/** All layers and fields of the frame spoken of, compared with the frame it came in as, and its bytes. */
export function PacketPanel() {
  const { ui } = useWords()
  const { session, owners } = useScene()
  const k = useK()
  useRevision()
  const [hovered, setHovered] = useState<string | undefined>(undefined)
  const { run } = session
  const id = k > run.bootRecord ? frameAt(run.records, k) : undefined
  const frame = id === undefined ? undefined : run.frames[id]
  if (id === undefined || frame === undefined)
    return <EmptyBox title={ui.inspector.noPacket} how={ui.inspector.noPacketHow} />
  const flight = run.flightOf[id]
  const decided = flight === undefined ? [] : decidedBy(run, flight, owners).map((field) => FIELD_OF[field])
  const before = beforeOf(run, id)
  const layers = diffFrames(frame.bytes, before?.bytes, decided)
  return (
    <>
      <PacketTitle run={run} id={id} />
      <FieldTable layers={layers} compared={before !== undefined} hovered={hovered} onHover={setHovered} />
      {before === undefined || flight === undefined ? null : (
        <ChangeReasons layers={layers} flight={flight} />
      )}
      <HexView bytes={frame.bytes} layers={layers} hovered={hovered} onHover={setHovered} />
    </>
  )
}

function PacketTitle({ run, id }: { run: RunData; id: number }) {
  const words = useWords()
  const { flags } = useScene()
  const flight = run.flightOf[id]
  const record = flight === undefined ? undefined : run.records[flight]
  const flag = flight === undefined ? flags.ofFrame(id) : flags.ofFlight(flight)
  const kind = (flag?.label ?? '').replace('\n', ' ')
  return (
    <header className="packet-title">
      <h2>
        {words.ui.inspector.frame(id)}
        {record === undefined ? '' : words.ui.inspector.leaves(kind, record.host)}
      </h2>
      <p className="small">{originText(run, id, words)}</p>
    </header>
  )
}

function originText(run: RunData, id: number, words: Words): string {
  const { ui } = words
  const parent = beforeOf(run, id)?.id
  const now = run.records[run.flightOf[id] ?? -1]
  if (parent === undefined) return now === undefined ? '' : ui.inspector.born(now.host)
  const then = run.records[run.flightOf[parent] ?? -1]
  const arrived = then?.kind === 'flight' ? then.t1 : (then?.at ?? 0)
  const waited = (now?.at ?? 0) - arrived
  return waited > 0 ? ui.inspector.before(parent, spanText(waited)) : ui.inspector.beforeSame(parent)
}
