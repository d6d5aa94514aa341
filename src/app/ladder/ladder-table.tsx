import { VirtualRows } from '../dock/virtual-rows.tsx'
import { FlagSvg } from '../parts/flag-svg.tsx'
import { Plate } from '../parts/plate.tsx'
import { useScene, useWords } from '../session/context.tsx'
import { lastBefore } from '../../view/ladder/layout.ts'
import type { LadderContent } from './use-ladder.ts'

const ROW_PX = 28

/** The ladder's text twin: a row for each frame. */
export function LadderTable({ content }: { content: LadderContent }) {
  const { ui } = useWords()
  const { session } = useScene()
  const { frames, columns, passed } = content
  const { time, from, to, frame, what } = ui.ladder.columns
  const reached = lastBefore(frames, passed + 1) + 1
  return (
    <VirtualRows
      label={ui.ladder.text}
      className="ladder-rows"
      head={[time, from, to, frame, what]}
      count={frames.length}
      current={reached - 1}
      ahead={reached}
      rowPx={ROW_PX}
      cells={(row) => {
        const one = frames[row]
        if (one === undefined) return []
        const flag = content.flagOf(one.id)
        const sender = columns[one.from]
        return [
          <span className="mono">{one.time}</span>,
          sender === undefined ? null : <Plate code={sender.code} />,
          one.toAll ? (
            ui.ladder.broadcast
          ) : (
            <>
              {one.to.map((column) => (
                <Plate key={column} code={columns[column]?.code ?? ''} />
              ))}
            </>
          ),
          flag === undefined ? null : <FlagSvg flag={flag} />,
          `${one.again ? `${ui.ladder.again} · ` : ''}${content.noteOf(one.id)}`,
        ]
      }}
      onMove={(row) => session.player.set(frames[row]?.id ?? passed)}
    />
  )
}
