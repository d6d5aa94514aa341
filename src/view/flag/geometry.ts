import type { FlagKind, FlagModel, FlagOptions, Zoom } from './model.ts'

/** The numbers of one zoom step, in px. */
export interface Scale {
  height: number
  tab: number
  gap: number
  cell: number
  /** How far the chevron's point stands out, and the slit between the two cells. */
  chevron: number
  slit: number
  codeSize: number
  subSize: number
  ttl: number
  /** Outline of the tab. */
  tabLine: number
  tabSize: number
  /** Solid ring: paper, then ink; dashed ring: paper, ink, dash. */
  ring: readonly [number, number]
  hopRing: readonly [number, number, string]
  ghost: readonly [width: number, height: number, off: number] | null
  /** IPIP: width of an inner cell and the room between the inner pair and its frame. */
  innerCell: number
  innerPad: number
  /** Size of the stamp of a loss. */
  stamp: number
  besideSize: number
}

const SCALES: Readonly<Record<Zoom, Scale>> = {
  1: { height: 16, tab: 54, gap: 3, cell: 24, chevron: 4, slit: 1.5, codeSize: 11, subSize: 0, ttl: 20, tabLine: 1.25, tabSize: 11, ring: [1.5, 1.5], hopRing: [1, 1.25, '4 3'], ghost: null, innerCell: 20, innerPad: 4, stamp: 14, besideSize: 12 }, // prettier-ignore
  2: { height: 28, tab: 56, gap: 6, cell: 40, chevron: 7, slit: 2, codeSize: 14, subSize: 0, ttl: 48, tabLine: 1.75, tabSize: 12, ring: [2, 2.5], hopRing: [2.5, 1.25, '4 3'], ghost: [28, 18, 9], innerCell: 34, innerPad: 6, stamp: 20, besideSize: 13 }, // prettier-ignore
  3: { height: 48, tab: 64, gap: 8, cell: 88, chevron: 10, slit: 2, codeSize: 20, subSize: 12, ttl: 56, tabLine: 1.75, tabSize: 14, ring: [2, 2.5], hopRing: [2.5, 1.25, '4 3'], ghost: [34, 22, 12], innerCell: 70, innerPad: 10, stamp: 26, besideSize: 13 }, // prettier-ignore
  4: { height: 84, tab: 124, gap: 14, cell: 150, chevron: 16, slit: 2, codeSize: 34, subSize: 20, ttl: 112, tabLine: 3, tabSize: 24, ring: [3, 4], hopRing: [4, 2, '8 6'], ghost: [64, 36, 18], innerCell: 120, innerPad: 14, stamp: 44, besideSize: 22 }, // prettier-ignore
}

export function scaleOf(zoom: Zoom): Scale {
  return SCALES[zoom]
}

/** Where the parts of a flag stand, from its left upper corner; `x` of a part that is not there is undefined. */
export interface FlagLayout {
  scale: Scale
  width: number
  macX: number
  ipX?: number
  innerX?: number
  ttlX?: number
}

/** Whole width in px: 156, 228, 432, 752 for zoom 1 to 4 without TTL cell. Stamp and words beside are not counted. */
export function flagWidth(flag: FlagModel, options: FlagOptions): number {
  return flagLayout(flag, options).width
}

export function flagLayout(flag: FlagModel, options: FlagOptions): FlagLayout {
  const scale = scaleOf(options.zoom)
  const macX = scale.tab + scale.gap
  let x = macX + 2 * scale.cell
  const out: FlagLayout = { scale, width: 0, macX }
  if (flag.ip) {
    out.ipX = x + scale.gap
    x = out.ipX + 2 * scale.cell
  }
  if (flag.inner) {
    out.innerX = x + scale.innerPad
    x = out.innerX + 2 * scale.innerCell + scale.innerPad
  }
  if (showsTtl(flag, options)) {
    out.ttlX = x + scale.gap
    x = out.ttlX + scale.ttl
  }
  out.width = x
  return out
}

