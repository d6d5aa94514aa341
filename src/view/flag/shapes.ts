import { dropStamp } from '../marks.ts'
import { textWidth } from '../paint/measure.ts'
import { group, line, path, rect, text, type Shape } from '../paint/shape.ts'
import { cellShapes, ghostShapes, ringedLast } from './cells.ts'
import {
  cellCentre,
  flagLayout,
  innerFrame,
  isHollow,
  pairPaths,
  tabPath,
  type FlagLayout,
} from './geometry.ts'
import type { CellPair, FlagModel, FlagOptions, Zoom } from './model.ts'

/** The flag as shapes, its left upper corner at (0, 0). Ghosts stand above it, captions and sheets below and beside. */
export function flagShapes(flag: FlagModel, options: FlagOptions): Shape[] {
  const layout = flagLayout(flag, options)
  const cells = ringedLast([
    ...pair(flag, options, layout, flag.mac, layout.macX),
    ...(flag.ip
      ? pair(flag, options, layout, flag.ip, layout.ipX ?? 0, flag.kind === 'arp' && !flag.inner)
      : []),
    ...(flag.inner ? innerPair(flag, options, layout, flag.inner) : []),
    ...ttlCell(flag, options, layout),
  ])
  return [
    ...sheets(flag, layout),
    ...(flag.selected ? [focusFrame(layout)] : []),
    ...tab(flag, options, layout),
    ...(flag.inner
      ? [path(innerFrame(layout), { stroke: 'var(--ink)', width: options.zoom === 1 ? 1.25 : 1.75 })]
      : []),
    ...cells,
    ...beside(flag, options, layout),
    ...captions(options, layout),
  ]
}

function pair(
  flag: FlagModel,
  { zoom }: FlagOptions,
  layout: FlagLayout,
  cells: CellPair,
  x: number,
  pill = false,
): Shape[] {
  const { scale } = layout
  const paths = pairPaths(scale.cell, scale.height, scale.chevron, scale.slit, pill)
  const place = { x, y: 0, height: scale.height, lost: flag.lost !== undefined, zoom }
  return [
    cellShapes(cells[0], { ...place, d: paths.from, textX: paths.fromX, width: scale.cell }),
    cellShapes(cells[1], { ...place, d: paths.to, textX: paths.toX, width: scale.cell }),
  ]
}

function innerPair(flag: FlagModel, { zoom }: FlagOptions, layout: FlagLayout, cells: CellPair): Shape[] {
  const { scale, innerX = 0 } = layout
  const off = zoom === 1 ? 2 : 3
  const height = scale.height - 2 * off
  const paths = pairPaths(scale.innerCell, height, (scale.chevron * height) / scale.height, scale.slit)
  const place = { x: innerX, y: off, height, lost: flag.lost !== undefined, zoom, width: scale.innerCell }
  return [
    cellShapes(cells[0], { ...place, d: paths.from, textX: paths.fromX }),
    cellShapes(cells[1], { ...place, d: paths.to, textX: paths.toX }),
  ]
}

/** Kinds whose left edge is cut or pointed: the word moves towards the right edge. */
const POINTED: readonly string[] = ['syn', 'synack', 'fin', 'rst']

function tab(flag: FlagModel, { zoom }: FlagOptions, layout: FlagLayout): Shape[] {
  const { tab: width, height, tabLine, tabSize } = layout.scale
  const hollow = isHollow(flag.kind)
  const words = tabWords(flag, zoom)
  const room =
    width - (POINTED.includes(flag.kind) ? height * 0.28 : flag.kind === 'arp' ? height * 0.4 : 4) - 4
  const widest = Math.max(...words.map((word) => textWidth(word, { size: tabSize, weight: 700 })))
  const size = Math.max(11, Math.min(tabSize, (tabSize * room) / widest))
  const centre = width / 2 + (POINTED.includes(flag.kind) ? height * 0.1 : 0)
  const middle = height / 2 + size * 0.36
  return [
    path(tabPath(flag.kind, width, height), {
      fill: hollow ? 'var(--surface)' : 'var(--ink)',
      stroke: 'var(--ink)',
      width: tabLine,
    }),
    ...words.map((word, i) =>
      text(centre, middle + (i - (words.length - 1) / 2) * size * 1.12, word, {
        size,
        weight: 700,
        anchor: 'middle',
        fill: hollow ? 'var(--ink)' : 'var(--paper)',
      }),
    ),
  ]
}

/** Two lines where the tab is tall enough; zoom 1 and 2 show the first line, 'SYN,ACK' stays together there. */
function tabWords(flag: FlagModel, zoom: number): string[] {
  const lines = flag.label.split('\n')
  if (zoom <= 2) return [lines[0] ?? '']
  return zoom === 4 && lines.length === 1 ? flag.label.split(',') : lines
}

