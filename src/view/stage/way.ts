import { arrowHead, type Direction } from '../marks.ts'
import { path, type Shape } from '../paint/shape.ts'
import type { Point, StageLayout } from './layout.ts'
import type { WalkedHop } from './model.ts'
import { routeOf } from './routes.ts'

interface Branch {
  route: Point[]
  taken: boolean
}

/**
 * The ways walked: ink in link and rail, one head on each straight piece. A frame for everyone has a branch to each
 * receiver; those that were not meant get a dashed one, and the rail's hatching says how it came there.
 */
export function wayShapes(layout: StageLayout, way: readonly WalkedHop[]): Shape[] {
  const lines: Shape[] = []
  const heads: Shape[] = []
  for (const hop of way) {
    const branches = hop.to
      .map((to): Branch => ({ route: routeOf(layout, hop.from, to), taken: to.taken !== false }))
      .filter((branch) => branch.route.length > 0)
    lines.push(...hopLines(layout, branches))
    heads.push(...hopHeads(layout, branches))
  }
  return [...lines, ...heads]
}

function hopLines({ metrics }: StageLayout, branches: readonly Branch[]): Shape[] {
  const ink = { stroke: 'var(--ink)', join: 'miter' } as const
  const solid = { ...ink, width: metrics.wayWidth }
  const out: Shape[] = []
  for (const { route, taken } of branches) {
    if (taken) out.push(path(pathOf(route), solid))
    else out.push(path(pathOf(route.slice(-2)), { ...ink, width: metrics.projector ? 3 : 1.5, dash: '6 4' }))
  }
  const [first] = branches
  if (first && !branches.some((b) => b.taken) && first.route.length > 2) {
    out.push(path(pathOf(first.route.slice(0, 2)), solid))
  }
  return out
}

function pathOf(points: readonly Point[]): string {
  return points.map((p, i) => `${i === 0 ? 'M' : 'L'}${p.x},${p.y}`).join('')
}

/** On the sender's link, on the longest free stretch of rail on either side of it, and on every receiver's link. */
function hopHeads(layout: StageLayout, branches: readonly Branch[]): Shape[] {
  const [first] = branches
  if (!first) return []
  const { arrow } = layout.metrics
  const out: Shape[] = []
  for (const { route, taken } of branches) out.push(...arrivalHead(route, taken ? arrow : arrow * 0.8))
  if (first.route.length < 4) return out
  out.push(...departureHead(first.route, arrow))
  const start = first.route[1]
  const stops = branches.flatMap((b) => (b.taken ? (b.route[2]?.x ?? []) : []))
  for (const side of [-1, 1]) out.push(...railHead(start, stops, side, arrow))
  return out
}

function railHead(start: Point | undefined, stops: readonly number[], side: number, size: number): Shape[] {
  if (!start) return []
  const mine = stops.filter((x) => Math.sign(x - start.x) === side)
  const xs = [start.x, ...mine].sort((a, b) => (a - b) * side)
  let longest: [number, number] | undefined
  for (let i = 1; i < xs.length; i++) {
    const piece: [number, number] = [xs[i - 1] ?? 0, xs[i] ?? 0]
    if (!longest || Math.abs(piece[1] - piece[0]) > Math.abs(longest[1] - longest[0])) longest = piece
  }
  return longest ? head({ x: longest[0], y: start.y }, { x: longest[1], y: start.y }, size) : []
}

function departureHead([port, rail]: readonly Point[], size: number): Shape[] {
  return head(port, rail, size, port && rail && port.y > rail.y ? 1 - LOWER_SHARE : 0.5)
}

function arrivalHead(route: readonly Point[], size: number): Shape[] {
  const [rail, port] = route.slice(-2)
  return head(rail, port, size, port && rail && port.y > rail.y ? LOWER_SHARE : 0.5)
}

/** A link of the lower row passes the flag and its leader: the head stands in the quarter next to the rail. */
const LOWER_SHARE = 0.25

/** With its middle at `share` of a piece that is long enough for one. */
function head(from: Point | undefined, to: Point | undefined, size: number, share = 0.5): Shape[] {
  if (!from || !to || Math.abs(to.x - from.x) + Math.abs(to.y - from.y) < size * 2.5) return []
  const direction: Direction =
    to.x > from.x ? 'right' : to.x < from.x ? 'left' : to.y > from.y ? 'down' : 'up'
  const [dx, dy] = [Math.sign(to.x - from.x), Math.sign(to.y - from.y)]
  const x = from.x + share * (to.x - from.x) + (dx * size) / 2
  const y = from.y + share * (to.y - from.y) + (dy * size) / 2
  return arrowHead(x, y, direction, size)
}
