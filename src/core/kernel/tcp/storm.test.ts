import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Bytes, concatBytes } from '../../base/bytes.ts'
import { MS, SEC, US } from '../../base/ids.ts'
import { makeRng, nextBelow } from '../../base/prng.ts'
import type { Fate } from '../../../testing/net.ts'
import { makePair, pattern, sameBytes } from '../../../testing/pair.ts'
import { tcpClose, tcpReceive } from './socket.ts'

interface Storm {
  seed: number
  /** Per cent of frames lost, doubled, held back. */
  lose: number
  twice: number
  late: number
  /** Bytes each way. */
  up: number
  down: number
}

/** Fates drawn frame by frame. */
function fates({ seed, lose, twice, late }: Storm): () => Fate {
  const rng = makeRng(seed, 'storm')
  return () => {
    const dice = nextBelow(rng, 100)
    if (dice < lose) return 'lose'
    if (dice < lose + twice) return 'twice'
    if (dice < lose + twice + late) return { laterNs: (1 + nextBelow(rng, 3000)) * US }
    return 'pass'
  }
}

/** Run a storm to its end; what each side has read, and how it ended. */
function weather(storm: Storm): {
  read: Record<'a' | 'b', Bytes>
  error: Record<'a' | 'b', string>
  quiet: boolean
} {
  const pair = makePair(fates(storm), storm.seed)
  const listener = pair.listen()
  const connected = pair.connect()
  if (!connected.ok) throw new Error(connected.error)
  const a = connected.value
  let b: number | undefined
  const parts: Record<'a' | 'b', Bytes[]> = { a: [], b: [] }
  const error = { a: '', b: '' }
  const done = { a: false, b: false }
  let sent = false
  const turn = (id: 'a' | 'b', sock: number): void => {
    if (done[id] || !pair.sock(id, sock)) return
    pair.call(id, (host, ctx) => {
      const got = tcpReceive(host, sock, ctx)
      if (!got.ok) {
        error[id] = got.error
        done[id] = true
      } else {
        parts[id].push(got.value.bytes)
        done[id] = got.value.eof && got.value.bytes.length === 0
      }
      if (done[id]) tcpClose(host, sock, ctx)
    })
  }
  for (let i = 0; i < 3000 && !(done.a && done.b); i++) {
    b ??= pair.accept(listener)
    if (!sent && pair.sock('a', a)?.state === 'ESTABLISHED') {
      sent = true
      pair.send('a', a, pattern(storm.up))
    }
    if (b !== undefined && parts.b.length === 0) {
      pair.send('b', b, pattern(storm.down))
      parts.b.push(new Uint8Array(0))
    }
    turn('a', a)
    if (b !== undefined) turn('b', b)
    const all = (id: 'a' | 'b', length: number): boolean =>
      parts[id].reduce((n, part) => n + part.length, 0) >= length
    // Whoever has everything closes; end of file tells the other.
    if (sent && !done.a && all('a', storm.down) && pair.sock('a', a)?.txq.length === 0) {
      pair.call('a', (host, ctx) => tcpClose(host, a, ctx))
      done.a = true
    }
    pair.net.run(i < 200 ? 10 * MS : SEC)
    if (error.a === 'ETIMEDOUT') break
  }
  pair.net.run(300 * SEC)
  const left = Object.values(pair.net.host('a').tcp.socks).length
  return { read: { a: concatBytes(parts.a), b: concatBytes(parts.b) }, error, quiet: left === 0 }
}

const size = fc.integer({ min: 0, max: 60_000 })
const storms = fc.record({
  seed: fc.integer({ min: 1, max: 1e9 }),
  lose: fc.integer({ min: 0, max: 30 }),
  twice: fc.integer({ min: 0, max: 20 }),
  late: fc.integer({ min: 0, max: 30 }),
  up: size,
  down: size,
})

test('whatever the network does, bytes arrive whole and in order, or the program is told', () => {
  fc.assert(
    fc.property(storms, (storm) => {
      const { read, error, quiet } = weather(storm)
      expect(sameBytes(read.a, pattern(storm.down).subarray(0, read.a.length))).toBe(true)
      expect(sameBytes(read.b, pattern(storm.up).subarray(0, read.b.length))).toBe(true)
      if (error.a === '' && error.b === '') {
        expect(read.a.length).toBe(storm.down)
        expect(read.b.length).toBe(storm.up)
      }
      expect(quiet).toBe(true)
    }),
    { numRuns: 60, seed: 20260101 },
  )
}, 120_000)

test('without loss nobody is told of errors, whatever order frames come in', () => {
  fc.assert(
    fc.property(storms, (storm) => {
      const { read, error } = weather({ ...storm, lose: 0 })
      expect(error).toEqual({ a: '', b: '' })
      expect([read.a.length, read.b.length]).toEqual([storm.down, storm.up])
    }),
    { numRuns: 25, seed: 7 },
  )
}, 120_000)
