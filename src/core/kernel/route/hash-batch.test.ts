import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Ip4 } from '../../base/ids.ts'
import { makeRng, nextU32 } from '../../base/prng.ts'
import { assignBatch, hashBatch } from './hash-batch.ts'
import { multipathHash } from './multipath-hash.ts'
import { boundsOf, selectByBounds } from './multipath-select.ts'

const COUNT = 300
const PROTOS = [0, 1, 6, 17, 47, 50, 132, 255]

function randomFlows(seed: number) {
  const rng = makeRng(seed, 'flows')
  const draw = (): number => nextU32(rng)
  const flows = {
    src: new Uint32Array(COUNT).map(draw),
    dst: new Uint32Array(COUNT).map(draw),
    sport: new Uint16Array(COUNT).map(draw),
    dport: new Uint16Array(COUNT).map(draw),
    proto: new Uint8Array(COUNT).map(() => PROTOS[draw() % PROTOS.length] ?? 0),
  }
  // Neighbours that meet every edge of sorting: equal, and alike but for one byte.
  flows.src[0] = flows.dst[0] = 0xffffffff
  flows.src[1] = 0x80000000
  flows.dst[1] = 0x00000080
  flows.sport[0] = flows.dport[0] = 0xffff
  flows.sport[1] = 0x00ff
  flows.dport[1] = 0xff00
  return flows
}

describe('hashBatch', () => {
  it('equals the hash of one flow, for every policy, mask, seed and way in', () => {
    const settings = fc.record({
      policy: fc.integer({ min: 0, max: 3 }),
      fields: fc.integer({ min: 0, max: 0xfff }),
      seed: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
      path: fc.constantFrom('fwd' as const, 'local' as const),
    })
    fc.assert(
      fc.property(settings, fc.integer(), (set, flowSeed) => {
        const flows = randomFlows(flowSeed)
        const out = new Uint32Array(COUNT)
        hashBatch(flows, set, out)
        const single = out.map((_, i) => {
          const [src, dst] = [flows.src[i] as Ip4, flows.dst[i] as Ip4]
          const [sport, dport, proto] = [flows.sport[i] ?? 0, flows.dport[i] ?? 0, flows.proto[i] ?? 0]
          return multipathHash({ ...set, outer: { src, dst, proto, sport, dport } }) >>> 1
        })
        expect(out).toEqual(single)
      }),
    )
  })

  it('takes one protocol for all', () => {
    const flows = randomFlows(7)
    const [one, many] = [new Uint32Array(COUNT), new Uint32Array(COUNT)]
    hashBatch({ ...flows, proto: 17 }, { policy: 1, seed: 9 }, one)
    hashBatch({ ...flows, proto: new Uint8Array(COUNT).fill(17) }, { policy: 1, seed: 9 }, many)
    expect(one).toEqual(many)
  })
})

describe('assignBatch', () => {
  it('equals the choice for one hash, dead next hops and exact bounds included', () => {
    const hops = fc.array(fc.tuple(fc.integer({ min: 1, max: 256 }), fc.boolean()), {
      minLength: 1,
      maxLength: 9,
    })
    fc.assert(
      fc.property(
        hops,
        fc.array(fc.integer({ min: 0, max: 2 ** 31 - 1 }), { maxLength: 50 }),
        (list, random) => {
          const bounds = boundsOf(
            list.map(([weight]) => weight),
            list.map(([, alive]) => alive),
          )
          const edges = bounds
            .filter((bound) => bound >= 0)
            .flatMap((bound) => [bound, (bound + 1) & 0x7fffffff])
          const hashes = Uint32Array.from([0, 2 ** 31 - 1, ...edges, ...random])
          const out = new Uint8Array(hashes.length).fill(0xa5)
          assignBatch(hashes, bounds, out)
          expect([...out]).toEqual([...hashes].map((hash) => selectByBounds(hash, bounds)))
        },
      ),
    )
  })
})
