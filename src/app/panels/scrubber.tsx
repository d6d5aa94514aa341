import { useCallback, useMemo, useRef } from 'react'
import { createScrubberView, SCRUBBER_HEIGHT } from '../../view/timeline/scrubber.ts'
import type { ScrubberModel } from '../../view/timeline/scrubber-model.ts'
import { clockText } from '../model/time.ts'
import { marksOf } from '../model/marks.ts'
import { useSize } from '../parts/use-size.ts'
import { useView } from '../parts/use-view.ts'
import { useK, useRevision, useScene, useWords } from '../session/context.tsx'

/** The track of the run: marks, handle, drag and keys. */
export function Scrubber({ disabled }: { disabled: boolean }) {
  const box = useRef<HTMLDivElement>(null)
  const { width } = useSize(box)
  return (
    <div className="scrubber" ref={box}>
      {width > 0 ? <Track width={width} disabled={disabled} /> : null}
    </div>
  )
}

function Track({ width, disabled }: { width: number; disabled: boolean }) {
  const { session } = useScene()
  const { ui } = useWords()
  const { player, run } = session
  const revision = useRevision()
  const k = useK()
  const create = useCallback(
    (root: SVGGElement) =>
      createScrubberView(root, {
        width,
        onSeek: (ms) => player.seek(ms),
        onStep: (direction, large) => {
          const size = large ? 'exchange' : undefined
          if (direction > 0) player.forward(size)
          else player.back(size)
        },
      }),
    [width, player],
  )
  const base = useMemo(() => {
    const clock = player.clock()
    return { clock, marks: marksOf(run, clock, width), revision }
  }, [player, run, width, revision])
  const model = useMemo((): ScrubberModel => {
    const { clock, marks } = base
    return {
      lengthMs: clock.lengthMs,
      atMs: clock.at(k),
      marks,
      disabled,
      ariaLabel: ui.transport.scrub,
      valueText: (ms) => ui.common.seconds(clockText(run.records[clock.kAt(ms)]?.at ?? run.now)),
    }
  }, [base, k, disabled, ui, run])
  const root = useView(create, model, session.playhead)
  return (
    <svg className="vs" width={width} height={SCRUBBER_HEIGHT}>
      <g ref={root} />
    </svg>
  )
}