function ttlCell(flag: FlagModel, { zoom }: FlagOptions, layout: FlagLayout): Shape[] {
  const { ttl } = flag
  const { ttlX, scale } = layout
  if (!ttl || ttlX === undefined) return []
  const { height, ttl: width } = scale
  const centre = ttlX + width / 2
  if (zoom === 1)
    return [text(ttlX + 3, height / 2 + 4, String(ttl.value), { mono: true, fill: 'var(--ink2)' })]
  const out: Shape[] = []
  if (ttl.old !== undefined && zoom >= 3) {
    const [paper, ink, dash] = scale.hopRing
    out.push(
      rect(ttlX, 0, width, height, { stroke: 'var(--ink)', width: 2 * (paper + ink), dash }),
      rect(ttlX, 0, width, height, { stroke: 'var(--paper)', width: 2 * paper }),
    )
  }
  const border = zoom === 4 ? 2 : 1.25
  out.push(
    rect(ttlX + 0.6, 0.6, width - 1.2, height - 1.2, {
      fill: 'var(--surface)',
      stroke: 'var(--ink)',
      width: border,
    }),
  )
  if (zoom === 2) {
    out.push(text(centre, height / 2 + 4.5, `TTL ${ttl.value}`, { weight: 600, anchor: 'middle' }))
  } else {
    const number = { size: scale.codeSize, weight: 700, anchor: 'middle' } as const
    out.push(
      text(centre, height * 0.46 - 1, String(ttl.value), number),
      text(centre, height * 0.79, 'TTL', { size: scale.subSize, fill: 'var(--ink2)', anchor: 'middle' }),
    )
  }
  if (ttl.old !== undefined && zoom >= 3)
    out.push(...ghostShapes(centre, 0, String(ttl.old), 'var(--line)', zoom))
  return [group(0, 0, out, { cls: ttl.old === undefined ? 'cell' : 'cell hop' })]
}

/** The stamp and the reason of a loss, else the word beside (ICMP type), else the count of a queue. */
function beside(flag: FlagModel, { zoom }: FlagOptions, { scale, width }: FlagLayout): Shape[] {
  const { height, stamp, besideSize } = scale
  const baseline = height / 2 + besideSize * 0.36
  const strong = { size: besideSize, weight: 600 }
  if (flag.lost !== undefined) {
    const reason = text(width + 8 + stamp + 8, baseline, flag.lost, strong)
    return [...dropStamp(width + 8, height / 2 - stamp / 2, stamp), ...(flag.lost ? [reason] : [])]
  }
  const sheetsOff = flag.queued ? 10 : 0
  const out: Shape[] = []
  if (flag.queued)
    out.push(text(width + sheetsOff + 8, baseline, `× ${flag.queued}`, { size: 14, weight: 700 }))
  else if (flag.beside)
    out.push(text(width + 8, baseline, flag.beside, zoom >= 3 ? strong : { size: besideSize }))
  return out
}

function sheets(flag: FlagModel, { scale, width }: FlagLayout): Shape[] {
  if (!flag.queued) return []
  return [10, 5].map((off) =>
    rect(off + 0.6, off + 0.6, width - 1.2, scale.height - 1.2, {
      fill: 'var(--paper)',
      stroke: 'var(--ink)',
      width: 1.25,
      r: 1,
    }),
  )
}

function focusFrame({ scale, width }: FlagLayout): Shape {
  return rect(-5, -5, width + 10, scale.height + 10, { stroke: 'var(--focus)', width: 2, r: 3 })
}

function captions({ captions: words, zoom }: FlagOptions, layout: FlagLayout): Shape[] {
  if (!words || zoom < 3) return []
  const { scale } = layout
  const cells = ['macFrom', 'macTo', 'ipFrom', 'ipTo', 'innerFrom', 'innerTo'] as const
  return cells.flatMap((name, i) => {
    const x = cellCentre(layout, name)
    if (x === undefined) return []
    const y = scale.height + (zoom === 4 ? 32 : 17)
    return [text(x, y, words[i] ?? '', { size: scale.subSize, anchor: 'middle', fill: 'var(--ink2)' })]
  })
}

/** A small line that ties a flag to what it hangs on, with a hollow square there. Coordinates of the surroundings. */
export function leader(from: { x: number; y: number }, to: { x: number; y: number }, zoom: Zoom): Shape[] {
  const [size, width] = zoom === 4 ? [14, 3] : [7, 1.5]
  return [
    line(from.x, from.y, to.x, to.y, { width }),
    rect(to.x - size / 2, to.y - size / 2, size, size, { fill: 'var(--paper)', stroke: 'var(--ink)', width }),
  ]
}
