import { flagLayout } from '../flag/geometry.ts'
import { textWidth } from '../paint/measure.ts'
import type { HookPlace, MapFlag, MapHook, MapModel, Place } from './model.ts'

export interface Box {
  x: number
  y: number
  w: number
  h: number
}

/** Sizes of the parts, px. */
export const SIZE = {
  text: 12,
  row: 20,
  head: 26,
  dev: [58, 44],
  small: [30, 30],
  neighbours: 44,
} as const

/** Heights that are given to what lies above and below the hooks. */
function framing(model: MapModel) {
  return model.wall === true
    ? { top: 8, procs: 44, out: 38, asked: 34, legend: 0 }
    : { top: 10, procs: 52, out: 44, asked: 44, legend: 24 }
}

/** What is smaller where the map is narrow: beside a lesson on a small screen. */
export interface Narrowness {
  narrow: boolean
  /** Letters of a hook's rows. */
  text: number
  pad: number
  dev: number
  diamond: readonly [w: number, h: number]
}

const WIDE: Narrowness = { narrow: false, text: 12, pad: 10, dev: SIZE.dev[0], diamond: [92, 84] }
const SMALL: Narrowness = { narrow: true, text: 11, pad: 7, dev: 46, diamond: [78, 84] }

/** A flag with its words above it. */
export interface FlagSeat {
  x: number
  y: number
  zoom: 1 | 2
  of: MapFlag
}

export interface MapLayout {
  /** Boxes by place; devices as `in:ens33` and `out:ens33`. */
  boxes: ReadonlyMap<string, Box>
  /** Height of the straight way from device to device. */
  main: number
  /** Left upper corner of what a routing decision says. */
  asked: { x: number; y: number; w: number }
  flags: readonly FlagSeat[]
  legend: number
  width: number
  /** Where it is narrow there is room for names of functions only, not for what is to be said of them. */
  sizes: Narrowness
  /** Said in a hook that has no functions. */
  noRow: string
  /** Rows of hooks in which functions that are not registered are left out. */
  short: Short
}

const NARROW = 860
/** Room between the rows of hooks below which functions that are not registered are left out, px. */
const ROOM = 84

/** Upper hooks: INPUT and OUTPUT; lower: the others. */
export interface Short {
  upper: boolean
  lower: boolean
}

const SHORT: readonly Short[] = [
  { upper: false, lower: false },
  { upper: true, lower: false },
  { upper: true, lower: true },
]

export function isShort(short: Short, place: HookPlace): boolean {
  return place === 'input' || place === 'output' ? short.upper : short.lower
}

/** The fullest form that fits. */
function shortOf(model: MapModel, narrow: boolean): Short {
  const last = { upper: true, lower: true }
  return narrow ? last : (SHORT.find((short) => model.height - fixedHeight(model, short) >= ROOM) ?? last)
}
const GAP = 8

/** Width of a hook's box: all its rows in one column each. */
export function hookWidth(hook: MapHook, sizes: Narrowness): number {
  const { narrow, text: size, pad } = sizes
  const rows = hook.rows.filter((row) => !narrow || row.absent !== true)
  const widths = rows.map((row) => {
    const name = textWidth(row.name, { size, weight: 600 })
    const note = narrow ? 0 : 12 + textWidth(row.note, { size })
    return 32 + 8 + name + note
  })
  const title = textWidth(hook.title, { size: 13, weight: 600 }) + 12
  const verdict =
    hook.verdict === 'ACCEPT' && narrow ? 16 : wordWidth(hook.verdict ?? (narrow ? '' : 'ACCEPT'))
  return Math.ceil(Math.max(title + Math.max(16, verdict), narrow ? 100 : 140, ...widths) + 2 * pad)
}

const wordWidth = (word: string): number => textWidth(word, { size: 11, weight: 700 })

/** Rows that are shown. */
export function rowsOf(hook: MapHook, short: boolean): MapHook['rows'] {
  return short ? hook.rows.filter((row) => row.absent !== true) : hook.rows
}

function hookHeight(hook: MapHook, short: boolean): number {
  return SIZE.head + Math.max(1, rowsOf(hook, short).length) * SIZE.row + 6
}

/**
 * Places of everything. The way of what is forwarded is the straight line below, the way through the host itself the arch
 * above: up behind the first routing decision, by the processes or IPVS, and down into POSTROUTING. Pure.
 */
