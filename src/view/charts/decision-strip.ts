import { hueOf } from '../hues.ts'
import { draw } from '../paint/draw.ts'
import { textWidth } from '../paint/measure.ts'
import { line, path, rect, text, type Shape } from '../paint/shape.ts'
import type { View } from '../view.ts'
import type { DecisionStripModel } from './model.ts'

export const DECISION_STRIP_HEIGHT = 76
/** The kernel compares a 31-bit hash with the bounds (net/ipv4/fib_semantics.c, fib_select_multipath). */
const HASH_MAX = 2 ** 31 - 1
const TOP = 26
const BAND = 24

/** Which next hop a hash meets: bands in next hops' hues, the picked one filled, the flow's hash as a pointer. */
export function createDecisionStripView(root: SVGGElement): View<DecisionStripModel> {
  return {
    render: (model) => {
      root.setAttribute('role', 'img')
      root.setAttribute('aria-label', model.ariaLabel)
      draw(root, decisionStripShapes(model))
    },
    seek: () => undefined,
    destroy: () => root.replaceChildren(),
  }
}

export interface Band {
  code: string
  from: number
  to: number
  picked: boolean
}

/** Bands of the hash space: each next hop takes what lies above the bound before it and up to its own. */
export function bandsOf({
  bounds,
  codes,
  pick,
}: Pick<DecisionStripModel, 'bounds' | 'codes' | 'pick'>): Band[] {
  const out: Band[] = []
  let from = 0
  bounds.forEach((bound, i) => {
    if (bound < from) return
    out.push({ code: codes[i] ?? 'X', from, to: bound, picked: i === pick })
    from = bound + 1
  })
  return out
}

export function decisionStripShapes(model: DecisionStripModel): Shape[] {
  const { width, hash, format = String } = model
  const at = (value: number): number => Math.round((value / HASH_MAX) * width * 10) / 10
  const bands = bandsOf(model)
  const out: Shape[] = bands.flatMap((band) => bandShapes(band, at(band.from), at(band.to)))
  const x = at(hash)
  const label = format(hash)
  const half = textWidth(label, { size: 12, mono: true, weight: 700 }) / 2
  const labelX = Math.max(half, Math.min(width - half, x))
  out.push(
    text(labelX, 12, label, { mono: true, weight: 700, anchor: 'middle' }),
    path(`M${x},${TOP - 1}l-5,-8h10Z`, { fill: 'var(--ink)' }),
    line(x, TOP - 1, x, TOP + BAND, { stroke: 'var(--paper)', width: 4.5 }),
    line(x, TOP - 1, x, TOP + BAND, { width: 2 }),
  )
  return [...out, ...axis(bands, at, width, format)]
}

function bandShapes(band: Band, x1: number, x2: number): Shape[] {
  const hue = hueOf(band.code)
  const w = Math.max(0, x2 - x1)
  const box = band.picked
    ? rect(x1 + 1, TOP, w - 2, BAND, { fill: hue.fill, r: 2 })
    : rect(x1 + 1.75, TOP + 0.75, w - 3.5, BAND - 1.5, {
        fill: 'var(--paper)',
        stroke: hue.fill,
        width: 1.5,
        r: 2,
      })
  if (w < 22) return [box]
  const code = { size: 12, weight: 700, fill: band.picked ? hue.on : 'var(--ink2)' }
  return [box, text(x1 + 8, TOP + BAND / 2 + 4.3, hue.text, code)]
}

/** Bounds under their edges, the picked next hop's first; a number that would run into another is left out. */
function axis(
  bands: readonly Band[],
  at: (v: number) => number,
  width: number,
  format: (v: number) => string,
): Shape[] {
  const face = { size: 12, mono: true } as const
  const y = TOP + BAND + 20
  const out: Shape[] = []
  const taken: [number, number][] = []
  const put = (value: number, strong: boolean): void => {
    const label = format(value)
    const w = textWidth(label, face)
    const x = Math.max(0, Math.min(width - w, at(value) - w / 2))
    if (taken.some(([from, to]) => x < to + 10 && x + w + 10 > from)) return
    taken.push([x, x + w])
    out.push(
      text(x, y, label, { ...face, weight: strong ? 700 : 400, fill: strong ? 'var(--ink)' : 'var(--ink2)' }),
    )
  }
  const last = bands[bands.length - 1]
  for (const band of bands) {
    if (band !== last) out.push(line(at(band.to), TOP + BAND + 2, at(band.to), TOP + BAND + 7, { width: 1 }))
  }
  for (const band of bands) if (band.picked) put(band.to, true)
  put(0, false)
  for (const band of [...bands].reverse()) put(band.to, false)
  return out
}
