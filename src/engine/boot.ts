import { must } from '../core/base/assert.ts'
import { broadcastOf, parseCidr } from '../core/base/cidr.ts'
import { parseMac, SEC, US, type HostId, type Mac, type Nanos } from '../core/base/ids.ts'
import { PROFILES } from '../core/lab/profiles.ts'
import type { Lab } from '../core/lab/schema.ts'
import { addDevice, createHost } from '../core/kernel/create.ts'
import type { Handlers } from '../core/sim/handlers.ts'
import { Timeline, type TimelineOptions } from '../core/sim/timeline.ts'
import { addHost, addSegment, createWorld, type World } from '../core/sim/world.ts'
import { runLine, type Job } from './line.ts'

/** Routing daemons and health checkers need this long to find each other. */
const SETTLE_NS: Nanos = 10 * SEC
const DAEMONS = ['ospfd', 'zebra', 'keepalived']

/** A timeline of the lab, and the job that boots it; the job's value is what the boot commands complained of. */
export function bootLab(
  lab: Lab,
  handlers: Handlers,
  options: TimelineOptions = {},
): { timeline: Timeline; job: Job<string[]> } {
  const timeline = new Timeline(buildWorld(lab), handlers, options)
  return { timeline, job: boot(lab, timeline) }
}

function* boot(lab: Lab, timeline: Timeline): Job<string[]> {
  const warnings: string[] = []
  for (const [host, spec] of Object.entries(lab.hosts)) {
    addAddresses(timeline, host, spec)
    for (const line of spec.boot) {
      const done = yield* runLine(timeline, host, line)
      if (done.status !== 0) warnings.push(`${host}: ${line}: ${done.output.trim()}`)
    }
  }
  const { world } = timeline
  const hasDaemon = Object.values(world.hosts).some((host) =>
    Object.values(host.procs).some((proc) => DAEMONS.includes(proc.program)),
  )
  yield hasDaemon ? { at: timeline.now + SETTLE_NS } : { idle: true, at: timeline.now + SETTLE_NS }
  return warnings
}

function buildWorld(lab: Lab): World {
  const world = createWorld()
  for (const [id, { delayUs, mtu }] of Object.entries(lab.segments)) {
    addSegment(world, id, { delayNs: Math.round(delayUs * US), mtu })
  }
  for (const [id, spec] of Object.entries(lab.hosts)) {
    const host = createHost({ id, role: spec.role, profile: PROFILES[lab.profile], seed: lab.seed })
    host.files = { ...spec.files }
    for (const [name, port] of Object.entries(spec.interfaces)) {
      const mac: Mac = must(parseMac(port.mac), 'checked MAC')
      addDevice(host, { name, mac, segment: port.segment, mtu: lab.segments[port.segment]?.mtu ?? 1500 })
    }
    addHost(world, host)
  }
  return world
}

function addAddresses(timeline: Timeline, host: HostId, spec: Lab['hosts'][string]): void {
  for (const [dev, port] of Object.entries(spec.interfaces)) {
    for (const address of port.addresses) {
      const { ip, prefix } = must(parseCidr(address), 'checked address')
      const broadcast = broadcastOf(ip, prefix)
      timeline.op(host, { op: 'addr.add', dev, ip, prefix, label: dev, broadcast })
    }
  }
}
