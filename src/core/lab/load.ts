import { provideLines } from '../apps/lines.ts'
import { must } from '../base/assert.ts'
import { broadcastOf, parseCidr } from '../base/cidr.ts'
import { type HostId, IP_ANY, type Nanos, parseMac, SEC, US } from '../base/ids.ts'
import { addDevice, createHost } from '../kernel/create.ts'
import { runLineAtOnce } from '../shell/module.ts'
import { machine } from '../sim/machine.ts'
import { Timeline, type TimelineOptions } from '../sim/timeline.ts'
import { addHost, addSegment, createWorld, type World } from '../sim/world.ts'
import { type Job, runLine } from './line.ts'
import { PROFILES } from './profiles.ts'
import type { Lab, LabHost } from './schema.ts'

/** From a lab to a network that has booted and come to rest. */

/** Health checkers have found their servers by then, and a network without daemons is at rest. */
const SETTLE_NS: Nanos = 10 * SEC
/** Routers with the lesson's timers wait, exchange and install their routes within 16 s (golden A4). */
const SETTLE_ROUTING_NS: Nanos = 20 * SEC
const DAEMONS = ['zebra', 'keepalived']

export interface LoadOptions extends TimelineOptions {
  /** Time to let pass after the boot commands, in ns; else 20 s if OSPF runs, 10 s if another daemon, else until idle. */
  settleNs?: Nanos
}

/** Begin a run of a lab: the timeline, and the job that boots it. Its value is what the boot commands complained of. */
export function startLab(lab: Lab, options: LoadOptions = {}): { timeline: Timeline; boot: Job<string[]> } {
  provideLines(runLineAtOnce)
  const timeline = new Timeline(buildWorld(lab), machine, options)
  return { timeline, boot: bootLab(lab, timeline, options.settleNs) }
}

function* bootLab(lab: Lab, timeline: Timeline, settleNs: Nanos | undefined): Job<string[]> {
  const warnings: string[] = []
  for (const [id, spec] of Object.entries(lab.hosts)) addAddresses(timeline, id, spec)
  for (const [id, spec] of Object.entries(lab.hosts)) yield* runBootLines(timeline, id, spec, warnings)
  if (settleNs !== undefined) yield { at: timeline.now + settleNs }
  else if (runs(timeline, 'ospfd')) yield { at: timeline.now + SETTLE_ROUTING_NS }
  else if (DAEMONS.some((name) => runs(timeline, name))) yield { at: timeline.now + SETTLE_NS }
  else yield { idle: true, at: timeline.now + SETTLE_NS }
  return warnings
}

function* runBootLines(timeline: Timeline, id: HostId, spec: LabHost, warnings: string[]): Job<void> {
  for (const line of spec.boot) {
    const done = yield* runLine(timeline, id, line)
    if (done.status !== 0) warnings.push(`${id}: ${line}: ${done.output.trim()}`)
  }
}

/** Switch a host on that was off, and boot it as the lab does. Its value is what the boot commands complained of. */
export function* bootHost(timeline: Timeline, id: HostId, spec: LabHost): Job<string[]> {
  const warnings: string[] = []
  timeline.power(id, 'on')
  addAddresses(timeline, id, spec)
  yield* runBootLines(timeline, id, spec, warnings)
  yield* startEnabled(timeline, id)
  return warnings
}

/** What `systemctl enable` asked for; its code is there, as a line named it. */
function* startEnabled(timeline: Timeline, id: HostId): Job<void> {
  const files = Object.keys(timeline.world.hosts[id]?.files ?? {}).sort()
  const units = files.flatMap(
    (path) => /\/multi-user\.target\.wants\/([\w-]+)\.service$/.exec(path)?.[1] ?? [],
  )
  for (const unit of units) yield* runLine(timeline, id, `systemctl start ${unit}`)
}

function runs(timeline: Timeline, program: string): boolean {
  const hosts = Object.values(timeline.world.hosts)
  return hosts.some((host) => Object.values(host.procs).some((proc) => proc.program === program))
}

/** Hosts with their files and interfaces, up but without addresses, plugged in in the order of the lab. */
function buildWorld(lab: Lab): World {
  const world = createWorld()
  for (const [id, { delayUs, mtu }] of Object.entries(lab.segments)) {
    addSegment(world, id, { delayNs: Math.round(delayUs * US), mtu })
  }
  for (const [id, spec] of Object.entries(lab.hosts)) {
    const host = createHost({ id, role: spec.role, profile: PROFILES[lab.profile], seed: lab.seed })
    host.files = { ...spec.files }
    for (const [name, port] of Object.entries(spec.interfaces)) {
      const mac = must(parseMac(port.mac), 'checked MAC')
      addDevice(host, { name, mac, segment: port.segment, mtu: lab.segments[port.segment]?.mtu ?? 1500 })
    }
    addHost(world, host)
  }
  return world
}

function addAddresses(timeline: Timeline, host: HostId, spec: LabHost): void {
  for (const [dev, port] of Object.entries(spec.interfaces)) {
    for (const address of port.addresses) {
      const { ip, prefix } = must(parseCidr(address), 'checked address')
      // `brd +` leaves /31 and /32 without one
      const broadcast = prefix < 31 ? broadcastOf(ip, prefix) : IP_ANY
      timeline.op(host, { op: 'addr.add', dev, ip, prefix, label: dev, broadcast })
    }
  }
}
