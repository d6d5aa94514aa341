import { plate, plateWidth } from '../plate.ts'
import { fitText, textWidth } from '../paint/measure.ts'
import { group, path, rect, text, type Shape } from '../paint/shape.ts'
import { type Box, isShort, type MapLayout, type Narrowness, rowsOf, SIZE } from './layout.ts'
import type { HookPlace, MapBand, MapHook, MapItem, MapModel, MapTable, PlaceState } from './model.ts'

const HOOKS: readonly HookPlace[] = ['pre', 'input', 'forward', 'output', 'post']
const PAD = 10
const BOLD = { size: 13, weight: 600 } as const

/** Everything that a packet can come to. A box takes focus and tells its contents. */
export function boxShapes(layout: MapLayout, model: MapModel): Shape[] {
  const at = (place: string): Box | undefined => layout.boxes.get(place)
  const shapes: Shape[] = []
  for (const place of HOOKS) {
    const box = at(place)
    if (box) shapes.push(hookBox(box, place, model.hooks[place], layout))
  }
  const [procs, arp, ipvs, tunnel] = [at('procs'), at('arp'), at('ipvs'), at('tunnel')]
  if (procs) shapes.push(band(procs, 'procs', model.procs))
  if (arp) shapes.push(band(arp, 'arp', model.neighbours))
  if (ipvs && model.ipvs) shapes.push(table(ipvs, 'ipvs', model.ipvs))
  if (tunnel && model.tunnel) shapes.push(table(tunnel, 'tunnel', model.tunnel))
  return [...shapes, ...devBoxes(layout, model), ...diamonds(layout, model)]
}

function frame(box: Box, state: PlaceState): Shape {
  const now = state === 'now'
  const inset = now ? 1 : 0.6
  return rect(box.x + inset, box.y + inset, box.w - 2 * inset, box.h - 2 * inset, {
    fill: 'var(--surface)',
    stroke: state === 'idle' ? 'var(--line)' : 'var(--ink)',
    width: now ? 2.5 : state === 'done' ? 1.5 : 1,
    r: 3,
  })
}

function hookBox(box: Box, place: HookPlace, hook: MapHook, layout: MapLayout): Shape {
  const now = hook.state === 'now'
  const faint = hook.state === 'idle' || hook.state === 'ahead'
  const ink = now ? 'var(--paper)' : faint ? 'var(--ink2)' : 'var(--ink)'
  const shown = rowsOf(hook, isShort(layout.short, place))
  const label = [
    hook.title,
    hook.verdict,
    ...hook.rows.map((row) => `${row.priority} ${row.name} ${row.note}`),
  ]
  return group(
    0,
    0,
    [
      frame(box, hook.state),
      ...(now ? [headFill(box)] : []),
      text(box.x + layout.sizes.pad, box.y + 18, hook.title, { ...BOLD, fill: ink }),
      ...verdictMark(box, hook, ink, layout.sizes),
      path(`M${box.x},${box.y + SIZE.head}h${box.w}`, {
        stroke: faint ? 'var(--rule)' : 'var(--ink)',
        width: 1,
      }),
      ...(shown.length === 0
        ? [text(box.x + layout.sizes.pad, box.y + SIZE.head + 17, layout.noRow, { fill: 'var(--faint)' })]
        : shown.flatMap((row, i) => functionRow(box, row, i, layout.sizes))),
    ],
    {
      key: place,
      attrs: { role: 'img', 'aria-label': label.filter(Boolean).join(', '), 'data-place': place },
    },
  )
}

function headFill(box: Box): Shape {
  return rect(box.x, box.y, box.w, SIZE.head, { fill: 'var(--ink)', r: 3 })
}

/** The verdict as a word while it is spoken of or anything but ACCEPT; afterwards a tick. */
function verdictMark(box: Box, hook: MapHook, ink: string, { narrow, pad }: Narrowness): Shape[] {
  if (hook.verdict === undefined) return []
  const right = box.x + box.w - pad
  if ((hook.state !== 'now' || narrow) && hook.verdict === 'ACCEPT')
    return [path(`M${right - 11},${box.y + 13}l4,4l7,-8`, { stroke: ink, width: 2 })]
  return [text(right, box.y + 17, hook.verdict, { size: 11, weight: 700, anchor: 'end', fill: ink })]
}

