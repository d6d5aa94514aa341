import { flagLayout } from '../flag/geometry.ts'
import { flagShapes } from '../flag/shapes.ts'
import { draw } from '../paint/draw.ts'
import { group, rect } from '../paint/shape.ts'
import type { Flight } from './model.ts'

/** Paper kept free round a flag on a link, px. */
export const RIM = 6
const MAX_TEMPLATES = 256
/** Hidden nodes kept for the next flight with the same flag. */
const MAX_SPARE = 64

export interface FlightNodes {
  /** A node in `layer` that shows this flight's flag. */
  take: (flight: Flight, layer: SVGGElement) => SVGGElement
  giveBack: (flight: Flight, node: SVGGElement) => void
  clear: () => void
}

/**
 * Flags in flight are clones of one drawing per distinct flag, and a node whose flight is over waits, hidden, for the
 * next one with the same flag: a burst of like packets costs little.
 */
export function createFlightNodes(): FlightNodes {
  const templates = new Map<string, SVGGElement>()
  const spare = new Map<string, SVGGElement[]>()
  let spares = 0

  const fresh = (flight: Flight, key: string): SVGGElement => {
    let template = templates.get(key)
    if (!template) {
      if (templates.size >= MAX_TEMPLATES) templates.clear()
      template = drawTemplate(flight)
      templates.set(key, template)
    }
    return template.cloneNode(true) as SVGGElement
  }

  return {
    take: (flight, layer) => {
      const key = keyOf(flight)
      const waiting = spare.get(key)?.pop()
      const node = waiting ?? fresh(flight, key)
      if (waiting) {
        spares -= 1
        waiting.style.display = ''
      } else {
        layer.append(node)
      }
      node.dataset['flight'] = flight.id
      return node
    },
    giveBack: (flight, node) => {
      if (spares >= MAX_SPARE) return node.remove()
      const key = keyOf(flight)
      node.style.display = 'none'
      spare.set(key, [...(spare.get(key) ?? []), node])
      spares += 1
    },
    clear: () => {
      spare.clear()
      spares = 0
    },
  }
}

const KEYS = new WeakMap<Flight, string>()

/** Flights that look the same have the same key. */
function keyOf(flight: Flight): string {
  let key = KEYS.get(flight)
  if (key === undefined) {
    key = `${flight.zoom ?? 2} ${JSON.stringify(flight.flag)}`
    KEYS.set(flight, key)
  }
  return key
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
