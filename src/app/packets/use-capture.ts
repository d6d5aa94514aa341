import { useMemo } from 'react'
import { compileDisplayFilter } from '../../core/wire/display-filter/filter.ts'
import type { FilterProblem } from '../../core/wire/display-filter/tokens.ts'
import { isQuiet } from '../control/traffic.ts'
import { useRevision, useScene } from '../session/context.tsx'
import type { RunData } from '../session/run-data.ts'
import { type CapturedFrame, type CapturePoint, Filtered, LiveCapture } from './capture.ts'

/** What was seen at a point up to the end of the run. The array is the same while the run grows; `revision` tells it has. */
export function useLiveCapture(point: CapturePoint): readonly CapturedFrame[] {
  const { session } = useScene()
  const revision = useRevision()
  // a new run or branch puts other arrays in place of the old ones
  const { records } = session.run
  const key = JSON.stringify(point)
  const capture = useMemo(
    () => new LiveCapture(session.run, JSON.parse(key) as CapturePoint),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [session, records, key],
  )
  return useMemo(() => {
    capture.extend()
    return capture.frames
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [capture, revision])
}

export interface Shown {
  /** Rows that pass, as places in the list of frames. */
  rows: readonly number[]
  problem: FilterProblem | undefined
}

/**
 * Frames that pass a filter; while it is not understood, all. Without a filter, quietened chatter of a run is passed over, as
 * it is everywhere; a filter asks for what it names.
 */
export function useFiltered(frames: readonly CapturedFrame[], text: string, ofRun: boolean): Shown {
  const { run } = useScene().session
  const revision = useRevision()
  const compiled = useMemo(() => compileDisplayFilter(text), [text])
  const filtered = useMemo(
    () => new Filtered(frames, testOf(compiled, ofRun && text.trim() === '' ? run : undefined)),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [frames, compiled, ofRun, run, run.shown],
  )
  return useMemo(() => {
    filtered.extend()
    return { rows: filtered.rows, problem: compiled.ok ? undefined : compiled.error }
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [filtered, compiled, revision])
}

function testOf(
  compiled: ReturnType<typeof compileDisplayFilter>,
  quietened: RunData | undefined,
): (frame: CapturedFrame) => boolean {
  if (quietened !== undefined) return ({ record }) => !isQuiet(quietened, record)
  return compiled.ok ? compiled.value : () => true
}