function functionRow(
  box: Box,
  row: MapHook['rows'][number],
  i: number,
  { narrow, text: size, pad }: Narrowness,
): Shape[] {
  const top = box.y + SIZE.head + 3 + i * SIZE.row
  const y = top + 14
  const fill = row.absent === true ? 'var(--faint)' : 'var(--ink)'
  const weight = row.decides === true ? 600 : 400
  const back: Shape[] =
    row.decides === true
      ? [
          rect(box.x + 1.5, top, box.w - 3, SIZE.row, { fill: 'var(--sunken)' }),
          rect(box.x + 1.5, top, 4, SIZE.row, { fill: 'var(--ink)' }),
        ]
      : []
  return [
    ...back,
    text(box.x + pad + 30, y, row.priority, { size, anchor: 'end', mono: true, fill: 'var(--ink2)' }),
    text(box.x + pad + 38, y, row.name, { size, fill, weight }),
    ...(narrow
      ? []
      : [
          text(box.x + box.w - pad, y, row.note, {
            anchor: 'end',
            fill: row.decides ? 'var(--ink)' : 'var(--faint)',
          }),
        ]),
  ]
}

/** Processes above, neighbours below: a title and as many items as fit. */
function band(box: Box, place: string, model: MapBand): Shape {
  const titleWidth = Math.max(textWidth(model.title, BOLD), textWidth(model.note, { size: 12 }))
  let x = box.x + PAD + titleWidth + 20
  const end = box.x + box.w - 8
  const shapes: Shape[] = []
  for (const [i, item] of model.items.entries()) {
    const width = itemWidth(item)
    const rest = model.items.length - i - 1
    const more = `+${rest + 1}`
    if (x + width > end - (rest > 0 ? 34 : 0)) {
      shapes.push(text(x, box.y + box.h / 2 + 4, more, { fill: 'var(--ink2)' }))
      break
    }
    shapes.push(...itemBox({ x, y: box.y + 5, w: width, h: box.h - 10 }, item))
    x += width + 8
  }
  const label = [model.title, ...model.items.map(({ title, note }) => `${title} ${note}`)].join(', ')
  const middle = box.y + box.h / 2
  return group(
    0,
    0,
    [
      frame(box, model.state),
      text(box.x + PAD, middle - 4, model.title, BOLD),
      text(box.x + PAD, middle + 13, model.note, { fill: 'var(--ink2)' }),
      ...shapes,
    ],
    { key: place, attrs: { role: 'img', 'aria-label': label, 'data-place': place } },
  )
}

function itemWidth({ title, note, owner }: MapItem): number {
  const words = Math.max(
    textWidth(title, { size: 12, weight: 600, mono: owner !== undefined }) +
      (owner ? plateWidth(owner) + 5 : 0),
    textWidth(note, { size: 12 }),
  )
  return Math.ceil(words) + 16
}

function itemBox(box: Box, item: MapItem): Shape[] {
  const { title, note, owner, now = false } = item
  const mono = owner !== undefined
  const middle = box.y + box.h / 2
  return [
    rect(box.x + 0.5, box.y + 0.5, box.w - 1, box.h - 1, {
      fill: now ? 'var(--sunken)' : 'var(--paper)',
      stroke: now ? 'var(--ink)' : 'var(--rule)',
      width: now ? 2 : 1,
      r: 2,
    }),
    text(box.x + 8, middle - 4, title, { weight: 600, mono }),
    ...(owner === undefined
      ? []
      : plate(box.x + 13 + textWidth(title, { size: 12, mono: true }), middle - 15, owner)),
    text(box.x + 8, middle + 12, note, { fill: 'var(--ink2)' }),
  ]
}