export function layoutMap(model: MapModel): MapLayout {
  const narrow = model.width < NARROW
  const short = shortOf(model, narrow)
  const sizes = narrow ? SMALL : WIDE
  const x = columns(model, sizes)
  const y = rows(model, short)
  const boxes = new Map<string, Box>()
  const upright = (place: HookPlace, centre: number, top: number): void => {
    const w = x.widths[place]
    boxes.set(place, {
      x: centre - w / 2,
      y: top,
      w,
      h: hookHeight(model.hooks[place], isShort(short, place)),
    })
  }
  for (const place of ['pre', 'forward', 'post'] as const)
    upright(place, x[place], y.main - hookHeight(model.hooks[place], isShort(short, place)) / 2)
  upright('input', clampTo(x.route, x.widths.input, model.width), y.upper)
  upright('output', clampTo(x.post, x.widths.output, model.width), y.upper)
  const [dw, dh] = sizes.diamond
  boxes.set('route', { x: x.route - dw / 2, y: y.main - dh / 2, w: dw, h: dh })
  const [sw, sh] = SIZE.small
  boxes.set('routeOut', { x: x.post - sw / 2, y: y.routeOut - sh / 2, w: sw, h: sh })
  boxes.set('procs', { x: x.left, y: y.procs, w: x.right - x.left, h: framing(model).procs })
  stackDevs(boxes, model.devs, x, y.main, sizes.dev)
  middle(boxes, model, y.upper)
  const { dev } = sizes
  boxes.set('arp', {
    x: x.left + dev + 20,
    y: y.arp,
    w: x.right - x.left - 2 * dev - 40,
    h: SIZE.neighbours,
  })
  return {
    boxes,
    main: y.main,
    asked: { x: x.route, y: y.lowerEnd + 16, w: 2 * (x.route - x.left) },
    flags: seats(boxes, model, y),
    legend: model.height - 8,
    width: model.width,
    sizes,
    noRow: model.words.noRow,
    short,
  }
}

const clampTo = (centre: number, w: number, width: number): number =>
  Math.min(Math.max(centre, 8 + w / 2), width - 8 - w / 2)

interface Columns {
  left: number
  right: number
  pre: number
  route: number
  forward: number
  post: number
  widths: Record<HookPlace, number>
}

function columns(model: MapModel, sizes: Narrowness): Columns {
  const margin = sizes.narrow ? 8 : 24
  const widths = {} as Record<HookPlace, number>
  for (const place of ['pre', 'input', 'forward', 'output', 'post'] as const)
    widths[place] = hookWidth(model.hooks[place], sizes)
  const { dev } = sizes
  const [diamond] = sizes.diamond
  const used = 2 * dev + widths.pre + diamond + widths.forward + widths.post
  const gap = Math.max(GAP, (model.width - 2 * margin - used) / 5)
  const pre = margin + dev + gap + widths.pre / 2
  const route = pre + widths.pre / 2 + gap + diamond / 2
  const forward = route + diamond / 2 + gap + widths.forward / 2
  const post = forward + widths.forward / 2 + gap + widths.post / 2
  return { left: margin, right: model.width - margin, pre, route, forward, post, widths }
}

interface Rows {
  procs: number
  routeOut: number
  upper: number
  upperEnd: number
  main: number
  lowerTop: number
  lowerEnd: number
  arp: number
}

function heights(model: MapModel, short: Short): { upper: number; lower: number } {
  const height = (place: HookPlace): number => hookHeight(model.hooks[place], isShort(short, place))
  const ipvs = model.ipvs === undefined ? 0 : tableHeight(model.ipvs)
  const tunnel = model.tunnel === undefined ? 0 : tableHeight(model.tunnel)
  return {
    upper: Math.max(height('input'), height('output'), ipvs, tunnel),
    lower: Math.max(height('pre'), height('forward'), height('post'), WIDE.diamond[1]),
  }
}

function fixedHeight(model: MapModel, short: Short): number {
  const { upper, lower } = heights(model, short)
  const { top, procs, out, asked, legend } = framing(model)
  return top + procs + out + upper + lower + asked + SIZE.neighbours + legend + 8
}

