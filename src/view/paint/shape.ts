/**
 * Pictures as plain data: geometry builds shapes, `draw` joins them to SVG elements, `markupOf` prints them.
 * So geometry is pure and tested without a DOM, and the same flag serves stage, list, print and export.
 */
export interface Ink {
  fill?: string
  stroke?: string
  width?: number
  dash?: string
  join?: 'round' | 'miter'
  cap?: 'round' | 'square' | 'butt'
}

interface Common {
  /** Identity among siblings for the data join; by default kind and position in the list. */
  key?: string
  cls?: string
}

export interface PathShape extends Common, Ink {
  el: 'path'
  d: string
  x?: number
  y?: number
}

export interface RectShape extends Common, Ink {
  el: 'rect'
  x: number
  y: number
  w: number
  h: number
  r?: number
}

export interface TextShape extends Common {
  el: 'text'
  x: number
  y: number
  text: string
  size: number
  weight?: number
  fill?: string
  anchor?: 'start' | 'middle' | 'end'
  mono?: boolean
  italic?: boolean
}

export interface GroupShape extends Common {
  el: 'g'
  x?: number
  y?: number
  /** Further attributes: role, aria-label, tabindex, data-... */
  attrs?: Readonly<Record<string, string>>
  children: readonly Shape[]
}

export type Shape = PathShape | RectShape | TextShape | GroupShape

export function rect(x: number, y: number, w: number, h: number, ink: Ink & { r?: number } = {}): RectShape {
  return { el: 'rect', x, y, w, h, ...ink }
}

export function path(d: string, ink: Ink & { x?: number; y?: number } = {}): PathShape {
  return { el: 'path', d, ...ink }
}

export function line(x1: number, y1: number, x2: number, y2: number, ink: Ink = {}): PathShape {
  return { el: 'path', d: `M${x1},${y1}L${x2},${y2}`, stroke: 'var(--ink)', width: 1.5, ...ink }
}

export function text(
  x: number,
  y: number,
  content: string,
  style: Partial<Omit<TextShape, 'el' | 'x' | 'y' | 'text'>> = {},
): TextShape {
  return { el: 'text', x, y, text: content, size: 12, ...style }
}

export function group(
  x: number,
  y: number,
  children: readonly Shape[],
  more: Partial<Pick<GroupShape, 'attrs' | 'cls' | 'key'>> = {},
): GroupShape {
  return { el: 'g', x, y, children, ...more }
}

/** Attributes of the SVG element for a shape, in a fixed order. */
export function attributesOf(shape: Shape): Record<string, string> {
  const out: Record<string, string> = {}
  if (shape.cls) out['class'] = shape.cls
  switch (shape.el) {
    case 'g':
      return groupAttributes(shape, out)
    case 'text':
      return textAttributes(shape, out)
    case 'rect':
      Object.assign(out, { x: num(shape.x), y: num(shape.y), width: num(shape.w), height: num(shape.h) })
      if (shape.r) out['rx'] = num(shape.r)
      return inkAttributes(shape, out)
    case 'path':
      out['d'] = shape.d
      if (shape.x || shape.y) out['transform'] = translate(shape.x ?? 0, shape.y ?? 0)
      return inkAttributes(shape, out)
  }
}

export function translate(x: number, y: number): string {
  return `translate(${num(x)},${num(y)})`
}

/** At most two decimals: stable markup, and a hundredth of a pixel is not seen. */
export function num(value: number): string {
  return String(Math.round(value * 100) / 100)
}

function groupAttributes(shape: GroupShape, out: Record<string, string>): Record<string, string> {
  if (shape.x || shape.y) out['transform'] = translate(shape.x ?? 0, shape.y ?? 0)
  return Object.assign(out, shape.attrs)
}

function textAttributes(shape: TextShape, out: Record<string, string>): Record<string, string> {
  Object.assign(out, {
    x: num(shape.x),
    y: num(shape.y),
    'font-size': num(shape.size),
    fill: shape.fill ?? 'var(--ink)',
  })
  if (shape.mono) out['class'] = shape.cls ? `${shape.cls} mono` : 'mono'
  if (shape.weight) out['font-weight'] = String(shape.weight)
  if (shape.anchor && shape.anchor !== 'start') out['text-anchor'] = shape.anchor
  if (shape.italic) out['font-style'] = 'italic'
  return out
}

function inkAttributes(ink: Ink, out: Record<string, string>): Record<string, string> {
  out['fill'] = ink.fill ?? 'none'
  if (ink.stroke) out['stroke'] = ink.stroke
  if (ink.width !== undefined) out['stroke-width'] = num(ink.width)
  if (ink.dash) out['stroke-dasharray'] = ink.dash
  if (ink.join) out['stroke-linejoin'] = ink.join
  if (ink.cap) out['stroke-linecap'] = ink.cap
  return out
}
