import type { ReactNode } from 'react'
import { calloutOf } from '../model/callout.ts'
import { Select } from '../parts/select.tsx'
import { usePrefs } from '../parts/use-prefs.ts'
import { setPrefs } from '../prefs/prefs.ts'
import { THEMES } from '../prefs/read-prefs.ts'
import { useK, useScene, useWords } from '../session/context.tsx'
import { LiveRegion } from './live-region.tsx'
import { Stage } from './stage.tsx'
import { type Keys, useKeys } from './use-keys.ts'

interface Props {
  title: string
  step?: string | undefined
  /** Stands in for the line that says what has just happened. */
  caption?: ReactNode
  /** Lies over the stage: a question, what came of it. */
  sheet?: ReactNode
  keys?: Keys | undefined
}

/** The lab on a wall: stage and one line that says what has just happened. Keys move it; the rest is hidden. */
export function Projector({ title, step, caption, sheet, keys }: Props) {
  const words = useWords()
  const { session, owners } = useScene()
  useKeys(session, keys)
  const k = useK()
  const theme = usePrefs((p) => p.theme)
  const callout = k > session.run.bootRecord ? calloutOf(session.run, k, owners, words) : undefined
  return (
    <div className="projector">
      <header>
        <h1>{title}</h1>
        <span>{step}</span>
        <Select
          label={words.ui.bar.theme}
          quiet
          value={theme}
          options={THEMES.map((value) => ({ value, label: words.ui.bar.themes[value] }))}
          onChoose={(value) => setPrefs({ theme: value })}
        />
      </header>
      <div className="stage-box">
        <Stage projector />
        {sheet == null ? null : (
          <section className="projector-sheet" aria-label={words.ui.lesson.label} tabIndex={0}>
            {sheet}
          </section>
        )}
      </div>
      <section className="caption" aria-label={words.ui.stage.caption}>
        {caption ?? callout?.title ?? words.ui.stage.emptyHow}
      </section>
      <LiveRegion />
    </div>
  )
}
