import { dropStamp } from '../marks.ts'
import { textWidth } from '../paint/measure.ts'
import { group, line, path, rect, text, type Shape } from '../paint/shape.ts'
import type { LinkBox, StageLayout } from './layout.ts'
import type { RailBox } from './rails-layout.ts'

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
  return out
}

/** Names of the LANs, painted after the ways; paper behind keeps links out of them where there was no free stretch. */
export function railLabels({ rails, metrics }: StageLayout): Shape[] {
  const size = metrics.projector ? 20 : 12
  return rails.flatMap(({ label, labelX, labelY, labelAnchor: anchor }) => {
    const width = textWidth(label, { size })
    const left = anchor === 'end' ? labelX - width : labelX
    return [
      rect(left - 2, labelY - size, width + 4, size + 4, { fill: 'var(--paper)' }),
      text(labelX, labelY, label, { size, anchor, fill: 'var(--ink2)' }),
    ]
  })
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

/** How wide a link is for the pointer. */
const HIT = 24
/** Thumbs and arrow heads keep off the ports. */
const HIT_OFF = 8

/** Links that answer to a click: a strip that is felt, not seen. Painted above the ways, below the packets. */
export function linkHits({ links, metrics }: StageLayout): Shape[] {
  return links.flatMap((link) => {
    if (link.action === undefined || metrics.projector) return []
    const { x, y, w, h } = hitBox(link)
    const attrs = {
      role: 'button',
      tabindex: '0',
      'data-link': `${link.host} ${link.dev}`,
      'aria-label': link.action,
    }
    const ring = { ...rect(x, y, w, h, { width: 2, stroke: 'var(--focus)', r: 3 }), cls: 'focus-ring' }
    const hit = [rect(x, y, w, h, { fill: 'transparent' }), ring]
    return [group(0, 0, hit, { key: `hit ${link.host} ${link.dev}`, cls: 'link-hit', attrs })]
  })
}

function hitBox({ port, end, direct }: LinkBox): { x: number; y: number; w: number; h: number } {
  const [x, y] = [Math.min(port.x, end.x), Math.min(port.y, end.y)]
  const [w, h] = [Math.abs(port.x - end.x), Math.abs(port.y - end.y)]
  if (direct) return { x: x + HIT_OFF, y: y - HIT / 2, w: Math.max(0, w - 2 * HIT_OFF), h: HIT }
  return { x: x - HIT / 2, y: y + HIT_OFF, w: HIT, h: Math.max(0, h - 2 * HIT_OFF) }
}

/** What is wrong with a link, beside it at the host's end. */
export function linkNotes({ links, width: stage, metrics }: StageLayout): Shape[] {
  const size = metrics.projector ? 20 : 12
  return links.flatMap((link) => {
    if (link.note === undefined) return []
    const width = textWidth(link.note, { size })
    const above = link.end.y < link.port.y
    const y = link.port.y + (above ? -14 : 14 + size)
    // to the right of the link where there is room, else to its left
    const right = link.port.x + 10
    const x = right + width <= stage - 8 ? right : Math.max(8, link.port.x - 10 - width)
    return [
      rect(x - 2, y - size, width + 4, size + 4, { fill: 'var(--paper)' }),
      text(x, y, link.note, { size, fill: 'var(--ink)' }),
    ]
  })
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
