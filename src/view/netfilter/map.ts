import { draw } from '../paint/draw.ts'
import { textWidth } from '../paint/measure.ts'
import { group, rect, translate, type Shape } from '../paint/shape.ts'
import type { View } from '../view.ts'
import { boxShapes } from './boxes.ts'
import { layoutMap, type MapLayout } from './layout.ts'
import { legendShapes, wayShapes } from './lines.ts'
import type { MapModel } from './model.ts'
import { saidShapes } from './said.ts'
import { walkerAt } from './walker.ts'

/** A click on a box that the packet has come to, or will. */
export interface MapOptions {
  onPlace?: (place: string) => void
}

/**
 * A host from the inside: devices, the five hooks with their functions, routing, processes, IPVS, neighbours, and a packet
 * that walks through them. `render` at every step, `seek` with display time in ms: where the packet is then.
 */
export function createMapView(root: SVGGElement, options: MapOptions = {}): View<MapModel> {
  const still = layerIn(root)
  const walker = layerIn(root)
  let shown: { model: MapModel; layout: MapLayout } | undefined
  let at = 0

  const move = (): void => {
    const walk = shown?.model.walk
    const point = shown && walk && walkerAt(shown.layout, shown.model, walk, at)
    walker.style.display = point && walk.lost === undefined ? '' : 'none'
    if (point) walker.setAttribute('transform', translate(point[0], point[1]))
  }
  const onClick = (event: Event): void => {
    const target = event.target instanceof Element ? event.target : undefined
    const place = target?.closest<SVGElement>('[data-place]')?.dataset['place']
    if (place !== undefined) options.onPlace?.(place)
  }
  root.addEventListener('click', onClick)
  draw(walker, [
    rect(-8, -8, 16, 16, { fill: 'var(--paper)', r: 2 }),
    rect(-6, -6, 12, 12, { fill: 'var(--ink)', r: 1 }),
  ])
  return {
    render: (model) => {
      const layout = layoutMap(model)
      shown = { model, layout }
      root.setAttribute('role', 'group')
      root.setAttribute('aria-label', model.ariaLabel)
      draw(still, mapShapes(model, layout))
      move()
    },
    seek: (ms) => {
      at = ms
      move()
    },
    destroy: () => {
      root.removeEventListener('click', onClick)
      root.replaceChildren()
    },
  }
}

/** All that stands still in a step, in painting order. Pure: also for print and tests. */
export function mapShapes(model: MapModel, layout = layoutMap(model)): Shape[] {
  return [
    group(0, 0, wayShapes(layout, model), { key: 'ways' }),
    group(0, 0, boxShapes(layout, model), { key: 'boxes' }),
    group(0, 0, saidShapes(layout, model), { key: 'said' }),
    group(
      0,
      0,
      legendShapes(layout, model, (words) => textWidth(words, { size: 12 })),
      { key: 'legend' },
    ),
  ]
}

function layerIn(root: SVGGElement): SVGGElement {
  const layer = document.createElementNS('http://www.w3.org/2000/svg', 'g')
  root.append(layer)
  return layer
}
