import { describe, expect, test } from 'vitest'
import type { Ip4, Mac } from '../base/ids.ts'
import type { Note } from '../kernel/note.ts'
import { checkTrace, matchesCue } from './checks.ts'
import { countTrace } from './counters.ts'
import { fingerprint } from './fingerprint.ts'
import { createTrace, type Trace } from './trace.ts'

const ip = 1 as Ip4

function traceOf(notes: [host: string, note: Note][]): Trace {
  const trace = createTrace()
  notes.forEach(([host, note], i) =>
    trace.records.push({ i, at: i * 10, host, event: i, cause: i - 1, ...note }),
  )
  trace.frames.push({ id: 1, bytes: new Uint8Array(60).fill(7), parent: 0, event: 0 })
  return trace
}

const pick = (dport: number): Note => ({
  kind: 'ipvs.pick',
  vip: ip,
  vport: 80,
  scheduler: 'rr',
  dip: ip,
  dport,
  candidates: 2,
  weight: 1,
})
const request = (role: 'client' | 'server', status: number): Note => ({
  kind: 'request',
  pid: 1,
  role,
  method: 'GET',
  path: '/',
  peer: ip,
  peerPort: 1,
  status,
})
const flight: Note = {
  kind: 'flight',
  frame: 1,
  segment: 'lan',
  dev: 'eth0',
  to: [{ host: 'b', dev: 'eth0' }],
  t0: 0,
  t1: 5,
}

const example = traceOf([
  ['a', { kind: 'tx', dev: 'eth0', frame: 1 }],
  ['a', flight],
  ['b', { kind: 'rx', dev: 'eth0', frame: 1, pkt: 'host' }],
  ['b', pick(8080)],
  ['b', pick(8081)],
  ['c', request('server', 200)],
  ['a', request('client', 200)],
  ['a', request('client', 0)],
  ['c', { kind: 'drop', frame: 1, why: 'IP_TTL', detail: '' }],
])

describe('counters', () => {
  test('sum frames, drops, picks and requests where they happened', () => {
    const counters = countTrace(example)
    expect(counters.interfaces).toEqual({
      a: { eth0: { rxPackets: 0, rxBytes: 0, txPackets: 1, txBytes: 60 } },
      b: { eth0: { rxPackets: 1, rxBytes: 60, txPackets: 0, txBytes: 0 } },
    })
    expect(counters.drops).toEqual({ c: { IP_TTL: 1 } })
    expect(counters.picksPerLb).toEqual({ b: 2 })
    expect(counters.requestsPerServer).toEqual({ c: 1 })
    expect(counters.answersPerClient).toEqual({ a: { 200: 1, 0: 1 } })
  })

  test('of a part of the run only', () => {
    expect(countTrace(example, 4, 6)).toMatchObject({ picksPerLb: { b: 1 }, requestsPerServer: { c: 1 } })
  })
})

describe('checks', () => {
  test('a cue is met by kind, host and the fields given', () => {
    const met = (cue: Parameters<typeof matchesCue>[1]): number[] =>
      example.records.filter((record) => matchesCue(record, cue)).map(({ i }) => i)
    expect(met({ on: 'ipvs.pick' })).toEqual([3, 4])
    expect(met({ on: 'ipvs.pick', where: { dport: 8081 } })).toEqual([4])
    expect(met({ on: 'ipvs.pick', where: { dport: [8081, 8080], weight: 1 } })).toEqual([3, 4])
    expect(met({ on: 'ipvs.pick', host: 'a' })).toEqual([])
    expect(met({ on: 'request', host: ['a', 'c'] })).toEqual([5, 6, 7])
    expect(met({ on: 'request', where: { nosuch: 1 } })).toEqual([])
  })

  test('fields that are records or lists', () => {
    const config: Note = {
      kind: 'config',
      op: { op: 'neigh.set', dev: 'eth0', ip, mac: 5 as Mac, state: 'STALE' },
    }
    const start: Note = { kind: 'proc.start', pid: 1, argv: ['curl', '-v'] }
    const trace = traceOf([
      ['a', config],
      ['a', start],
    ])
    const passes = (
      on: Note['kind'],
      where: NonNullable<Parameters<typeof matchesCue>[1]['where']>,
    ): boolean => checkTrace(trace, { trace: { on, where } }).pass
    expect(passes('config', { op: { op: 'neigh.set', state: 'STALE' } })).toBe(true)
    expect(passes('config', { op: { op: 'neigh.set', state: 'FAILED' } })).toBe(false)
    expect(passes('proc.start', { argv: ['curl', '-v'] })).toBe(true)
    expect(passes('proc.start', { argv: ['curl'] })).toBe(false)
  })

  test('counts: at least once unless said otherwise', () => {
    const trace = { on: 'ipvs.pick' } as const
    expect(checkTrace(example, { trace })).toEqual({ pass: true, count: 2, found: [3, 4] })
    expect(checkTrace(example, { trace: { on: 'ecmp' } }).pass).toBe(false)
    expect(checkTrace(example, { trace: { on: 'ecmp' }, atMost: 0 }).pass).toBe(true)
    expect(checkTrace(example, { trace, exactly: 1 }).pass).toBe(false)
    expect(checkTrace(example, { trace, atLeast: 2, atMost: 2 }).pass).toBe(true)
    expect(checkTrace(example, { trace, exactly: 1 }, 4).pass).toBe(true)
  })
})

describe('fingerprint', () => {
  test('each ingredient tells of its own thing', () => {
    const changed = (change: (trace: Trace) => void): string[] => {
      const trace = structuredClone(example)
      change(trace)
      return [...'tfnp'].filter((one) => fingerprint(trace, one) !== fingerprint(example, one))
    }
    expect(changed(() => undefined)).toEqual([])
    expect(changed((trace) => (trace.frames[0] as { bytes: Uint8Array }).bytes.fill(8))).toEqual(['f'])
    expect(changed((trace) => ((trace.records[2] as { at: number }).at = 21))).toEqual(['t', 'p'])
    expect(changed((trace) => ((trace.records[2] as { host: string }).host = 'z'))).toEqual(['n', 'p'])
    expect(changed((trace) => ((trace.records[3] as { weight?: number }).weight = 9))).toEqual(['p'])
    expect(changed((trace) => trace.records.pop())).toEqual(['t', 'n', 'p'])
  })
})
