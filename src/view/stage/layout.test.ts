import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arpStage, crowdedStage, directStage, sampleHost, tunnelStage } from '../gallery/samples.ts'
import { hookStripWidth, placeHooks } from './hooks.ts'
import { textWidth } from '../paint/measure.ts'
import { linkHits, linkNotes } from './lan.ts'
import { cardOf, layoutStage, linkOf, type StageLayout } from './layout.ts'
import type { StageModel } from './model.ts'
import { lowerEdge, placePacket, type PacketBox } from './packet-layout.ts'
import { stageZoom } from './metrics.ts'
import { scaleOf } from '../flag/geometry.ts'

const SIZES = [
  [720, 548],
  [784, 556],
  [1136, 700],
] as const

const cases = SIZES.flatMap(([w, h]) => [
  [`direct ${w}`, directStage(w, h)] as const,
  [`arp ${w}`, arpStage(w, h)] as const,
  [`crowded ${w}`, crowdedStage(w, h)] as const,
])

interface Box {
  x: number
  y: number
  w: number
  h: number
}

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h

function expectApart({ cards, width, height }: StageLayout): void {
  for (const [i, a] of cards.entries()) {
    expect(a.x).toBeGreaterThanOrEqual(0)
    expect(a.x + a.w).toBeLessThanOrEqual(width)
    expect(a.y + a.h).toBeLessThanOrEqual(height)
    for (const b of cards.slice(i + 1)) expect(overlap(a, b), `${a.id} over ${b.id}`).toBe(false)
  }
}

const flagBox = (box: PacketBox): Box => ({
  x: box.x,
  y: box.y - 4,
  w: box.width,
  h: scaleOf(box.zoom).height + 24,
})

