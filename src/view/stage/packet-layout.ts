import { cellCentre, flagLayout, scaleOf } from '../flag/geometry.ts'
import type { FlagModel, Zoom } from '../flag/model.ts'
import { textWidth, wrapText } from '../paint/measure.ts'
import { linkOf, type Point, type StageLayout } from './layout.ts'
import type { StagePacket } from './model.ts'

/** Where the packet spoken of stands: its flag below the rail, tied to its link, with the callout under the changed cell. */
export interface PacketBox {
  x: number
  y: number
  zoom: Zoom
  /** Left out where the flag would not fit with it. */
  ttl: boolean
  width: number
  leader?: { from: Point; to: Point }
  callout?: CalloutBox
}

export interface CalloutBox {
  /** Leader from the cell to the text. */
  line: { x: number; y1: number; y2: number }
  x: number
  /** Baselines of title and text lines. */
  title: { y: number; lines: readonly string[] }
  text: { y: number; lines: readonly string[] }
  lineHeight: number
}

interface Span {
  from: number
  to: number
}

/** Room between a link and the flag that hangs on it. */
const HANG = 20
const HANG_MAX = 44

export function placePacket(layout: StageLayout, packet: StagePacket): PacketBox {
  const box = pickBox(layout, packet)
  const callout = placeCallout(layout, packet, box)
  return callout ? { ...box, callout } : box
}

type Fit = 'free' | 'across' | 'none'

/** The largest zoom that fits; on the projector rather without TTL than over other links. */
function pickBox(layout: StageLayout, packet: StagePacket): PacketBox {
  const { projector } = layout.metrics
  const sizes: [Zoom, boolean][] = projector ? [[4, true], [4, false], [3, true], [2, false]] : [[3, true], [2, true], [1, false]] // prettier-ignore
  const placed = sizes.map(([zoom, ttl]) => placeAt(layout, packet, zoom, ttl))
  const large = projector ? placed.slice(0, 2) : placed.slice(0, 1)
  const order = [
    large.find((p) => p.fit === 'free'),
    [...large].reverse().find((p) => p.fit === 'across'),
    placed.find((p) => p.fit !== 'none'),
    placed[placed.length - 1],
  ]
  const best = order.find((p) => p !== undefined)
  if (!best) throw new Error('no zoom to place a packet in')
  return best.box
}

/**
 * 'free': in the stretch free of links; 'across': over other links with paper behind, but between rail and lower row.
 */
function placeAt(
  layout: StageLayout,
  packet: StagePacket,
  zoom: Zoom,
  ttl: boolean,
): { box: PacketBox; fit: Fit } {
  const { height } = scaleOf(zoom)
  const width = fullWidth(packet.flag, zoom, ttl)
  const y = flagY(layout, zoom)
  const link = linkOf(layout, packet.at)
  const attachX = link && !link.direct && link.port.y > link.end.y ? link.port.x : undefined
  const span = freeSpan(layout, { from: y - 36, to: y + height + 20 }, attachX)
  const isFree = span.to - span.from >= width + HANG + 8
  const x = isFree ? hangIn(span, width, attachX) : hangAcross(layout, width, attachX ?? link?.port.x)
  const box: PacketBox = { x: Math.round(x), y, zoom, ttl, width }
  const leader = leaderOf(layout, packet, box, attachX)
  const fitsAcross = width <= layout.width - 16 && y + height + 20 <= lowerEdge(layout)
  return { box: leader ? { ...box, leader } : box, fit: isFree ? 'free' : fitsAcross ? 'across' : 'none' }
}

function hangIn(span: Span, width: number, attachX: number | undefined): number {
  const gap = Math.max(HANG, Math.min(HANG_MAX, (span.to - span.from - width) / 2))
  const onRight = attachX !== undefined && attachX >= span.to
  return onRight ? span.to - gap - width : span.from + gap
}

