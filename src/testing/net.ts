import { must } from '../core/base/assert.ts'
import { broadcastOf, parseCidr } from '../core/base/cidr.ts'
import { type HostId, type Mac, type Nanos, type Pid, US } from '../core/base/ids.ts'
import { addDevice, createHost } from '../core/kernel/create.ts'
import type { Ctx } from '../core/kernel/ctx.ts'
import { addAddress } from '../core/kernel/dev/address.ts'
import type { Host, Profile } from '../core/kernel/host.ts'
import { PROFILES } from '../core/lab/profiles.ts'
import type { Handlers } from '../core/sim/handlers.ts'
import { machine } from '../core/sim/machine.ts'
import { createRunner } from '../core/sim/runner.ts'
import { createTrace, type Frame, type TraceRecord } from '../core/sim/trace.ts'
import { addHost, addSegment, createWorld, peekEvent } from '../core/sim/world.ts'
import { loadPrograms } from '../core/apps/table.ts'

await loadPrograms()

/** What may happen to a frame on its way in: nothing, lost, twice, or later by so many nanoseconds. */
export type Fate = 'pass' | 'lose' | 'twice' | { laterNs: Nanos }

export interface NetSpec {
  /** Address with prefix of each host's one interface `eth0`. */
  hosts: Record<HostId, string>
  seed?: number
  profile?: Profile['id']
  mtu?: number
  /** Asked for every frame that is about to be handed to a host. */
  fate?: (to: HostId, frame: Frame) => Fate
}

/** Hosts with real kernels and programs on one switch (50 us), for tests of TCP and of programs. */
export function makeNet(spec: NetSpec) {
  const world = createWorld()
  const trace = createTrace()
  const mtu = spec.mtu ?? 1500
  addSegment(world, 'lan', { delayNs: 50 * US, mtu })
  Object.entries(spec.hosts).forEach(([id, text], index) => {
    const profile = PROFILES[spec.profile ?? 'debian-12']
    const host = createHost({ id, role: 'server', profile, seed: spec.seed ?? 1 })
    addDevice(host, { name: 'eth0', mac: (0x020000000001 + index) as Mac, segment: 'lan', mtu })
    const cidr = must(parseCidr(text), text)
    const broadcast = broadcastOf(cidr.ip, cidr.prefix)
    addAddress(host, 'eth0', { ...cidr, label: 'eth0', broadcast, scope: 'global' })
    addHost(world, host)
  })
  const todo: ((host: Host, ctx: Ctx) => void)[] = []
  const runner = createRunner(world, withFaults(spec.fate, todo), trace)
  const host = (id: HostId): Host => must(world.hosts[id], id)
  const run = (forNs: Nanos): void => {
    const until = world.now + forNs
    for (let next = peekEvent(world); next && next.at <= until; next = peekEvent(world)) runner.step()
    world.now = until
  }
  const start = (id: HostId, line: string): Pid => {
    const started = runner.spawn(id, line.split(' '))
    if (!started.ok) throw new Error(started.error)
    return started.value
  }
  /** Do something inside an event of this host, as a program would. */
  const act = (id: HostId, what: (host: Host, ctx: Ctx) => void): void => {
    todo.push(what)
    runner.op(id, { op: 'ipvs.clear' })
  }
  const output = (pid: Pid, id?: HostId): string =>
    trace.records
      .filter(
        (r): r is TraceRecord & { kind: 'stdout' } =>
          r.kind === 'stdout' && r.pid === pid && (id === undefined || r.host === id),
      )
      .map((r) => r.text)
      .join('')
  const status = (pid: Pid, id: HostId): number | undefined =>
    trace.records.find(
      (r): r is TraceRecord & { kind: 'proc.exit' } =>
        r.kind === 'proc.exit' && r.pid === pid && r.host === id,
    )?.status
  return { world, trace, runner, host, run, start, act, output, status }
}

export type Net = ReturnType<typeof makeNet>

function withFaults(fate: NetSpec['fate'], todo: ((host: Host, ctx: Ctx) => void)[]): Handlers {
  const waiting = new Map<string, { dev: string; frame: Frame }>()
  return {
    ...machine,
    applyOp: (host, op, ctx) => {
      const act = todo.shift()
      if (!act) return machine.applyOp(host, op, ctx)
      act(host, ctx)
      return { ok: true, value: undefined }
    },
    receiveFrame: (host, dev, frame, ctx) => {
      const what = fate?.(host.id, frame) ?? 'pass'
      if (what === 'lose') return
      if (typeof what === 'object') {
        const key = `fault:${waiting.size}`
        waiting.set(key, { dev, frame })
        return ctx.setTimer(host, key, ctx.now + what.laterNs)
      }
      machine.receiveFrame(host, dev, frame, ctx)
      if (what === 'twice') machine.receiveFrame(host, dev, frame, ctx)
    },
    fireTimer: (host, key, ctx) => {
      const late = waiting.get(key)
      if (late) machine.receiveFrame(host, late.dev, late.frame, ctx)
      else machine.fireTimer(host, key, ctx)
    },
  }
}
