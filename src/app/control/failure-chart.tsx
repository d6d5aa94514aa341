import { useCallback, useMemo, useState } from 'react'
import { noteSentence } from '../../i18n/note-sentence.ts'
import { textOf } from '../../i18n/text-of.ts'
import type { Ui, Words } from '../../i18n/words.ts'
import { createRecoveryView, recoveryHeight, type RecoveryModel } from '../../view/control/recovery.ts'
import { clockText } from '../model/time.ts'
import { EmptyBox } from '../parts/box.tsx'
import { Select } from '../parts/select.tsx'
import { useView } from '../parts/use-view.ts'
import { useRevision, useScene, useWords } from '../session/context.tsx'
import type { RunData } from '../session/run-data.ts'
import { ExperimentBar } from './experiment-bar.tsx'
import { type Failure, failuresOf, type Phase, PHASES, type Recovery, recoveryOf } from './failures.ts'

/** After a failure: who noticed, who told whom, when the routes changed, and what it cost. */
export function FailureChart({ width }: { width: number }) {
  const words = useWords()
  const { session } = useScene()
  const revision = useRevision()
  const [wanted, setWanted] = useState<number | undefined>(undefined)
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the run grows in place
  const failures = useMemo(() => failuresOf(session.run), [session, revision])
  const failure = failures.find(({ k }) => k === wanted) ?? failures.at(-1)
  const say = words.ui.control.failure
  return (
    <div className="recovery">
      <div className="recovery-bar">
        <ExperimentBar onDone={() => setWanted(undefined)} />
        {failures.length > 1 && failure ? (
          <Select
            label={say.which}
            value={failure.k}
            options={failures.map((one) => ({
              value: one.k,
              label: `${clockText(one.at)} s ${causeText(one, words.ui)}`,
            }))}
            onChoose={setWanted}
          />
        ) : null}
      </div>
      {failure === undefined ? (
        <EmptyBox title={say.none} how={say.noneHow} />
      ) : (
        <Timeline recovery={recoveryOf(session.run, failures, failure)} width={width} />
      )}
    </div>
  )
}

export function causeText({ host, cause }: Failure, ui: Ui): string {
  const say = ui.control.failure.cause
  if (cause.kind === 'daemon') return say.daemon(host, cause.name)
  if (cause.kind === 'cable' || cause.kind === 'down') return say[cause.kind](host, cause.dev)
  return say[cause.kind](host)
}

function Timeline({ recovery, width }: { recovery: Recovery; width: number }) {
  const words = useWords()
  const { session } = useScene()
  const [hovered, setHovered] = useState<string | undefined>(undefined)
  const say = words.ui.control.failure
  const goTo = (k: number): void => session.player.set(k)
  const model = modelOf(recovery, width, hovered, words)
  const create = useCallback(
    (root: SVGGElement) =>
      createRecoveryView(root, {
        onHover: setHovered,
        onChoose: (id) => {
          const note = noteOf(recovery, id)
          if (note !== undefined) session.player.set(note.k)
        },
      }),
    // a new run of notes is a new chart
    [recovery, session],
  )
  const root = useView(create, model)
  const counts = [
    ['sent', recovery.requests.length],
    ['lost', recovery.lost],
    ['reset', recovery.reset],
    ['moved', recovery.moved],
  ] as const
  return (
    <>
      <p className="recovery-counts">
        <strong>{causeText(recovery.failure, words.ui)}</strong>
        {counts.map(([name, n]) => (
          <span key={name} title={say.countHelp[name]}>
            {say.counts[name]} <b className="mono">{n}</b>
          </span>
        ))}
      </p>
      <svg className="vs" width={width} height={recoveryHeight(model)}>
        <g ref={root} />
      </svg>
      <p className="small recovery-tip">{tipOf(recovery, hovered, session.run, words)}</p>
      <PhaseTable recovery={recovery} onGo={goTo} />
    </>
  )
}

function modelOf(
  { failure, phases, requests, untilNs }: Recovery,
  width: number,
  marked: string | undefined,
  words: Words,
): RecoveryModel {
  const say = words.ui.control.failure
  const second = (at: number): number => (at - failure.at) / 1e9
  const shown = PHASES.flatMap((id) => {
    const phase = phases[id]
    return phase === undefined ? [] : [{ id, label: say.phases[id], atS: second(phase.at) }]
  })
  const ends = [...shown.map(({ atS }) => atS), ...requests.map(({ at }) => second(at))]
  return {
    width,
    endS: Math.min(second(untilNs), Math.max(1, ...ends) * 1.05),
    phases: [{ id: 'failure', label: say.phases.failure, atS: 0 }, ...shown],
    requests: requests.map(({ at, ok }) => ({ atS: second(at), ok })),
    ...(marked !== undefined && { marked }),
    ariaLabel: say.chart(causeText(failure, words.ui)),
  }
}

/** Seconds after the failure, to the microsecond. */
function afterText(ns: number): string {
  return `+${clockText(ns)} s`
}

/** The note that a mark of the chart stands for. */
function noteOf(recovery: Recovery, id: string): { k: number; at: number; host: string } | undefined {
  const [sort, name = ''] = id.split(' ')
  if (sort === 'request') return recovery.requests[Number(name)]
  if (name === 'failure') return recovery.failure
  return recovery.phases[name as Phase]
}

function tipOf(recovery: Recovery, id: string | undefined, run: RunData, words: Words): string {
  const note = id === undefined ? undefined : noteOf(recovery, id)
  const record = note && run.records[note.k]
  const say = words.ui.control.failure
  if (id === undefined || note === undefined || record === undefined)
    return `■ ${say.legend.ok}   × ${say.legend.lost}`
  const [sort, name = ''] = id.split(' ')
  const ok = recovery.requests[Number(name)]?.ok ?? false
  const what = sort === 'request' ? say.requestMark(ok) : say.phases[name as Phase | 'failure']
  return `${what} · ${afterText(note.at - recovery.failure.at)} · ${note.host}: ${textOf(noteSentence(words, record))}`
}

/** The same as a table; a row stands the run there. */
function PhaseTable({ recovery, onGo }: { recovery: Recovery; onGo: (k: number) => void }) {
  const words = useWords()
  const { run } = useScene().session
  const say = words.ui.control.failure
  const { columns } = say
  const rows = [
    ['failure', recovery.failure] as const,
    ...PHASES.map((id) => [id, recovery.phases[id]] as const),
  ]
  return (
    <table className="plain recovery-table">
      <thead>
        <tr>
          <th scope="col">{columns.phase}</th>
          <th scope="col" className="number">
            {columns.after}
          </th>
          <th scope="col">{columns.host}</th>
          <th scope="col">{columns.what}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([id, note]) => {
          const record = note && run.records[note.k]
          return (
            <tr key={id}>
              <td title={say.phaseHelp[id]}>
                {note ? (
                  <button type="button" className="link" onClick={() => onGo(note.k)}>
                    {say.phases[id]}
                  </button>
                ) : (
                  say.phases[id]
                )}
              </td>
              <td className="number mono">{note ? afterText(note.at - recovery.failure.at) : say.pending}</td>
              <td>{note?.host ?? ''}</td>
              <td>{record ? textOf(noteSentence(words, record)) : ''}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
