import { must } from '../../core/base/assert.ts'
import { type Ip4, MS, type Nanos, parseIp4, SEC, US } from '../../core/base/ids.ts'
import { captureOf, captureOfSegment } from '../../core/lab/capture.ts'
import { finish, type Job, type LineResult, runLine } from '../../core/lab/line.ts'
import { startLab } from '../../core/lab/load.ts'
import { runScript } from '../../core/lab/run-script.ts'
import type { Lab } from '../../core/lab/schema.ts'
import { parseScript, type ScriptStep } from '../../core/lab/script.ts'
import type { Timeline } from '../../core/sim/timeline.ts'
import { SCHED_DELAY_NS } from '../../core/sim/world.ts'
import { reducePoint, type Reduced } from '../../core/wire/compare.ts'
import type { GoldenCommand } from './fixture.ts'
import { PHASES } from './phases.ts'
import { type GoldenScenario, type GoldenTake, takeId } from './scenario.ts'
import { loadShell } from '../../core/shell/module.ts'

await loadShell()

/** Plays a scenario as it was played on real machines: same commands, same pauses. */

/** Segment whose bridge was captured as `sw-br0`. */
const CAPTURED_SEGMENT = 'lan'
/** Caches are emptied before each capture, and what was in flight has come to rest. */
const FLUSH = ['ip neigh flush all', 'ip route flush cache', 'conntrack -F']
const REST_NS = 12_000 * MS
const START_NS = 200 * MS
/** Counters of IPVS are added up that often (ip_vs_est.c). */
const TICK_NS = 2000 * MS

/** What came of one take. */
export interface TakeRun {
  scenario: GoldenScenario
  timeline: Timeline
  /** First trace record of the captures, and the one after their last. */
  from: number
  to: number
  /** When the captures were started. */
  startNs: Nanos
  /** X-Host of what `curl` printed, in order; '' where there was none. */
  served: string[]
  /** Lines in the order in which they were typed. */
  lines: LineResult[]
}

export interface PlayOptions {
  seed?: number
  /**
   * One-way delay of the segments. The recorded lab's cables were pairs of virtual devices in one machine, so next to none:
   * the switch forwards a packet long before a program has answered the one before it.
   */
  delayUs?: number
  /** Instead of `PHASES`, while they are searched for. */
  phases?: Readonly<Record<string, number>>
  /** Stop at the first request that another server answers than was captured. */
  stopEarly?: boolean
  /** net.ipv4.fib_multipath_hash_seed of the router. */
  hashSeed?: number
  /** From emptying the caches to the start of the captures. */
  startNs?: Nanos
}

/** What was recorded of a take: what was typed, and how slow programs were in each exchange. */
interface Recorded {
  commands: readonly GoldenCommand[]
  pacesNs: readonly Nanos[]
  cableNs?: Nanos | undefined
}

/** All takes of a scenario, one after the other. `recordedOf` is asked for takes without a script. */
export function playScenario(
  scenario: GoldenScenario,
  recordedOf: (take: GoldenTake) => Recorded,
  options: PlayOptions = {},
): TakeRun[] {
  const { seed = scenario.seed ?? 1, delayUs = 1, stopEarly = false, phases = PHASES } = options
  const segments = Object.fromEntries(
    Object.entries(scenario.lab.segments).map(([id, segment]) => [id, { ...segment, delayUs }]),
  )
  const lab: Lab = { ...scenario.lab, seed, profile: 'debian-12', segments }
  const { timeline, boot } = startLab(lab)
  const router = timeline.world.hosts['router']
  if (router && options.hashSeed !== undefined)
    router.sysctl.ipv4['fib_multipath_hash_seed'] = options.hashSeed
  const complaints = finish(timeline, boot)
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
  const runs: TakeRun[] = []
  for (const take of scenario.takes) {
    const recorded = recordedOf(take)
    const cableNs = take.slowCables === true ? recorded.cableNs : undefined
    const first = runs[0]?.startNs ?? 0
    const restNs = take.startedAt === undefined ? undefined : first + take.startedAt * SEC - START_NS
    const run = startTake(scenario, take, timeline, cableNs ?? delayUs * US, restNs, options.startNs)
    const phase = phases[takeId(scenario, take)]
    if (phase !== undefined) toPhase(timeline, phase * MS)
    run.from = timeline.trace.records.length
    run.startNs = timeline.now
    if (take.script === undefined) typeCommands(run, take, recorded)
    else playScript(run, lab, take, stopEarly)
    timeline.run({ at: timeline.now + 700 * MS })
    run.to = timeline.trace.records.length
    runs.push(run)
  }
  return runs
}

/** Go on until `at` nanoseconds after one of the estimator's ticks. */
function toPhase(timeline: Timeline, at: Nanos): void {
  const since = timeline.now % TICK_NS
  timeline.run({ at: timeline.now + ((at - since + TICK_NS) % TICK_NS) })
}

