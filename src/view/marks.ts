import { line, path, rect, type Shape } from './paint/shape.ts'

/** The stamp of a loss: ink square with a paper cross. */
export function dropStamp(x: number, y: number, size = 20): Shape[] {
  const near = size * 0.27
  const far = size * 0.73
  const ink = { stroke: 'var(--paper)', width: size / 10 }
  return [
    rect(x, y, size, size, { fill: 'var(--ink)', r: 2 }),
    line(x + near, y + near, x + far, y + far, ink),
    line(x + far, y + near, x + near, y + far, ink),
  ]
}

export type Direction = 'left' | 'right' | 'up' | 'down'

const HEADS: Readonly<Record<Direction, (s: number) => string>> = {
  right: (s) => `l${-s},${-s * 0.6}v${s * 1.2}Z`,
  left: (s) => `l${s},${-s * 0.6}v${s * 1.2}Z`,
  up: (s) => `l${-s * 0.6},${s}h${s * 1.2}Z`,
  down: (s) => `l${-s * 0.6},${-s}h${s * 1.2}Z`,
}

/** Triangle head with its tip at (x, y) and a 2 px paper rim (1 px each side of the outline). */
export function arrowHead(x: number, y: number, direction: Direction, size = 11): Shape[] {
  const d = `M${x},${y}${HEADS[direction](size)}`
  return [path(d, { stroke: 'var(--paper)', width: 3, join: 'miter' }), path(d, { fill: 'var(--ink)' })]
}
