import { scaleLinear } from 'd3'
import { dropStamp } from '../marks.ts'
import { draw } from '../paint/draw.ts'
import { textWidth } from '../paint/measure.ts'
import { group, line, rect, text, type Shape } from '../paint/shape.ts'
import type { View } from '../view.ts'

/** What followed a failure on an axis of seconds after it. Words and numbers are already made. */
export interface RecoveryModel {
  width: number
  /** Seconds after the failure that the axis reaches. */
  endS: number
  phases: readonly { id: string; label: string; atS: number }[]
  requests: readonly { atS: number; ok: boolean }[]
  /** Chosen or pointed at. */
  marked?: string
  ariaLabel: string
}

export interface RecoveryOptions {
  /** The pointer is at a phase or request, by its id (`phase NAME`, `request N`), or at none. */
  onHover?: (id: string | undefined) => void
  onChoose?: (id: string) => void
}

const PAD = 12
const LANE = 20
const SIZE = { size: 12 }

/** Names of phases stand in lanes so that none lies over another. */
function laneOf(model: RecoveryModel, x: (s: number) => number): { lanes: number[]; count: number } {
  const ends: number[] = []
  const lanes = model.phases.map(({ label, atS }) => {
    const width = textWidth(label, SIZE) + 12
    const at = Math.min(x(atS), model.width - PAD - width)
    const free = ends.findIndex((end) => end <= at)
    const lane = free < 0 ? ends.length : free
    ends[lane] = at + width
    return lane
  })
  return { lanes, count: Math.max(1, ends.length) }
}

function scaleOf({ width, endS }: RecoveryModel): (s: number) => number {
  return scaleLinear([0, Math.max(endS, 0.001)], [PAD, width - PAD])
}

export function recoveryHeight(model: RecoveryModel): number {
  return laneOf(model, scaleOf(model)).count * LANE + 74
}

/** Bands between phases, names above, requests below, seconds at the foot. */
export function recoveryShapes(model: RecoveryModel): Shape[] {
  const x = scaleOf(model)
  const { lanes, count } = laneOf(model, x)
  const top = count * LANE + 6
  const bottom = top + 40
  const ticks = scaleLinear([0, Math.max(model.endS, 0.001)], [0, 1]).ticks(
    Math.max(2, Math.floor(model.width / 110)),
  )
  const axis = ticks.flatMap((s) => [
    line(x(s), top, x(s), bottom, { stroke: 'var(--hair)', width: 1 }),
    text(x(s), bottom + 16, `${s} s`, { ...SIZE, fill: 'var(--ink2)', anchor: s === 0 ? 'start' : 'middle' }),
  ])
  const phases = model.phases.map(({ id, label, atS }, i) => {
    const y = (lanes[i] ?? 0) * LANE
    const width = textWidth(label, SIZE) + 8
    const left = Math.min(x(atS), model.width - PAD - width)
    const strong = model.marked === `phase ${id}`
    const shapes = [
      line(x(atS), y + 4, x(atS), bottom, { width: strong ? 3 : 1.5 }),
      rect(left, y + 1, width, 16, {
        fill: 'var(--paper)',
        stroke: 'var(--ink)',
        width: strong ? 2 : 1,
        r: 2,
      }),
      text(left + 4, y + 13, label, { ...SIZE, weight: 600 }),
    ]
    return group(0, 0, shapes, { key: id, attrs: { 'data-mark': `phase ${id}` } })
  })
  return [
    rect(PAD, top, model.width - 2 * PAD, 40, { fill: 'var(--sunken)' }),
    ...axis,
    ...model.requests.map(({ atS, ok }, i) => requestShape(x(atS), top + 20, ok, i)),
    ...phases,
  ]
}

function requestShape(x: number, y: number, ok: boolean, i: number): Shape {
  const shapes = ok ? [rect(x - 2, y - 8, 4, 16, { fill: 'var(--ink)' })] : dropStamp(x - 7, y - 7, 14)
  const hit = rect(x - 8, y - 16, 16, 32, { fill: 'transparent' })
  return group(0, 0, [...shapes, hit], { key: `r${i}`, attrs: { 'data-mark': `request ${i}` } })
}

/** The chart. Tells what the pointer is at; the page says it in words, and holds the same in a table. */
export function createRecoveryView(root: SVGGElement, options: RecoveryOptions = {}): View<RecoveryModel> {
  const markOf = (event: Event): string | undefined =>
    event.target instanceof Element
      ? event.target.closest<SVGElement>('[data-mark]')?.dataset['mark']
      : undefined
  const onMove = (event: Event): void => options.onHover?.(markOf(event))
  const onLeave = (): void => options.onHover?.(undefined)
  const onClick = (event: Event): void => {
    const id = markOf(event)
    if (id !== undefined) options.onChoose?.(id)
  }
  root.addEventListener('pointerover', onMove)
  root.addEventListener('pointerleave', onLeave)
  root.addEventListener('click', onClick)
  return {
    render: (model) => {
      root.setAttribute('role', 'img')
      root.setAttribute('aria-label', model.ariaLabel)
      draw(root, recoveryShapes(model))
    },
    seek: () => undefined,
    destroy: () => {
      root.removeEventListener('pointerover', onMove)
      root.removeEventListener('pointerleave', onLeave)
      root.removeEventListener('click', onClick)
      root.replaceChildren()
    },
  }
}
