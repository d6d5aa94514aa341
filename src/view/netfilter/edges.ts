import type { Box, MapLayout } from './layout.ts'

export type Point = readonly [x: number, y: number]

/** All ways there are inside a host, from box to box; devices stand for each of theirs. */
export const WAYS: readonly (readonly [from: string, to: string])[] = [
  ['in', 'pre'],
  ['pre', 'route'],
  ['route', 'input'],
  ['route', 'forward'],
  ['forward', 'post'],
  ['input', 'procs'],
  ['procs', 'routeOut'],
  ['routeOut', 'output'],
  ['output', 'post'],
  ['input', 'ipvs'],
  ['ipvs', 'output'],
  ['input', 'tunnel'],
  ['tunnel', 'pre'],
  ['post', 'out'],
  ['in', 'arp'],
  ['post', 'arp'],
  ['arp', 'out'],
]

/** The line of a way as corners, from the edge of one box to the edge of the other. Undefined where a box is missing. */
export function edgeBetween(layout: MapLayout, from: string, to: string): Point[] | undefined {
  const a = layout.boxes.get(from)
  const b = layout.boxes.get(to)
  if (a === undefined || b === undefined) return undefined
  return known(layout, kindOf(from), kindOf(to), a, b) ?? elbow(a, b)
}

const kindOf = (key: string): string => key.split(':')[0] ?? key

function known(layout: MapLayout, from: string, to: string, a: Box, b: Box): Point[] | undefined {
  const { main } = layout
  switch (`${from} ${to}`) {
    case 'in pre':
      return stepped([a.x + a.w, middleY(a)], [b.x, main], 0.5)
    case 'post out':
      return stepped([a.x + a.w, main], [b.x, middleY(b)], 0.5)
    case 'pre route':
    case 'route forward':
    case 'forward post':
      return [
        [a.x + a.w, main],
        [b.x, main],
      ]
    case 'route input':
      return [
        [middleX(a), a.y],
        [middleX(a), b.y + b.h],
      ]
    case 'input procs':
    case 'procs routeOut':
      return vertical(from === 'input' ? middleX(a) : middleX(b), a, b)
    case 'routeOut output':
    case 'output post':
      return vertical(from === 'routeOut' ? middleX(a) : middleX(b), a, b)
    case 'input ipvs':
    case 'ipvs output':
      return level(layout, a.x + a.w, b.x)
    case 'input tunnel':
      return level(layout, a.x, b.x + b.w)
    case 'tunnel pre':
      return vertical(middleX(a), a, b)
    case 'post arp':
      return vertical(middleX(a), a, b)
    case 'in arp':
      return [
        [middleX(a), a.y + a.h],
        [middleX(a), middleY(b)],
        [b.x, middleY(b)],
      ]
    case 'arp out':
      return [
        [a.x + a.w, middleY(a)],
        [middleX(b), middleY(a)],
        [middleX(b), b.y + b.h],
      ]
    default:
      return undefined
  }
}

/** Height at which packets change between INPUT, IPVS, the tunnel and OUTPUT: inside all of them. */
function level({ boxes }: MapLayout, from: number, to: number): Point[] {
  const high = ['input', 'ipvs', 'output', 'tunnel'].flatMap((place) => boxes.get(place) ?? [])
  const top = Math.max(...high.map(({ y }) => y))
  const bottom = Math.min(...high.map(({ y, h }) => y + h))
  const y = (top + 26 + bottom) / 2
  return [
    [from, y],
    [to, y],
  ]
}

function vertical(x: number, a: Box, b: Box): Point[] {
  return a.y < b.y
    ? [
        [x, a.y + a.h],
        [x, b.y],
      ]
    : [
        [x, a.y],
        [x, b.y + b.h],
      ]
}

/** Right, up or down, right. */
function stepped([x1, y1]: Point, [x2, y2]: Point, share: number): Point[] {
  if (Math.abs(y1 - y2) < 1)
    return [
      [x1, y2],
      [x2, y2],
    ]
  const x = x1 + (x2 - x1) * share
  return [
    [x1, y1],
    [x, y1],
    [x, y2],
    [x2, y2],
  ]
}

/** Between places that no way is drawn for: what the host makes of a packet that it answers itself. */
function elbow(a: Box, b: Box): Point[] {
  return [
    [middleX(a), middleY(a)],
    [middleX(b), middleY(a)],
    [middleX(b), middleY(b)],
  ]
}

const middleX = ({ x, w }: Box): number => x + w / 2
const middleY = ({ y, h }: Box): number => y + h / 2

/** The same line, so many px beside: each straight piece is moved across its direction. */
export function beside(points: readonly Point[], by: number): Point[] {
  return points.map(([x, y], i): Point => {
    const near = [points[i - 1], points[i + 1]].filter((one) => one !== undefined)
    const upright = near.some((one) => one[0] === x && one[1] !== y)
    const flat = near.some((one) => one[1] === y && one[0] !== x)
    return [x + (upright ? by : 0), y + (flat ? by : 0)]
  })
}

export function lengthOf(points: readonly Point[]): number {
  return points.reduce((sum, point, i) => sum + distance(points[i - 1] ?? point, point), 0)
}

/** Point at a share 0 .. 1 of the line's length. */
export function pointAt(points: readonly Point[], share: number): Point {
  let left = lengthOf(points) * Math.min(1, Math.max(0, share))
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]]
    if (a === undefined || b === undefined) break
    const length = distance(a, b)
    if (length >= left && length > 0) {
      const part = left / length
      return [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part]
    }
    left -= length
  }
  return points.at(-1) ?? [0, 0]
}

function distance(a: Point, b: Point): number {
  return Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1])
}
