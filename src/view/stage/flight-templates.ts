import { flagLayout } from '../flag/geometry.ts'
import { flagShapes } from '../flag/shapes.ts'
import { draw } from '../paint/draw.ts'
import { group, rect } from '../paint/shape.ts'
import type { Flight } from './model.ts'

/** Paper kept free round a flag on a link, px. */
export const RIM = 6
const MAX_TEMPLATES = 256

/** Flags in flight are clones of one drawing per distinct flag: a burst of equal packets costs little. */
export function createTemplates(): (flight: Flight) => SVGGElement {
  const templates = new Map<string, SVGGElement>()
  return (flight) => {
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