function table(box: Box, place: string, model: MapTable): Shape {
  const labels = Math.max(0, ...model.rows.map(({ label }) => textWidth(label, { size: 12 })))
  const right = box.x + box.w - PAD
  const rows = model.rows.flatMap((row, i): Shape[] => {
    const y = box.y + SIZE.head + 17 + i * SIZE.row
    const x = box.x + PAD + (labels > 0 ? labels + 10 : 0)
    const room = right - x - (row.owner ? plateWidth(row.owner) + 5 : 0)
    const value = fitText(row.value, room, { size: 12, mono: true })
    const width = textWidth(value, { size: 12, mono: true })
    return [
      text(box.x + PAD, y, row.label, { fill: 'var(--ink2)' }),
      text(x, y, value, { mono: true, weight: row.strong ? 700 : 400 }),
      ...(row.owner ? plate(x + width + 5, y - 11, row.owner) : []),
    ]
  })
  const label = [model.title, model.note, ...model.rows.map((row) => `${row.label} ${row.value}`)].join(', ')
  return group(
    0,
    0,
    [
      frame(box, model.state),
      ...(model.state === 'now' ? [headFill(box)] : []),
      text(box.x + PAD, box.y + 18, model.title, { ...BOLD, fill: headInk(model.state) }),
      text(right, box.y + 18, model.note, { anchor: 'end', fill: headInk(model.state) }),
      path(`M${box.x},${box.y + SIZE.head}h${box.w}`, { stroke: 'var(--rule)', width: 1 }),
      ...rows,
    ],
    { key: place, attrs: { role: 'img', 'aria-label': label, 'data-place': place } },
  )
}

const headInk = (state: PlaceState): string => (state === 'now' ? 'var(--paper)' : 'var(--ink)')

function devBoxes(layout: MapLayout, model: MapModel): Shape[] {
  const stops = model.walk?.stops.slice(0, model.walk.reached + 1) ?? []
  return model.devs.flatMap((dev) =>
    (['in', 'out'] as const).flatMap((way): Shape[] => {
      const box = layout.boxes.get(`${way}:${dev}`)
      if (box === undefined) return []
      const met = stops.some((stop) => stop.place === way && stop.dev === dev)
      const last = stops.at(-1)
      const now = last?.place === way && last.dev === dev
      const name = fitText(dev, box.w - 8, { size: 12, weight: 600 })
      return [
        frame(box, now ? 'now' : met ? 'done' : 'idle'),
        text(box.x + box.w / 2, box.y + 19, name, { weight: 600, anchor: 'middle' }),
        text(box.x + box.w / 2, box.y + 35, model.words[way], { anchor: 'middle', fill: 'var(--ink2)' }),
      ]
    }),
  )
}

function diamonds(layout: MapLayout, model: MapModel): Shape[] {
  const last = model.walk?.stops[model.walk.reached]?.place
  const met = model.walk?.stops.slice(0, model.walk.reached + 1).map(({ place }) => place) ?? []
  const one = (place: 'route' | 'routeOut', words: readonly string[]): Shape[] => {
    const box = layout.boxes.get(place)
    if (box === undefined) return []
    const [x, y] = [box.x + box.w / 2, box.y + box.h / 2]
    const now = last === place
    const shape = path(`M${box.x},${y}L${x},${box.y}L${box.x + box.w},${y}L${x},${box.y + box.h}Z`, {
      fill: now ? 'var(--ink)' : 'var(--surface)',
      stroke: met.includes(place) ? 'var(--ink)' : 'var(--line)',
      width: met.includes(place) ? 1.75 : 1.25,
    })
    const fill = now ? 'var(--paper)' : 'var(--ink)'
    return [
      shape,
      ...words.map((line, i) =>
        text(x, y + 4 + (i - (words.length - 1) / 2) * 15, line, { weight: 600, anchor: 'middle', fill }),
      ),
    ]
  }
  const out = layout.boxes.get('routeOut')
  return [
    ...one('route', model.words.route),
    ...one('routeOut', []),
    ...(out === undefined
      ? []
      : [
          text(
            out.x - 8,
            out.y + out.h / 2 + (model.asked?.place === 'routeOut' ? -3 : 4),
            model.words.routeOut,
            {
              anchor: 'end',
              weight: last === 'routeOut' ? 600 : 400,
              fill: last === 'routeOut' ? 'var(--ink)' : 'var(--ink2)',
            },
          ),
        ]),
  ]
}
