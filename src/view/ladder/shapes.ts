import { flagShapes } from '../flag/shapes.ts'
import { isHollow, tabPath } from '../flag/geometry.ts'
import type { FlagModel } from '../flag/model.ts'
import { arrowHead, dropStamp } from '../marks.ts'
import { fitText, textWidth } from '../paint/measure.ts'
import { group, line, path, rect, text, type Shape } from '../paint/shape.ts'
import { plate, plateWidth } from '../plate.ts'
import { STATE_PX } from './layout.ts'
import type { LadderFrame, LadderLayout, LadderModel } from './model.ts'

export const HEAD_PX = 44
const BAR_PX = 12
const FLAG_PX = 156
const TTL_PX = 22
const TAB_PX = 54

/** Column heads; they stay in sight above the rows. */
export function headShapes({ columns, layout, words }: LadderModel): Shape[] {
  const { columnX, timeX, noteX, width } = layout
  const small = { size: 12, fill: 'var(--ink2)' } as const
  return [
    rect(0, 0, width, HEAD_PX, { fill: 'var(--paper)' }),
    text(timeX, 32, words.ms, { ...small, anchor: 'end' }),
    ...columns.flatMap((column, i) => {
      const x = (columnX[i] ?? 0) - plateWidth(column.code, 28) / 2
      const room = (columnX[i + 1] ?? width) - x - plateWidth(column.code, 28) - 16
      const at = x + plateWidth(column.code, 28) + 8
      return [
        ...plate(x, 8, column.code, { height: 28 }),
        text(at, 20, fitText(column.name, room, { size: 14, weight: 600 }), { size: 14, weight: 600 }),
        text(at, 36, fitText(column.role, room, { size: 12 }), small),
      ]
    }),
    ...(noteX === undefined ? [] : [text(noteX, 32, words.decided, small)]),
    line(16, HEAD_PX - 0.5, width - 16, HEAD_PX - 0.5, { width: 1 }),
  ]
}

/** Bars, changes and the frames from place `from` up to `to`, in painting order. */
export function bodyShapes(model: LadderModel, from: number, to: number, y0: number, y1: number): Shape[] {
  const { layout, frames } = model
  const shown = frames
    .slice(from, to)
    .map((frame, i) => ({ frame, row: layout.rows[from + i] ?? { y0: 0, y1: 0 } }))
  return [
    ...shown.flatMap(({ frame, row }) => (frame.id === model.current ? [band(layout, row.y0)] : [])),
    group(0, 0, shown.map(({ frame, row }) => group(0, 0, wayShapes(model, frame, row), { key: String(frame.id), cls: frame.id > model.passed ? 'ahead' : '' })), { key: 'ways' }), // prettier-ignore
    group(0, 0, barShapes(layout, y0, y1), { key: 'bars' }),
    group(0, 0, changeShapes(model, y0, y1), { key: 'changes' }),
    group(0, 0, breakShapes(model, y0, y1), { key: 'breaks' }),
    group(0, 0, shown.map(({ frame, row }) => rowShape(model, frame, row)), { key: 'rows' }), // prettier-ignore
  ]
}

/** The row of the playhead. */
function band(layout: LadderLayout, y: number): Shape {
  const { pitch, width } = layout
  return group(
    0,
    0,
    [
      rect(0, y - pitch / 2, width, pitch, { fill: 'var(--sunken)' }),
      rect(0, y - pitch / 2, 4, pitch, { fill: 'var(--ink)' }),
    ],
    { key: 'band' },
  )
}

type Row = LadderLayout['rows'][number]

/**
 * The lines of a frame, from the bar that sent it to every bar it reaches: level under its flag, then down to when it
 * arrives. A lost one ends half way, at its stamp.
 */
