import { arrowHead, dropStamp, type Direction } from '../marks.ts'
import { group, line, path, rect, text, type Shape } from '../paint/shape.ts'
import { linkOf, type LinkBox, type Point, type StageLayout } from './layout.ts'
import type { WalkedHop } from './model.ts'
import type { RailBox } from './rails-layout.ts'
import { routeOf } from './routes.ts'

/** The LAN as a rail, and the links that hang on it. */
export function lanShapes(layout: StageLayout): Shape[] {
  return [
    ...layout.rails.map((rail) => group(0, 0, railShapes(rail, layout), { key: `rail ${rail.segment}` })),
    ...layout.links.map((link) =>
      group(0, 0, linkShapes(link, layout), { key: `link ${link.host} ${link.dev}` }),
    ),
  ]
}

function railShapes(rail: RailBox, { metrics }: StageLayout): Shape[] {
  const half = metrics.rail / 2
  const out: Shape[] = [
    rect(rail.x1, rail.y - half, rail.x2 - rail.x1, metrics.rail, {
      fill: 'var(--paper)',
      stroke: 'var(--ink)',
      width: metrics.projector ? 2 : 1.5,
      r: half,
    }),
  ]
  if (rail.broadcast) out.push(path(hatch(rail, half), { stroke: 'var(--ink)', width: 1.25 }))
  const size = metrics.projector ? 20 : 12
  const anchor = rail.labelAnchor
  out.push(text(rail.labelX, rail.labelY, rail.label, { size, anchor, fill: 'var(--ink2)' }))
  return out
}

function hatch(rail: RailBox, half: number): string {
  let d = ''
  for (let x = rail.x1 + 10; x < rail.x2 - 8; x += 10)
    d += `M${x},${rail.y + half - 2}L${x + 4},${rail.y - half + 2}`
  return d
}

/** A cable that is out has a gap of 16 px with the stamp, and hollow ports. */
function linkShapes(link: LinkBox, { metrics }: StageLayout): Shape[] {
  const { port, end, up } = link
  const style = { stroke: 'var(--line)', width: metrics.linkWidth }
  const stop = link.direct ? end : { x: end.x, y: end.y + (Math.sign(port.y - end.y) * metrics.rail) / 2 }
  if (up) return [line(port.x, port.y, stop.x, stop.y, style)]
  const middle = { x: (port.x + stop.x) / 2, y: (port.y + stop.y) / 2 }
  const [dx, dy] = [Math.sign(stop.x - port.x) * 12, Math.sign(stop.y - port.y) * 12]
  return [
    line(port.x, port.y, middle.x - dx, middle.y - dy, style),
    line(middle.x + dx, middle.y + dy, stop.x, stop.y, style),
    ...dropStamp(middle.x - 8, middle.y - 8, 16),
  ]
}

/** Ports are drawn over cards and ways: 8 px squares on the card's edge. */
export function portShapes(layout: StageLayout): Shape[] {
  const size = layout.metrics.port
  return layout.links.map((link) => ({
    ...rect(link.port.x - size / 2, link.port.y - size / 2, size, size, {
      fill: link.up ? 'var(--ink)' : 'var(--paper)',
      ...(!link.up && { stroke: 'var(--ink)', width: 1.5 }),
    }),
    key: `port ${link.host} ${link.dev}`,
  }))
}

/** The ways walked: 4 px ink, one head on each straight piece; receivers that were not meant get a dashed branch. */
export function wayShapes(layout: StageLayout, way: readonly WalkedHop[]): Shape[] {
  const lines: Shape[] = []
  const heads: Shape[] = []
  for (const hop of way) {
    const taken = hop.to.filter((to) => to.taken !== false)
    const stray = hop.to.filter((to) => to.taken === false)
    for (const to of stray) lines.push(...strayWay(layout, hop, routeOf(layout, hop.from, to)))
    for (const to of taken) {
      const route = routeOf(layout, hop.from, to)
      if (route.length > 0) {
        const ink = { stroke: 'var(--ink)', width: layout.metrics.wayWidth, join: 'miter' } as const
        lines.push(path(pathOf(route), ink))
      }
    }
    for (const to of hop.to) heads.push(...headsOf(layout, routeOf(layout, hop.from, to), to.taken !== false))
  }
  return [...lines, ...heads]
}

/** To someone who was not meant: the shared part solid, the branch dashed. */
function strayWay(layout: StageLayout, hop: WalkedHop, route: readonly Point[]): Shape[] {
  const branch = route.slice(-2)
  const shared = route.slice(0, -1)
  const ink = { stroke: 'var(--ink)', join: 'miter' } as const
  const dashed = path(pathOf(branch), { ...ink, width: layout.metrics.projector ? 3 : 1.5, dash: '6 4' })
  const link = linkOf(layout, hop.from)
  if (link?.direct) return [dashed]
  return [path(pathOf(shared), { ...ink, width: layout.metrics.wayWidth }), dashed]
}

function pathOf(points: readonly Point[]): string {
  return points.map((p, i) => `${i === 0 ? 'M' : 'L'}${p.x},${p.y}`).join('')
}

function headsOf(layout: StageLayout, route: readonly Point[], taken: boolean): Shape[] {
  const size = layout.metrics.arrow
  return route.flatMap((to, i) => {
    const from = route[i - 1]
    if (!from) return []
    const isBranch = i === route.length - 1 && route.length > 2
    const length = Math.abs(to.x - from.x) + Math.abs(to.y - from.y)
    if (length < size * 2.5) return []
    const direction: Direction =
      to.x > from.x ? 'right' : to.x < from.x ? 'left' : to.y > from.y ? 'down' : 'up'
    const [dx, dy] = [Math.sign(to.x - from.x), Math.sign(to.y - from.y)]
    const tip = { x: (from.x + to.x) / 2 + (dx * size) / 2, y: (from.y + to.y) / 2 + (dy * size) / 2 }
    return arrowHead(tip.x, tip.y, direction, isBranch && !taken ? size * 0.8 : size)
  })
}