/** Right of the link if there is room, else left of it, else over it. */
function hangAcross(layout: StageLayout, width: number, linkX = layout.width / 2): number {
  const right = layout.width - 8 - width
  if (linkX + HANG <= right) return linkX + HANG
  if (linkX - HANG - width >= 8) return linkX - HANG - width
  return Math.max(8, Math.min(linkX - width / 2, right))
}

/** Width with the stamp and reason, or the words beside. */
function fullWidth(flag: FlagModel, zoom: Zoom, ttl: boolean): number {
  const { width, scale } = flagLayout(flag, { zoom, ttl })
  const words = { size: scale.besideSize, weight: 600 }
  if (flag.lost !== undefined) return width + 16 + scale.stamp + textWidth(flag.lost, words)
  return flag.beside ? width + 8 + textWidth(flag.beside, words) : width
}

function lastRailY(layout: StageLayout): number {
  return Math.max(layout.metrics.top, ...layout.rails.map((rail) => rail.y))
}

/** Room that flag, ghosts and callout take between rail and lower row; of more than that the flag takes its share. */
const PLAIN_ROOM = 180
const SHARE = 0.35

/** Below the lowest rail; closer to it when the lower row leaves little room, further when there is plenty. */
function flagY(layout: StageLayout, zoom: Zoom): number {
  const rail = lastRailY(layout)
  const room = lowerEdge(layout) - rail
  const { flagDrop, flagDropMin, projector } = layout.metrics
  if (layout.covered > 0) return Math.round(rail + flagDropMin)
  const wanted = flagDrop + (projector ? 0 : Math.max(0, room - PLAIN_ROOM) * SHARE)
  return Math.round(rail + Math.max(flagDropMin, Math.min(wanted, room - scaleOf(zoom).height - 28)))
}

/** Where the lower row of cards begins. */
export function lowerEdge(layout: StageLayout): number {
  const tops = layout.cards.filter((card) => card.row === 'bottom').map((card) => card.y)
  return Math.min(layout.height - layout.covered, ...tops)
}

/** The stretch of the band free of links and cards: next to the link it hangs on if that passes here, else the widest. */
function freeSpan(layout: StageLayout, band: Span, attachX: number | undefined): Span {
  const spans = gaps(obstacles(layout, band), 8, layout.width - 8)
  const beside = spans.filter((s) => attachX !== undefined && (s.from === attachX || s.to === attachX))
  const widest = (list: readonly Span[]): Span | undefined =>
    [...list].sort((a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from)[0]
  return widest(beside) ?? widest(spans) ?? { from: 8, to: layout.width - 8 }
}

function obstacles(layout: StageLayout, band: Span): Span[] {
  const out: Span[] = []
  for (const link of layout.links) {
    const [y1, y2] = [Math.min(link.port.y, link.end.y), Math.max(link.port.y, link.end.y)]
    if (!link.direct && y2 > band.from && y1 < band.to) out.push({ from: link.port.x, to: link.port.x })
  }
  for (const card of layout.cards) {
    if (card.y < band.to && card.y + card.h > band.from) out.push({ from: card.x, to: card.x + card.w })
  }
  return out.sort((a, b) => a.from - b.from)
}

function gaps(taken: readonly Span[], left: number, right: number): Span[] {
  const out: Span[] = []
  let edge = left
  for (const span of taken) {
    if (span.from > edge) out.push({ from: edge, to: span.from })
    edge = Math.max(edge, span.to)
  }
  if (right > edge) out.push({ from: edge, to: right })
  return out
}

/** To the link if it passes beside the flag, else straight up to the rail, between the ghosts. */
function leaderOf(
  layout: StageLayout,
  packet: StagePacket,
  box: PacketBox,
  attachX: number | undefined,
): { from: Point; to: Point } | undefined {
  const scale = scaleOf(box.zoom)
  if (attachX !== undefined) {
    const y = box.y + scale.height / 2
    const end = box.x + flagLayout(packet.flag, box).width
    if (attachX < box.x) return { from: { x: box.x, y }, to: { x: attachX, y } }
    return attachX > end ? { from: { x: end, y }, to: { x: attachX, y } } : undefined
  }
  const link = linkOf(layout, packet.at)
  const rail = link && !link.direct ? layout.rails.find((r) => r.segment === link.segment) : undefined
  if (!link || !rail) return undefined
  const x = freeX(packet.flag, box, link.port.x)
  return { from: { x, y: box.y }, to: { x, y: rail.y } }
}

/** Nearest x to `wanted` over the flag that meets neither ghost nor ring. */
function freeX(flag: FlagModel, box: PacketBox, wanted: number): number {
  const layout = flagLayout(flag, box)
  const ghostWidth = (layout.scale.ghost?.[0] ?? 0) / 2 + 6
  const names = ['macFrom', 'macTo', 'ipFrom', 'ipTo', 'ttl'] as const
  const taken = names.flatMap((name) => {
    const centre = cellCentre(layout, name)
    return centre === undefined
      ? []
      : [{ from: box.x + centre - ghostWidth, to: box.x + centre + ghostWidth }]
  })
  const free = gaps(taken, box.x + layout.scale.height * 0.28 + 4, box.x + layout.width - 6)
  const clamped = free.map((span) => Math.max(span.from, Math.min(wanted, span.to)))
  return (
    clamped.sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0] ?? box.x + layout.scale.tab / 2
  )
}

