import { expect, test } from 'vitest'
import { fakeKernel, fakeMac, fakeWorld } from '../../testing/fake-kernel.ts'
import { write48 } from '../base/bytes.ts'
import { MAC_BROADCAST, US, type Mac } from '../base/ids.ts'
import type { Ctx } from '../kernel/ctx.ts'
import type { Host } from '../kernel/host.ts'
import type { Handlers } from './handlers.ts'
import { createRunner, LOOP_DELAY_NS } from './runner.ts'
import { causesOf, createTrace, type TraceRecord } from './trace.ts'
import { SCHED_DELAY_NS } from './world.ts'

function frameTo(dst: Mac, src: Mac, length = 60): Uint8Array {
  const bytes = new Uint8Array(length)
  write48(bytes, 0, dst)
  write48(bytes, 6, src)
  return bytes
}

/** A world whose hosts only take note of what reaches them; `act` is done on h1 by an operation. */
function quiet(act: (host: Host, ctx: Ctx) => void, more: Partial<Handlers> = {}) {
  const handlers: Handlers = {
    ...fakeKernel,
    receiveFrame: (host, dev, frame, ctx) => {
      ctx.note(host, { kind: 'rx', dev, frame: frame.id, pkt: 'host' })
    },
    fireTimer: (host, key, ctx) => {
      ctx.note(host, { kind: 'limit', what: key, value: 0 })
    },
    applyOp: (host, op, ctx) => {
      if (op.op === 'link.set') return fakeKernel.applyOp(host, op, ctx)
      act(host, ctx)
      return { ok: true, value: undefined }
    },
    ...more,
  }
  const world = fakeWorld(1)
  const trace = createTrace()
  const runner = createRunner(world, handlers, trace)
  const start = (): void => {
    runner.op('h1', { op: 'ipvs.clear' })
  }
  const drain = (): void => {
    while (runner.step());
  }
  return { world, trace, runner, start, drain }
}

const kinds = (records: readonly TraceRecord[]): string[] =>
  records.map(({ host, kind }) => `${host} ${kind}`)

test('a broadcast is one flight with all receivers, and each of them follows from it', () => {
  const { trace, start, drain } = quiet((host, ctx) => {
    ctx.transmit(host, 'eth0', frameTo(MAC_BROADCAST, fakeMac(0)), 0)
  })
  start()
  drain()
  expect(kinds(trace.records)).toEqual(['h1 config', 'h1 tx', 'h1 flight', 'h3 rx', 'h2 rx'])
  const flight = trace.records[2]
  expect(flight).toMatchObject({ t0: 0, t1: 50 * US, to: [{ host: 'h3' }, { host: 'h2' }], cause: 1 })
  expect(trace.records[4]).toMatchObject({ cause: 2, at: 50 * US })
  expect(causesOf(trace, 4).map((record) => record.kind)).toEqual(['config', 'tx', 'flight', 'rx'])
})

test('events of one instant run in the order in which they were asked for', () => {
  const { trace, start, drain } = quiet((host, ctx) => {
    for (const key of ['z', 'a', 'm']) ctx.setTimer(host, key, 1000)
  })
  start()
  drain()
  const fired = trace.records.flatMap((record) => (record.kind === 'limit' ? [record.what] : []))
  expect(fired).toEqual(['z', 'a', 'm'])
})

test('a timer set anew fires once, at the new time; a cleared one never', () => {
  const { trace, world, start, drain } = quiet((host, ctx) => {
    ctx.setTimer(host, 'twice', 1000)
    ctx.setTimer(host, 'twice', 5000)
    ctx.setTimer(host, 'never', 2000)
    ctx.clearTimer(host, 'never')
  })
  start()
  drain()
  const fired = trace.records.filter((record) => record.kind === 'limit')
  expect(fired.map(({ at }) => at)).toEqual([5000])
  expect(world.events).toBe(2)
})

