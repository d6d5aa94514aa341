import { must } from '../base/assert.ts'
import type { HostId } from '../base/ids.ts'
import { nextU32 } from '../base/prng.ts'
import { addDevice, createHost } from '../kernel/create.ts'
import type { Host } from '../kernel/host.ts'
import { forgetPort, portOf } from './segment.ts'
import { type Halted, type SimEvent, unpark, type World } from './world.ts'

/**
 * Hosts that do not run. Frozen (a virtual machine that is paused, a kernel that hangs): nothing happens there, its links stay
 * up, frames wait in the receive ring, and on thawing everything that was due happens at once. Off: everything is lost
 * but files and hardware; switching on gives a fresh kernel, booting it is the lab's business.
 */
export type PowerState = 'frozen' | 'thawed' | 'off' | 'on'

/** Frames a network card keeps while nobody takes them; more are lost. */
const RING = 256

/** Put an event of a host that does not run aside. False = the host runs; 'lost' = it is a frame that nobody takes. */
export function park(world: World, event: SimEvent): boolean | 'lost' {
  const halted = world.halted?.[event.host]
  if (!halted || world.halted === null) return false
  if (halted.state === 'off') return event.kind === 'frame' ? 'lost' : true
  const isFull = halted.parked.filter(({ kind }) => kind === 'frame').length >= RING
  if (event.kind === 'frame' && isFull) return 'lost'
  world.halted = { ...world.halted, [event.host]: { ...halted, parked: [...halted.parked, event] } }
  return true
}

/** Change what a host does; a state that it is in already changes nothing. */
export function setPower(world: World, id: HostId, state: PowerState): void {
  const halted = world.halted?.[id]
  if (state === 'frozen' && !halted) setHalted(world, id, { state: 'frozen', parked: [] })
  if (state === 'off' && halted?.state !== 'off') {
    setHalted(world, id, { state: 'off', parked: [] })
    unplugFromSwitch(world, id)
    clearHost(must(world.hosts[id], `host ${id}`))
  }
  if (state === 'thawed' && halted?.state === 'frozen') {
    setHalted(world, id, undefined)
    for (const event of halted.parked) unpark(world, event)
  }
  if (state === 'on' && halted?.state === 'off') {
    setHalted(world, id, undefined)
    world.hosts[id] = freshHost(world, must(world.hosts[id], `host ${id}`))
  }
}

function setHalted(world: World, id: HostId, halted: Halted | undefined): void {
  const table = { ...world.halted }
  if (halted) table[id] = halted
  else Reflect.deleteProperty(table, id)
  world.halted = Object.keys(table).length === 0 ? null : table
}

function unplugFromSwitch(world: World, id: HostId): void {
  for (const dev of Object.values(world.hosts[id]?.devs ?? {})) {
    const segment = world.segments[dev.segment]
    if (segment) forgetPort(segment, portOf(segment, id, dev.name))
  }
}

/** Timers and programs of a host without power mean nothing any more: what is pending of them is stale. */
function clearHost(host: Host): void {
  host.timers = {}
  host.procs = {}
}

/** The same hardware and disk, nothing else. */
function freshHost(world: World, old: Host): Host {
  const { id, role, profile } = old
  const host = createHost({ id, role, profile, seed: nextU32(old.rng) })
  host.files = { ...old.files }
  host.journal = old.journal.slice()
  host.nextPid = old.nextPid
  for (const { name, mac, segment, loopback, tunnel, carrier } of Object.values(old.devs)) {
    if (loopback || tunnel) continue
    addDevice(host, { name, mac, segment, mtu: world.segments[segment]?.mtu ?? 1500 })
    must(host.devs[name], name).carrier = carrier
  }
  return host
}
