import { draw } from '../paint/draw.ts'
import { svgMarkup } from '../paint/markup.ts'
import { group, line, path, rect, type Shape } from '../paint/shape.ts'
import type { View } from '../view.ts'
import { yOfTime } from './layout.ts'
import type { LadderLayout, LadderModel } from './model.ts'
import { bodyShapes, headShapes, HEAD_PX } from './shapes.ts'

export interface LadderOptions {
  onChoose: (id: number) => void
  /** The pointer is on a row, at these coordinates of the window; undefined = on none. */
  onHover: (at: { id: number; x: number; y: number } | undefined) => void
}

/** Drawn beyond the window, so that long slants do not end in sight. */
const MARGIN = 240

/**
 * The ladder in a window of `height` px, scrolled to `top`. Only rows in sight exist. `seek` moves the line of the playhead;
 * a click on a row chooses its frame.
 */
export function createLadderView(root: SVGGElement, options: LadderOptions): View<LadderModel> {
  const layer = (cls: string): SVGGElement => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', 'g')
    made.setAttribute('class', cls)
    root.append(made)
    return made
  }
  const cursor = layer('ladder-cursor')
  const body = layer('ladder-body')
  const head = layer('ladder-head')
  const stop = listen(body, options)
  let model: LadderModel | undefined
  let at = 0

  const seek = (ms: number): void => {
    at = ms
    if (model === undefined) return
    const y = HEAD_PX + yOfTime(model.layout.knots, ms) - model.top
    const shown = model.frames.length > 0 && y >= HEAD_PX && y <= model.height
    draw(cursor, shown ? cursorShapes(model.layout, y) : [])
  }

  return {
    render: (next) => {
      model = next
      const [from, to] = rowsWithin(next.layout, next.top - MARGIN, next.top + next.height + MARGIN)
      const shapes = bodyShapes(next, from, to, next.top - MARGIN, next.top + next.height + MARGIN)
      draw(body, [group(0, HEAD_PX - next.top, shapes, { key: 'all' })])
      draw(head, headShapes(next))
      seek(at)
    },
    seek,
    destroy: () => {
      stop()
      root.replaceChildren()
    },
  }
}

/** The whole ladder as a picture of its own. */
export function ladderMarkup(model: LadderModel, label: string): string {
  const { layout, frames } = model
  const height = HEAD_PX + layout.height
  const shapes: Shape[] = [
    rect(0, 0, layout.width, height, { fill: 'var(--paper)' }),
    group(0, HEAD_PX, bodyShapes({ ...model, focused: -1 }, 0, frames.length, 0, layout.height)),
    ...headShapes(model),
  ]
  return svgMarkup(layout.width, height, shapes, label)
}

/** Rows that leave between two heights, as places: from, and up to but not with. */
export function rowsWithin({ rows }: LadderLayout, y0: number, y1: number): readonly [number, number] {
  const firstFrom = (y: number): number => {
    let low = 0
    let high = rows.length
    while (low < high) {
      const mid = (low + high) >>> 1
      if ((rows[mid]?.y0 ?? 0) < y) low = mid + 1
      else high = mid
    }
    return low
  }
  return [firstFrom(y0), firstFrom(y1)]
}

function cursorShapes({ columnX, timeX }: LadderLayout, y: number): Shape[] {
  return [
    line(timeX + 6, y, columnX.at(-1) ?? timeX, y, { stroke: 'var(--ink)', width: 1, dash: '2 4' }),
    path(`M${timeX + 4},${y - 5}l7,5l-7,5Z`, { fill: 'var(--ink)' }),
  ]
}

function listen(body: SVGGElement, options: LadderOptions): () => void {
  const idAt = (event: Event): number | undefined => {
    const target = event.target instanceof Element ? event.target : undefined
    const id = target?.closest<SVGElement>('[data-frame]')?.dataset['frame']
    return id === undefined ? undefined : Number(id)
  }
  const onClick = (event: Event): void => {
    const id = idAt(event)
    if (id !== undefined) options.onChoose(id)
  }
  const onMove = (event: PointerEvent): void => {
    const id = idAt(event)
    options.onHover(id === undefined ? undefined : { id, x: event.clientX, y: event.clientY })
  }
  const onLeave = (): void => {
    options.onHover(undefined)
  }
  body.addEventListener('click', onClick)
  body.addEventListener('pointermove', onMove)
  body.addEventListener('pointerleave', onLeave)
  return () => {
    body.removeEventListener('click', onClick)
    body.removeEventListener('pointermove', onMove)
    body.removeEventListener('pointerleave', onLeave)
  }
}
