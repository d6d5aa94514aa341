import { hueOf } from '../hues.ts'
import { draw } from '../paint/draw.ts'
import { group, line, num, path, text, type Shape } from '../paint/shape.ts'
import type { View } from '../view.ts'
import type { RingArc, RingFlow, RingModel } from './model.ts'

/** The kernel compares a 31-bit hash with the bounds (net/ipv4/fib_semantics.c, fib_select_multipath). */
const SPACE = 2 ** 31
/** Radii in a drawing whose outer edge has radius 300. */
const R = {
  edge: 300,
  outer: 272,
  old: 248,
  dot: 232,
  now: 216,
  field: [202, 264],
  inner: 196,
  hole: 168,
} as const
/** Px for the numbers of bounds. */
const LABEL_ROOM = { beside: 78, above: 26 }

/**
 * Hash space as a ring, clockwise from the top: outside who owns what before a change, inside after it, between them the
 * flows. `onPick` is told the key of a flow that is clicked.
 */
export function createRingView(root: SVGGElement, onPick: (key: string) => void): View<RingModel> {
  const onClick = (event: Event): void => {
    const target = event.target instanceof Element ? event.target.closest('[data-flow]') : null
    const key = target?.getAttribute('data-flow')
    if (key) onPick(key)
  }
  root.addEventListener('click', onClick)
  return {
    render: (model) => {
      root.setAttribute('role', 'img')
      root.setAttribute('aria-label', model.ariaLabel)
      draw(root, ringShapes(model))
    },
    seek: () => undefined,
    destroy: () => {
      root.removeEventListener('click', onClick)
      root.replaceChildren()
    },
  }
}

/** Parts of the hash space by owner, each up to its bound. */
export function arcsOf(bounds: readonly number[]): RingArc[] {
  const arcs: RingArc[] = []
  let from = 0
  bounds.forEach((bound, hop) => {
    if (bound < from) return
    arcs.push({ hop, from, to: bound + 1 })
    from = bound + 1
  })
  return arcs
}

export function ringShapes(model: RingModel): Shape[] {
  const { width, height } = model
  const scale = Math.max(0.4, Math.min(width / 2 - LABEL_ROOM.beside, height / 2 - LABEL_ROOM.above) / R.edge)
  const ring = new Ring(model, scale)
  return [group(width / 2, height / 2, ring.shapes())]
}

class Ring {
  private readonly model: RingModel
  private readonly k: number

  constructor(model: RingModel, scale: number) {
    this.model = model
    this.k = scale
  }

  shapes(): Shape[] {
    const { before, after, flows } = this.model
    return [
      ...(after ? this.fields(before, after) : []),
      ...before.flatMap((arc) => this.band(arc, R.edge, R.outer, arc.hop === this.model.gone)),
      ...(after ? after.flatMap((arc) => this.band(arc, R.inner, R.hole, false)) : []),
      ...this.marks(before, R.edge, 1),
      ...(after ? this.marks(after, R.hole, -1) : []),
      ...flows.flatMap((flow) => this.flow(flow)),
      ...this.middle(),
    ]
  }

  private point(value: number, radius: number): [x: number, y: number] {
    const angle = (value / SPACE) * 2 * Math.PI
    return [Math.sin(angle) * radius * this.k, -Math.cos(angle) * radius * this.k]
  }

  /** A piece of a ring. A whole turn is two halves: an arc from a point to itself draws nothing. */
  private piece(from: number, to: number, far: number, near: number): string {
    if (to - from >= SPACE)
      return this.piece(0, SPACE / 2, far, near) + this.piece(SPACE / 2, SPACE - 1, far, near)
    const large = to - from > SPACE / 2 ? 1 : 0
    const at = (value: number, radius: number): string => this.point(value, radius).map(num).join(',')
    const arc = (radius: number, sweep: number): string =>
      `A${num(radius * this.k)},${num(radius * this.k)} 0 ${large} ${sweep} `
    return `M${at(from, far)}${arc(far, 1)}${at(to, far)}L${at(to, near)}${arc(near, 0)}${at(from, near)}Z`
  }

  private band({ hop, from, to }: RingArc, far: number, near: number, isGone: boolean): Shape[] {
    const hue = hueOf(this.model.codes[hop] ?? 'X')
    const shapes: Shape[] = [
      path(this.piece(from, to, far, near), { fill: hue.fill, stroke: 'var(--paper)', width: 2 }),
    ]
    if (isGone) shapes.push(...this.hatch(from, to, far, near, 'var(--paper)', 2.5))
    if (to - from < SPACE / 40) return shapes
    const [x, y] = this.point((from + to) / 2, (far + near) / 2)
    const size = Math.max(12, 14 * this.k)
    if (isGone)
      shapes.push(
        path(this.piece((from + to) / 2 - SPACE / 90, (from + to) / 2 + SPACE / 90, far, near), {
          fill: hue.fill,
        }),
      )
    shapes.push(text(x, y + size * 0.35, hue.text, { size, weight: 700, fill: hue.on, anchor: 'middle' }))
    return shapes
  }