/** Under the captions, from the changed cell down; lines are broken so that they stay clear of links and cards. */
function placeCallout(
  layout: StageLayout,
  { flag, callout }: StagePacket,
  box: PacketBox,
): CalloutBox | undefined {
  if (!callout || layout.metrics.projector) return undefined
  const geometry = flagLayout(flag, box)
  const { field = 'macTo' } = callout
  const cell = field === 'outer' ? 'ipFrom' : flag.inner && field === 'ipFrom' ? 'innerFrom' : flag.inner && field === 'ipTo' ? 'innerTo' : field // prettier-ignore
  const cellX = box.x + (cellCentre(geometry, cell) ?? geometry.width / 2)
  const top = box.y + geometry.scale.height + (box.zoom >= 3 ? 24 : 10)
  const lead = layout.covered > 0 ? 6 : 16
  const titleY = top + lead + 16
  const titleFace = { size: 13, weight: 600 }
  const textFace = { size: 12 }
  const wide = spanAround(layout, { from: titleY - 16, to: titleY + 8 }, cellX)
  const deep = spanAround(layout, { from: titleY + 8, to: titleY + 8 + 3 * 20 }, cellX)
  const titleWanted = textWidth(callout.title, titleFace)
  const room = wide.to - wide.from
  const x = Math.round(
    Math.max(deep.from, Math.min(cellX - 96, wide.to - Math.min(titleWanted, room), deep.to - 220)),
  )
  const titleLines = wrapText(callout.title, wide.to - Math.max(x, wide.from), titleFace)
  const textLines = wrapText(callout.text, deep.to - x, textFace)
  return {
    line: { x: cellX, y1: top, y2: cellX < wide.from - 12 || cellX > wide.to + 16 ? top : top + lead },
    x,
    title: { y: titleY, lines: titleLines },
    text: { y: titleY + (titleLines.length - 1) * 20 + 22, lines: textLines },
    lineHeight: 18,
  }
}

/** Narrowest gap between cards that a text moves into when a card is in its way. */
const BESIDE = 170

function spanAround(layout: StageLayout, band: Span, x: number): Span {
  const spans = gaps(obstacles(layout, band), 8, layout.width - 8)
  const widest = [...spans].sort((a, b) => b.to - b.from - (a.to - a.from))[0]
  const beside = widest && widest.to - widest.from >= BESIDE ? widest : undefined
  const found = spans.find((s) => s.from <= x && x <= s.to) ?? beside ?? { from: 8, to: layout.width - 8 }
  return { from: found.from + 12, to: found.to - 16 }
}
