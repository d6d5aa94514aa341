import { type KeyboardEvent, type RefObject, useCallback, useEffect, useId, useRef, useState } from 'react'
import { formatFrame } from '../../core/wire/format.ts'
import { createLadderView } from '../../view/ladder/ladder.ts'
import type { LadderModel } from '../../view/ladder/model.ts'
import { HEAD_PX } from '../../view/ladder/shapes.ts'
import { spanText } from '../model/time.ts'
import { useSize } from '../parts/use-size.ts'
import { useView } from '../parts/use-view.ts'
import { setPrefs } from '../prefs/prefs.ts'
import { useScene, useWords } from '../session/context.tsx'
import type { Session } from '../session/session.ts'
import type { LadderContent } from './use-ladder.ts'

interface Hover {
  id: number
  x: number
  y: number
}

/**
 * The ladder in a window that scrolls; with Ctrl the wheel makes rows taller or lower. One tab stop: arrows go from frame to
 * frame, Enter goes there in the run.
 */
export function LadderPicture({ content, onZoom }: { content: LadderContent; onZoom: (by: number) => void }) {
  const { ui } = useWords()
  const { session } = useScene()
  const scroller = useRef<HTMLDivElement>(null)
  const { width, height } = useSize(scroller)
  const id = useId()
  const [top, setTop] = useState(0)
  const [focused, setFocused] = useState(-1)
  const [hover, setHover] = useState<Hover | undefined>(undefined)
  const { layout, frames, current } = content
  const go = useGoTo(session)
  const model: LadderModel = { ...content, height, top, focused, idPrefix: id }
  const show = useCallback(
    (frame: number) => {
      const place = frames.findIndex((one) => one.id === frame)
      const row = layout.rows[place]
      if (row !== undefined && scroller.current !== null) keepInSight(scroller.current, row.y0, layout.pitch)
    },
    [frames, layout],
  )
  useEffect(() => {
    show(current)
  }, [show, current, height])
  useWheelZoom(scroller, onZoom)

  function onKey(event: KeyboardEvent, next: number | undefined): void {
    if (next !== undefined) {
      setFocused(next)
      show(next)
    } else if (event.key === 'Enter' && focused >= 0) go(focused)
    else if (event.key === '+' || event.key === '-') onZoom(event.key === '+' ? 1 : -1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div className="ladder-window">
      <div
        className="ladder-scroll"
        ref={scroller}
        role="listbox"
        aria-label={ui.ladder.label}
        aria-activedescendant={focused >= 0 ? `${id}${focused}` : undefined}
        tabIndex={0}
        onKeyDown={(event) => {
          const place = frames.findIndex((one) => one.id === (focused < 0 ? current : focused))
          onKey(event, frames[placeAfter(event.key, place, frames.length) ?? -1]?.id)
        }}
        onBlur={() => setFocused(-1)}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      >
        <div role="presentation" style={{ width: layout.width, height: HEAD_PX + layout.height }}>
          {width === 0 ? null : <Drawn model={model} onChoose={go} onHover={setHover} />}
        </div>
      </div>
      {hover === undefined ? null : <Tip hover={hover} content={content} />}
    </div>
  )
}

function useGoTo(session: Session): (frame: number) => void {
  return useCallback(
    (frame) => {
      session.player.set(frame)
      setPrefs({ inspectorTab: 'packet' })
    },
    [session],
  )
}

function Drawn(props: {
  model: LadderModel
  onChoose: (frame: number) => void
  onHover: (hover: Hover | undefined) => void
}) {
  const { model, onChoose, onHover } = props
  const { session } = useScene()
  const create = useCallback(
    (root: SVGGElement) => createLadderView(root, { onChoose, onHover }),
    [onChoose, onHover],
  )
  const root = useView(create, model, session.playhead)
  return (
    <svg className="vs ladder-svg" width={model.layout.width} height={model.height} role="presentation">
      <g ref={root} role="presentation" />
    </svg>
  )
}

const PAGE = 10

function placeAfter(key: string, place: number, count: number): number | undefined {
  const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE }
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  const step = steps[key]
  return step === undefined ? undefined : Math.max(0, Math.min(count - 1, place + step))
}

/** Scrolls as little as shows a row and the one after it. */
function keepInSight(scroller: HTMLElement, y: number, pitch: number): void {
  const room = scroller.clientHeight - HEAD_PX
  if (y - pitch < scroller.scrollTop) scroller.scrollTop = Math.max(0, y - pitch)
  else if (y + 1.5 * pitch > scroller.scrollTop + room) scroller.scrollTop = y + 1.5 * pitch - room
}

/** React listens to the wheel passively, which could not keep the page from zooming. */
function useWheelZoom(scroller: RefObject<HTMLElement | null>, onZoom: (by: number) => void): void {
  const held = useRef(onZoom)
  useEffect(() => {
    held.current = onZoom
  }, [onZoom])
  useEffect(() => {
    const element = scroller.current
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey) return
      event.preventDefault()
      held.current(event.deltaY < 0 ? 1 : -1)
    }
    element?.addEventListener('wheel', onWheel, { passive: false })
    return () => element?.removeEventListener('wheel', onWheel)
  }, [scroller])
}

/** What the frame under the pointer is: its line in tcpdump's words, its way, what decided it. */
function Tip({ hover, content }: { hover: Hover; content: LadderContent }) {
  const { ui } = useWords()
  const { session } = useScene()
  const record = session.run.records[hover.id]
  const bytes = record?.kind === 'flight' ? session.run.frames[record.frame]?.bytes : undefined
  if (record?.kind !== 'flight' || bytes === undefined) return null
  const to = record.to.map((end) => `${end.host} ${end.dev}`).join(', ')
  return (
    <div
      className="ladder-tip"
      style={{
        left: Math.min(hover.x + 16, innerWidth - 460),
        top: Math.min(hover.y + 18, innerHeight - 110),
      }}
    >
      <b>
        {ui.inspector.frame(record.frame)} · {bytes.length} B
      </b>
      <code>{formatFrame(bytes)}</code>
      <span>
        {record.host} {record.dev} → {to}
        {record.lost === undefined ? ` · ${ui.ladder.travel(spanText(record.t1 - record.t0))}` : ''}
      </span>
      <span>{content.noteOf(hover.id)}</span>
    </div>
  )
}