  /** Slanted lines over a piece of ring. */
  private hatch(from: number, to: number, far: number, near: number, stroke: string, width: number): Shape[] {
    const step = SPACE / 110
    const shapes: Shape[] = []
    for (let at = from + step / 2; at < to - step / 2; at += step) {
      const [x1, y1] = this.point(at, near)
      const [x2, y2] = this.point(Math.min(to, at + step * 0.8), far)
      shapes.push(line(x1, y1, x2, y2, { stroke, width }))
    }
    return shapes
  }

  /** The ground between the rings where owners differ: plain where they must, hatched where they need not. */
  private fields(old: readonly RingArc[], now: readonly RingArc[]): Shape[] {
    const [near, far] = R.field
    const shapes: Shape[] = []
    for (const a of old)
      for (const b of now) {
        const from = Math.max(a.from, b.from)
        const to = Math.min(a.to, b.to)
        if (to <= from || a.hop === b.hop) continue
        shapes.push(path(this.piece(from, to, far, near), { fill: 'var(--sunken)' }))
        if (a.hop !== this.model.gone) shapes.push(...this.hatch(from, to, far, near, 'var(--rule)', 1))
      }
    return shapes
  }

  /** Bounds, with their numbers outside (`way` 1) or inside (-1). */
  private marks(arcs: readonly RingArc[], radius: number, way: 1 | -1): Shape[] {
    const shapes: Shape[] = []
    for (const { to } of arcs) {
      const value = to % SPACE
      const [x1, y1] = this.point(value, radius - way * 34)
      const [x2, y2] = this.point(value, radius + way * 8)
      shapes.push(line(x1, y1, x2, y2, { width: 2 }))
      if (way === -1 && value === 0) continue
      const [x, y] = this.point(value, radius + way * (way === 1 ? 14 : 22))
      const anchor = Math.abs(x) < 30 ? 'middle' : x > 0 === (way === 1) ? 'start' : 'end'
      const label = value === 0 ? '0' : this.model.formatBound(value - 1)
      shapes.push(text(x, y + 4, label, { size: 12, mono: true, anchor, fill: 'var(--ink2)' }))
    }
    return shapes
  }

  private flow({ key, hash, before, after, fate, selected }: RingFlow): Shape[] {
    const { codes } = this.model
    const old = hueOf(codes[before] ?? 'X').fill
    const now = hueOf(codes[after] ?? 'X').fill
    const r = Math.max(4, 5 * this.k)
    const shapes: Shape[] = []
    if (fate === 'stays') shapes.push(this.dot(hash, R.dot, r, { fill: old }))
    else {
      const [x1, y1] = this.point(hash, R.field[0])
      const [x2, y2] = this.point(hash, R.field[1])
      const isNeedless = fate === 'needless'
      shapes.push(
        line(x1, y1, x2, y2, {
          stroke: isNeedless ? 'var(--ink)' : 'var(--line)',
          width: isNeedless ? 2 : 1,
        }),
      )
      shapes.push(this.dot(hash, R.old, r, { fill: 'var(--paper)', stroke: old, width: 2 }))
      shapes.push(
        isNeedless ? this.diamond(hash, R.now, r * 1.6, now) : this.dot(hash, R.now, r, { fill: now }),
      )
    }
    if (selected)
      shapes.push(this.dot(hash, fate === 'stays' ? R.dot : R.now, r + 6, { stroke: 'var(--ink)', width: 2 }))
    // a larger target than the dot
    shapes.push(this.dot(hash, R.dot, 11, { fill: 'transparent' }))
    return [group(0, 0, shapes, { key: `flow-${key}`, cls: 'flow', attrs: { 'data-flow': key } })]
  }

  private dot(value: number, radius: number, r: number, ink: Parameters<typeof path>[1]): Shape {
    const [x, y] = this.point(value, radius)
    return path(
      `M${num(-r)},0a${num(r)},${num(r)} 0 1 0 ${num(2 * r)},0a${num(r)},${num(r)} 0 1 0 ${num(-2 * r)},0Z`,
      {
        ...ink,
        x,
        y,
      },
    )
  }

  private diamond(value: number, radius: number, r: number, fill: string): Shape {
    const [x, y] = this.point(value, radius)
    return path(`M0,${num(-r)}L${num(r)},0L0,${num(r)}L${num(-r)},0Z`, {
      fill,
      stroke: 'var(--ink)',
      width: 1.5,
      x,
      y,
    })
  }

  private middle(): Shape[] {
    const { above, large, bold, below } = this.model.middle
    const small = Math.max(12, 13 * this.k)
    const style = { anchor: 'middle', size: small } as const
    const shapes: Shape[] = above.map((words, i) =>
      text(0, (-56 + i * 20) * this.k, words, { ...style, fill: 'var(--ink2)' }),
    )
    shapes.push(text(0, 8 * this.k, large, { ...style, size: Math.max(15, 20 * this.k), weight: 700 }))
    shapes.push(text(0, 34 * this.k, bold, { ...style, weight: 700 }))
    shapes.push(
      text(0, 58 * this.k, below, { ...style, size: Math.max(12, 12 * this.k), fill: 'var(--ink2)' }),
    )
    return shapes
  }
}
