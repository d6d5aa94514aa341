import { must } from '../core/base/assert.ts'
import { type HostId, type Ip4, MS, type Nanos, type Pid, parseIp4, parseMac, SEC } from '../core/base/ids.ts'
import { broadcastOf, parseCidr } from '../core/base/cidr.ts'
import { bad } from '../core/base/result.ts'
import { cloneHost } from '../core/kernel/clone.ts'
import { addDevice, createHost } from '../core/kernel/create.ts'
import { addAddress } from '../core/kernel/dev/address.ts'
import type { Host } from '../core/kernel/host.ts'
import { pingSend } from '../core/kernel/icmp/ping.ts'
import { applyOp, fireTimer, makeStack, receiveFrame, setCarrier } from '../core/kernel/kernel.ts'
import type { NetlinkOp } from '../core/kernel/netlink.ts'
import type { Note } from '../core/kernel/note.ts'
import type { Ctx, ProcEvent } from '../core/kernel/ctx.ts'
import { PROFILES } from '../core/lab/profiles.ts'
import { createRunner } from '../core/sim/runner.ts'
import { createTrace, type TraceRecord } from '../core/sim/trace.ts'
import { addHost, addSegment, createWorld, peekEvent } from '../core/sim/world.ts'
import { loadIpvs } from '../core/kernel/ipvs/module.ts'

await loadIpvs()

/** `interface: address/prefix on segment`; the first segment named is made with 1500 bytes and 50 us. */
export type LanSpec = Record<HostId, Record<string, string>>

/** A few real hosts on switches, for tests of the kernel: no lab file, no shell. */
export function makeLan(spec: LanSpec, seed = 1) {
  const world = createWorld()
  const trace = createTrace()
  let mac = 0
  for (const [id, interfaces] of Object.entries(spec)) {
    const host = createHost({ id, role: 'server', profile: PROFILES['debian-12'], seed })
    for (const [name, text] of Object.entries(interfaces)) {
      const [cidrText = '', segment = 'lan'] = text.split(' on ')
      if (!world.segments[segment]) addSegment(world, segment, { delayNs: 50_000, mtu: 1500 })
      mac += 1
      const address = must(parseMac(`00:00:00:00:00:${mac.toString(16).padStart(2, '0')}`), 'mac')
      addDevice(host, { name, mac: address, segment, mtu: 1500 })
      const cidr = must(parseCidr(cidrText), cidrText)
      addAddress(host, name, {
        ...cidr,
        label: name,
        broadcast: broadcastOf(cidr.ip, cidr.prefix),
        scope: 'global',
      })
    }
    addHost(world, host)
  }
  const heard: { host: HostId; pid: Pid; event: ProcEvent }[] = []
  const todo: ((host: Host, ctx: Ctx) => void)[] = []
  const runner = createRunner(
    world,
    {
      stack: makeStack(),
      receiveFrame,
      fireTimer,
      // Anything a test wants to do inside an event rides on an operation that changes nothing.
      applyOp: (host, op, ctx) => {
        const act = todo.shift()
        if (!act) return applyOp(host, op, ctx)
        act(host, ctx)
        return { ok: true, value: undefined }
      },
      setCarrier,
      runProcess: ({ id }, pid, event) => void heard.push({ host: id, pid, event }),
      spawn: () => bad('no programs here'),
      cloneHost: (host) => cloneHost(host, (proc) => proc),
    },
    trace,
  )
  const host = (id: HostId): Host => must(world.hosts[id], id)
  const run = (forNs: Nanos): void => {
    const until = world.now + forNs
    for (let next = peekEvent(world); next && next.at <= until; next = peekEvent(world)) runner.step()
    world.now = until
  }
  const op = (id: HostId, change: NetlinkOp) => runner.op(id, change)
  const act = (id: HostId, what: (host: Host, ctx: Ctx) => void): void => {
    todo.push(what)
    runner.op(id, { op: 'ipvs.clear' })
  }
  const ping = (id: HostId, to: string, more: { src?: Ip4; ttl?: number; size?: number } = {}): void =>
    act(
      id,
      (from, ctx) =>
        void pingSend(
          from,
          { pid: 1, ident: 7, seq: 1, dst: ip(to), payload: new Uint8Array(more.size ?? 56), ...more },
          ctx,
        ),
    )
  const notes = <K extends Note['kind']>(kind: K, id?: HostId) =>
    trace.records.filter(
      (r): r is TraceRecord & { kind: K } => r.kind === kind && (id === undefined || r.host === id),
    )
  const sysctl = (id: HostId, key: string, value: number) =>
    op(id, { op: 'sysctl', key: `net.ipv4.${key}`, value: String(value) })
  return { world, trace, runner, host, run, op, act, ping, notes, sysctl, heard }
}

export function ip(text: string): Ip4 {
  return must(parseIp4(text), text)
}

export const ms = (n: number): Nanos => n * MS
export const s = (n: number): Nanos => n * SEC
