import { stratify, tree as layTree } from 'd3'
import type { OwnerCode } from '../hues.ts'
import { draw } from '../paint/draw.ts'
import { fitText } from '../paint/measure.ts'
import { group, path, rect, text, type Shape } from '../paint/shape.ts'
import { plate } from '../plate.ts'
import type { View } from '../view.ts'

/** The shortest paths of one router: it stands at the left, what is farther away further right. */
export interface SpfTreeModel {
  width: number
  nodes: readonly SpfNode[]
  ariaLabel: string
}

export interface SpfNode {
  key: string
  /** The first is what it hangs on; equal-cost others are drawn dashed. [] = the root. */
  parents: readonly string[]
  /** Plate of a router; networks have none. */
  code?: OwnerCode
  name: string
  /** 'cost 10' */
  note: string
}

const ROW = 44
const CARD = { w: 132, h: 34 }
const PAD = 8

/** Height in px for a tree: one row per leaf. */
export function spfTreeHeight({ nodes }: Pick<SpfTreeModel, 'nodes'>): number {
  const inner = new Set(nodes.map(({ parents }) => parents[0]))
  const leaves = nodes.filter(({ key }) => !inner.has(key)).length
  return Math.max(1, leaves) * ROW + PAD
}

export function spfTreeShapes(model: SpfTreeModel): Shape[] {
  if (model.nodes.length === 0) return []
  const height = spfTreeHeight(model) - PAD
  const root = stratify<SpfNode>()
    .id(({ key }) => key)
    .parentId(({ parents }) => parents[0] ?? null)([...model.nodes])
  layTree<SpfNode>().size([height, Math.max(0, model.width - CARD.w - 2 * PAD)])(root)
  const places = new Map(
    root.descendants().map((one) => [one.id ?? '', { x: (one.y ?? 0) + PAD, y: one.x ?? 0 }]),
  )
  const ways = model.nodes.flatMap((node) =>
    node.parents.flatMap((parent, i) => {
      const [from, to] = [places.get(parent), places.get(node.key)]
      if (!from || !to) return []
      const [x1, x2] = [from.x + CARD.w, to.x]
      const middle = (x1 + x2) / 2
      const d = `M${x1},${from.y}C${middle},${from.y} ${middle},${to.y} ${x2},${to.y}`
      return [path(d, { stroke: 'var(--ink)', width: 1.5, ...(i > 0 && { dash: '4 3' }) })]
    }),
  )
  return [...ways, ...model.nodes.flatMap((node) => cardShapes(node, places.get(node.key)))]
}

function cardShapes(node: SpfNode, place: { x: number; y: number } | undefined): Shape[] {
  if (place === undefined) return []
  const isRouter = node.code !== undefined
  const left = isRouter ? 40 : 8
  const shapes: Shape[] = [
    rect(0.5, 0.5, CARD.w - 1, CARD.h - 1, {
      fill: 'var(--surface)',
      stroke: isRouter ? 'var(--ink)' : 'var(--line)',
      width: 1,
      r: isRouter ? 4 : 16,
    }),
    ...(node.code === undefined ? [] : plate(6, 6, node.code, { height: 22, width: 28 })),
    text(left + (isRouter ? 0 : 6), 15, fitText(node.name, CARD.w - left - 12, { size: 12, weight: 600 }), {
      weight: 600,
    }),
    text(left + (isRouter ? 0 : 6), 29, fitText(node.note, CARD.w - left - 12, { size: 11 }), {
      size: 11,
      fill: 'var(--ink2)',
    }),
  ]
  return [group(place.x, place.y - CARD.h / 2, shapes, { key: node.key })]
}

export function createSpfTreeView(root: SVGGElement): View<SpfTreeModel> {
  return {
    render: (model) => {
      root.setAttribute('role', 'img')
      root.setAttribute('aria-label', model.ariaLabel)
      draw(root, spfTreeShapes(model))
    },
    seek: () => undefined,
    destroy: () => root.replaceChildren(),
  }
}
