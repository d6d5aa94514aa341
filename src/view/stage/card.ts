import { dropStamp } from '../marks.ts'
import { fitText, textWidth } from '../paint/measure.ts'
import { group, line, rect, text, type Shape } from '../paint/shape.ts'
import { addressToken, addressWidth, plate, plateWidth } from '../plate.ts'
import type { CardBox } from './cards-layout.ts'
import { shownRows, tableHeight, type Metrics } from './metrics.ts'
import type { AddressRow, CardTable, StageHost } from './model.ts'

/** A host as a card. Filled plate = normal or active, outlined = dimmed or down; never opacity. */
export function cardShapes(card: CardBox, metrics: Metrics): Shape {
  const { host } = card
  const inside = card.form === 'projector' ? projectorParts(card) : card.form === 'compact' ? compactParts(card) : fullParts(card) // prettier-ignore
  return group(card.x, card.y, [...frame(card, metrics), ...inside], {
    key: host.id,
    cls: 'host',
    attrs: {
      role: 'button',
      tabindex: '0',
      'data-host': host.id,
      'aria-label': host.ariaLabel,
      'aria-pressed': String(host.selected ?? false),
    },
  })
}

interface Tone {
  dim: boolean
  strong: string
  weak: string
}

function toneOf({ status }: StageHost): Tone {
  const dim = status === 'dimmed' || status === 'down'
  return { dim, strong: dim ? 'var(--ink2)' : 'var(--ink)', weak: dim ? 'var(--faint)' : 'var(--ink2)' }
}

function frame({ host, w, h }: CardBox, { projector }: Metrics): Shape[] {
  const active = host.status === 'active'
  const lineWidth = (active ? 2 : 1) * (projector ? 2 : 1)
  const half = lineWidth / 2
  const focus = { width: projector ? 4 : 2, stroke: 'var(--focus)', r: 7 }
  return [
    { ...rect(-4, -4, w + 8, h + 8, focus), cls: host.selected ? 'selected' : 'focus-ring', key: 'focus' },
    rect(half, half, w - lineWidth, h - lineWidth, {
      fill: 'var(--surface)',
      stroke: active ? 'var(--ink)' : 'var(--line)',
      width: lineWidth,
      r: projector ? 6 : 4,
      ...(host.status === 'down' && { dash: '4 3' }),
    }),
    ...(host.status === 'down' ? dropStamp(w - (projector ? 44 : 26), 10, projector ? 32 : 16) : []),
  ]
}

function header({ host, w }: CardBox, tone: Tone): Shape[] {
  const marks = markShapes(host.marks ?? [], w - (host.status === 'down' ? 34 : 10), tone)
  const right = w - marks.left
  const name = { size: 14, weight: 600 }
  return [
    ...plate(12, 12, host.code, {
      height: 28,
      width: Math.max(32, plateWidth(host.code, 28)),
      dim: tone.dim,
    }),
    text(54, 25, fitText(host.name, w - 54 - right, name), { ...name, fill: tone.strong }),
    ...marks.shapes,
    text(54, 40, fitText(host.role, w - 54 - 12, { size: 12 }), { fill: tone.weak }),
  ]
}

const MARK = { size: 11, weight: 600 }

/** Small boxes from `right` leftwards on the line of the name. */
function markShapes(marks: readonly string[], right: number, tone: Tone): { shapes: Shape[]; left: number } {
  const shapes: Shape[] = []
  let left = right
  for (const mark of [...marks].reverse()) {
    const width = Math.ceil(textWidth(mark, MARK)) + 8
    left -= width
    shapes.push(
      rect(left + 0.5, 8.5, width - 1, 16, { fill: 'var(--paper)', stroke: tone.weak, width: 1, r: 2 }),
      text(left + 4, 20.5, mark, { ...MARK, fill: tone.strong }),
    )
    left -= 4
  }
  return { shapes, left: marks.length > 0 ? left - 2 : right - 2 }
}

