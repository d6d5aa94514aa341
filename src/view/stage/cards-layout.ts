import { cardForm, cardHeight, type CardForm, type Metrics } from './metrics.ts'
import type { StageHost } from './model.ts'

export interface CardBox {
  id: string
  host: StageHost
  x: number
  y: number
  w: number
  h: number
  row: 'top' | 'bottom'
  form: CardForm
}

/** Width of the coordinates labs are written in, and of a card in them. */
const LAB_WIDTH = 784
const LAB_CARD = 208
const LAB_MARGIN = 24

/** Cards of both rows; none overlap, all lie within the stage. */
export function layCards(
  hosts: readonly StageHost[],
  width: number,
  height: number,
  metrics: Metrics,
): CardBox[] {
  const ys = hosts.map((host) => host.at[1])
  const middle = (Math.min(...ys) + Math.max(...ys)) / 2
  const oneRow = Math.max(...ys) - Math.min(...ys) < 100
  const isTop = (host: StageHost): boolean => oneRow || host.at[1] < middle
  const top = layRow(hosts.filter(isTop), 'top', width, metrics)
  const bottom = layRow(
    hosts.filter((host) => !isTop(host)),
    'bottom',
    width,
    metrics,
  )
  return [
    ...top.map((card) => ({ ...card, y: metrics.top })),
    ...bottom.map((card) => ({ ...card, y: height - metrics.bottom - card.h })),
  ]
}

type RowCard = Omit<CardBox, 'y'>

function layRow(
  hosts: readonly StageHost[],
  row: 'top' | 'bottom',
  width: number,
  metrics: Metrics,
): RowCard[] {
  const ordered = [...hosts].sort((a, b) => a.at[0] - b.at[0])
  const room = width - 2 * metrics.margin
  const gap = ordered.length > 4 ? 12 : metrics.cardGap
  const { plain: w, table: tableWidth } = cardWidths(ordered, room - gap * (ordered.length - 1), metrics)
  const rows = Math.max(0, ...ordered.map((host) => host.rows.length))
  const hasState = ordered.some(
    (host) => host.state !== undefined && (!metrics.projector || host.status === 'active'),
  )
  const cards = ordered.map((host): RowCard => {
    const cardWidth = host.table ? tableWidth : w
    const form = cardForm(cardWidth, metrics.projector)
    const tableRows = metrics.projector ? 0 : (host.table?.rows.length ?? 0)
    const h = cardHeight(form, tableRows > 0 ? host.rows.length : rows, tableRows, hasState)
    return { id: host.id, host, x: wantedX(host, cardWidth, width, metrics), w: cardWidth, h, row, form }
  })
  return pushApart(cards, gap, metrics.margin, width - metrics.margin)
}

/** Narrowest card that still says who it is. */
const CARD_MIN = 100

/** Cards with a table take their room first, as long as the others keep theirs. */
function cardWidths(
  hosts: readonly StageHost[],
  room: number,
  metrics: Metrics,
): { plain: number; table: number } {
  const tables = hosts.filter((host) => host.table).length
  const plain = hosts.length - tables
  const forTable = tables > 0 ? Math.min(metrics.tableWidth, (room - plain * CARD_MIN) / tables) : 0
  const table = Math.floor(Math.max(CARD_MIN, forTable))
  const forPlain = plain > 0 ? (room - tables * table) / plain : metrics.cardWidth
  return { plain: Math.floor(Math.min(metrics.cardWidth, forPlain)), table }
}

/** The lab's place, stretched so that the outermost lab columns become the outermost columns here. */
function wantedX(host: StageHost, w: number, width: number, { margin, cardWidth }: Metrics): number {
  const p = (host.at[0] - LAB_MARGIN) / (LAB_WIDTH - 2 * LAB_MARGIN - LAB_CARD)
  const centre = margin + cardWidth / 2 + p * (width - 2 * margin - cardWidth)
  return Math.round(centre - w / 2)
}

/** Keep order and, where there is room, place; else move as little as needed. */
function pushApart(cards: readonly RowCard[], gap: number, left: number, right: number): RowCard[] {
  const out = cards.map((card) => ({ ...card }))
  let edge = left
  for (const card of out) {
    card.x = Math.max(card.x, edge)
    edge = card.x + card.w + gap
  }
  edge = right
  for (const card of [...out].reverse()) {
    card.x = Math.min(card.x, edge - card.w)
    edge = card.x - gap
  }
  return out
}
