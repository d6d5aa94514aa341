import { draw } from '../paint/draw.ts'
import { group } from '../paint/shape.ts'
import type { View } from '../view.ts'
import type { FlagModel, FlagOptions } from './model.ts'
import { flagShapes } from './shapes.ts'

/** One flag in an SVG `g`, updated in place. The root gets the flag's accessible name. */
export function createFlagView(root: SVGGElement, options: FlagOptions): View<FlagModel> {
  root.setAttribute('role', 'img')
  return {
    render: (model) => {
      root.setAttribute('aria-label', model.ariaLabel)
      draw(root, [group(0, 0, flagShapes(model, options), { cls: 'flag', key: 'flag' })])
    },
    seek: () => undefined,
    destroy: () => root.replaceChildren(),
  }
}
