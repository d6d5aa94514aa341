import { type HostId, MS, type Nanos, type Pid, SEC } from '../../base/ids.ts'
import type { Timeline } from '../../sim/timeline.ts'
import { isReached } from '../../sim/until.ts'
import type { Job } from '../line.ts'
import { VIP } from './routes-by-hand.ts'
import type { Variant } from './types.ts'

/** A steady load beside whatever else is going on. */

const URL = `http://${VIP}:8080/`
/** Seconds a client waits before it calls a request lost (the one of golden A5 does, too). */
const PATIENCE_S = 2
const LONG_PER_S = 2

export interface Load {
  client: HostId
  /** Start of each request on a connection of its own, and of each client that keeps its connection. */
  short: Map<Pid, Nanos>
  long: Set<Pid>
  everyNs: Nanos
  nextNs: Nanos
  endNs: Nanos
}

/** Begin: connections that stay are opened now, the others from now on until `endNs`. */
export function startLoad(timeline: Timeline, client: HostId, variant: Variant, endNs: Nanos): Load {
  const load: Load = {
    ...{ client, short: new Map(), long: new Set(), endNs },
    ...{ everyNs: variant.everyMs * MS, nextNs: timeline.now },
  }
  const requests = Math.ceil(((endNs - timeline.now) / SEC) * LONG_PER_S)
  const argv = ['curl', '-s', '-w', '%{http_code}\n', '--rate', `${LONG_PER_S}/s`, '-m', `${PATIENCE_S}`]
  for (let i = 0; i < variant.long; i++) {
    const pid = timeline.spawn(client, [...argv, ...Array.from({ length: requests }, () => URL)])
    if (pid.ok) load.long.add(pid.value)
  }
  return load
}

/** Do `job`, and what the load has to do meanwhile. */
export function* beside<T>(timeline: Timeline, job: Job<T>, load: Load): Job<T> {
  let next = job.next()
  while (next.done !== true) {
    const until = next.value
    let end: Parameters<typeof job.next>[0]
    do {
      spawnDue(timeline, load)
      const at = Math.min(until.at ?? Infinity, load.nextNs)
      end = yield { ...until, ...(at < Infinity && { at }) }
    } while (end === 'reached' && !isReached(timeline.world, until) && timeline.now < (until.at ?? Infinity))
    next = job.next(end)
  }
  return next.value
}

function spawnDue(timeline: Timeline, load: Load): void {
  while (load.nextNs <= timeline.now) {
    const argv = ['curl', '-s', '-o', '/dev/null', '-m', `${PATIENCE_S}`, URL]
    const pid = timeline.spawn(load.client, argv)
    if (pid.ok) load.short.set(pid.value, timeline.now)
    load.nextNs += load.everyNs
    if (load.nextNs >= load.endNs) load.nextNs = Infinity
  }
}

/** Let what is under way end; clients that keep their connection are told to stop. */
export function* endLoad(timeline: Timeline, load: Load): Job<void> {
  load.nextNs = Infinity
  yield { at: timeline.now + (PATIENCE_S + 1) * SEC }
  for (const pid of load.long) timeline.signal(load.client, pid, 'TERM')
  yield { at: timeline.now + SEC }
}
