import type { HostId, Nanos } from '../../base/ids.ts'
import type { Trace } from '../../sim/trace.ts'
import { followFlows, type WasDown } from './flows.ts'
import type { Load } from './load.ts'
import { marksOf } from './marks.ts'
import { type Seen, seenBy } from './requests.ts'
import { balancersOf } from './routes-by-hand.ts'
import type { Experiment, Mark, Outcome, Step, Variant } from './types.ts'

export interface Ran {
  experiment: Experiment
  variant: Variant
  trace: Trace
  /** First record of the load. */
  from: number
  load: Load
  /** What was done, and when. */
  done: readonly { step: Step; atNs: Nanos }[]
  failNs: Nanos
  lengthNs: Nanos
  warnings: string[]
}

/** What an experiment showed, from its trace. */
export function outcomeOf(ran: Ran): Outcome {
  const { experiment, variant, trace, from, load, failNs, lengthNs, warnings } = ran
  const seen = seenBy(load, trace, from)
  const dead = experiment.dead(variant)
  const balancers = balancersOf(variant)
  const { forced, needless, perBalancer, broken } = followFlows(
    trace,
    from,
    balancers,
    load,
    downBy(ran, dead),
  )
  const marks = [
    ...stepMarks(ran),
    ...marksOf(trace, from, 'router', failNs),
    ...lossMarks(seen, load.client, failNs),
  ]
  marks.sort((a, b) => a.atNs - b.atNs)
  const first = seen.lostNs[0]
  const last = seen.lostNs.at(-1)
  return {
    ...{ experiment: experiment.id, variant, marks, lengthNs, perBalancer, warnings },
    short: {
      ...{ begun: seen.begun, good: seen.good, slow: seen.slow, lost: seen.lostNs.length },
      losses: seen.losses,
    },
    lossNs: first === undefined || last === undefined ? null : { first: first - failNs, last: last - failNs },
    long: { connections: load.long.size, broken, good: seen.longGood, lost: seen.longLost },
    moved: { forced, needless },
    withdrawnNs: marks.find(isNewWay)?.atNs ?? null,
    recoveredNs: last === undefined ? 0 : (marks.find(({ kind }) => kind === 'first-good')?.atNs ?? null),
  }
}

function isNewWay({ kind, value }: Mark): boolean {
  return kind === 'route' || (kind === 'vrrp' && value === 'MASTER')
}

/** Between a failure and its end the one that is dead forwards nothing. */
function downBy({ done }: Ran, dead: HostId): WasDown {
  const spans: { fromNs: Nanos; toNs: Nanos }[] = []
  for (const { step, atNs } of done) {
    const open = spans.at(-1)
    if (step.mark === 'fail') spans.push({ fromNs: atNs, toNs: Infinity })
    else if (step.mark === 'heal' && open) open.toNs = atNs
  }
  return (balancer, fromNs, toNs) =>
    balancer === dead && spans.some((span) => span.fromNs <= toNs && span.toNs >= fromNs)
}

function stepMarks({ done, failNs }: Ran): Mark[] {
  return done.flatMap(({ step, atNs }) =>
    step.mark === undefined
      ? []
      : [{ atNs: atNs - failNs, kind: step.mark, host: step.action.host, value: '', record: -1 }],
  )
}

/** The first request lost, and the first one begun after the last loss. */
function lossMarks({ lostNs, goodNs }: Seen, host: HostId, failNs: Nanos): Mark[] {
  const first = lostNs[0]
  const last = lostNs.at(-1)
  if (first === undefined || last === undefined) return []
  const good = goodNs.find((at) => at > last)
  const mark = (kind: Mark['kind'], at: Nanos): Mark => ({
    atNs: at - failNs,
    kind,
    host,
    value: '',
    record: -1,
  })
  return [mark('first-loss', first), ...(good === undefined ? [] : [mark('first-good', good)])]
}