function wayShapes(model: LadderModel, frame: LadderFrame, { y0, y1 }: Row): Shape[] {
  const { layout } = model
  const box = flagBox(model, frame)
  const from = layout.columnX[frame.from] ?? 0
  const dash = frame.toAll ? { dash: '4 3' } : {}
  return endsOf(frame).flatMap((to) => {
    const x = layout.columnX[to] ?? from
    const side = x > from ? 1 : -1
    const [a, b] = [from + (side * BAR_PX) / 2, x - (side * BAR_PX) / 2]
    if (frame.lost) {
      const [mx, my] = [(a + b) / 2, (y0 + y1) / 2]
      return [line(a, y0, mx, my, dash), ...dropStamp(mx - 7, my - 7, 14)]
    }
    const edge = box === undefined ? a : side > 0 ? box.x + box.width + 4 : box.x - 4
    const bend = (edge - a) * side > 0 && (b - edge) * side > 12 ? edge : a
    const way = path(`M${a},${y0}H${bend}L${b},${y1}`, { stroke: 'var(--ink)', width: 1.5, ...dash })
    return [way, ...arrowHead(b, y1, side > 0 ? 'right' : 'left', 9)]
  })
}

/** Of the columns reached in one direction only the farthest has a line; the others would lie on it. */
function endsOf({ from, to }: LadderFrame): number[] {
  const [least, most] = [Math.min(from, ...to), Math.max(from, ...to)]
  return [least, most].filter((end) => end !== from)
}

function barShapes({ columnX, bars }: LadderLayout, y0: number, y1: number): Shape[] {
  return bars.flatMap((parts, column) => {
    const x = (columnX[column] ?? 0) - BAR_PX / 2
    return parts.flatMap((part) => {
      const [top, bottom] = [Math.max(part.y0, y0), Math.min(part.y1, y1)]
      if (bottom <= top) return []
      const fill = part.phase === 'established' ? 'var(--ink)' : 'var(--paper)'
      const box = rect(x, top, BAR_PX, bottom - top, { fill, stroke: 'var(--ink)', width: 1.25 })
      return part.phase === 'changing' ? [box, hatch(x, top, bottom)] : [box]
    })
  })
}

/** Lines every 6 px, in step with the page and not with the part of it in sight. */
function hatch(x: number, top: number, bottom: number): Shape {
  const lines: string[] = []
  for (let y = Math.ceil((top + 6) / 6) * 6; y <= bottom - 1; y += 6) lines.push(`M${x + 1},${y}l10,-6`)
  return path(lines.join(''), { stroke: 'var(--ink2)', width: 1 })
}

/** States beside the bars: left of the first one, right of the others. What would lie on another is left out. */
function changeShapes(model: LadderModel, y0: number, y1: number): Shape[] {
  const { layout } = model
  const lowest = new Map<number, number>()
  return model.changes.flatMap((change, i) => {
    const y = layout.changeY[i] ?? 0
    if (y < y0 - 40 || y > y1 + 40) return []
    const x = layout.columnX[change.column] ?? 0
    const first = change.column === 0
    const taken = lowest.get(change.column) ?? -Infinity
    const place = Math.max(y + 13, taken + 13)
    const marks = [
      line(x - BAR_PX / 2, y, x + BAR_PX / 2, y, { width: 1.25 }),
      ...(change.kind === 'drop' ? dropStamp(x - 7, y - 7, 14) : []),
    ]
    const late = place - y - 13 > (change.kind === 'neighbour' ? 4 : 26)
    if (late || change.label === '') return marks
    lowest.set(change.column, place)
    const style = { size: 11, mono: true, weight: change.strong ? 700 : 400 } as const
    const label = fitText(change.label, STATE_PX - 14, style)
    const width = textWidth(label, style)
    const left = first ? x - BAR_PX / 2 - 6 - width : x + BAR_PX / 2 + 6
    return [
      ...marks,
      rect(left - 2, place - 10, width + 4, 13, { fill: 'var(--paper)' }),
      text(left, place, label, { ...style, fill: change.strong ? 'var(--ink)' : 'var(--ink2)' }),
    ]
  })
}

/** Two slanted ticks beside the length of the time that was folded. */
function breakShapes({ layout }: LadderModel, y0: number, y1: number): Shape[] {
  return layout.breaks.flatMap(({ y, skippedNs }) => {
    if (y < y0 || y > y1) return []
    const x = layout.timeX
    return [
      text(x - 16, y + 4, spanOf(skippedNs), { size: 11, anchor: 'end', fill: 'var(--ink2)' }),
      line(x - 11, y + 4, x - 6, y - 4, { stroke: 'var(--ink2)', width: 1.25 }),
      line(x - 6, y + 4, x - 1, y - 4, { stroke: 'var(--ink2)', width: 1.25 }),
    ]
  })
}

