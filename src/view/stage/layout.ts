import { layCards, type CardBox } from './cards-layout.ts'
import { layRails, type RailBox } from './rails-layout.ts'
import { metricsFor, type Metrics } from './metrics.ts'
import type { PortRef, StageModel } from './model.ts'

export interface Point {
  x: number
  y: number
}

/** A link from a port to the rail of its segment, or straight to the other port of a two-host segment. */
export interface LinkBox {
  host: string
  dev: string
  segment: string
  up: boolean
  note?: string
  action?: string
  port: Point
  /** Where it meets the rail, or the other host's port. */
  end: Point
  direct: boolean
}

export interface StageLayout {
  width: number
  height: number
  covered: number
  metrics: Metrics
  cards: readonly CardBox[]
  rails: readonly RailBox[]
  links: readonly LinkBox[]
}

type LayoutInput = Pick<StageModel, 'width' | 'height' | 'covered' | 'scale' | 'hosts' | 'segments'>

/**
 * Where everything stands, from the lab's positions and the size there is. Hosts form two rows, one above and one
 * below the LAN rail, in the order of their lab positions; with many hosts cards become slim, then compact.
 */
export function layoutStage(model: LayoutInput): StageLayout {
  const { width, height, covered = 0 } = model
  const metrics = metricsFor(width, height, model.scale)
  const cards = layCards(model.hosts, width, height, metrics)
  const direct = directSegments(model, cards)
  const railSegments = model.segments.filter((s) => !direct.has(s.id))
  const portX = portPositions(model, cards, direct, metrics)
  const rails = layRails(railSegments, cards, portX, { width, height, covered }, metrics)
  return { width, height, covered, metrics, cards, rails, links: layLinks(cards, rails, direct, portX) }
}

export function cardOf(layout: StageLayout, host: string): CardBox | undefined {
  return layout.cards.find((card) => card.id === host)
}

export function linkOf(layout: StageLayout, ref: PortRef): LinkBox | undefined {
  return layout.links.find((link) => link.host === ref.host && link.dev === ref.dev)
}

/** Segments with two hosts that stand side by side in one row: drawn as one line between the cards. */
function directSegments(model: LayoutInput, cards: readonly CardBox[]): Set<string> {
  const out = new Set<string>()
  for (const segment of model.segments) {
    const ends = cards.filter((card) => card.host.ports.some((port) => port.segment === segment.id))
    const [a, b] = ends
    if (ends.length !== 2 || !a || !b || a.row !== b.row) continue
    const between = cards.some((c) => c.row === a.row && c.x > Math.min(a.x, b.x) && c.x < Math.max(a.x, b.x))
    if (!between) out.add(segment.id)
  }
  return out
}

/** x of every port by `host dev`. Several ports on one edge stand 40 px apart. */
function portPositions(
  model: LayoutInput,
  cards: readonly CardBox[],
  direct: ReadonlySet<string>,
  { portShift }: Metrics,
): Map<string, number> {
  const out = new Map<string, number>()
  for (const card of cards) {
    const centre = card.x + card.w / 2
    const side = Math.abs(centre - model.width / 2) < 40 ? 0 : Math.sign(centre - model.width / 2)
    const onEdge = card.host.ports.filter((port) => !direct.has(port.segment))
    const apart = Math.min(40, card.w / (onEdge.length + 1))
    onEdge.forEach((port, i) => {
      const x = centre + side * portShift + (i - (onEdge.length - 1) / 2) * apart
      out.set(`${card.id} ${port.dev}`, x)
    })
  }
  return out
}

function layLinks(
  cards: readonly CardBox[],
  rails: readonly RailBox[],
  direct: ReadonlySet<string>,
  portX: ReadonlyMap<string, number>,
): LinkBox[] {
  return cards.flatMap((card) =>
    card.host.ports.flatMap((port): LinkBox[] => {
      const base = {
        host: card.id,
        dev: port.dev,
        segment: port.segment,
        up: port.up,
        ...(port.note !== undefined && { note: port.note }),
        ...(port.action !== undefined && { action: port.action }),
      }
      if (direct.has(port.segment)) {
        const other = cards.find((c) => c !== card && c.host.ports.some((p) => p.segment === port.segment))
        if (!other) return []
        return [{ ...base, port: sidePort(card, other), end: sidePort(other, card), direct: true }]
      }
      const rail = rails.find((r) => r.segment === port.segment)
      const x = portX.get(`${card.id} ${port.dev}`)
      if (!rail || x === undefined) return []
      const y = card.row === 'top' ? card.y + card.h : card.y
      return [{ ...base, port: { x, y }, end: { x, y: rail.y }, direct: false }]
    }),
  )
}

function sidePort(card: CardBox, other: CardBox): Point {
  return { x: other.x > card.x ? card.x + card.w : card.x, y: card.y + Math.min(card.h, other.h, 96) / 2 }
}
