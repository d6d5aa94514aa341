import { hueOf } from '../hues.ts'
import { group, line, path, rect, text, type Shape } from '../paint/shape.ts'
import { scaleOf } from './geometry.ts'
import type { Cell, Ring, Zoom } from './model.ts'

interface CellPlace {
  x: number
  y: number
  /** Outline of the cell, from (x, y). */
  d: string
  /** Where the code stands, from x. */
  textX: number
  width: number
  height: number
  lost: boolean
  zoom: Zoom
}

/** One cell: ring, body, code, second line, ghost. Zoom 1 and 2 show only what the decision changed. */
export function cellShapes(cell: Cell, place: CellPlace): Shape {
  const { x, y, d, height, lost, zoom } = place
  const hue = hueOf(cell.code)
  const ring = shownRing(cell.ring, zoom)
  const out: Shape[] = ring ? ringShapes(place, ring) : []
  out.push(
    lost
      ? path(d, { x, y, fill: 'var(--paper)', stroke: hue.fill, width: 1.5 })
      : path(d, { x, y, fill: hue.fill }),
  )
  if (hue.stripe) out.push(stripe(place, lost ? hue.fill : 'var(--paper)'))
  out.push(...cellTexts(cell, place, lost ? 'var(--ink2)' : hue.on))
  const scale = scaleOf(zoom)
  if (cell.old !== undefined && scale.ghost && (ring === 'decision' || zoom >= 3)) {
    const old = hueOf(cell.old)
    out.push(...ghostShapes(x + place.textX, y, old.text, old.fill, zoom))
  }
  const inset = height < scale.height
  return group(0, 0, out, { cls: `cell ${ring ?? ''}${inset ? ' inner' : ''}`.trim() })
}

/** Ringed cells are painted last, else the neighbour would cover the ring; decisions above dashes. */
export function ringedLast(cells: readonly Shape[]): Shape[] {
  const rank = (s: Shape): number => (s.cls?.includes('decision') ? 2 : s.cls?.includes('hop') ? 1 : 0)
  const keyed = cells.map((s, i): Shape => ({ ...s, key: String(i) }))
  return keyed.sort((a, b) => rank(a) - rank(b))
}

/** The value before: struck, in a dashed box of its owner's hue, centred above the cell at `centreX`. */
export function ghostShapes(
  centreX: number,
  cellY: number,
  old: string,
  stroke: string,
  zoom: Zoom,
): Shape[] {
  const box = scaleOf(zoom).ghost
  if (!box) return []
  const [width, height, off] = box
  const big = zoom === 4
  const x = centreX - width / 2
  const y = cellY - height - off
  const size = zoom === 2 ? 12 : big ? 22 : 13
  return [
    rect(x + 0.75, y + 0.75, width - 1.5, height - 1.5, {
      fill: 'var(--paper)',
      stroke,
      width: big ? 2.5 : 1.5,
      r: 2,
      dash: big ? '6 4' : '3 2',
    }),
    text(centreX, y + height / 2 + size * 0.34, old, {
      size,
      weight: 600,
      anchor: 'middle',
      fill: 'var(--ink2)',
    }),
    line(x + width * 0.2, y + height / 2, x + width * 0.8, y + height / 2, { width: big ? 2 : 1.25 }),
  ]
}

function shownRing(ring: Ring | undefined, zoom: Zoom): Ring | undefined {
  return ring === 'hop' && zoom <= 2 ? undefined : ring
}

/** A ring is a wide ink stroke under a paper stroke under the cell, so that it follows any outline. */
function ringShapes({ x, y, d, zoom }: CellPlace, ring: Ring): Shape[] {
  const scale = scaleOf(zoom)
  const [paper, ink] = ring === 'decision' ? scale.ring : scale.hopRing
  const dash = ring === 'hop' ? { dash: scale.hopRing[2] } : {}
  return [
    path(d, { x, y, stroke: 'var(--ink)', width: 2 * (paper + ink), join: 'miter', ...dash }),
    path(d, { x, y, stroke: 'var(--paper)', width: 2 * paper, join: 'miter' }),
  ]
}

function stripe({ x, y, textX, width, height }: CellPlace, fill: string): Shape {
  return rect(x + textX - width / 4, y + height - (height <= 16 ? 3 : 5), width / 2, 2, { fill })
}

function cellTexts(cell: Cell, place: CellPlace, fill: string): Shape[] {
  const { x, y, textX, height, zoom } = place
  const scale = scaleOf(zoom)
  const size = height < scale.height ? scale.codeSize * 0.9 : scale.codeSize
  const hasSub = scale.subSize > 0 && cell.sub !== '' && height >= 40
  const codeY = y + height / 2 + (hasSub ? -height * 0.04 : size * 0.36)
  const code = text(x + textX, codeY, hueOf(cell.code).text, {
    size: Math.max(11, size),
    weight: 700,
    anchor: 'middle',
    fill,
  })
  if (!hasSub) return [code]
  const sub = { size: scale.subSize, mono: true, anchor: 'middle', fill } as const
  return [code, text(x + textX, y + height * 0.79, cell.sub, sub)]
}
