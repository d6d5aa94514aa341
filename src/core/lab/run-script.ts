import type { HostId, Nanos } from '../base/ids.ts'
import { SEC } from '../base/ids.ts'
import type { Timeline } from '../sim/timeline.ts'
import { isReached, type Until } from '../sim/until.ts'
import { interruptLine, type Job, LINE_LIMIT_NS, type LineResult, openLine, type OpenLine } from './line.ts'
import { bootHost } from './load.ts'
import type { ScriptStep } from './script.ts'

/** A run goes on for this long after its script, as captures on real machines do: what is in flight comes to rest. */
const SCRIPT_TAIL_NS: Nanos = 1.5 * SEC

interface Running {
  host: HostId
  open: OpenLine
  limitNs: Nanos
}

/**
 * Run a script: its lines one after the other, each when the one before has ended; lines in the background go on beside
 * them and are waited for at the end. `onLine` is told of each line as it ends. `tailNs`: how long the run goes on after.
 */
export function* runScript(
  timeline: Timeline,
  steps: readonly ScriptStep[],
  onLine: (result: LineResult, background: boolean) => void,
  tailNs: Nanos = SCRIPT_TAIL_NS,
): Job<void> {
  const background: Running[] = []
  for (const step of steps) {
    if (step.kind === 'cable') timeline.cable(step.host, step.dev, step.plugged)
    else if (step.kind === 'fault') timeline.fault(step.host, step.dev, step.way, step.faults)
    else if (step.kind === 'power') timeline.power(step.host, step.state)
    else if (step.kind === 'boot') yield* bootHost(timeline, step.host, step.spec)
    else if (step.kind === 'sleep') yield* passTime(timeline, timeline.now + step.forNs, background)
    else {
      const running = start(timeline, step.host, step.text)
      if (step.background) background.push(running)
      else {
        yield* waitFor(timeline, running, background)
        onLine(running.open.close(), false)
      }
    }
  }
  for (const running of background) {
    yield* waitFor(
      timeline,
      running,
      background.filter((other) => other !== running),
    )
    onLine(running.open.close(), true)
  }
  yield { at: timeline.now + tailNs }
}

function start(timeline: Timeline, host: HostId, text: string): Running {
  const limitNs = timeline.now + LINE_LIMIT_NS
  return { host, limitNs, open: openLine(timeline, host, text) }
}

function* passTime(timeline: Timeline, at: Nanos, background: readonly Running[]): Job<void> {
  while (timeline.now < at) {
    const end = yield oneOf(timeline, { at }, background)
    if (end === 'stopped' || end === 'limit') return
    resumeAll(timeline, background)
  }
}

/** Run on until this line has ended; the lines beside it go on meanwhile. */
function* waitFor(timeline: Timeline, running: Running, background: readonly Running[]): Job<void> {
  for (;;) {
    const until = running.open.until()
    if (until === null) return
    const end = yield oneOf(timeline, until, background)
    resumeAll(timeline, background)
    if (end === 'stopped' || end === 'limit' || timeline.now >= running.limitNs) {
      yield* interruptLine(timeline, running.host, running.open)
    } else if (isDue(timeline, until)) running.open.resume()
  }
}

/** A timeline runs until one thing; with lines in the background it is looked at after every event instead. */
function oneOf(timeline: Timeline, until: Until, background: readonly Running[]): Until {
  const others = background.map((b) => b.open.until()).filter((u) => u !== null)
  if (others.length === 0) return until
  const times = [until, ...others].flatMap((u) => (u.at === undefined ? [] : [u.at]))
  return { events: timeline.events + 1, ...(times.length > 0 && { at: Math.min(...times) }) }
}

function isDue(timeline: Timeline, until: Until): boolean {
  if (until.at !== undefined && timeline.now >= until.at) return true
  return isReached(timeline.world, until)
}

function resumeAll(timeline: Timeline, background: readonly Running[]): void {
  for (const { open } of background) {
    for (;;) {
      const until = open.until()
      if (until === null || !isDue(timeline, until)) break
      open.resume()
    }
  }
}