function rows(model: MapModel, short: Short): Rows {
  const { upper: upperHeight, lower: lowerHeight } = heights(model, short)
  const spare = Math.max(64, model.height - fixedHeight(model, short))
  const above = Math.min(28, Math.max(0, (spare - 110) * 0.3))
  const below = Math.min(24, Math.max(0, (spare - 110) * 0.2))
  const { top, procs, out, asked } = framing(model)
  const upper = top + procs + out + above
  const upperEnd = upper + upperHeight
  const lowerTop = upperEnd + spare - above - below
  const lowerEnd = lowerTop + lowerHeight
  return {
    procs: top,
    routeOut: top + procs + (out + above) / 2,
    upper,
    upperEnd,
    main: lowerTop + lowerHeight / 2,
    lowerTop,
    lowerEnd,
    arp: lowerEnd + asked + below,
  }
}

function tableHeight(table: { rows: readonly unknown[] }): number {
  return SIZE.head + table.rows.length * SIZE.row + 6
}

function stackDevs(
  boxes: Map<string, Box>,
  devs: readonly string[],
  x: Columns,
  main: number,
  w: number,
): void {
  const [, h] = SIZE.dev
  devs.forEach((dev, i) => {
    const y = main - h / 2 + (i - (devs.length - 1) / 2) * (h + 10)
    boxes.set(`in:${dev}`, { x: x.left, y, w, h })
    boxes.set(`out:${dev}`, { x: x.right - w, y, w, h })
  })
}

/** IPVS between INPUT and OUTPUT; the tunnel before INPUT, over PREROUTING, into which it leads. */
function middle(boxes: Map<string, Box>, model: MapModel, top: number): void {
  const input = boxes.get('input')
  const output = boxes.get('output')
  const pre = boxes.get('pre')
  if (input === undefined || output === undefined || pre === undefined) return
  if (model.ipvs !== undefined) {
    const room = output.x - input.x - input.w
    const w = Math.min(210, room - 2 * (room > 260 ? 48 : 22))
    const x = input.x + input.w + (room - w) / 2
    boxes.set('ipvs', { x, y: top, w, h: tableHeight(model.ipvs) })
  }
  if (model.tunnel !== undefined) {
    const left = 8
    const right = input.x - 22
    const centre = Math.min(pre.x + pre.w / 2, right - 40)
    const half = Math.min(centre - left, right - centre, 74)
    boxes.set('tunnel', { x: centre - half, y: top, w: 2 * half, h: tableHeight(model.tunnel) })
  }
}

/** Above it stand its title and the ghosts of what was there before. */
const FLAG_TOP = 36
const FLAG_HEIGHT = 28

function seats(boxes: ReadonlyMap<string, Box>, model: MapModel, y: Rows): FlagSeat[] {
  const input = boxes.get('input')
  const route = boxes.get('route')
  const post = boxes.get('post')
  if (input === undefined || route === undefined || post === undefined) return []
  const flags = [model.came, model.goes].filter((flag) => flag !== undefined)
  const left = route.x + route.w / 2 + 22
  const room = post.x + post.w / 2 - 16 - left
  const height = y.lowerTop - y.upperEnd
  const widths = flags.map((flag) => seatWidth(flag, 2))
  const zoom = Math.max(...widths) <= room ? 2 : 1
  const sum = flags.reduce((total, flag) => total + seatWidth(flag, zoom) + 24, -24)
  const side = sum <= room
  const both = side || height >= 2 * (FLAG_TOP + FLAG_HEIGHT) + 8
  const shown = both ? flags : flags.filter((flag) => flag.now).slice(-1)
  const lines = side ? 1 : shown.length
  const step = FLAG_TOP + FLAG_HEIGHT
  let x = left
  const top = y.upperEnd + Math.max(0, (height - lines * step) / 2)
  return shown.map((of, i) => {
    const seat = { x: side ? x : left, y: top + FLAG_TOP + (side ? 0 : i * step), zoom, of } as const
    x += seatWidth(of, zoom) + 24
    return seat
  })
}

function seatWidth({ flag, title }: MapFlag, zoom: 1 | 2): number {
  const besides = flag.beside === undefined ? 0 : textWidth(flag.beside, { size: 13 }) + 8
  const width = flagLayout(flag, { zoom, ttl: true }).width + besides + (zoom === 1 ? 24 : 0)
  return Math.max(width, textWidth(title, { size: SIZE.text, weight: 600 }))
}

/** Key of a stop's box. */
export function boxKey(stop: { place: Place; dev?: string }, devs: readonly string[]): string {
  if (stop.place !== 'in' && stop.place !== 'out') return stop.place
  const dev = stop.dev !== undefined && devs.includes(stop.dev) ? stop.dev : (devs[0] ?? '')
  return `${stop.place}:${dev}`
}