function showsTtl(flag: FlagModel, options: FlagOptions): boolean {
  return flag.ttl !== undefined && (options.ttl ?? options.zoom >= 3)
}

export type CellName = 'macFrom' | 'macTo' | 'ipFrom' | 'ipTo' | 'innerFrom' | 'innerTo' | 'ttl'

/** Centre of a cell in px from the flag's left edge: for captions, ghosts and leaders. Undefined when it is not there. */
export function cellCentre(layout: FlagLayout, name: CellName): number | undefined {
  const { scale } = layout
  const left = name === 'macFrom' || name === 'macTo' ? layout.macX : name === 'ttl' ? layout.ttlX : undefined
  if (name === 'ttl') return left === undefined ? undefined : left + scale.ttl / 2
  if (left !== undefined) return left + scale.cell * (name === 'macFrom' ? 0.5 : 1.5)
  const isInner = name === 'innerFrom' || name === 'innerTo'
  const pairX = isInner ? layout.innerX : layout.ipX
  const cell = isInner ? scale.innerCell : scale.cell
  return pairX === undefined ? undefined : pairX + cell * (name.endsWith('From') ? 0.5 : 1.5)
}

export interface PairPaths {
  from: string
  to: string
  /** Where the codes stand: the right cell's is shifted by the notch. */
  fromX: number
  toX: number
}

/** Two cells as an arrow: the left one ends in a point, the right one begins with the same notch one slit further. */
export function pairPaths(cell: number, h: number, chevron: number, slit: number, pill = false): PairPaths {
  const q = h / 2
  const end = cell - chevron / 2
  const start = end + slit
  const right = 2 * cell
  const from = `M${pill ? q : 0},0H${end}L${end + chevron},${q}L${end},${h}`
  const to = `M${start},0H${pill ? right - q : right}`
  return {
    from: from + (pill ? `H${q}A${q},${q} 0 0 1 ${q},0Z` : 'H0Z'),
    to: to + (pill ? `A${q},${q} 0 0 1 ${right - q},${h}` : `V${h}`) + `H${start}L${start + chevron},${q}Z`,
    fromX: cell / 2,
    toX: cell * 1.5 + chevron * 0.45,
  }
}

/** Outline of the kind tab: the shape alone tells the kind. */
export function tabPath(kind: FlagKind, w: number, h: number): string {
  const q = h / 2
  const n = h * 0.28
  const c = n * 0.7
  switch (kind) {
    case 'arp':
      return `M${n},0H${w - n}L${w},${q}L${w - n},${h}H${n}L0,${q}Z`
    case 'icmp':
      return `M${q},0H${w}V${h}H${q}A${q},${q} 0 0 1 ${q},0Z`
    case 'ospf':
      return `M${c},0H${w - c}L${w},${c}V${h - c}L${w - c},${h}H${c}L0,${h - c}V${c}Z`
    case 'syn':
    case 'synack':
      return `M${n},0H${w}V${h}H${n}L0,${q}Z`
    case 'fin':
      return `M0,0H${w}V${h}H0L${n},${q}Z`
    case 'rst':
      return `M0,0H${w}V${h}H0L${n},${q * 1.5}L0,${q}L${n},${q / 2}Z`
    default:
      return `M0,0H${w}V${h}H0Z`
  }
}

/** Hollow: says yes or asks but carries nothing. Filled: opens, carries or ends. */
export function isHollow(kind: FlagKind): boolean {
  return kind === 'ack' || kind === 'synack' || kind === 'arp'
}

/** Outline of the inner packet's frame, open towards the outer pair. */
export function innerFrame(layout: FlagLayout): string {
  const { scale, innerX = 0 } = layout
  const left = innerX - scale.innerPad - 1
  const right = innerX + 2 * scale.innerCell + scale.innerPad - 1
  return `M${left},1H${right}V${scale.height - 1}H${left}`
}
