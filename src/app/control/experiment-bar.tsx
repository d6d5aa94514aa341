import { useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { Select } from '../parts/select.tsx'
import { useScene, useSessionState, useWords } from '../session/context.tsx'
import { EXPERIMENTS, type Experiment, experimentsFor, runExperiment } from './experiment.ts'

const REQUESTS = 30
/** Simulated seconds. */
const WAITS = [1, 5, 30] as const

const keyOf = ({ kind, host }: Experiment): string => `${kind} ${host}`

/** A failure under load at one press, and time that passes at another: daemons have something to do while nobody asks. */
export function ExperimentBar({ onDone }: { onDone: () => void }) {
  const { ui } = useWords()
  const { session } = useScene()
  const say = ui.control.failure
  const tail = useStore(session.views.store, (s) => s.tail)
  const ready = useSessionState((s) => s.phase === 'ready' && !s.busy)
  const offered = useMemo(() => inOrder(experimentsFor(tail)), [tail])
  const [wanted, setWanted] = useState('')
  const [n, setN] = useState(0)
  const chosen = offered.find((one) => keyOf(one) === wanted) ?? offered[0]
  const run = async (experiment: Experiment): Promise<void> => {
    await runExperiment(session, experiment, REQUESTS, setN)
    setN(0)
    onDone()
  }
  return (
    <>
      {chosen === undefined ? null : (
        <>
          <Select
            label={say.experiment}
            value={keyOf(chosen)}
            options={offered.map((one) => ({
              value: keyOf(one),
              label: say.experiments[one.kind](one.host),
            }))}
            onChoose={setWanted}
          />
          <button type="button" className="btn main" disabled={!ready} onClick={() => void run(chosen)}>
            {say.run}
          </button>
          <span className="small" role="status">
            {n > 0 ? say.running(n, REQUESTS) : say.requests(REQUESTS)}
          </span>
        </>
      )}
      <span className="recovery-wait" role="group" aria-label={say.wait}>
        <span className="muted">{say.wait}</span>
        {WAITS.map((s) => (
          <button
            key={s}
            type="button"
            className="btn"
            disabled={!ready}
            onClick={() => void session.act((engine) => engine.advance(s * 1e9))}
          >
            {say.seconds(s)}
          </button>
        ))}
      </span>
    </>
  )
}

function inOrder(experiments: readonly Experiment[]): Experiment[] {
  return [...experiments].sort((a, b) => EXPERIMENTS.indexOf(a.kind) - EXPERIMENTS.indexOf(b.kind))
}
