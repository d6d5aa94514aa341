import { drag, pointer, select } from 'd3'
import { dropStamp } from '../marks.ts'
import { draw } from '../paint/draw.ts'
import { group, line, path, rect, type Shape } from '../paint/shape.ts'
import type { View } from '../view.ts'
import type { MarkKind, ScrubberMark, ScrubberModel, ScrubberOptions } from './scrubber-model.ts'

export const SCRUBBER_HEIGHT = 20
const PAD = 8
/** Marks closer than this are thinned out; the more important one stays. */
const MARK_STEP = 5

/** The transport's track: drag or click to seek, arrows to step, Home and End. Keyboard focus is on the handle (a slider). */
export function createScrubberView(root: SVGGElement, options: ScrubberOptions): View<ScrubberModel> {
  const drawn = document.createElementNS('http://www.w3.org/2000/svg', 'g')
  const handle = document.createElementNS('http://www.w3.org/2000/svg', 'g')
  root.append(drawn, handle)
  handle.setAttribute('class', 'scrubber-handle')
  handle.setAttribute('role', 'slider')
  let model: ScrubberModel | undefined
  const span = options.width - 2 * PAD

  const seek = (atMs: number): void => {
    if (!model) return
    const share = model.lengthMs > 0 ? Math.min(1, Math.max(0, atMs / model.lengthMs)) : 0
    const x = PAD + share * span
    draw(handle, handleShapes(x))
    handle.setAttribute('aria-valuenow', String(Math.round(atMs)))
    handle.setAttribute('aria-valuetext', model.valueText(atMs))
  }

  const msAt = (x: number): number => {
    const share = Math.min(1, Math.max(0, (x - PAD) / span))
    return share * (model?.lengthMs ?? 0)
  }

  const toPointer = (event: unknown): void => {
    if (model && !model.disabled) options.onSeek(msAt(pointer(event, root)[0]))
  }
  const dragging = drag<SVGGElement, unknown>()
    .container(root)
    .on('start drag', (event: { sourceEvent: unknown }) => toPointer(event.sourceEvent))
  select(root).call(dragging)
  handle.addEventListener('keydown', (event) => onKey(event, model, options))

  return {
    render: (next) => {
      model = next
      draw(drawn, trackShapes(next, options.width))
      setAttributes(handle, {
        tabindex: next.disabled ? '-1' : '0',
        'aria-label': next.ariaLabel,
        'aria-valuemin': '0',
        'aria-valuemax': String(Math.round(next.lengthMs)),
        'aria-disabled': String(next.disabled ?? false),
      })
      seek(next.atMs)
    },
    seek,
    destroy: () => {
      select(root).on('.drag', null)
      root.replaceChildren()
    },
  }
}

function setAttributes(node: Element, attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value)
}

function onKey(event: KeyboardEvent, model: ScrubberModel | undefined, options: ScrubberOptions): void {
  if (!model || model.disabled) return
  if (event.key === 'ArrowLeft' || event.key === 'ArrowDown') options.onStep(-1, event.shiftKey)
  else if (event.key === 'ArrowRight' || event.key === 'ArrowUp') options.onStep(1, event.shiftKey)
  else if (event.key === 'Home') options.onSeek(0)
  else if (event.key === 'End') options.onSeek(model.lengthMs)
  else return
  event.preventDefault()
  event.stopPropagation()
}

function handleShapes(x: number): Shape[] {
  return [
    line(PAD, 10, Math.max(PAD, x), 10, { width: 3 }),
    line(x, 3.5, x, 16.5, { stroke: 'var(--paper)', width: 7 }),
    line(x, 1, x, 19, { width: 3 }),
    { ...rect(x - 7, -2, 14, 24, { stroke: 'var(--focus)', width: 2, r: 3 }), cls: 'focus-ring' },
    rect(x - 12, 0, 24, 20, { fill: 'transparent' }),
  ]
}

/** Track and marks; the transparent rectangle makes the whole strip a target. */
export function trackShapes(model: ScrubberModel, width: number): Shape[] {
  const span = width - 2 * PAD
  // A run in which nothing moved has no length: its marks stand at the beginning.
  const pxPerMs = model.lengthMs > 0 ? span / model.lengthMs : 0
  const marks = thinMarks(model.marks, pxPerMs)
  return [
    rect(0, 0, width, SCRUBBER_HEIGHT, { fill: 'transparent' }),
    line(PAD, 10, width - PAD, 10, { stroke: 'var(--line)' }),
    group(
      0,
      0,
      marks.flatMap((mark) => markShapes(PAD + mark.atMs * pxPerMs, mark.kind)),
      { key: 'marks' },
    ),
  ]
}

const RANK: Readonly<Record<MarkKind, number>> = { quiet: -1, event: 0, arp: 1, rewrite: 2, drop: 3 }

/** At most one mark every few px; of those that would overlap the most important is kept, the first of equals. */
export function thinMarks(marks: readonly ScrubberMark[], pxPerMs: number): ScrubberMark[] {
  const slots = new Map<number, ScrubberMark>()
  for (const mark of marks) {
    const slot = Math.floor((mark.atMs * pxPerMs) / MARK_STEP)
    const held = slots.get(slot)
    if (!held || RANK[mark.kind] > RANK[held.kind]) slots.set(slot, mark)
  }
  return [...slots.entries()].sort((a, b) => a[0] - b[0]).map(([, mark]) => mark)
}

function markShapes(x: number, kind: MarkKind): Shape[] {
  const ink = { fill: 'var(--paper)', stroke: 'var(--ink)' }
  switch (kind) {
    case 'rewrite':
      return [rect(x - 3.5, 6.5, 7, 7, { ...ink, width: 1.5 })]
    case 'arp':
      return [path(`M${x},5.5l4.5,4.5l-4.5,4.5l-4.5,-4.5Z`, { ...ink, width: 1.25 })]
    case 'drop':
      return dropStamp(x - 5, 5, 10)
    case 'quiet':
      return [line(x, 8, x, 12, { width: 1, stroke: 'var(--faint)' })]
    case 'event':
      return [line(x, 6, x, 14, { width: 1.25 })]
  }
}
