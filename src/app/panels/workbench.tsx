import { type CSSProperties, lazy, type ReactNode, Suspense, useRef } from 'react'
import type { KnobId } from '../../content/lesson.ts'
import { Dock } from '../dock/dock.tsx'
import { ChatterChips } from '../control/chatter-chips.tsx'
import { Knobs } from '../knobs/knobs.tsx'
import { Icon } from '../parts/icon.tsx'
import { Splitter } from '../parts/splitter.tsx'
import { usePrefs } from '../parts/use-prefs.ts'
import { useSize } from '../parts/use-size.ts'
import { setPrefs } from '../prefs/prefs.ts'
import { useScene, useWords } from '../session/context.tsx'
import { EmptyStage } from './empty-stage.tsx'
import { LiveRegion } from './live-region.tsx'
import { regionsOf } from './regions.ts'
import { Stage } from './stage.tsx'
import { Transport } from './transport.tsx'
import { useKeys } from './use-keys.ts'

/** Loaded beside the stage, not before it. */
const Inspector = lazy(() => import('../inspector/inspector.tsx').then((m) => ({ default: m.Inspector })))

/** Height of a folded dock; the stage ends above it. */
const FOLDED_PX = 36

export interface WorkbenchProps {
  /** What the lab or lesson is called, for those who do not see the bar. */
  title: string
  lesson?: ReactNode
  knobs?: readonly KnobId[]
  locked?: boolean
}

/** The screen of a lab: lesson, knobs over stage over dock, inspector, transport. */
export function Workbench({ title, lesson, knobs, locked = false }: WorkbenchProps) {
  const { session } = useScene()
  useKeys(session)
  const root = useRef<HTMLDivElement>(null)
  const size = useSize(root)
  const prefs = usePrefs((p) => p)
  const regions = regionsOf({ width: size.width, height: size.height + 40 }, prefs)
  const large = prefs.dockLarge && regions.dockOpen
  const withLesson = lesson !== undefined && prefs.lessonOpen
  const style = {
    '--lesson': `${withLesson ? regions.lesson : 0}px`,
    '--inspector': `${regions.inspector}px`,
    '--dock': `${regions.dockOpen ? regions.dock : FOLDED_PX}px`,
  } as CSSProperties
  return (
    <div
      className={`workbench${regions.dockOver ? ' over' : ''}${large ? ' large' : ''}`}
      style={style}
      ref={root}
    >
      {withLesson ? <LessonSide width={regions.lesson}>{lesson}</LessonSide> : null}
      <div className="middle">
        <div className="knobs-line">
          {lesson !== undefined && !withLesson ? <Unfold /> : null}
          <Knobs {...(knobs && { offered: knobs })} />
          <ChatterChips />
        </div>
        <div className="stage-box">
          <Stage
            canPull={knobs === undefined || knobs.includes('cable')}
            covered={regions.dockOver && regions.dockOpen ? regions.dock - FOLDED_PX : 0}
          >
            {withLesson ? null : <h1 className="sr">{title}</h1>}
            <EmptyStage invite={lesson === undefined} />
          </Stage>
        </div>
        <DockSide height={regions.dock} open={regions.dockOpen} large={large} />
      </div>
      <InspectorSide width={regions.inspector} />
      <Transport locked={locked} />
      <LiveRegion />
    </div>
  )
}

function LessonSide({ width, children }: { width: number; children: ReactNode }) {
  const { ui } = useWords()
  return (
    <aside className="lesson-side" aria-label={ui.lesson.label}>
      <button
        type="button"
        className="btn quiet fold-lesson"
        aria-label={ui.lesson.fold}
        title={ui.lesson.fold}
        onClick={() => setPrefs({ lessonOpen: false })}
      >
        <Icon name="close" size={14} />
      </button>
      {children}
      <Splitter
        label={ui.dock.resizeLesson}
        orientation="vertical"
        value={width}
        min={240}
        max={560}
        direction={1}
        onMove={(px) => setPrefs({ lessonPx: px })}
        onReset={() => setPrefs({ lessonPx: undefined })}
      />
    </aside>
  )
}

function Unfold() {
  const { ui } = useWords()
  return (
    <button type="button" className="btn" onClick={() => setPrefs({ lessonOpen: true })}>
      <Icon name="note" size={16} />
      {ui.lesson.unfold}
    </button>
  )
}

function DockSide({ height, open, large }: { height: number; open: boolean; large: boolean }) {
  const { ui } = useWords()
  return (
    <section className="dock-side" aria-label={ui.dock.label}>
      {open && !large ? (
        <Splitter
          label={ui.dock.resize}
          orientation="horizontal"
          value={height}
          min={120}
          max={640}
          direction={-1}
          onMove={(px) => setPrefs({ dockPx: px })}
          onReset={() => setPrefs({ dockPx: undefined })}
        />
      ) : null}
      <Dock open={open} />
    </section>
  )
}

function InspectorSide({ width }: { width: number }) {
  const { ui } = useWords()
  return (
    <aside className="inspector-side" aria-label={ui.inspector.label}>
      <Splitter
        label={ui.dock.resizeInspector}
        orientation="vertical"
        value={width}
        min={260}
        max={640}
        direction={-1}
        onMove={(px) => setPrefs({ inspectorPx: px })}
        onReset={() => setPrefs({ inspectorPx: undefined })}
      />
      <Suspense>
        <Inspector />
      </Suspense>
    </aside>
  )
}
