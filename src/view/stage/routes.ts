import { linkOf, type Point, type StageLayout } from './layout.ts'
import type { PortRef } from './model.ts'

/** The way of a frame from port to port: down or up the link, along the rail, to the other port. Empty if not connected. */
export function routeOf(layout: StageLayout, from: PortRef, to: PortRef): Point[] {
  const a = linkOf(layout, from)
  const b = linkOf(layout, to)
  if (!a || !b || a.segment !== b.segment) return []
  return a.direct ? [a.port, b.port] : [a.port, a.end, b.end, b.port]
}

export function lengthOf(points: readonly Point[]): number {
  let length = 0
  points.forEach((p, i) => {
    const before = points[i - 1]
    if (before) length += Math.hypot(p.x - before.x, p.y - before.y)
  })
  return length
}

/** The point at share `p` (0..1) of the way's length. */
export function pointAt(points: readonly Point[], p: number): Point {
  const [first] = points
  if (!first) return { x: 0, y: 0 }
  let rest = Math.min(1, Math.max(0, p)) * lengthOf(points)
  let from = first
  for (const to of points.slice(1)) {
    const length = Math.hypot(to.x - from.x, to.y - from.y)
    if (rest <= length && length > 0) {
      const q = rest / length
      return { x: from.x + q * (to.x - from.x), y: from.y + q * (to.y - from.y) }
    }
    rest -= length
    from = to
  }
  return from
}

/**
 * The same way for the centre of a flag: it stands beside the port at both ends instead of over the card, as far as the
 * first and last piece are long enough.
 */
export function insetRoute(points: readonly Point[], inset: number): Point[] {
  const out = points.map((p) => ({ ...p }))
  pull(out[0], out[1], inset)
  pull(out[out.length - 1], out[out.length - 2], inset)
  return out
}

function pull(end: Point | undefined, next: Point | undefined, inset: number): void {
  if (!end || !next) return
  const length = Math.hypot(next.x - end.x, next.y - end.y)
  if (length === 0) return
  const by = Math.min(inset, length * 0.8) / length
  end.x += (next.x - end.x) * by
  end.y += (next.y - end.y) * by
}

const EASE_STEPS = 256
const EASE: readonly number[] = Array.from({ length: EASE_STEPS + 1 }, (_, i) =>
  bezier(0.4, 0, 0.3, 1, i / EASE_STEPS),
)

/** cubic-bezier(.4, 0, .3, 1), from a table: how a flag travels along a way. `p` and result 0..1. */
export function easeTravel(p: number): number {
  const scaled = Math.min(1, Math.max(0, p)) * EASE_STEPS
  const i = Math.min(EASE_STEPS - 1, Math.floor(scaled))
  const from = EASE[i] ?? 0
  return from + (scaled - i) * ((EASE[i + 1] ?? 1) - from)
}

function bezier(x1: number, y1: number, x2: number, y2: number, x: number): number {
  const at = (a: number, b: number, t: number): number =>
    3 * a * t * (1 - t) ** 2 + 3 * b * t * t * (1 - t) + t ** 3
  let low = 0
  let high = 1
  for (let i = 0; i < 30; i++) {
    const t = (low + high) / 2
    if (at(x1, x2, t) < x) low = t
    else high = t
  }
  return at(y1, y2, (low + high) / 2)
}
