import { flagShapes } from '../flag/shapes.ts'
import { plate, plateWidth } from '../plate.ts'
import { textWidth } from '../paint/measure.ts'
import { group, line, rect, text, type Shape } from '../paint/shape.ts'
import { dropStamp } from '../marks.ts'
import type { Box, MapLayout } from './layout.ts'
import { boxKey } from './layout.ts'
import type { MapAsked, MapChange, MapModel } from './model.ts'

/** What is said beside the ways: answers of routing, bytes that change, the packet before and after. */
export function saidShapes(layout: MapLayout, model: MapModel): Shape[] {
  return [
    ...answers(layout, model),
    ...(model.asked ? askedShapes(layout, model.asked) : []),
    ...changeShapes(layout, model.changes, model.devs),
    ...flagsShapes(layout),
    ...lostShapes(layout, model),
  ]
}

function answers(layout: MapLayout, model: MapModel): Shape[] {
  const route = layout.boxes.get('route')
  if (route === undefined) return []
  const x = route.x + route.w / 2
  const places = model.walk?.stops.slice(0, model.walk.reached + 1).map(({ place }) => place) ?? []
  const after = (place: string): boolean =>
    places.some((one, i) => one === place && places[i - 1] === 'route')
  return [
    word(x - 8, route.y - 14, model.words.yes, after('input'), 'end'),
    layout.sizes.narrow
      ? word((layout.boxes.get('forward')?.x ?? 0) - 4, route.y + 10, model.words.no, after('forward'), 'end')
      : word(route.x + route.w + 4, route.y + route.h / 2 - 8, model.words.no, after('forward'), 'start'),
  ]
}

function word(x: number, y: number, words: string, strong: boolean, anchor: 'start' | 'end'): Shape {
  return text(x, y, words, {
    anchor,
    weight: strong ? 600 : 400,
    fill: strong ? 'var(--ink)' : 'var(--faint)',
  })
}

/** Under the diamond, or left of the small one: the row that was found. */
function askedShapes(layout: MapLayout, asked: MapAsked): Shape[] {
  const own = asked.place === 'routeOut' ? layout.boxes.get('routeOut') : undefined
  const row = { size: 12, mono: true } as const
  const width = textWidth(asked.row, row) + (asked.owner ? plateWidth(asked.owner) + 5 : 0)
  const answer = textWidth(asked.answer, { size: 12, weight: 600 })
  const whole = width + 8 + answer
  const y = own ? own.y + own.h / 2 + 13 : layout.asked.y
  const right = own ? own.x - 8 : undefined
  const forward = layout.boxes.get('forward')
  const end = Math.min(layout.asked.x + whole / 2, (forward?.x ?? Infinity) - 6)
  const x = right !== undefined ? right - whole : Math.max(8, end - whole)
  return [
    rect(x - 4, y - 13, whole + 8, 18, { fill: 'var(--paper)' }),
    text(x, y, asked.row, { mono: true }),
    ...(asked.owner ? plate(x + textWidth(asked.row, row) + 5, y - 11, asked.owner) : []),
    text(x + width + 8, y, asked.answer, { weight: 600 }),
  ]
}

/** Under the box where it happened: from whose address to whose. */
function changeShapes(layout: MapLayout, changes: readonly MapChange[], devs: readonly string[]): Shape[] {
  const count = new Map<string, number>()
  return changes.flatMap((change): Shape[] => {
    const key = boxKey(change, devs)
    const box = layout.boxes.get(key)
    if (box === undefined) return []
    const n = count.get(key) ?? 0
    count.set(key, n + 1)
    return [changeChip(box, change, n)]
  })
}

function changeChip(box: Box, change: MapChange, n: number): Shape {
  const label = `${change.label} `
  const font = { size: 12 } as const
  const labelWidth = textWidth(label, font) + 3
  const old = change.old === undefined ? 0 : plateWidth(change.old)
  const arrow = change.old === undefined || change.now === undefined ? 0 : 20
  const now = change.now === undefined ? 0 : plateWidth(change.now)
  const tail = change.text === undefined ? 0 : textWidth(change.text, { size: 12, mono: true, weight: 600 })
  const width = labelWidth + old + arrow + now + tail
  const end = change.place === 'out' || change.place === 'in'
  const above = end || change.place === 'pre'
  const x = end
    ? box.x + box.w - width
    : box.x + (change.place === 'forward' || change.place === 'pre' ? 2 : 10)
  const y = above ? box.y - 12 - n * 18 : box.y + box.h + 16 + n * 18
  return group(0, 0, [
    rect(x - 3, y - 13, width + 6, 18, { fill: 'var(--paper)' }),
    text(x, y, label, { fill: 'var(--ink2)' }),
    ...(change.old === undefined
      ? []
      : [...plate(x + labelWidth, y - 11, change.old, { dim: true }), strike(x + labelWidth, y - 4, old)]),
    ...(arrow === 0 ? [] : [text(x + labelWidth + old + 4, y, '→')]),
    ...(change.now === undefined ? [] : plate(x + labelWidth + old + arrow, y - 11, change.now)),
    ...(change.text === undefined
      ? []
      : [text(x + labelWidth + old + arrow + now, y, change.text, { mono: true, weight: 600 })]),
  ])
}

function strike(x: number, y: number, width: number): Shape {
  return line(x - 1, y, x + width + 1, y, { stroke: 'var(--ink)', width: 1.25 })
}

function flagsShapes(layout: MapLayout): Shape[] {
  return layout.flags.map(({ x, y, zoom, of }) => {
    const attrs = { role: 'img', 'aria-label': `${of.title}: ${of.flag.ariaLabel}`, 'data-flag': 'map' }
    return group(
      0,
      0,
      [
        text(x, y - 18, of.title, {
          weight: of.now ? 600 : 400,
          fill: of.now ? 'var(--ink)' : 'var(--ink2)',
        }),
        group(x, y, flagShapes(of.flag, { zoom, ttl: true })),
      ],
      { attrs },
    )
  })
}

function lostShapes(layout: MapLayout, { walk, devs }: MapModel): Shape[] {
  const stop = walk?.stops[walk.reached]
  if (walk?.lost === undefined || stop === undefined) return []
  const box = layout.boxes.get(boxKey(stop, devs))
  if (box === undefined) return []
  const [x, y] = [box.x + box.w - 10, box.y - 10]
  const width = textWidth(walk.lost, { size: 12, weight: 600 })
  const right = x + 26 + width < layout.width
  const at = right ? x + 26 : x - 8 - width
  return [
    rect(at - 4, y - 1, width + 8, 20, { fill: 'var(--paper)' }),
    ...dropStamp(x, y),
    text(at, y + 14, walk.lost, { weight: 600 }),
  ]
}
