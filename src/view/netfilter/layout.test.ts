import { describe, expect, it } from 'vitest'
import { edgeBetween, lengthOf, pointAt, WAYS } from './edges.ts'
import { type Box, boxKey, layoutMap } from './layout.ts'
import { mapShapes } from './map.ts'
import type { MapHook, MapModel, MapRow, MapWalk, Place } from './model.ts'
import { walkerAt } from './walker.ts'

const row = (priority: number, name: string, absent = false): MapRow => ({
  priority: String(priority),
  name,
  note: absent ? '–' : '',
  ...(absent && { absent }),
})
const hook = (title: string, rows: MapRow[]): MapHook => ({ title, rows, state: 'idle' })
const IPVS = [row(98, 'ip_vs_out'), row(99, 'ip_vs_in')]

function model(width: number, height: number, more: Partial<MapModel> = {}): MapModel {
  const tables = ['raw', 'conntrack', 'mangle', 'nat'].map((name, i) => row(-300 + 50 * i, name, true))
  return {
    width,
    height,
    devs: ['ens33'],
    hooks: {
      pre: hook('PREROUTING', [...tables, row(-99, 'ip_vs_fullnat_in')]),
      input: hook('INPUT', [row(0, 'filter', true), ...IPVS]),
      forward: hook('FORWARD', [row(99, 'ip_vs_forward_icmp'), row(100, 'ip_vs_out')]),
      output: hook('OUTPUT', [...tables, ...IPVS]),
      post: hook('POSTROUTING', [row(-150, 'mangle', true), row(101, 'ip_vs_fullnat_out')]),
    },
    procs: { title: 'Processes', note: 'sockets of LB1', state: 'idle', items: [] },
    neighbours: { title: 'Neighbours', note: 'ARP table', state: 'idle', items: [] },
    ipvs: {
      title: 'IPVS',
      note: 'NAT',
      state: 'idle',
      rows: [1, 2, 3, 4].map(() => ({ label: 'a', value: 'b' })),
    },
    tunnel: { title: 'IPIP', note: 'unwraps', state: 'idle', rows: [{ label: 'device', value: 'tunl0' }] },
    others: [],
    changes: [],
    legend: [],
    words: { in: 'in', out: 'out', route: ['routing'], routeOut: 'own', yes: 'y', no: 'n', noRow: '-' },
    ariaLabel: '',
    ...more,
  }
}

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h

const SIZES = [
  ['lesson at 1280', 720, 504],
  ['lab at 1280', 992, 504],
  ['lab at 1440', 1104, 490],
  ['lab at 1440, dock folded', 1104, 684],
  ['lab at 1920', 1290, 640],
] as const

describe.each(SIZES)('%s', (_, width, height) => {
  const shown = model(width, height)
  const layout = layoutMap(shown)
  const boxes = [...layout.boxes]

  it('nothing lies over anything else or outside', () => {
    for (const [i, [name, box]] of boxes.entries()) {
      expect(box.x, name).toBeGreaterThanOrEqual(0)
      expect(box.x + box.w, name).toBeLessThanOrEqual(width)
      expect(box.y + box.h, name).toBeLessThanOrEqual(height)
      for (const [other, one] of boxes.slice(i + 1)) expect(overlap(box, one), `${name} ${other}`).toBe(false)
    }
  })

  it('every way leads from box to box, straight or round corners', () => {
    for (const [from, to] of WAYS) {
      const keys = [from, to].map((place) => boxKey({ place: place as Place }, shown.devs))
      const line = edgeBetween(layout, keys[0] ?? '', keys[1] ?? '') ?? []
      expect(line.length, `${from} ${to}`).toBeGreaterThan(1)
      for (const [i, [x, y]] of line.entries()) {
        const before = line[i - 1]
        if (before) expect(before[0] === x || before[1] === y, `${from} ${to}`).toBe(true)
      }
    }
  })

  it('the forwarded way is level, the way of the host itself an arch over it', () => {
    const y = (key: string): number => {
      const box = layout.boxes.get(key)
      return box ? box.y + box.h / 2 : NaN
    }
    for (const key of ['in:ens33', 'pre', 'route', 'forward', 'post', 'out:ens33'])
      expect(y(key), key).toBeCloseTo(layout.main)
    for (const key of ['input', 'ipvs', 'output']) expect(y(key), key).toBeLessThan(layout.main - 60)
    expect(y('procs')).toBeLessThan(y('input'))
  })
})

describe('the walker', () => {
  const shown = model(1104, 684)
  const layout = layoutMap(shown)
  const stop = (place: Place, at: number, until = at) => ({ place, at, until })
  const walk: MapWalk = {
    stops: [
      stop('in', 0),
      stop('pre', 100),
      stop('route', 100),
      stop('forward', 300, 340),
      stop('post', 700),
    ],
    reached: 1,
  }

  it('stands where the playhead is when several things are told at once', () => {
    const at = walkerAt(layout, shown, walk, 100)
    const pre = layout.boxes.get('pre')
    expect(at?.[0]).toBeLessThan(pre?.x ?? 0)
    const on = walkerAt(layout, shown, { ...walk, reached: 2 }, 100)
    expect(on?.[0]).toBeGreaterThan((pre?.x ?? 0) + (pre?.w ?? 0))
  })

  it('never jumps: a short time is a short way', () => {
    let before = walkerAt(layout, shown, { ...walk, reached: 4 }, 345)
    for (let ms = 346; ms < 690; ms++) {
      const now = walkerAt(layout, shown, { ...walk, reached: 4 }, ms)
      const moved =
        Math.abs((now?.[0] ?? 0) - (before?.[0] ?? 0)) + Math.abs((now?.[1] ?? 0) - (before?.[1] ?? 0))
      expect(moved).toBeLessThan(12)
      before = now
    }
  })

  it('depends on nothing but the time', () => {
    const points = [650, 120, 650].map((ms) => walkerAt(layout, shown, walk, ms))
    expect(points[0]).toEqual(points[2])
  })
})

it('a point on a line is at its share of the length', () => {
  const line = [[0, 0], [10, 0], [10, 30]] as const // prettier-ignore
  expect(lengthOf(line)).toBe(40)
  expect(pointAt(line, 0.5)).toEqual([10, 10])
})

it('says nothing smaller than 11 px', () => {
  const sizes = (shapes: ReturnType<typeof mapShapes>): number[] =>
    shapes.flatMap((one) => (one.el === 'text' ? [one.size] : one.el === 'g' ? sizes([...one.children]) : []))
  for (const [, width, height] of SIZES)
    expect(Math.min(...sizes(mapShapes(model(width, height))))).toBeGreaterThanOrEqual(11)
})