describe('stage layout', () => {
  it('puts the course lab where the design has it', () => {
    const layout = layoutStage(directStage(784, 556))
    const box = (id: string): number[] => {
      const card = cardOf(layout, id)
      return card ? [card.x, card.y, card.w, card.h] : []
    }
    expect(['L1', 'R', 'L2', 'S1', 'S2'].map(box)).toEqual([
      [24, 24, 208, 128],
      [288, 24, 208, 128],
      [552, 24, 208, 128],
      [24, 412, 208, 128],
      [552, 412, 208, 128],
    ])
    expect(layout.rails.map((r) => [r.x1, r.x2, r.y])).toEqual([[24, 760, 232]])
    const packet = directStage(784, 556).packet
    const flag = packet && placePacket(layout, packet)
    expect([flag?.x, flag?.y, flag?.zoom]).toEqual([148, 290, 3])
    expect(flag?.leader).toEqual({ from: { x: 148, y: 314 }, to: { x: 128, y: 314 } })
  })

  it.each(cases)('%s: no card over another or outside', (_, model) => {
    expectApart(layoutStage(model))
  })

  it.each(cases)('%s: the packet spoken of is in zoom 3, over no card and not on the rail', (_, model) => {
    const layout = layoutStage(model)
    if (!model.packet) throw new Error('sample without packet')
    const flag = flagBox(placePacket(layout, model.packet))
    expect(placePacket(layout, model.packet).zoom).toBe(3)
    for (const card of layout.cards) expect(overlap(flag, card), card.id).toBe(false)
    for (const rail of layout.rails) expect(flag.y - 34).toBeGreaterThan(rail.y)
    expect(flag.x).toBeGreaterThanOrEqual(8)
    expect(flag.x + flag.w).toBeLessThanOrEqual(model.width - 8)
  })

  it.each(SIZES)('at %i x %i the callout keeps clear of cards and stage end', (w, h) => {
    for (const model of [directStage(w, h), arpStage(w, h)]) {
      const layout = layoutStage(model)
      const callout = model.packet && placePacket(layout, model.packet).callout
      if (!callout) throw new Error('sample without callout')
      const last = callout.text.y + (callout.text.lines.length - 1) * callout.lineHeight
      expect(last).toBeLessThan(h)
      const y = callout.title.y - 12
      const box = { x: callout.x, y, w: 60, h: last - y }
      for (const card of layout.cards) expect(overlap(box, card), card.id).toBe(false)
    }
  })

  it.each(SIZES)('at %i x %i a tunnel packet and its text fit', (w, h) => {
    const model = tunnelStage(w, h)
    const layout = layoutStage(model)
    if (!model.packet) throw new Error('a packet is spoken of')
    const box = placePacket(layout, model.packet)
    expect(box.x).toBeGreaterThanOrEqual(0)
    expect(box.x + box.width).toBeLessThanOrEqual(w)
    expect(box.y + scaleOf(box.zoom).height).toBeLessThan(lowerEdge(layout))
  })

  it('where a card is under the packet, the text stands in the gap beside it', () => {
    const base = directStage(1104, 556)
    const more = sampleHost('S3', 'normal')
    const hosts = [...base.hosts, { ...more, at: [400, 412] as const }]
    const layout = layoutStage({ ...base, hosts, segments: [...base.segments, { id: 'far', label: 'far' }] })
    if (!base.packet) throw new Error('a packet is spoken of')
    const { callout } = placePacket(layout, base.packet)
    const first = callout?.title.y ?? 0
    for (const card of layout.cards) {
      const isBeside = (callout?.x ?? 0) >= card.x + card.w || (callout?.x ?? 0) < card.x
      expect(isBeside || first < card.y || first > card.y + card.h, card.id).toBe(true)
    }
  })

  it('under an open dock, packet and text stay above it and below the hook strip', () => {
    const model = { ...directStage(720, 548), covered: 164 }
    const layout = layoutStage(model)
    if (!model.packet) throw new Error('a packet is spoken of')
    const { callout, y } = placePacket(layout, model.packet)
    const last = (callout?.text.y ?? 0) + ((callout?.text.lines.length ?? 1) - 1) * (callout?.lineHeight ?? 0)
    expect(last).toBeLessThanOrEqual(548 - 164)
    expect(y).toBeGreaterThan(Math.max(...layout.rails.map((rail) => rail.y)))
  })

  it('a link with an action answers to pointer and keyboard, one without does not', () => {
    const base = directStage(784, 556)
    const hosts = base.hosts.map((host) => ({
      ...host,
      ports: host.ports.map((port) => (host.code === 'L1' ? { ...port, action: 'pull it' } : port)),
    }))
    const hits = linkHits(layoutStage({ ...base, hosts }))
    expect(hits).toHaveLength(1)
    expect(hits[0]).toMatchObject({ attrs: { role: 'button', tabindex: '0', 'aria-label': 'pull it' } })
  })

  it('says beside the link what is wrong with it, inside the stage and off the cards', () => {
    const base = directStage(720, 548)
    const hosts = base.hosts.map((host) => ({
      ...host,
      ports: host.ports.map((port) => ({ ...port, note: '→ loss 10% delay 20ms, ← corrupt 1%' })),
    }))
    const layout = layoutStage({ ...base, hosts })
    const notes = linkNotes(layout).filter((shape) => shape.el === 'text')
    expect(notes).toHaveLength(layout.links.length)
    for (const note of notes) {
      expect(note.x).toBeGreaterThanOrEqual(0)
      expect(note.x + textWidth(note.text, { size: note.size })).toBeLessThanOrEqual(720)
      for (const card of layout.cards) expect(note.y > card.y + card.h || note.y < card.y).toBe(true)
    }
  })

  it('hangs the hook strip inside the stage, also for the right-most host', () => {
    for (const [w, h] of SIZES) {
      const layout = layoutStage(directStage(w, h))
      for (const card of layout.cards) {
        const { x, y } = placeHooks(layout, card, 5)
        expect(x).toBeGreaterThanOrEqual(8)
        expect(x + hookStripWidth(5)).toBeLessThanOrEqual(w - 8)
        expect(layout.cards.some((c) => overlap({ x, y, w: hookStripWidth(5), h: 18 }, c))).toBe(false)
      }
    }
  })

  it('makes room for a table that grows out of any card', () => {
    for (const [w, h] of SIZES) {
      const base = arpStage(w, h)
      const table = base.hosts.find((host) => host.table)?.table
      if (!table) throw new Error('sample without table')
      for (const id of ['L1', 'R', 'L2', 'S1', 'S2']) {
        const hosts = base.hosts.map(({ table: _, ...host }) => (host.id === id ? { ...host, table } : host))
        const layout = layoutStage({ ...base, hosts })
        expectApart(layout)
        expect(cardOf(layout, id)?.w).toBe(288)
      }
    }
  })

  it('joins two neighbours on a segment of their own by one line between the cards', () => {
    const base = directStage(784, 556)
    const client = {
      ...sampleHost('C', 'normal'),
      at: [24, 24] as const,
      ports: [{ dev: 'eth0', segment: 'wan', up: true }],
    }
    const hosts = base.hosts.map((host, i) => {
      if (host.id !== 'R') return { ...host, at: [24 + 184 * (i + 2), host.at[1]] as const }
      return {
        ...host,
        at: [200, 24] as const,
        ports: [...host.ports, { dev: 'ens37', segment: 'wan', up: true }],
      }
    })
    const model: StageModel = {
      ...base,
      hosts: [client, ...hosts],
      segments: [...base.segments, { id: 'wan', label: 'WAN' }],
    }
    const layout = layoutStage(model)
    const c = cardOf(layout, 'C')
    const r = cardOf(layout, 'R')
    expect(linkOf(layout, { host: 'C', dev: 'eth0' })).toMatchObject({
      direct: true,
      port: { x: (c?.x ?? 0) + (c?.w ?? 0) },
      end: { x: r?.x },
    })
    expect(layout.rails).toHaveLength(1)
    expectApart(layout)
  })

  it('keeps up to eight hosts a row apart wherever the lab puts them', () => {
    const places = fc.array(fc.tuple(fc.integer({ min: -100, max: 900 }), fc.boolean()), {
      minLength: 3,
      maxLength: 8,
    })
    fc.assert(
      fc.property(places, fc.constantFrom(...SIZES), (list, [width, height]) => {
        const hosts = list.map(([x, low], i) => ({
          ...sampleHost(`S${i + 1}`, 'normal'),
          at: [x, low ? 412 : 24] as const,
        }))
        const layout = layoutStage({ width, height, hosts, segments: [{ id: 'lan', label: 'LAN' }] })
        expectApart(layout)
        const [rail] = layout.rails
        for (const link of layout.links) {
          expect(link.port.x).toBe(link.end.x)
          expect(link.end.y).toBe(rail?.y)
        }
      }),
    )
  })

  it('on the projector shows zoom 4 and nothing over it', () => {
    const model: StageModel = { ...directStage(1280, 568), scale: 'projector' }
    const layout = layoutStage(model)
    expectApart(layout)
    const box = model.packet && placePacket(layout, model.packet)
    expect([box?.zoom, box?.callout]).toEqual([4, undefined])
    for (const card of layout.cards) expect(box && overlap(flagBox(box), card)).toBe(false)
  })
})

it('a stage larger than designed shows its parts larger, up to 1.4, and never smaller', () => {
  expect(stageZoom(784, 556)).toBe(1)
  expect(stageZoom(600, 400)).toBe(1)
  expect(stageZoom(1136, 700)).toBe(1.25)
  expect(stageZoom(1136, 556)).toBe(1)
  expect(stageZoom(3000, 2000)).toBe(1.4)
})
