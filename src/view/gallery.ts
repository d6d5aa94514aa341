import { createDecisionStripView, DECISION_STRIP_HEIGHT } from './charts/decision-strip.ts'
import { createDistributionView, distributionHeight } from './charts/distribution.ts'
import { flagShapes } from './flag/shapes.ts'
import { arpStage, crowdedStage, directStage, flagOf, SYN_OUT, tunnelStage } from './gallery/samples.ts'
import { specimenShapes } from './gallery/specimen.ts'
import { draw } from './paint/draw.ts'
import { group } from './paint/shape.ts'
import { createStageView } from './stage/stage.ts'
import type { Flight, StageModel } from './stage/model.ts'
import { createScrubberView, SCRUBBER_HEIGHT } from './timeline/scrubber.ts'

/** Every part and state on one page, for the eye: run it beside the design while changing geometry. Returns an undo. */
export function mountGallery(root: HTMLElement): () => void {
  const undo: (() => void)[] = []
  draw(sheet(root, 1440, 900, 'specimen'), specimenShapes())
  for (const [w, h] of [
    [784, 556],
    [720, 548],
    [1136, 700],
  ] as const) {
    // prettier-ignore
    undo.push(stage(root, `direct-${w}`, directStage(w, h)), stage(root, `arp-${w}`, arpStage(w, h)))
    undo.push(stage(root, `crowded-${w}`, crowdedStage(w, h)), stage(root, `tunnel-${w}`, tunnelStage(w, h)))
    undo.push(stage(root, `covered-${w}`, { ...directStage(w, h), covered: 164 }))
    undo.push(stage(root, `flights-${w}`, flightsStage(w, h), 300))
  }
  undo.push(stage(root, 'projector', { ...directStage(1280, 568), scale: 'projector' }))
  draw(sheet(root, 960, 240, 'zoom4'), [group(24, 80, flagShapes(SYN_OUT, { zoom: 4, captions: directStage(1, 1).captions }))]) // prettier-ignore
  undo.push(...charts(root))
  return () => {
    for (const one of undo) one()
    root.replaceChildren()
  }
}

function sheet(root: HTMLElement, width: number, height: number, name: string): SVGGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('class', 'vs')
  svg.setAttribute('width', String(width))
  svg.setAttribute('height', String(height))
  svg.id = `gallery-${name}`
  const g = document.createElementNS('http://www.w3.org/2000/svg', 'g')
  svg.append(g)
  root.append(svg)
  return g
}

function stage(root: HTMLElement, name: string, model: StageModel, at = 0): () => void {
  const view = createStageView(sheet(root, model.width, model.height, name), { reducedMotion: false })
  view.render(model)
  view.seek(at)
  return view.destroy
}

/** Packets half-way, one of them going to everyone. */
function flightsStage(width: number, height: number): StageModel {
  const { packet: _, ...base } = directStage(width, height)
  const end = (host: string): { host: string; dev: string } => ({ host, dev: 'ens33' })
  const flight = (id: string, from: string, to: string[], flag: Flight['flag'], t0: number): Flight => ({ id, from: end(from), to: to.map(end), t0, t1: t0 + 480, flag }) // prettier-ignore
  return {
    ...base,
    way: [],
    flights: [
      flight('c', 'R', ['L1'], { ...flagOf('data', 'GET /', ['R', 'L1', 'R', 'V']), selected: true }, 0),
      flight('a', 'S2', ['L1', 'R', 'L2', 'S1'], flagOf('arp', 'ARP', ['S2', 'X', 'S2', 'R']), 100),
      flight('b', 'L1', ['S1'], flagOf('syn', 'SYN', ['L1', 'S1', 'R', 'V']), 200),
    ],
  }
}

function charts(root: HTMLElement): (() => void)[] {
  const bars = [
    {
      code: 'L1',
      name: 'LB1',
      count: 61,
      expected: 0.5,
      band: [0.4, 0.6] as const,
      countText: '61',
      shareText: '61.0 %',
    },
    {
      code: 'L2',
      name: 'LB2',
      count: 39,
      expected: 0.5,
      band: [0.4, 0.6] as const,
      countText: '39',
      shareText: '39.0 %',
    },
  ]
  const model = {
    width: 420,
    title: 'Requests per LB',
    total: 100,
    bars,
    ariaLabel: 'chart',
    empty: 'No requests yet',
  }
  const full = createDistributionView(sheet(root, 460, distributionHeight(2), 'bars'))
  full.render(model)
  const empty = createDistributionView(sheet(root, 460, distributionHeight(2), 'bars-empty'))
  empty.render({ ...model, total: 0 })
  const strip = createDecisionStripView(sheet(root, 340, DECISION_STRIP_HEIGHT, 'strip'))
  strip.render({ width: 304, bounds: [715827882, 1431655764, 2147483647], codes: ['L1', 'L2', 'L3'], hash: 1242346952, pick: 1, ariaLabel: 'hash' }) // prettier-ignore
  const scrubber = createScrubberView(sheet(root, 540, SCRUBBER_HEIGHT, 'scrubber'), { width: 520, onSeek: (ms) => scrubber.seek(ms), onStep: () => undefined }) // prettier-ignore
  const kinds = ['event', 'arp', 'rewrite', 'drop'] as const
  const marks = kinds.flatMap((kind, i) => [0, 1, 2].map((k) => ({ atMs: 300 + i * 900 + k * 220, kind })))
  scrubber.render({ lengthMs: 4000, atMs: 1700, marks, ariaLabel: 'time', valueText: (ms) => `${ms} ms` })
  return [full.destroy, empty.destroy, strip.destroy, scrubber.destroy]
}
