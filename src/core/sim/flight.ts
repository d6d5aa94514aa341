import { type Bytes, read48 } from '../base/bytes.ts'
import type { DevName, FrameId, Mac, Nanos } from '../base/ids.ts'
import type { Ctx } from '../kernel/ctx.ts'
import type { DropReason } from '../kernel/drop.ts'
import type { Host } from '../kernel/host.ts'
import type { FlightEnd } from '../kernel/note.ts'
import { L2 } from '../kernel/skb.ts'
import { drawFates, type Fate, faultsOf } from './faults.ts'
import { isDevUp, type Port, portOf, type Segment, switchFrame } from './segment.ts'
import type { Frame } from './trace.ts'
import { pushFrame, type World } from './world.ts'

/** Frames on their way: from a device through the switch of its segment to others, with the faults of both links. */

/** Bytes by which a frame may be longer, so that a tag fits. */
const VLAN_TAG = 4

export type Birth = (bytes: Bytes, parent: FrameId) => Frame

/** One note for the whole flight of a frame, one event per receiver. */
export function sendFrame(
  world: World,
  host: Host,
  dev: DevName,
  frame: Frame,
  note: Ctx['note'],
  birth: Birth,
): void {
  const segment = world.segments[host.devs[dev]?.segment ?? '']
  const from = segment === undefined ? -1 : portOf(segment, host.id, dev)
  if (segment === undefined || from < 0 || !isDevUp(host.devs[dev])) {
    countDrop(host, 'NO_CARRIER')
    note(host, { kind: 'drop', frame: frame.id, why: 'NO_CARRIER', detail: '' })
    return
  }
  const t0 = world.now
  const flight = { kind: 'flight', frame: frame.id, segment: segment.id, dev, t0 } as const
  if (frame.bytes.length > segment.mtu + L2) {
    note(host, { ...flight, to: [], t1: t0 + segment.delayNs, lost: 'PKT_TOO_BIG' })
    countDrop(host, 'PKT_TOO_BIG')
    return
  }
  const faults = faultsOf(world.faults, host.id, dev, 'out')
  if (faults === undefined) {
    fly(world, host, segment, from, { dev, frame, extraNs: 0, late: false }, note, birth)
    return
  }
  const fates = drawFates(faults, frame.bytes)
  if (fates.length === 0) {
    note(host, { ...flight, to: [], t1: t0 + segment.delayNs, lost: 'LOST_ON_LINK' })
    countDrop(host, 'LOST_ON_LINK')
  }
  for (const fate of fates) {
    const real = fate.bytes === frame.bytes ? frame : birth(fate.bytes, frame.id)
    fly(world, host, segment, from, { ...fate, dev, frame: real }, note, birth)
  }
}

interface Leaving extends Pick<Fate, 'extraNs' | 'late'> {
  dev: DevName
  frame: Frame
}

function fly(
  world: World,
  host: Host,
  segment: Segment,
  from: number,
  { dev, frame, extraNs, late }: Leaving,
  note: Ctx['note'],
  birth: Birth,
): void {
  const { bytes } = frame
  const t0 = world.now
  const ports = switchFrame(segment, from, read48(bytes, 6) as Mac, read48(bytes, 0) as Mac, t0, world)
  const { to, t1 } = arrival(segment, ports, t0 + extraNs, late)
  const cause = note(host, { kind: 'flight', frame: frame.id, segment: segment.id, dev, t0, to, t1 })
  for (const end of to) {
    const mtu = world.hosts[end.host]?.devs[end.dev]?.mtu ?? 0
    // the end of a virtual cable takes nothing longer than its own MTU (is_skb_forwardable)
    if (bytes.length > mtu + L2 + VLAN_TAG) pushFrame(world, t1, end.host, cause, end.dev, frame, 'mtu')
    else if (world.faults === null) pushFrame(world, t1, end.host, cause, end.dev, frame)
    else arriveWithFaults(world, t1, end, cause, frame, birth)
  }
}

function arriveWithFaults(
  world: World,
  t1: Nanos,
  end: FlightEnd,
  cause: number,
  frame: Frame,
  birth: Birth,
): void {
  const faults = faultsOf(world.faults, end.host, end.dev, 'in')
  if (faults === undefined) return pushFrame(world, t1, end.host, cause, end.dev, frame)
  const fates = drawFates(faults, frame.bytes)
  if (fates.length === 0) pushFrame(world, t1, end.host, cause, end.dev, frame, 'loss')
  for (const fate of fates) {
    const real = fate.bytes === frame.bytes ? frame : birth(fate.bytes, frame.id)
    pushFrame(world, t1 + fate.extraNs, end.host, cause, end.dev, real)
  }
}

/** All receivers get the frame at one time, not before any frame that was sent to them earlier, unless it is `late`. */
function arrival(
  segment: Segment,
  ports: readonly Port[],
  t0: Nanos,
  late: boolean,
): { to: FlightEnd[]; t1: Nanos } {
  let t1 = t0 + segment.delayNs
  if (!late) {
    for (const port of ports) if (port.lastNs > t1) t1 = port.lastNs
    for (const port of ports) port.lastNs = t1
  }
  return { to: ports.map(endOf), t1 }
}

function endOf({ host, dev }: Port): FlightEnd {
  return { host, dev }
}

export function countDrop(host: Host, why: DropReason): void {
  host.drops[why] = (host.drops[why] ?? 0) + 1
}
