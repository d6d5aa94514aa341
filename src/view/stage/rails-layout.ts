import { textWidth } from '../paint/measure.ts'
import type { CardBox } from './cards-layout.ts'
import type { Metrics } from './metrics.ts'
import type { StageSegment } from './model.ts'

export interface RailBox {
  segment: string
  label: string
  broadcast: boolean
  x1: number
  x2: number
  y: number
  labelX: number
  labelY: number
  labelAnchor: 'start' | 'end'
}

/** Where the lower edge is covered, the rail stands as high as it can: below the hook strip and its own name. */
const COVERED_DROP = 6

/** Distance between two LANs drawn one below the other. */
const RAIL_STEP = 36

/** Rails run between the two rows, a third of the way down, but leave room for the flag below and the labels above. */
export function layRails(
  segments: readonly StageSegment[],
  cards: readonly CardBox[],
  portX: ReadonlyMap<string, number>,
  { width, height, covered }: { width: number; height: number; covered: number },
  metrics: Metrics,
): RailBox[] {
  const above = Math.max(metrics.top, ...cards.filter((c) => c.row === 'top').map((c) => c.y + c.h))
  const below = Math.min(height - metrics.bottom, ...cards.filter((c) => c.row === 'bottom').map((c) => c.y))
  const wanted = above + metrics.railShare * (below - above)
  const lowest = below - metrics.flagRoom - RAIL_STEP * (segments.length - 1)
  const least = above + metrics.railMin
  const first = Math.round(covered > 0 ? least + COVERED_DROP : Math.max(least, Math.min(wanted, lowest)))
  const alone = segments.length === 1
  return segments.map((segment, i) => {
    const xs = portsOf(segment.id, cards, portX)
    const margin = Math.max(16, metrics.margin)
    const x1 = alone || xs.length === 0 ? margin : Math.max(margin, Math.min(...xs) - 40)
    const x2 = alone || xs.length === 0 ? width - margin : Math.min(width - margin, Math.max(...xs) + 40)
    const y = first + i * RAIL_STEP
    const labelY = y - (metrics.projector ? 18 : 14)
    const crossing = i === 0 ? portsAbove(cards, portX) : [...portX.values()]
    return {
      segment: segment.id,
      label: segment.label,
      broadcast: segment.broadcast ?? false,
      x1,
      x2,
      y,
      labelY,
      ...labelPlace(segment.label, x1, x2, crossing, metrics),
    }
  })
}

function portsOf(segment: string, cards: readonly CardBox[], portX: ReadonlyMap<string, number>): number[] {
  return cards.flatMap((card) =>
    card.host.ports.flatMap((port) => {
      const x = port.segment === segment ? portX.get(`${card.id} ${port.dev}`) : undefined
      return x === undefined ? [] : [x]
    }),
  )
}

function portsAbove(cards: readonly CardBox[], portX: ReadonlyMap<string, number>): number[] {
  return cards
    .filter((card) => card.row === 'top')
    .flatMap((card) => card.host.ports.flatMap((port) => portX.get(`${card.id} ${port.dev}`) ?? []))
}

/** At the free end above the rail: the right-most stretch between two links that is wide enough. */
function labelPlace(
  label: string,
  x1: number,
  x2: number,
  links: readonly number[],
  { projector, arrow }: Metrics,
): Pick<RailBox, 'labelX' | 'labelAnchor'> {
  const needed = textWidth(label, { size: projector ? 20 : 12 }) + 16 + arrow
  const xs = [...links].filter((x) => x > x1 && x < x2).sort((a, b) => a - b)
  const stops = [x1, ...xs, x2]
  for (let i = stops.length - 1; i > 0; i--) {
    const right = stops[i] ?? x2
    if (right - (stops[i - 1] ?? x1) >= needed)
      return { labelX: right === x2 ? x2 : right - 16, labelAnchor: 'end' }
  }
  return { labelX: x1, labelAnchor: 'start' }
}
