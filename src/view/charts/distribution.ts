import { hueOf } from '../hues.ts'
import { draw } from '../paint/draw.ts'
import { fitText, textWidth } from '../paint/measure.ts'
import { line, num, path, rect, text, type Shape } from '../paint/shape.ts'
import { plate } from '../plate.ts'
import type { View } from '../view.ts'
import type { DistributionBar, DistributionModel } from './model.ts'

const HEAD = 28
const ROW = 28
const BAR = 14

/** Height in px for so many bars. */
export function distributionHeight(bars: number): number {
  return HEAD + bars * ROW + 8
}

/** Requests per host: bar in the host's hue, exact numbers, expected share as an ink line in a hatched confidence band. */
export function createDistributionView(root: SVGGElement): View<DistributionModel> {
  return {
    render: (model) => {
      root.setAttribute('role', 'img')
      root.setAttribute('aria-label', model.ariaLabel)
      draw(root, distributionShapes(model))
    },
    seek: () => undefined,
    destroy: () => root.replaceChildren(),
  }
}

interface Frame {
  x: number
  width: number
  /** Share at the right end. */
  full: number
}

export function distributionShapes(model: DistributionModel): Shape[] {
  const out: Shape[] = [text(0, 14, model.title, { size: 13, weight: 600 })]
  if (model.total === 0) return [...out, text(0, HEAD + 18, model.empty, { size: 13, fill: 'var(--ink2)' })]
  const frame = frameOf(model)
  const bottom = HEAD + model.bars.length * ROW
  for (const share of [0, 0.5, 1]) {
    const x = frame.x + share * frame.width
    out.push(line(x, HEAD - 4, x, bottom, { stroke: 'var(--hair)', width: 1 }))
  }
  model.bars.forEach((bar, i) => out.push(...barShapes(bar, HEAD + i * ROW, model, frame)))
  return out
}

/** Names left, numbers right, bars between; the scale ends at the largest share shown. */
function frameOf({ bars, total, width }: DistributionModel): Frame {
  const names = Math.max(...bars.map((bar) => textWidth(bar.name, { size: 12 })))
  const numbers = Math.max(...bars.map((bar) => numbersWidth(bar)))
  const x = Math.min(40 + names, width * 0.4)
  const largest = Math.max(
    ...bars.flatMap((bar) => [bar.count / total, bar.expected ?? 0, bar.band?.[1] ?? 0]),
  )
  return {
    x: x + 12,
    width: Math.max(40, width - x - 24 - numbers),
    full: Math.min(1, Math.max(0.01, largest)),
  }
}

function numbersWidth(bar: DistributionBar): number {
  return Math.max(84, textWidth(`${bar.countText}  ${bar.shareText}`, { size: 12, mono: true }) + 8)
}

function barShapes(bar: DistributionBar, y: number, model: DistributionModel, frame: Frame): Shape[] {
  const middle = y + ROW / 2
  const at = (share: number): number => frame.x + (Math.min(share, frame.full) / frame.full) * frame.width
  const length = at(bar.count / model.total) - frame.x
  const hue = hueOf(bar.code)
  const out: Shape[] = [
    ...plate(0, middle - 8, bar.code, { height: 16, width: 24 }),
    text(32, middle + 4, fitText(bar.name, frame.x - 44, { size: 12 })),
    rect(frame.x, middle - 9, length, BAR, { fill: hue.fill }),
  ]
  if (hue.stripe) out.push(rect(frame.x, middle + 1, length, 2, { fill: 'var(--paper)' }))
  if (bar.band) out.push(...bandShapes(at(bar.band[0]), at(bar.band[1]), middle + 6))
  if (bar.expected !== undefined) {
    const x = at(bar.expected)
    out.push(line(x, middle - 11, x, middle + 13, { stroke: 'var(--paper)', width: 4 }))
    out.push(line(x, middle - 11, x, middle + 13))
  }
  const face = { size: 12, mono: true, anchor: 'end' } as const
  const countX = model.width - Math.max(52, textWidth(bar.shareText, { size: 12, mono: true }) + 12)
  out.push(text(countX, middle + 4, bar.countText, { ...face, weight: 700 }))
  out.push(text(model.width, middle + 4, bar.shareText, { ...face, fill: 'var(--ink2)' }))
  return out
}

const BAND = 6

/** Where the count may well lie: a hatched strip under the bar, so that it hides nothing of it. */
function bandShapes(x1: number, x2: number, top: number): Shape[] {
  let d = ''
  for (let x = x1 + 2; x + BAND < x2; x += 5) d += `M${num(x)},${top + BAND}L${num(x + BAND - 1)},${top}`
  return [
    rect(x1, top, x2 - x1, BAND, { fill: 'var(--paper)', stroke: 'var(--ink)', width: 1 }),
    path(d, { stroke: 'var(--ink)', width: 1 }),
  ]
}
