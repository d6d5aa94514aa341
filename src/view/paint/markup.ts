import { attributesOf, type Shape } from './shape.ts'

/** The shapes as SVG text, for lists, print and export. Texts and attributes are escaped. */
export function markupOf(shapes: readonly Shape[]): string {
  return shapes.map(elementMarkup).join('')
}

/** A whole `svg` element. `label` becomes its accessible name; without one it is hidden from assistive technology. */
export function svgMarkup(width: number, height: number, shapes: readonly Shape[], label?: string): string {
  const access = label === undefined ? 'aria-hidden="true"' : `role="img" aria-label="${escapeText(label)}"`
  return (
    `<svg class="vs" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ${access}>` +
    `${markupOf(shapes)}</svg>`
  )
}

function elementMarkup(shape: Shape): string {
  const attributes = Object.entries(attributesOf(shape))
    .map(([name, value]) => ` ${name}="${escapeText(value)}"`)
    .join('')
  if (shape.el === 'g') return `<g${attributes}>${markupOf(shape.children)}</g>`
  if (shape.el === 'text') return `<text${attributes}>${escapeText(shape.text)}</text>`
  return `<${shape.el}${attributes}/>`
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escapeText(value: string): string {
  return value.replace(/[&<>"]/g, (c) => ESCAPES[c] ?? c)
}
