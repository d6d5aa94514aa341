import {
  type DevName,
  type HostId,
  IP_LOOPBACK,
  type Ip4,
  type Mac,
  MAC_ZERO,
  MS,
  type SegmentId,
} from '../base/ids.ts'
import { makeRng, nextBelow, nextU32 } from '../base/prng.ts'
import { addAddress } from './dev/address.ts'
import type { Host, HostRole, Profile } from './host.ts'
import { createCt, createNf } from './netfilter/state.ts'
import { createIpvs } from './ipvs/types.ts'
import { defaultNeigh, defaultSysctl } from './sysctl/defaults.ts'
import { createTcp } from './tcp/types.ts'
import type { Tunnel } from './tunnel/types.ts'

/** A host just booted: `lo` up with 127.0.0.1/8, kernel defaults, nothing else. */
export function createHost(spec: { id: HostId; role: HostRole; profile: Profile; seed: number }): Host {
  const rng = makeRng(spec.seed, `host:${spec.id}`)
  const host: Host = {
    id: spec.id,
    role: spec.role,
    profile: spec.profile,
    rng,
    bootSeed: nextU32(rng),
    devs: {},
    nextDevIndex: 1,
    neigh: {},
    arpSocks: [],
    packetSocks: [],
    proxies: [],
    local: [],
    main: [],
    tables: {},
    rules: null,
    nexthops: {},
    exceptions: [],
    frags: [],
    routeGen: 1,
    sysctl: defaultSysctl(),
    ipvs: createIpvs(),
    nf: createNf(),
    ct: createCt(),
    tcp: createTcp(),
    icmp: { socks: [], credits: {} },
    udp: { socks: [] },
    raw: [],
    groups: [],
    netlinkSocks: [],
    journal: [],
    ipId: nextU32(rng) & 0xffff,
    procs: {},
    nextPid: 1000,
    units: {},
    timers: {},
    files: {},
    drops: {},
    forwarded: 0,
  }
  addDevice(host, { name: 'lo', mac: MAC_ZERO, segment: '', mtu: 65536 })
  addAddress(host, 'lo', { ip: IP_LOOPBACK, prefix: 8, label: 'lo', broadcast: 0 as Ip4, scope: 'host' })
  return host
}

/** Add an interface; it is up unless said otherwise, with its cable in. */
export function addDevice(
  host: Host,
  spec: { name: DevName; mac: Mac; segment: SegmentId; mtu: number; tunnel?: Tunnel; up?: boolean },
): void {
  const conf = host.sysctl.conf['default']
  if (conf) host.sysctl.conf[spec.name] = { ...conf }
  const neigh = host.sysctl.neigh['default'] ?? defaultNeigh()
  host.sysctl.neigh[spec.name] = { ...neigh }
  const base = neigh.base_reachable_time_ms
  host.devs[spec.name] = {
    name: spec.name,
    index: host.nextDevIndex++,
    mac: spec.mac,
    segment: spec.segment,
    mtu: spec.mtu,
    up: spec.up ?? true,
    carrier: true,
    loopback: spec.name === 'lo',
    addrs: [],
    rxPackets: 0,
    txPackets: 0,
    rxBytes: 0,
    txBytes: 0,
    rxDropped: 0,
    // neigh_rand_reach_time: uniform in base/2 .. 3*base/2
    reachableNs: (Math.floor(base / 2) + nextBelow(host.rng, base)) * MS,
    tunnel: spec.tunnel ?? null,
    passedOver: false,
  }
}
