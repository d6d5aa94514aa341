import type { FlagKind, FlagModel } from '../../view/flag/model.ts'
import type { Flight, StageHost, StageModel } from '../../view/stage/model.ts'
import { createStageView } from '../../view/stage/stage.ts'

/** Frame rate with many flags in flight: opened by `?bench=flags`, read by the bench through `window.__bench`. */
declare global {
  interface Window {
    __bench?: { frames: number[]; jsMs: number[] }
  }
}

const FLAGS = 60
const SECONDS = 3
const HOSTS = [
  ['L1', 24, 24],
  ['R', 288, 24],
  ['L2', 552, 24],
  ['S1', 24, 412],
  ['S2', 552, 412],
] as const
const KINDS: readonly FlagKind[] = ['syn', 'synack', 'ack', 'data', 'fin', 'arp']

/** Keep 60 flags moving for three seconds; measures the time between frames and the script in each, ms. */
export function runFlagBench(root: HTMLElement): void {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  const layer = document.createElementNS('http://www.w3.org/2000/svg', 'g')
  svg.setAttribute('class', 'vs')
  svg.setAttribute('width', String(innerWidth))
  svg.setAttribute('height', String(innerHeight))
  svg.append(layer)
  root.append(svg)
  const view = createStageView(layer, { reducedMotion: false })
  view.render(benchStage(innerWidth, innerHeight))
  const frames: number[] = []
  const jsMs: number[] = []
  let begin = 0
  let last = 0
  const tick = (now: number): void => {
    if (begin === 0) begin = now
    else frames.push(now - last)
    last = now
    const before = performance.now()
    view.seek(now - begin + 1)
    jsMs.push(performance.now() - before)
    if (now - begin < SECONDS * 1000) requestAnimationFrame(tick)
    else window.__bench = { frames, jsMs }
  }
  requestAnimationFrame(tick)
}

/** All flags are in flight for the whole time, each at its own place of its way. */
function benchStage(width: number, height: number): StageModel {
  const hosts = HOSTS.map(([code, x, y]): StageHost => {
    const rows = [{ label: 'ens33', address: '172.16.253.100', owner: code }]
    const ports = [{ dev: 'ens33', segment: 'lan', up: true }]
    return {
      id: code,
      code,
      name: code,
      role: '',
      at: [x, y],
      status: 'normal',
      rows,
      ports,
      ariaLabel: code,
    }
  })
  const flights = Array.from({ length: FLAGS }, (_, i): Flight => {
    const from = HOSTS[i % HOSTS.length]?.[0] ?? 'R'
    const to = HOSTS[(i + 1 + (i % 3)) % HOSTS.length]?.[0] ?? 'L1'
    const t0 = -((i * 97) % (SECONDS * 1000))
    const ends = { from: { host: from, dev: 'ens33' }, to: [{ host: to, dev: 'ens33' }] }
    return { id: String(i), ...ends, t0, t1: t0 + SECONDS * 2000, flag: benchFlag(i, from, to), zoom: 2 }
  }).sort((a, b) => a.t0 - b.t0)
  const captions = ['', '', '', ''] as const
  const segments = [{ id: 'lan', label: 'LAN' }]
  return {
    width,
    height,
    hosts,
    segments,
    way: [],
    flights,
    captions,
    arpCaptions: captions,
    ariaLabel: 'bench',
  }
}

function benchFlag(i: number, from: string, to: string): FlagModel {
  const kind = KINDS[i % KINDS.length] ?? 'syn'
  const cell = (code: string) => ({ code, sub: '' })
  return {
    kind,
    label: kind.toUpperCase(),
    mac: [cell(from), cell(to)],
    ip: [cell('R'), cell('V')],
    ttl: { value: 64 },
    ariaLabel: `${kind} ${i}`,
  }
}