test('a loop frame comes back to the same host, a program wakes after the scheduling delay', () => {
  const { trace, start, drain } = quiet((host, ctx) => {
    ctx.loop(host, 'lo', frameTo(fakeMac(0), fakeMac(0)), 0)
    host.procs[7] = {
      pid: 7,
      argv: ['echo', '0'],
      program: 'fake',
      state: 0,
      startedNs: 0,
      ppid: 1,
      unit: '',
    }
    ctx.wake(host, 7, { kind: 'start' })
  })
  start()
  drain()
  expect(trace.records.map(({ kind, at }) => [kind, at])).toEqual([
    ['config', 0],
    ['tx', 0],
    ['rx', LOOP_DELAY_NS],
    ['proc.exit', SCHED_DELAY_NS],
  ])
})

test('nothing reaches a host without its cable, and what was in flight is lost with a reason', () => {
  const { trace, runner, world, start, drain } = quiet((host, ctx) => {
    ctx.transmit(host, 'eth0', frameTo(MAC_BROADCAST, fakeMac(0)), 0)
  })
  start()
  runner.cable('h2', 'eth0', false)
  runner.cable('h2', 'eth0', true)
  drain()
  expect(kinds(trace.records).slice(-2)).toEqual(['h3 rx', 'h2 drop'])
  expect(trace.records.at(-1)).toMatchObject({ why: 'LOST_ON_LINK', frame: 1 })
  expect(world.hosts['h2']?.drops).toEqual({ LOST_ON_LINK: 1 })

  runner.cable('h2', 'eth0', false)
  start()
  const flight = trace.records.at(-1)
  expect(flight).toMatchObject({ kind: 'flight', to: [{ host: 'h3', dev: 'eth0' }] })
})

test('a sender without carrier drops its own frame', () => {
  const { trace, runner, start } = quiet((host, ctx) => {
    ctx.transmit(host, 'eth0', frameTo(MAC_BROADCAST, fakeMac(0)), 0)
  })
  runner.cable('h1', 'eth0', false)
  start()
  expect(trace.records.at(-1)).toMatchObject({ kind: 'drop', why: 'NO_CARRIER' })
})

test('a frame longer than the segment allows is lost on it', () => {
  const { trace, world, start, drain } = quiet((host, ctx) => {
    ctx.transmit(host, 'eth0', frameTo(MAC_BROADCAST, fakeMac(0), 1514), 0)
    ctx.transmit(host, 'eth0', frameTo(MAC_BROADCAST, fakeMac(0), 1515), 0)
  })
  start()
  drain()
  const flights = trace.records.filter((record) => record.kind === 'flight')
  expect(flights.map(({ to, lost }) => [to.length, lost])).toEqual([
    [2, undefined],
    [0, 'PKT_TOO_BIG'],
  ])
  expect(world.hosts['h1']?.drops).toEqual({ PKT_TOO_BIG: 1 })
})

test('a switch forgets a host whose interface goes down', () => {
  const { runner, world } = quiet(() => undefined)
  const fdb = (): number[] => world.segments['lan']?.fdb.map(({ port }) => port) ?? []
  runner.op('h2', { op: 'link.set', dev: 'eth0', up: true })
  expect(fdb()).toEqual([1])
  runner.op('h2', { op: 'link.set', dev: 'eth0', up: false })
  expect(fdb()).toEqual([])
})

test('a change that is refused leaves no note', () => {
  const { runner, trace, world } = quiet(() => undefined)
  expect(runner.op('h2', { op: 'link.set', dev: 'nosuch', up: true })).toEqual({ ok: false, error: 'ENODEV' })
  expect([trace.records.length, world.nextNote, world.events]).toEqual([0, 0, 1])
})

test('without a trace the numbers run on all the same', () => {
  const numbers = [createTrace(), null].map((trace) => {
    const world = fakeWorld(5)
    const runner = createRunner(world, fakeKernel, trace)
    runner.spawn('h1', ['echo', '9'])
    for (let i = 0; i < 200; i++) runner.step()
    return [world.nextNote, world.nextFrame, world.nextSeq, world.now]
  })
  expect(numbers[0]).toEqual(numbers[1])
})
