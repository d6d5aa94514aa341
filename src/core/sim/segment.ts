import {
  isGroupMac,
  SEC,
  type DevName,
  type HostId,
  type Mac,
  type Nanos,
  type SegmentId,
} from '../base/ids.ts'

/**
 * An L2 segment: hosts on one switch that learns MAC addresses (IEEE 802.1D 7.8, net/bridge/br_fdb.c). Simplified: the
 * links have a delay but no rate, so frames do not queue and a burst arrives in one instant, in order; the switch decides
 * when a frame is sent, not half a delay later; no spanning tree, no VLANs.
 */
export interface Segment {
  id: SegmentId
  /** From the sender's device to the receiver's. */
  delayNs: Nanos
  /** Largest IP packet the switch passes; longer frames are lost on it. */
  mtu: number
  /** In order of attachment. */
  ports: Port[]
  fdb: FdbEntry[]
}

export interface Port {
  host: HostId
  dev: DevName
  /** Arrival of the last frame sent to this port: a later one never overtakes it. */
  lastNs: Nanos
}

/** Where the switch last saw a MAC as sender. `port` is an index of `ports`. */
export interface FdbEntry {
  mac: Mac
  port: number
  seenNs: Nanos
}

/** br->ageing_time, BR_DEFAULT_AGEING_TIME in include/linux/if_bridge.h. */
export const AGEING_NS: Nanos = 300 * SEC
const FDB_LIMIT = 1024

export function createSegment(id: SegmentId, delayNs: Nanos, mtu: number): Segment {
  return { id, delayNs, mtu, ports: [], fdb: [] }
}

/** Plug a device into the switch's next port. */
export function attachPort(segment: Segment, host: HostId, dev: DevName): void {
  segment.ports.push({ host, dev, lastNs: 0 })
}

export function portOf(segment: Segment, host: HostId, dev: DevName): number {
  const { ports } = segment
  for (let i = 0; i < ports.length; i++) if (ports[i]?.dev === dev && ports[i]?.host === host) return i
  return -1
}

/** Where devices are looked up: whether a port has a live device behind it is the host's to say. */
interface Devices {
  readonly hosts: Readonly<Record<HostId, { readonly devs: Readonly<Record<DevName, PortState>> }>>
  /** Hosts that do not run; the links of those without power are down. */
  readonly halted: Readonly<Record<HostId, { readonly state: string } | undefined>> | null
}

interface PortState {
  readonly up: boolean
  readonly carrier: boolean
}

export function isDevUp(dev: PortState | undefined): boolean {
  return dev !== undefined && dev.up && dev.carrier
}

function isPortUp({ hosts, halted }: Devices, port: Port): boolean {
  return isDevUp(hosts[port.host]?.devs[port.dev]) && halted?.[port.host]?.state !== 'off'
}

/**
 * Learn the sender and decide where the frame goes: ports, in the order in which they get it. Group frames and unknown
 * addresses go to every other live port, the last attached first, as the Linux bridge does; a frame whose receiver is on
 * the port it came from goes nowhere.
 */
export function switchFrame(
  segment: Segment,
  from: number,
  src: Mac,
  dst: Mac,
  now: Nanos,
  devices: Devices,
): Port[] {
  if (!isGroupMac(src)) learn(segment, src, from, now)
  if (!isGroupMac(dst)) {
    const known = lookUp(segment, dst, now)
    if (known >= 0) {
      const port = segment.ports[known]
      return known !== from && port !== undefined && isPortUp(devices, port) ? [port] : []
    }
  }
  const to: Port[] = []
  for (let i = segment.ports.length - 1; i >= 0; i--) {
    const port = segment.ports[i]
    if (i !== from && port !== undefined && isPortUp(devices, port)) to.push(port)
  }
  return to
}

function learn(segment: Segment, mac: Mac, port: number, now: Nanos): void {
  for (const entry of segment.fdb) {
    if (entry.mac !== mac) continue
    entry.port = port
    entry.seenNs = now
    return
  }
  const { fdb } = segment
  if (fdb.length >= FDB_LIMIT) segment.fdb = fdb.filter((entry) => now - entry.seenNs <= AGEING_NS)
  if (segment.fdb.length < FDB_LIMIT) segment.fdb.push({ mac, port, seenNs: now })
}

function lookUp(segment: Segment, mac: Mac, now: Nanos): number {
  for (const entry of segment.fdb) {
    if (entry.mac === mac) return now - entry.seenNs <= AGEING_NS ? entry.port : -1
  }
  return -1
}

/** A port that goes down forgets whom it led to (br_stp_disable_port). */
export function forgetPort(segment: Segment, port: number): void {
  segment.fdb = segment.fdb.filter((entry) => entry.port !== port)
}

export function cloneSegment(segment: Segment): Segment {
  return {
    ...segment,
    ports: segment.ports.map((port) => ({ ...port })),
    fdb: segment.fdb.map((entry) => ({ ...entry })),
  }
}
