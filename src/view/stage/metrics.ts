/** Sizes of the stage's parts, px: for the screen and for the projector (plates 64x56, type from 20 px, thick lines). */
export interface Metrics {
  projector: boolean
  /** Left and right edge of the outer cards; rail ends are never closer than 16. */
  margin: number
  top: number
  bottom: number
  cardWidth: number
  /** Width of a card out of which a table has grown. */
  tableWidth: number
  cardGap: number
  /** Rail: thickness, distance from the cards above at least and as a share of the room between the rows. */
  rail: number
  railMin: number
  railShare: number
  /** From rail to the flag below it: wanted and at least (room for the ghosts). */
  flagDrop: number
  flagDropMin: number
  /** What must stay free between rail and lower row for flag and captions. */
  flagRoom: number
  /** Sideways shift of the outer ports where the stage is narrow: makes room for a whole flag between the links. */
  portShift: number
  port: number
  arrow: number
  wayWidth: number
  linkWidth: number
}

const SCREEN: Metrics = {
  projector: false,
  margin: 24,
  top: 24,
  bottom: 16,
  cardWidth: 208,
  tableWidth: 288,
  cardGap: 16,
  rail: 10,
  railMin: 46,
  railShare: 0.308,
  flagDrop: 58,
  flagDropMin: 46,
  flagRoom: 134,
  portShift: 0,
  port: 8,
  arrow: 11,
  wayWidth: 4,
  linkWidth: 1.5,
}

const PROJECTOR: Metrics = {
  ...SCREEN,
  projector: true,
  margin: 40,
  top: 16,
  cardWidth: 340,
  tableWidth: 340,
  cardGap: 32,
  rail: 14,
  railMin: 56,
  railShare: 0.24,
  flagDrop: 96,
  flagDropMin: 84,
  flagRoom: 212,
  port: 12,
  arrow: 24,
  wayWidth: 6,
  linkWidth: 3,
}

/** Narrower than this the stage has cards of 192 and margins of 8 (1280 wide screens). */
const NARROW = 752

export function metricsFor(width: number, height: number, scale: 'normal' | 'projector' = 'normal'): Metrics {
  if (scale === 'projector') return PROJECTOR
  const top = height < 552 ? 16 : 24
  return width < NARROW ? { ...SCREEN, top, margin: 8, cardWidth: 192, portShift: 8 } : { ...SCREEN, top }
}

/** Size the stage's parts are designed for; a larger stage shows them larger, so that a big screen can be read from afar. */
const DESIGNED = { width: 784, height: 556 }
const MOST_ZOOM = 1.4

/** How much larger than designed the parts are shown on a stage of this size (px): 1 to 1.4 in steps of 0.05. */
export function stageZoom(width: number, height: number): number {
  const fits = Math.min(width / DESIGNED.width, height / DESIGNED.height, MOST_ZOOM)
  return Math.max(1, Math.floor(fits * 20) / 20)
}

/** Full: name, role, rows with plates. Slim: rows without interface names. Compact: name and one address. */
export type CardForm = 'full' | 'slim' | 'compact' | 'projector'

const SLIM_BELOW = 184
const COMPACT_BELOW = 150
const MAX_ROWS = 3

export function cardForm(width: number, projector: boolean): CardForm {
  if (projector) return 'projector'
  if (width < COMPACT_BELOW) return 'compact'
  return width < SLIM_BELOW ? 'slim' : 'full'
}

/** Height of a card, px. `rows` address rows, at most three are shown; `tableRows` 0 = no table. */
export function cardHeight(form: CardForm, rows: number, tableRows: number, hasState: boolean): number {
  if (form === 'projector') return hasState ? 132 : 96
  if (form === 'compact') return 88
  const body = 50 + 22 * shownRows(rows)
  return tableRows > 0 ? body + 10 + tableHeight(tableRows) + 14 : body + 34
}

export function shownRows(rows: number): number {
  return Math.min(MAX_ROWS, rows)
}

export function tableHeight(rows: number): number {
  return 31 + 23 * rows
}
