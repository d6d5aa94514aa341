import { hueOf, type OwnerCode } from './hues.ts'
import { textWidth } from './paint/measure.ts'
import { rect, text, type Shape } from './paint/shape.ts'

export interface PlateOptions {
  /** Height in px: 14 in text, 16 in lists, 28 on cards, 56 on the projector. */
  height?: number
  width?: number
  /** Outlined instead of filled. */
  dim?: boolean
}

/** The small plate with an owner's code: how a host is shown everywhere. */
export function plate(x: number, y: number, code: OwnerCode, options: PlateOptions = {}): Shape[] {
  const { height = 14, dim = false } = options
  const width = options.width ?? plateWidth(code, height)
  const hue = hueOf(code)
  const size = plateTextSize(height)
  const edge = height > 36 ? 2.5 : 1.5
  const box = dim
    ? rect(x + edge / 2, y + edge / 2, width - edge, height - edge, {
        fill: 'var(--paper)',
        stroke: hue.fill,
        width: edge,
        r: 2,
      })
    : rect(x, y, width, height, { fill: hue.fill, r: 2 })
  const out: Shape[] = [box]
  if (hue.stripe) out.push(stripe(x, y, width, height, dim ? hue.fill : 'var(--paper)'))
  out.push(
    text(x + width / 2, y + height / 2 + size * 0.36 - (hue.stripe && height <= 16 ? 1.5 : 0), hue.text, {
      size,
      weight: 700,
      anchor: 'middle',
      fill: dim ? 'var(--ink2)' : hue.on,
    }),
  )
  return out
}

export function plateWidth(code: OwnerCode, height = 14): number {
  const content = textWidth(hueOf(code).text, { size: plateTextSize(height), weight: 700 })
  return Math.max(18, Math.round(height * 1.15), Math.ceil(content) + 6)
}

function plateTextSize(height: number): number {
  if (height <= 14) return 11
  if (height <= 20) return 12
  if (height <= 28) return 14
  return height <= 36 ? 18 : 30
}

/** The mark of a hue that is used a second time, 2 px near the lower edge. */
function stripe(x: number, y: number, width: number, height: number, fill: string): Shape {
  const off = height <= 16 ? 3 : 5
  return rect(x, y + height - off, width, 2, { fill })
}

export interface AddressOptions {
  size?: number
  dim?: boolean
  /** The plate may be left out where the owner's plate stands beside anyway. */
  plate?: boolean
  struck?: boolean
}

/** An address token: ink text in mono, underline in the owner's hue, the owner's plate behind. `y` is the baseline. */
export function addressToken(
  x: number,
  y: number,
  address: string,
  owner: OwnerCode,
  options: AddressOptions = {},
): Shape[] {
  const { size = 12, dim = false } = options
  const width = textWidth(address, { size, mono: true })
  const big = size > 16
  const fill = dim ? 'var(--ink2)' : 'var(--ink)'
  const out: Shape[] = [
    text(x, y, address, { size, mono: true, fill }),
    rect(x, y + (big ? 5 : 3.5), width, big ? 3 : 2, { fill: hueOf(owner).fill }),
  ]
  if (options.struck) out.push(rect(x - 2, y - size * 0.36, width + 4, 1.25, { fill: 'var(--ink)' }))
  if (options.plate === false) return out
  const height = size <= 12 ? 14 : size <= 14 ? 16 : 26
  return [...out, ...plate(x + width + (big ? 8 : 5), y - size * 0.36 - height / 2, owner, { height, dim })]
}

/** Width of an address token with its plate, px. */
export function addressWidth(address: string, owner: OwnerCode, size = 12, withPlate = true): number {
  const big = size > 16
  const height = size <= 12 ? 14 : size <= 14 ? 16 : 26
  return (
    textWidth(address, { size, mono: true }) + (withPlate ? (big ? 8 : 5) + plateWidth(owner, height) : 0)
  )
}