function fullParts(card: CardBox): Shape[] {
  const { host, w, h, form } = card
  const tone = toneOf(host)
  const out = [...header(card, tone), hair(50.5, w)]
  const shown = host.rows.slice(0, shownRows(host.rows.length))
  const hidden = host.rows.length - shown.length
  shown.forEach((row, i) => {
    const isLast = i === shown.length - 1
    const note = isLast && hidden > 0 ? `+${hidden}` : row.note
    out.push(
      ...addressRow({ ...row, ...(note !== undefined && { note }) }, 69 + i * 22, w, form === 'slim', tone),
    )
  })
  if (host.table) return [...out, ...tableParts(host.table, 60 + 22 * shown.length, w)]
  if (host.state !== undefined) {
    const fill = tone.dim ? 'var(--ink2)' : 'var(--ink)'
    out.push(hair(h - 29.5, w), text(12, h - 13, fitText(host.state, w - 24, { size: 12 }), { fill }))
  }
  return out
}

function addressRow(row: AddressRow, y: number, w: number, slim: boolean, { dim, weak }: Tone): Shape[] {
  const x = slim ? 12 : 54
  const out = addressToken(x, y, row.address, row.owner, { dim })
  if (!slim) out.unshift(text(12, y, fitText(row.label, 40, { size: 12 }), { fill: weak }))
  const free = w - 12 - x - addressWidth(row.address, row.owner) - 6
  if (row.note !== undefined && free > 16) {
    out.push(text(w - 12, y, fitText(row.note, free, { size: 12 }), { anchor: 'end', fill: weak }))
  }
  return out
}

function tableParts(table: CardTable, top: number, w: number): Shape[] {
  const face = { size: 13, weight: 600 }
  const out: Shape[] = [
    rect(12, top, w - 24, tableHeight(table.rows.length), { fill: 'var(--sunken)' }),
    text(20, top + 18, table.title, face),
    text(w - 20, top + 18, table.command, { mono: true, anchor: 'end', fill: 'var(--ink2)' }),
  ]
  table.rows.forEach((row, i) => {
    const y = top + 41 + 23 * i
    const width = addressWidth(row.address, row.owner)
    if (row.mark === 'new') {
      const ring = { fill: 'var(--paper)', stroke: 'var(--ink)', width: 2.5, r: 2 }
      out.push(rect(15.5, y - 15.5, width + 9, 23, ring))
    }
    const old = row.mark === 'old'
    out.push(...addressToken(20, y, row.address, row.owner, { dim: old, struck: old }))
    const strong = row.strong === true || row.mark === 'new'
    out.push(
      text(w - 20, y, fitText(row.note, w - 52 - width, { size: 12, weight: 600 }), {
        anchor: 'end',
        weight: strong ? 600 : 400,
        fill: strong ? 'var(--ink)' : 'var(--ink2)',
      }),
    )
  })
  return out
}

/** Name, the first address without plate (its owner's plate stands above), then small plates of the other owners. */
function compactParts({ host, w }: CardBox): Shape[] {
  const tone = toneOf(host)
  const name = { size: 13, weight: 600 }
  const mono = { size: 12, mono: true }
  const right = host.status === 'down' ? 30 : 6
  const out: Shape[] = [
    ...plate(8, 8, host.code, { height: 28, width: 32, dim: tone.dim }),
    text(46, 27, fitText(host.name, w - 46 - right, name), { ...name, fill: tone.strong }),
  ]
  const first = host.rows[0]
  if (!first) return out
  const x = Math.max(3, Math.min(8, (w - textWidth(first.address, mono)) / 2))
  const address = fitText(first.address, w - 2 * x, mono)
  out.push(...addressToken(x, 54, address, first.owner, { dim: tone.dim, plate: false }))
  const others = [...new Set(host.rows.map((row) => row.owner))].filter((owner) => owner !== first.owner)
  others.slice(0, 3).forEach((owner, i) => out.push(...plate(x + i * 26, 66, owner, { dim: tone.dim })))
  return out
}

function projectorParts({ host, w, h }: CardBox): Shape[] {
  const tone = toneOf(host)
  const name = { size: 28, weight: 600 }
  const out: Shape[] = [
    ...plate(20, 20, host.code, { height: 56, width: 64, dim: tone.dim }),
    text(100, 46, fitText(host.name, w - 112, name), { ...name, fill: tone.strong }),
  ]
  const first = host.rows[0]
  if (first)
    out.push(...addressToken(100, 76, first.address, first.owner, { size: 20, dim: tone.dim, plate: false }))
  if (host.state !== undefined && h > 100) {
    out.push(text(20, 114, fitText(host.state, w - 40, { size: 20 }), { size: 20, fill: tone.strong }))
  }
  return out
}

function hair(y: number, w: number): Shape {
  return line(12, y, w - 12, y, { stroke: 'var(--hair)', width: 1 })
}
