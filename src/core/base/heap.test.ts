import fc from 'fast-check'
import { expect, test } from 'vitest'
import { heapPop, heapPush, type Ordered } from './heap.ts'

test('pops by time, and what is due at the same time in order of sequence number', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { maxLength: 300 }), (times) => {
      const heap: Ordered[] = []
      times.forEach((at, seq) => heapPush(heap, { at, seq }))
      const popped: Ordered[] = []
      for (let item = heapPop(heap); item; item = heapPop(heap)) popped.push(item)
      const wanted = times.map((at, seq) => ({ at, seq })).sort((a, b) => a.at - b.at || a.seq - b.seq)
      expect(popped).toEqual(wanted)
    }),
  )
})

test('keeps the order while pushes and pops alternate', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(20)), { maxLength: 300 }), (steps) => {
      const heap: Ordered[] = []
      let model: Ordered[] = []
      steps.forEach((at, seq) => {
        if (at !== null) {
          heapPush(heap, { at, seq })
          model.push({ at, seq })
          return
        }
        model.sort((a, b) => a.at - b.at || a.seq - b.seq)
        expect(heapPop(heap)).toEqual(model[0])
        model = model.slice(1)
      })
      expect(heap).toHaveLength(model.length)
    }),
  )
})

test('an empty heap gives nothing', () => {
  const empty: Ordered[] = []
  expect(heapPop(empty)).toBeUndefined()
})
