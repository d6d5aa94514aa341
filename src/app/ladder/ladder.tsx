import '../styles/ladder.css'
import { useRef, useState } from 'react'
import { EmptyBox } from '../parts/box.tsx'
import { useSize } from '../parts/use-size.ts'
import { useWords } from '../session/context.tsx'
import { LadderPicture } from './ladder-picture.tsx'
import { LadderTable } from './ladder-table.tsx'
import { LadderTools } from './ladder-tools.tsx'
import { useLadder } from './use-ladder.ts'

const PITCHES = [24, 28, 32, 40, 52, 68] as const
const MIDDLE = 2

/** Frames between hosts, time downwards: as a picture or as a table. */
export function Ladder() {
  const { ui } = useWords()
  const box = useRef<HTMLDivElement>(null)
  const { width } = useSize(box)
  const [flow, setFlow] = useState(-1)
  const [everyHost, setEveryHost] = useState(false)
  const [timed, setTimed] = useState(false)
  const [asTable, setAsTable] = useState(false)
  const [zoom, setZoom] = useState(MIDDLE)
  const pitch = PITCHES[zoom] ?? 32
  const { flows, hidden, content } = useLadder({ flow, everyHost, timed, pitch, width })
  const change = (by: number): void => setZoom((old) => Math.max(0, Math.min(PITCHES.length - 1, old + by)))
  return (
    <div className="ladder" ref={box}>
      <LadderTools
        {...{ flows, flow, hidden, everyHost, timed, asTable, content }}
        onFlow={setFlow}
        onEveryHost={setEveryHost}
        onTimed={setTimed}
        onTable={setAsTable}
        onZoom={change}
      />
      {content.frames.length === 0 ? (
        <EmptyBox title={ui.ladder.empty} how={ui.ladder.emptyHow} />
      ) : asTable ? (
        <LadderTable content={content} />
      ) : (
        <LadderPicture content={content} onZoom={change} />
      )}
    </div>
  )
}
