import { must } from '../../base/assert.ts'
import { type Nanos, SEC } from '../../base/ids.ts'
import type { Timeline } from '../../sim/timeline.ts'
import { type Job, runLine } from '../line.ts'
import { bootHost, startLab } from '../load.ts'
import type { Lab } from '../schema.ts'
import { EXPERIMENTS } from './failures.ts'
import { clientOf, experimentLab } from './labs.ts'
import { beside, endLoad, startLoad } from './load.ts'
import { outcomeOf } from './outcome.ts'
import type { Action, ExperimentId, Outcome, Step, Variant } from './types.ts'

/** Runs experiments. The code of the shell must have been loaded (`loadShell`). */

/** The load runs for so long before anything fails; not a whole number of seconds, as Hellos fall on those. */
const BEFORE_NS: Nanos = 10.4 * SEC

const BASE: Variant = {
  ...{ way: 'ecmp', hops: 'ospf', balancers: 2, servers: 'own', scheduler: 'rr' },
  ...{ sloppy: false, sync: false, quorum: false, delayLoopS: 5, everyMs: 250, long: 8, seed: 1 },
}

/** What is not said is as in the lesson, but for checks every 5 s. */
export function variantOf(change: Partial<Variant> = {}): Variant {
  const variant = { ...BASE, ...change }
  // There are two servers; a third load balancer has none of its own, and master and backup are two.
  if (variant.way === 'vrrp') variant.balancers = 2
  if (variant.balancers > 2 || variant.way === 'vrrp') variant.servers = 'shared'
  return variant
}

/** A run of an experiment: the lab, its timeline, and the job whose value is the outcome. */
export interface ExperimentRun {
  lab: Lab
  timeline: Timeline
  job: Job<Outcome>
}

export function startExperiment(id: ExperimentId, change: Partial<Variant> = {}): ExperimentRun {
  const variant = variantOf(change)
  const lab = experimentLab(variant, EXPERIMENTS[id].absent?.(variant) ?? [])
  const { timeline, boot } = startLab(lab)
  return { lab, timeline, job: runSteps(id, variant, lab, timeline, boot) }
}

function* runSteps(
  id: ExperimentId,
  variant: Variant,
  lab: Lab,
  timeline: Timeline,
  boot: Job<string[]>,
): Job<Outcome> {
  const experiment = EXPERIMENTS[id]
  const warnings = yield* boot
  const failNs = timeline.now + BEFORE_NS
  const endNs = failNs + experiment.endS * SEC
  const from = timeline.trace.records.length
  const load = startLoad(timeline, clientOf(variant), variant, endNs)
  const done: { step: Step; atNs: Nanos }[] = []
  for (const step of experiment.steps(variant).sort((a, b) => a.atS - b.atS)) {
    yield* beside(timeline, waitUntil(failNs + step.atS * SEC), load)
    done.push({ step, atNs: timeline.now })
    yield* beside(timeline, act(timeline, lab, step.action, warnings), load)
  }
  yield* beside(timeline, waitUntil(endNs), load)
  const lengthNs = timeline.now - failNs
  yield* endLoad(timeline, load)
  return outcomeOf({
    experiment,
    variant,
    trace: timeline.trace,
    from,
    load,
    done,
    failNs,
    lengthNs,
    warnings,
  })
}

function* waitUntil(at: Nanos): Job<void> {
  yield { at }
}

function* act(timeline: Timeline, lab: Lab, action: Action, warnings: string[]): Job<void> {
  const { host } = action
  if (action.do === 'run') {
    const { line, output, status } = yield* runLine(timeline, host, action.line)
    if (status !== 0) warnings.push(`${host}: ${line}: ${output.trim()}`)
  } else if (action.do === 'cable') timeline.cable(host, 'ens33', action.plugged)
  else if (action.do === 'off') timeline.power(host, 'off')
  else warnings.push(...(yield* bootHost(timeline, host, must(lab.hosts[host], host))))
}
