import { edgeBetween, lengthOf, pointAt, type Point } from './edges.ts'
import { boxKey, type MapLayout } from './layout.ts'
import type { MapModel, MapWalk } from './model.ts'

/** Longest time on the way between two places, display ms: a packet that waits for ARP waits at its place. */
const MOVE_MS = 420

/** The lines of a walk, one per step between two stops. */
export function linesOf(
  layout: MapLayout,
  model: Pick<MapModel, 'devs'>,
  stops: readonly Parameters<typeof boxKey>[0][],
): Point[][] {
  return stops.slice(1).map((stop, i) => {
    const before = stops[i]
    const line = before && edgeBetween(layout, boxKey(before, model.devs), boxKey(stop, model.devs))
    return line ?? []
  })
}

/** How far before a box the packet stands, px: it hides neither box nor words. */
const OFF = 9

/**
 * Where the packet is at a display time. It stands at the edge of a box by which it came in, and sets out so that it is at
 * the next place when the first thing is told there. Pure.
 */
export function walkerAt(
  layout: MapLayout,
  model: Pick<MapModel, 'devs'>,
  walk: MapWalk,
  atMs: number,
): Point | undefined {
  const { stops } = walk
  const lines = linesOf(layout, model, stops)
  const last = lastReached(walk, atMs)
  const stop = stops[last]
  if (stop === undefined) return undefined
  const here = standOf(layout, model, walk, lines, last)
  const next = stops[last + 1]
  const line = lines[last] ?? []
  if (next === undefined || line.length === 0) return here
  const leaves = Math.max(stop.until, next.at - MOVE_MS)
  if (atMs <= leaves || next.at <= leaves) return here
  return pointAt(here === undefined ? line : [here, ...line], (atMs - leaves) / (next.at - leaves))
}

/** Several things may be told at one time: then the packet stands where the playhead is. */
function lastReached({ stops, reached }: MapWalk, atMs: number): number {
  let last = 0
  stops.forEach((stop, i) => {
    if (stop.at <= atMs + 1e-6) last = i
  })
  const together =
    (stops[last]?.at ?? 0) - (stops[reached]?.until ?? 0) < 1e-6 && atMs - (stops[last]?.at ?? 0) < 1e-6
  return together && reached < last ? reached : last
}

function standOf(
  layout: MapLayout,
  model: Pick<MapModel, 'devs'>,
  walk: MapWalk,
  lines: readonly Point[][],
  i: number,
): Point | undefined {
  const way = lines[i - 1]
  const length = way === undefined ? 0 : lengthOf(way)
  if (way !== undefined && length > 0) return pointAt(way, 1 - OFF / length)
  const stop = walk.stops[i]
  const start = lines[i]?.[0]
  if (start !== undefined) return start
  const box = stop && layout.boxes.get(boxKey(stop, model.devs))
  return box && [box.x + box.w, box.y + box.h / 2]
}
