import '../styles/packets.css'
import { type ReactNode, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { pcapngFile } from '../../core/wire/pcapng.ts'
import { VirtualRows } from '../dock/virtual-rows.tsx'
import { firstAfter } from '../model/stops.ts'
import { EmptyBox } from '../parts/box.tsx'
import { saveFile } from '../parts/save-file.ts'
import { useSize } from '../parts/use-size.ts'
import { useK, useScene, useSessionState, useWords } from '../session/context.tsx'
import { type CapturedFrame, type CapturePoint, fileOfFrames } from './capture.ts'
import { FilterField } from './filter-field.tsx'
import { FrameDetails } from './frame-details.tsx'
import { opened } from './opened.ts'
import { packetCells } from './packet-cells.tsx'
import { OpenFile, PointChoice, SaveButton } from './packet-tools.tsx'
import { useFiltered, useLiveCapture } from './use-capture.ts'

const ROW_PX = 26
/** Narrower than this, the tools stand in a line of their own. */
const TOOLS_PX = 1180

/** Every frame that was seen at a point, as a packet analyser lists them. A click goes to where it is in the run. */
export function Packets() {
  const [point, setPoint] = useState<CapturePoint>({ at: 'all' })
  const [inFile, setInFile] = useState(true)
  const file = useStore(opened, (s) => s.file)
  const live = useLiveCapture(point)
  const showsFile = file !== undefined && inFile
  return (
    <PacketList
      key={showsFile ? file.name : ''}
      frames={showsFile ? file.frames : live}
      file={showsFile ? file.name : undefined}
      chooser={
        <PointChoice
          point={point}
          file={showsFile}
          onChoose={(next) => {
            setInFile(next === 'file')
            if (next !== 'file') setPoint(next)
          }}
        />
      }
      name={point.at === 'all' ? 'all' : point.at === 'host' ? point.host : `${point.host}-${point.dev}`}
      onOpened={() => setInFile(true)}
    />
  )
}

interface ListProps {
  frames: readonly CapturedFrame[]
  /** Name of the file looked at; undefined = the run. */
  file: string | undefined
  chooser: ReactNode
  name: string
  onOpened: () => void
}

function PacketList({ frames, file, chooser, name, onOpened }: ListProps) {
  const { ui } = useWords()
  const { session, owners } = useScene()
  const k = useK()
  const curtain = useSessionState((s) => s.curtain) && file === undefined
  const box = useRef<HTMLDivElement>(null)
  const { width } = useSize(box)
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState(0)
  const { rows, problem } = useFiltered(frames, text, file === undefined)
  const passed = file === undefined ? passedRows(frames, rows, k) : rows.length
  const count = curtain ? passed : rows.length
  const current = file === undefined ? passed - 1 : firstAfter(rows, chosen) - 1
  const frame = frames[rows[current] ?? -1]
  const lost = useLostText()
  const follow = (stream: number): void => setText(`tcp.stream == ${stream}`)
  const move = (row: number): void => {
    const at = rows[row] ?? -1
    if (file !== undefined) setChosen(Math.max(at, 0))
    else if (at >= 0) session.player.set(frames[at]?.record ?? k)
  }
  const listed = (): CapturedFrame[] => rows.flatMap((row) => frames[row] ?? [])
  const save = (): void => saveFrames(`${session.lab.id}-${name}.pcapng`, listed(), lost)
  return (
    <div className={`packets${width > 0 && width < TOOLS_PX ? ' narrow' : ''}`} ref={box}>
      <div className="packet-tools">
        <FilterField text={text} onChange={setText} problem={problem} />
        <FollowButton stream={frame?.tcp?.stream} text={text} onText={setText} />
        {chooser}
        {file === undefined ? <SaveButton onSave={save} empty={rows.length === 0} /> : null}
        <OpenFile onOpened={onOpened} />
        <span className="small count">{ui.packets.count(count, curtain ? count : frames.length)}</span>
      </div>
      {count === 0 ? (
        <NoPackets filtered={frames.length > 0 && text !== ''} onClear={() => setText('')} />
      ) : (
        <div className="packet-body">
          <VirtualRows
            label={file === undefined ? ui.packets.label : ui.packets.fileRows(file)}
            className="packet-rows"
            head={HEADS.map((head) => ui.packets.columns[head])}
            count={count}
            current={current}
            ahead={passed}
            rowPx={ROW_PX}
            cells={(row) => {
              const one = frames[rows[row] ?? -1]
              return one === undefined
                ? []
                : packetCells(one, owners, ui, { flow: frame?.tcp?.stream, lost, onFlow: follow })
            }}
            onMove={move}
          />
          {file === undefined || frame === undefined ? null : <FrameDetails frame={frame} />}
        </div>
      )}
    </div>
  )
}

function saveFrames(name: string, frames: readonly CapturedFrame[], lost: (record: number) => string): void {
  saveFile(name, 'application/x-pcapng', pcapngFile(fileOfFrames(frames, lost), 'VipScope'))
}

/** Why a frame was lost on its link, in words. */
function useLostText(): (record: number) => string {
  const words = useWords()
  const { session } = useScene()
  return useMemo(
    () => (record) => {
      const note = session.run.records[record]
      return note?.kind === 'flight' && note.lost !== undefined ? words.drops[note.lost].what : ''
    },
    [session, words],
  )
}

const HEADS = ['no', 'time', 'where', 'flow', 'from', 'to', 'protocol', 'length', 'info'] as const

/** Rows whose frame has been seen when note `k` has happened; the records of a capture rise. */
function passedRows(frames: readonly CapturedFrame[], rows: readonly number[], k: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const mid = (low + high) >>> 1
    if ((frames[rows[mid] ?? 0]?.record ?? 0) <= k) low = mid + 1
    else high = mid
  }
  return low
}

const MARKED = 'tcp.analysis.flags or lost'

/** One click keeps the flow of the current frame, a second one shows all again. Beside it: only what is marked. */
function FollowButton(props: { stream: number | undefined; text: string; onText: (text: string) => void }) {
  const { stream, text, onText } = props
  const { ui } = useWords()
  const following = /^tcp\.stream == \d+$/.test(text)
  return (
    <>
      <button
        type="button"
        className="btn quiet"
        title={ui.packets.followHow}
        aria-pressed={following}
        disabled={!following && stream === undefined}
        onClick={() => onText(following ? '' : `tcp.stream == ${stream ?? 0}`)}
      >
        {ui.packets.follow}
      </button>
      <button
        type="button"
        className="btn quiet"
        title={ui.packets.onlyMarkedHow}
        aria-pressed={text === MARKED}
        onClick={() => onText(text === MARKED ? '' : MARKED)}
      >
        {ui.packets.onlyMarked}
      </button>
    </>
  )
}

function NoPackets({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const { ui } = useWords()
  if (!filtered) return <EmptyBox title={ui.dock.noPackets} how={ui.dock.noPacketsHow} />
  return (
    <EmptyBox title={ui.dock.noMatch} how={ui.packets.filterHow}>
      <button type="button" className="btn" onClick={onClear}>
        {ui.packets.clear}
      </button>
    </EmptyBox>
  )
}
