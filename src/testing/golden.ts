import { must } from '../core/base/assert.ts'
import { type Ip4, parseIp4 } from '../core/base/ids.ts'
import { captureOf, captureOfSegment } from '../core/lab/capture.ts'
import { course } from '../core/lab/labs/course.ts'
import { finish } from '../core/lab/line.ts'
import { startLab } from '../core/lab/load.ts'
import { runScript } from '../core/lab/run-script.ts'
import { parseScript, type ScriptStep } from '../core/lab/script.ts'
import type { Timeline } from '../core/sim/timeline.ts'
import { reducePoint, type Reduced } from '../core/wire/compare.ts'
import { loadCommands } from '../core/shell/table.ts'

await loadCommands()

/**
 * The course lab played as it was played on real machines: same commands, same pauses. What the daemons did there is
 * stood in for: routes and virtual servers by the lab's boot commands, a health check by a real `curl` from the load
 * balancer to its server, left out of the comparison on both sides.
 */
export interface GoldenScenario {
  id: string
  /** The seed with which the choices that Linux draws at random come out as captured; found by make-seeds.ts. */
  seed: number
  /** Before the captures were started. */
  before: string
  script: string
  /** X-Host of each request to the virtual address, in order: what the seed is searched for. */
  served: string[]
}

const HEALTH = [
  ['172.16.253.131', '172.16.253.130'],
  ['172.16.253.129', '172.16.253.134'],
] as const
const CHECK1 = 'LB1$ curl -s http://172.16.253.130:8080'
const CHECK2 = 'LB2$ curl -s http://172.16.253.134:8080'
const CURL = 'router$ curl -v http://172.16.253.100:8080'
const FLUSH = Object.keys(course.hosts)
  .map((host) => `${host}$ ip neigh flush all`)
  .join('\n')

function served(pattern: string): string[] {
  return [...pattern].map((digit) => `server${digit}`)
}

/** Requests with pauses before them, in seconds. */
function requests(pauses: readonly number[], line: (i: number) => string): string {
  return pauses.map((pause, i) => `@sleep ${pause}\n${line(i)}`).join('\n')
}

function fromAddress(last: number): string {
  return `${CURL} --interface 172.16.253.${last}`
}

const A3_FIRST = [200, 201, 202, 200, 201, 202]
const A3_REST = [203, 204, 205, 206, 207, 208, 209, 210]
const A3_ALIASES = Array.from(
  { length: 11 },
  (_, i) => `router$ ifconfig lo:${i + 1} 172.16.253.${200 + i} netmask 255.255.255.255 up`,
).join('\n')

export const SCENARIOS: readonly GoldenScenario[] = [
  {
    id: 'A1',
    seed: 1,
    before: FLUSH,
    script: `@sleep 0.54\n${CHECK1}\n@sleep 0.14\n${CHECK2}\n${requests([1, 1.2, 1.2, 1.2, 1.2, 1.4], () => CURL)}`,
    served: served('222222'),
  },
  {
    id: 'A2',
    seed: 2919,
    before: `router$ sysctl -w net.ipv4.fib_multipath_hash_policy=1\n${FLUSH}`,
    script: requests([0.5, 1.2, 0.9, 1.1, 1.3, 1.2, 1.2, 0.9, 1.2, 1.5, 1.1, 0.8], () => CURL),
    served: served('222221211121'),
  },
  {
    id: 'A3',
    seed: 1828,
    before: `${A3_ALIASES}\n${FLUSH}\n${CHECK2}`,
    script: [
      requests([0.5, 1.4, 1.5, 1.4], (i) => fromAddress(A3_FIRST[i] ?? 0)),
      `@sleep 1.2\n${CHECK1}`,
      requests([0.7, 1.2], (i) => fromAddress(A3_FIRST[4 + i] ?? 0)),
      requests([2.7, 1.9, 1.3, 1.6, 1.9, 1.6, 0.9, 1.2], (i) => fromAddress(A3_REST[i] ?? 0)),
    ].join('\n'),
    served: served('22222221222221'),
  },
]

function steps(text: string): ScriptStep[] {
  const parsed = parseScript(text, course)
  if (!parsed.ok) throw new Error(parsed.error)
  return parsed.value
}

export interface GoldenRun {
  timeline: Timeline
  /** Index of the first trace record after the captures were started. */
  from: number
  served: string[]
  /** What `curl` printed on the router, in order. */
  outputs: string[]
}

interface PlayOptions {
  /**
   * One-way delay of the segment. The recorded lab's cables were pairs of virtual devices in one machine, so next to none:
   * the switch forwards a packet long before a program has answered the one before it.
   */
  delayUs?: number
  /** Stop at the first request that another server answers than was captured. */
  stopEarly?: boolean
}

/** Boot, set up, start the captures, play. */
export function playScenario(scenario: GoldenScenario, seed: number, options: PlayOptions = {}): GoldenRun {
  const { delayUs = 1, stopEarly = false } = options
  const segments = { lan: { mtu: 1500, delayUs } }
  const { timeline, boot } = startLab({ ...course, seed, profile: 'debian-12', segments })
  const complaints = finish(timeline, boot)
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
  finish(
    timeline,
    runScript(timeline, steps(scenario.before), () => undefined),
  )
  const from = timeline.trace.records.length
  const hosts: string[] = []
  const outputs: string[] = []
  for (const step of stopEarly ? steps(scenario.script).map((s) => [s]) : [steps(scenario.script)]) {
    finish(
      timeline,
      runScript(timeline, step, ({ host, output }) => {
        if (host !== 'router') return
        outputs.push(output)
        hosts.push(/^< X-Host: (\S+)/m.exec(output)?.[1] ?? '')
      }),
    )
    if (stopEarly && hosts.some((host, i) => host !== scenario.served[i])) break
  }
  return { timeline, from, served: hosts, outputs }
}

/** The packets of a capture point (`router-ens33`, or `sw-br0` for the switch) in the form in which runs are compared. */
export function reducedPoint({ timeline, from }: GoldenRun, point: string): Reduced[] {
  const [host = '', dev = ''] = point.split('-')
  const { trace } = timeline
  const frames = host === 'sw' ? captureOfSegment(trace, 'lan', from) : captureOf(trace, host, dev, from)
  const ip = (text: string): Ip4 => must(parseIp4(text), text)
  return reducePoint(frames, { health: HEALTH.map(([lb, rip]) => [ip(lb), ip(rip)] as const) })
}
