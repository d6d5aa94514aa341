/** Complete curl exchanges through the course lab: router, one of two load balancers, a server, and back. */
import type { TimelineOptions } from '../core/sim/timeline.ts'
import type { Bench } from './bench.ts'
import { bootCourse, exchange } from './course-run.ts'

const EXCHANGES = 1000

function exchangesPerSecond(options: TimelineOptions): number {
  const timeline = bootCourse(options)
  const start = performance.now()
  for (let i = 0; i < EXCHANGES; i++) exchange(timeline)
  const ms = performance.now() - start
  const served = Object.values(timeline.world.hosts).reduce((sum, host) => sum + host.ipvs.count, 0)
  if (served !== EXCHANGES) throw new Error(`${served} of ${EXCHANGES} connections were made`)
  return (EXCHANGES * 1000) / ms
}

export const traced: Bench = {
  name: 'curl exchanges, with the whole trace',
  unit: '/s',
  target: { atLeast: 2000 },
  run: () => exchangesPerSecond({}),
}

export const silent: Bench = {
  name: 'curl exchanges, without notes and checkpoints',
  unit: '/s',
  target: { atLeast: 5000 },
  run: () => exchangesPerSecond({ traced: false, checkpointEvery: Infinity }),
}
