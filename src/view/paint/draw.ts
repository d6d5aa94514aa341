import { select, type BaseType, type Selection } from 'd3'
import { attributesOf, type Shape } from './shape.ts'

type Drawn = SVGElement & { __drawn?: Record<string, string> }

/**
 * Join shapes to the children of `parent`, which belong to this function alone. Elements are kept by key and only
 * changed attributes are written, so that a re-render leaves focus, hover and unchanged nodes alone.
 */
export function draw(parent: SVGGElement, shapes: readonly Shape[]): void {
  const children = select(parent).selectChildren<SVGElement, Shape>() as Selection<
    SVGElement,
    Shape,
    BaseType,
    unknown
  >
  children
    .data(shapes, (shape, i) => `${shape.el}:${shape.key ?? i}`)
    .join((enter) =>
      enter.append((shape) => document.createElementNS('http://www.w3.org/2000/svg', shape.el)),
    )
    .order()
    .each(function (shape) {
      update(this as Drawn, shape)
    })
}

function update(node: Drawn, shape: Shape): void {
  const before = node.__drawn ?? {}
  const after = attributesOf(shape)
  for (const name of Object.keys(before)) if (!(name in after)) node.removeAttribute(name)
  for (const [name, value] of Object.entries(after))
    if (before[name] !== value) node.setAttribute(name, value)
  node.__drawn = after
  if (shape.el === 'text' && node.textContent !== shape.text) node.textContent = shape.text
  if (shape.el === 'g') draw(node as unknown as SVGGElement, shape.children)
}
