import { flagLayout } from '../flag/geometry.ts'
import { translate } from '../paint/shape.ts'
import { lastAtMost } from '../timeline/display-time.ts'
import { createFlightNodes, RIM, type FlightNodes } from './flight-nodes.ts'
import type { Point, StageLayout } from './layout.ts'
import type { Flight } from './model.ts'
import { easeTravel, insetRoute, pointAt, routeOf } from './routes.ts'

interface Mover {
  node: SVGGElement
  flight: Flight
  route: readonly Point[]
  width: number
  height: number
  placed: string
}

export interface FlightsLayer {
  render: (flights: readonly Flight[], layout: StageLayout) => void
  seek: (atMs: number) => void
}

/** Flags that travel: one node per flight and receiver while it is in the air, its transform a function of time alone. */
export function createFlights(layer: SVGGElement, reducedMotion: boolean): FlightsLayer {
  const nodes = createFlightNodes()
  const movers = new Map<string, Mover>()
  let flights: readonly Flight[] = []
  let longestMs = 0
  let layout: StageLayout | undefined

  const add = (key: string, flight: Flight, to: number): Mover | undefined => {
    const mover = layout && makeMover(layout, flight, to, nodes, layer)
    if (!mover) return undefined
    movers.set(key, mover)
    return mover
  }

  return {
    render: (next, nextLayout) => {
      flights = next
      layout = nextLayout
      longestMs = next.reduce((most, f) => Math.max(most, f.t1 - f.t0), 0)
      layer.replaceChildren()
      nodes.clear()
      movers.clear()
    },
    seek: (at) => {
      const gone = new Set(movers.keys())
      for (const flight of inTheAir(flights, longestMs, at)) {
        for (let to = 0; to < flight.to.length; to++) {
          const key = `${flight.id} ${to}`
          const mover = movers.get(key) ?? add(key, flight, to)
          gone.delete(key)
          if (mover) place(mover, reducedMotion ? flight.t1 : at, layout?.width ?? 0)
        }
      }
      for (const key of gone) {
        const mover = movers.get(key)
        if (mover) nodes.giveBack(mover.flight, mover.node)
        movers.delete(key)
      }
    },
  }
}

/** Flights with t0 <= at < t1; the list is sorted by t0, so only the last stretch of it is looked at. */
function inTheAir(flights: readonly Flight[], longestMs: number, at: number): Flight[] {
  const out: Flight[] = []
  for (let i = lastAtMost(flights, (f) => f.t0, at); i >= 0; i--) {
    const flight = flights[i]
    if (!flight || flight.t0 < at - longestMs) break
    if (at < flight.t1) out.push(flight)
  }
  return out
}

function makeMover(
  layout: StageLayout,
  flight: Flight,
  to: number,
  nodes: FlightNodes,
  layer: SVGGElement,
): Mover | undefined {
  const end = flight.to[to]
  const { width, scale } = flagLayout(flight.flag, { zoom: flight.zoom ?? 2, ttl: false })
  const route = end ? insetRoute(routeOf(layout, flight.from, end), scale.height / 2 + 10) : []
  if (route.length === 0) return undefined
  return { node: nodes.take(flight, layer), flight, route, width, height: scale.height, placed: '' }
}

/** Centred on its way, but never over the stage's edge. Writes to the page only what has changed. */
function place(mover: Mover, at: number, stageWidth: number): void {
  const { t0, t1 } = mover.flight
  const centre = pointAt(mover.route, easeTravel((at - t0) / Math.max(1, t1 - t0)))
  const left = Math.max(RIM + 2, Math.min(stageWidth - RIM - 2 - mover.width, centre.x - mover.width / 2))
  const placed = translate(left, centre.y - mover.height / 2)
  if (placed === mover.placed) return
  mover.placed = placed
  mover.node.setAttribute('transform', placed)
}
