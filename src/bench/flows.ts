/** Hash and assign a million flows, as the distribution chart does. */
import { makeRng, nextU32 } from '../core/base/prng.ts'
import { assignBatch, type FlowBatch, hashBatch } from '../core/kernel/route/hash-batch.ts'
import { boundsOf } from '../core/kernel/route/multipath-select.ts'
import type { Bench } from './bench.ts'

const FLOWS = 1_000_000

function randomFlows(): FlowBatch {
  const rng = makeRng(1, 'bench')
  const draw = (): number => nextU32(rng)
  return {
    src: new Uint32Array(FLOWS).map(draw),
    dst: new Uint32Array(FLOWS).map(draw),
    sport: new Uint16Array(FLOWS).map(draw),
    dport: new Uint16Array(FLOWS).map(draw),
    proto: 6,
  }
}

let flows: FlowBatch | undefined
const hashes = new Uint32Array(FLOWS)
const hops = new Uint8Array(FLOWS)

export const hashedFlows: Bench = {
  name: '1,000,000 flows, policy 1, 3 next hops',
  unit: 'ms',
  target: { atMost: 250 },
  repeat: 9,
  run: () => {
    flows ??= randomFlows()
    const start = performance.now()
    hashBatch(flows, { policy: 1, seed: 0xdeadbeef }, hashes)
    assignBatch(hashes, boundsOf([1, 1, 1]), hops)
    return performance.now() - start
  },
}