function startTake(
  scenario: GoldenScenario,
  take: GoldenTake,
  timeline: Timeline,
  delayNs: Nanos,
  untilNs = timeline.now + REST_NS,
  startNs = START_NS,
): TakeRun {
  const silent = (): void => undefined
  finish(timeline, runScript(timeline, steps(take.before ?? '', scenario.lab), silent, 0))
  timeline.run({ at: Math.max(timeline.now, untilNs) })
  for (const host of Object.keys(scenario.lab.hosts))
    for (const line of FLUSH) finish(timeline, runLine(timeline, host, line))
  finish(timeline, runScript(timeline, steps(take.warm ?? '', scenario.lab), silent, 0))
  for (const [who, whom] of take.known ?? []) makeKnown(timeline, scenario.lab, who, whom)
  for (const segment of Object.values(timeline.world.segments)) segment.delayNs = delayNs
  timeline.run({ at: timeline.now + startNs })
  const from = timeline.trace.records.length
  return { scenario, timeline, from, to: from, startNs: timeline.now, served: [], lines: [] }
}

/** `who` asks for `whom`, without keeping the answer: `whom` has heard of him then. */
function makeKnown(timeline: Timeline, lab: Lab, who: string, whom: string): void {
  const others = Object.values(lab.hosts[whom]?.interfaces ?? {})
  for (const [dev, { segment }] of Object.entries(lab.hosts[who]?.interfaces ?? {})) {
    const address = others.find((port) => port.segment === segment)?.addresses[0]?.replace(/\/.*$/, '')
    if (address === undefined) continue
    finish(timeline, runLine(timeline, who, `arping -q -c 1 -I ${dev} ${address}`))
  }
}

function note(run: TakeRun, result: LineResult): void {
  run.lines.push(result)
  if (!/^(curl|for )/.test(result.line) || result.host.startsWith('LB')) return
  run.served.push(/^< X-Host: (\S+)/m.exec(result.output)?.[1] ?? '')
}

function playScript(run: TakeRun, lab: Lab, take: GoldenTake, stopEarly: boolean): void {
  const { timeline } = run
  const list = steps(take.script ?? '', lab)
  for (const part of stopEarly ? list.map((step) => [step]) : [list]) {
    finish(
      timeline,
      runScript(timeline, part, (result) => note(run, result), 0),
    )
    if (stopEarly && run.served.some((host, i) => host !== take.served?.[i])) break
  }
}

/**
 * Each command at its recorded time, in the background: health checks happen beside what is typed. On the real machines
 * each had ended before the next began.
 */
function typeCommands(run: TakeRun, take: GoldenTake, { commands, pacesNs }: Recorded): void {
  const { timeline } = run
  const paces: { at: Nanos; ns: Nanos }[] = []
  const typed = new Map<string, GoldenCommand>()
  const list: ScriptStep[] = []
  for (const command of commands) {
    const { at, host, line, check } = command
    if (at < 0 || !Object.hasOwn(run.scenario.lab.hosts, host)) continue
    const flush = check !== true && take.flushBefore?.test(line) === true ? 'ip neigh flush all; ' : ''
    const text = `sleep ${at / 1000}; ${flush}${line}`
    typed.set(`${host} ${text}`, command)
    if (take.paced === true && check !== true && line.startsWith('curl '))
      paces.push({ at: timeline.now + at * MS, ns: pacesNs[paces.length] ?? SCHED_DELAY_NS })
    list.push({ kind: 'command', line: list.length + 1, host, text, background: true })
  }
  const onLine = (result: LineResult): void => {
    const command = typed.get(`${result.host} ${result.line}`)
    if (command !== undefined && command.check !== true) note(run, { ...result, line: command.line })
  }
  finishPaced(timeline, runScript(timeline, list, onLine, 0), paces)
  timeline.world.schedNs = SCHED_DELAY_NS
}

/** Run a job to its end; from each of these times on programs are that slow. */
function finishPaced(timeline: Timeline, job: Job<void>, paces: readonly { at: Nanos; ns: Nanos }[]): void {
  for (let next = job.next(); next.done !== true;) {
    const end = timeline.run(next.value)
    const pace = paces.filter(({ at }) => timeline.now >= at).at(-1)
    if (pace) timeline.world.schedNs = pace.ns
    next = job.next(end)
  }
}

function steps(text: string, lab: Lab): ScriptStep[] {
  const parsed = parseScript(text, lab)
  if (!parsed.ok) throw new Error(parsed.error)
  return parsed.value
}

/** The packets of a capture point (`router-ens33`, or `sw-br0` for the switch) in the form in which runs are compared. */
export function reducedPoint({ scenario, timeline, from, to }: TakeRun, point: string): Reduced[] {
  const [host = '', dev = ''] = point.split('-')
  const { trace } = timeline
  const frames =
    host === 'sw'
      ? captureOfSegment(trace, CAPTURED_SEGMENT, from, to)
      : captureOf(trace, host, dev, from, to)
  const ip = (text: string): Ip4 => must(parseIp4(text), text)
  return reducePoint(frames, {
    health: (scenario.health ?? []).map(([lb, server]) => [ip(lb), ip(server)] as const),
  })
}