function spanOf(ns: number): string {
  return ns < 1e9 ? `${(ns / 1e6).toFixed(1)} ms` : `${(ns / 1e9).toFixed(1)} s`
}

/** Time, flag and note of a frame; the whole row answers to the pointer. */
function rowShape(model: LadderModel, frame: LadderFrame, { y0 }: Row): Shape {
  const { layout, words } = model
  const { pitch, width, timeX, noteX } = layout
  const now = frame.id === model.current
  const note = [frame.again ? words.again : '', model.noteOf(frame.id)].filter((one) => one !== '')
  const face = { size: 12, weight: now ? 600 : 400 } as const
  const shapes: Shape[] = [
    rect(0, y0 - pitch / 2, width, pitch, { fill: 'transparent' }),
    text(timeX, y0 + 4, frame.time, {
      ...face,
      mono: true,
      anchor: 'end',
      fill: now ? 'var(--ink)' : 'var(--ink2)',
    }),
    ...flagAt(model, frame, y0),
  ]
  if (noteX !== undefined && note.length > 0)
    shapes.push(text(noteX, y0 + 4, fitText(note.join(' · '), width - noteX - 12, face), face))
  shapes.push({
    ...rect(7, y0 - pitch / 2 + 1, width - 14, pitch - 2, { stroke: 'var(--focus)', width: 2, r: 3 }),
    cls: 'row-focus',
  })
  return group(0, 0, shapes, {
    key: String(frame.id),
    cls: `ladder-row${frame.id > model.passed ? ' ahead' : ''}${frame.id === model.focused ? ' focused' : ''}`,
    attrs: {
      role: 'option',
      id: `${model.idPrefix}${frame.id}`,
      'data-frame': String(frame.id),
      'aria-selected': String(now),
      'aria-label': model.labelOf(frame),
    },
  })
}

/** Where the flag rides: in the gap next to its sender. */
function flagBox(
  model: LadderModel,
  frame: LadderFrame,
): { x: number; width: number; flag: FlagModel } | undefined {
  const flag = model.flagOf(frame.id)
  const { columnX, full } = model.layout
  const far = endsOf(frame).at(-1) ?? frame.from
  const next = frame.from + Math.sign(far - frame.from)
  const [a, b] = [columnX[frame.from] ?? 0, columnX[next] ?? 0]
  if (flag === undefined || a === b) return undefined
  const width = full ? flagWidth(flag) + (flag.ttl === undefined ? 0 : TTL_PX) : TAB_PX
  // the states of the bar on the left stand in the gap too
  return { x: (a + b) / 2 - width / 2 + (full ? 14 : 20), width, flag }
}

function flagAt(model: LadderModel, frame: LadderFrame, y0: number): Shape[] {
  const box = flagBox(model, frame)
  if (box === undefined) return []
  const { x, width, flag } = box
  const quiet: FlagModel = { ...flag }
  delete quiet.lost
  const shapes = model.layout.full ? flagShapes(quiet, { zoom: 1, ttl: true }) : tabShapes(flag)
  return [
    rect(x - 4, y0 - 9, width + 8, 18, {
      fill: frame.id === model.current ? 'var(--sunken)' : 'var(--paper)',
    }),
    group(x, y0 - 8, shapes, { cls: 'ladder-flag' }),
  ]
}

function flagWidth(flag: FlagModel): number {
  return flag.inner === undefined ? FLAG_PX : FLAG_PX + 48
}

function tabShapes(flag: FlagModel): Shape[] {
  const hollow = isHollow(flag.kind)
  const word = fitText(flag.label.split('\n')[0] ?? '', TAB_PX, { size: 11, weight: 700 })
  return [
    path(tabPath(flag.kind, TAB_PX, 16), {
      fill: hollow ? 'var(--surface)' : 'var(--ink)',
      stroke: 'var(--ink)',
      width: 1.25,
    }),
    text(TAB_PX / 2 + 1, 12, word, {
      size: 11,
      weight: 700,
      anchor: 'middle',
      fill: hollow ? 'var(--ink)' : 'var(--paper)',
    }),
  ]
}
