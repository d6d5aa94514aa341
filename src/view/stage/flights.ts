import { flagLayout } from '../flag/geometry.ts'
import { flagShapes } from '../flag/shapes.ts'
import { draw } from '../paint/draw.ts'
import { group, rect, translate } from '../paint/shape.ts'
import { lastAtMost } from '../timeline/display-time.ts'
import type { StageLayout } from './layout.ts'
import type { Flight } from './model.ts'
import { easeTravel, insetRoute, pointAt, routeOf } from './routes.ts'

interface Mover {
  node: SVGGElement
  flight: Flight
  route: readonly { x: number; y: number }[]
  width: number
  height: number
  placed: string
}

export interface FlightsLayer {
  render: (flights: readonly Flight[], layout: StageLayout) => void
  seek: (atMs: number) => void
}

/** Paper kept free round a flag on a link. */
const RIM = 6
const MAX_TEMPLATES = 256

/**
 * Flags that travel: one node per flight and receiver while it is in the air, its transform a function of time alone.
 * Nodes are clones of one drawing per distinct flag, so that a burst of equal packets costs little.
 */
export function createFlights(layer: SVGGElement, reducedMotion: boolean): FlightsLayer {
  const templates = new Map<string, SVGGElement>()
  const movers = new Map<string, Mover>()
  let flights: readonly Flight[] = []
  let longestMs = 0
  let layout: StageLayout | undefined

  const nodeFor = (flight: Flight): SVGGElement => {
    const key = `${flight.zoom ?? 2} ${JSON.stringify(flight.flag)}`
    let template = templates.get(key)
    if (!template) {
      if (templates.size >= MAX_TEMPLATES) templates.clear()
      template = drawTemplate(flight)
      templates.set(key, template)
    }
    const node = template.cloneNode(true) as SVGGElement
    node.dataset['flight'] = flight.id
    return node
  }

  const add = (key: string, flight: Flight, to: number): Mover | undefined => {
    const end = flight.to[to]
    if (!layout || !end) return undefined
    const { width, scale } = flagLayout(flight.flag, { zoom: flight.zoom ?? 2, ttl: false })
    const route = insetRoute(routeOf(layout, flight.from, end), scale.height / 2 + 10)
    if (route.length === 0) return undefined
    const mover: Mover = { node: nodeFor(flight), flight, route, width, height: scale.height, placed: '' }
    layer.append(mover.node)
    movers.set(key, mover)
    return mover
  }

  const place = (mover: Mover, at: number, stageWidth: number): void => {
    const { t0, t1 } = mover.flight
    const p = reducedMotion ? 1 : easeTravel((at - t0) / Math.max(1, t1 - t0))
    const centre = pointAt(mover.route, p)
    const left = Math.max(RIM + 2, Math.min(stageWidth - RIM - 2 - mover.width, centre.x - mover.width / 2))
    const placed = translate(left, centre.y - mover.height / 2)
    if (placed === mover.placed) return
    mover.placed = placed
    mover.node.setAttribute('transform', placed)
  }

  const clear = (): void => {
    layer.replaceChildren()
    movers.clear()
  }

  return {
    render: (next, nextLayout) => {
      flights = next
      layout = nextLayout
      longestMs = next.reduce((most, f) => Math.max(most, f.t1 - f.t0), 0)
      clear()
    },
    seek: (at) => {
      const seen = new Set<string>()
      const last = lastAtMost(flights, (f) => f.t0, at)
      for (let i = last; i >= 0; i--) {
        const flight = flights[i]
        if (!flight || flight.t0 < at - longestMs) break
        if (at >= flight.t1) continue
        for (let to = 0; to < flight.to.length; to++) {
          const key = `${flight.id} ${to}`
          const mover = movers.get(key) ?? add(key, flight, to)
          if (!mover) continue
          seen.add(key)
          place(mover, at, layout?.width ?? 0)
        }
      }
      for (const [key, mover] of movers) {
        if (seen.has(key)) continue
        mover.node.remove()
        movers.delete(key)
      }
    },
  }
}

function drawTemplate(flight: Flight): SVGGElement {
  const node = document.createElementNS('http://www.w3.org/2000/svg', 'g')
  const options = { zoom: flight.zoom ?? 2, ttl: false } as const
  const { width, scale } = flagLayout(flight.flag, options)
  const rim = rect(-RIM, -RIM, width + 2 * RIM, scale.height + 2 * RIM, { fill: 'var(--paper)' })
  draw(node, [rim, group(0, 0, flagShapes(flight.flag, options))])
  node.setAttribute('class', 'flag flight')
  node.setAttribute('role', 'img')
  node.setAttribute('aria-label', flight.flag.ariaLabel)
  return node
}
