import { arrowHead, type Direction } from '../marks.ts'
import { path, text, type Shape } from '../paint/shape.ts'
import { beside, edgeBetween, type Point, WAYS } from './edges.ts'
import type { MapLayout } from './layout.ts'
import { boxKey } from './layout.ts'
import type { LineStyle, MapModel, MapStop } from './model.ts'
import { linesOf } from './walker.ts'

/** Distance between the ways of two directions, px. */
const BESIDE = 7

/** Every way there is, faint; over them the way walked, what is to come, and the other direction. */
export function wayShapes(layout: MapLayout, model: MapModel): Shape[] {
  const taken = new Set<string>()
  const legs: Shape[] = []
  for (const leg of model.others) {
    note(taken, model, leg.stops)
    const lines = linesOf(layout, model, leg.stops).map((line) => beside(line, BESIDE))
    legs.push(...lines.flatMap((line) => wayLine(line, leg.double ? 'double' : 'ahead')))
  }
  if (model.walk) {
    const { stops, reached, double = false } = model.walk
    note(taken, model, stops)
    const lines = linesOf(layout, model, stops)
    // a place may be passed twice: what has been walked lies over what is to come
    for (const done of [false, true])
      lines.forEach((line, i) => {
        if (i < reached === done) legs.push(...wayLine(line, double ? 'double' : done ? 'walked' : 'ahead'))
      })
  }
  return [...idleWays(layout, model, taken), ...legs]
}

function note(taken: Set<string>, model: MapModel, stops: readonly MapStop[]): void {
  stops.slice(1).forEach((stop, i) => {
    const before = stops[i]
    if (before) taken.add(`${boxKey(before, model.devs)} ${boxKey(stop, model.devs)}`)
  })
}

function idleWays(layout: MapLayout, model: MapModel, taken: ReadonlySet<string>): Shape[] {
  const keys = (place: string): string[] =>
    place === 'in' || place === 'out' ? model.devs.map((dev) => `${place}:${dev}`) : [place]
  return WAYS.flatMap(([from, to]) =>
    keys(from).flatMap((a) =>
      keys(to).flatMap((b): Shape[] => {
        const line = taken.has(`${a} ${b}`) ? undefined : edgeBetween(layout, a, b)
        return line ? wayLine(line, 'idle') : []
      }),
    ),
  )
}

/** One line with its arrowhead. */
export function wayLine(points: readonly Point[], style: LineStyle): Shape[] {
  if (points.length < 2) return []
  const d = `M${points.map(([x, y]) => `${x},${y}`).join('L')}`
  const [from, to] = [points.at(-2), points.at(-1)]
  if (from === undefined || to === undefined) return []
  const size = style === 'walked' ? 12 : style === 'idle' ? 0 : 9
  const head = size === 0 ? [] : arrowHead(to[0], to[1], directionOf(from, to), size)
  if (style === 'idle') return [path(d, { stroke: 'var(--rule)', width: 1.25, dash: '4 4' })]
  if (style === 'double')
    return [
      path(d, { stroke: 'var(--ink)', width: 5, join: 'miter' }),
      path(d, { stroke: 'var(--paper)', width: 2.5, join: 'miter' }),
      ...head,
    ]
  return [path(d, { stroke: 'var(--ink)', width: style === 'walked' ? 4 : 1.5, join: 'miter' }), ...head]
}

function directionOf(from: Point, to: Point): Direction {
  if (Math.abs(to[0] - from[0]) >= Math.abs(to[1] - from[1])) return to[0] >= from[0] ? 'right' : 'left'
  return to[1] >= from[1] ? 'down' : 'up'
}

/** What the lines mean. */
export function legendShapes(
  layout: MapLayout,
  model: MapModel,
  widthOf: (words: string) => number,
): Shape[] {
  let x = layout.sizes.narrow ? 8 : 24
  const y = layout.legend
  return model.legend.flatMap(({ style, text: words }): Shape[] => {
    const sample = wayLine(
      [
        [x, y - 4],
        [x + 34, y - 4],
      ],
      style,
    )
    const at = x + 42
    x = at + widthOf(words) + 24
    return [...sample, text(at, y, words, { fill: 'var(--ink2)' })]
  })
}
