import { lazy, Suspense, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { KnobId } from '../../content/lesson.ts'
import { useK, useRevision, useScene, useWords } from '../session/context.tsx'
import { KnobTabs } from './knob-tabs.tsx'
import { knobsFor } from './offered.ts'
import { SendKnob } from './send-knob.tsx'

const KnobPanel = lazy(() => import('./knob-panels.tsx').then((m) => ({ default: m.KnobPanel })))

/** The experiment's switches, one at a time. A lesson offers those it speaks of; the free lab all that apply there. */
export function Knobs({ offered }: { offered?: readonly KnobId[] }) {
  const { ui } = useWords()
  const { session } = useScene()
  const home = useStore(session.views.store, (s) => s.home)
  const tail = useStore(session.views.store, (s) => s.tail)
  const [wanted, setWanted] = useState<KnobId | undefined>(undefined)
  const fitting = useMemo(() => knobsFor({ ...home, ...tail }), [home, tail])
  const ids = offered ?? fitting
  const shown = wanted !== undefined && ids.includes(wanted) ? wanted : ids[0]
  if (shown === undefined) return <section className="knobs" aria-label={ui.knobs.label} />
  return (
    <section className="knobs" aria-label={ui.knobs.label}>
      {ids.length > 1 ? (
        <KnobTabs ids={ids} shown={shown} onChoose={setWanted} />
      ) : (
        <span className="knob-name">{ui.knobs.names[shown]}</span>
      )}
      <div className="knob">
        {shown === 'send' ? (
          <SendKnob />
        ) : (
          <Suspense>
            <KnobPanel id={shown} />
          </Suspense>
        )}
        {shown === 'send' ? null : <AtEnd />}
      </div>
    </section>
  )
}

/** Said while the playhead is in the past, for a knob shows the present of the playhead and changes the end of the run. */
function AtEnd() {
  const { ui } = useWords()
  const { session } = useScene()
  const k = useK()
  useRevision()
  if (k >= session.run.records.length - 1) return null
  return (
    <span className="at-end" title={ui.knobs.atEndWhy}>
      {ui.knobs.atEnd}
    </span>
  )
}
