import type { DevName, HostId, Ip4, Mac, Nanos, Pid } from '../base/ids.ts'
import type { DaemonView } from '../apps/daemon-view.ts'
import { viewDaemons } from '../apps/table.ts'
import type { Stack } from '../kernel/ctx.ts'
import type { LinkFaults } from '../kernel/note.ts'
import type { Host, HostRole, UnitState } from '../kernel/host.ts'
import { listConns } from '../kernel/ipvs/table.ts'
import { cloneService, type IpvsConn, type IpvsService } from '../kernel/ipvs/types.ts'
import type { NeighState } from '../kernel/neigh/entry.ts'
import { nextHopsOf } from '../kernel/route/fib.ts'
import type { Route } from '../kernel/route/types.ts'
import type { ConfVars } from '../kernel/sysctl/types.ts'
import { listSysctl } from '../kernel/sysctl/registry.ts'
import { listSockets, type SocketView } from './sockets.ts'
import { faultsOf, type Way } from './faults.ts'
import type { World } from './world.ts'

const JOURNAL_TAIL = 40

/** What a person can look up on a host: copied plain data, one source for panel, terminal and test. */
export interface HostView {
  host: HostId
  role: HostRole
  event: number
  now: Nanos
  /** Whether it runs at all. */
  power: 'on' | 'frozen' | 'off'
  devs: DevView[]
  routes: Route[]
  localRoutes: Route[]
  neigh: NeighView[]
  /** net.ipv4.conf.* by `all`, `default` and device. */
  conf: Record<string, ConfVars>
  /** Other sysctls by full dotted key. */
  sysctl: Record<string, string>
  ipvs: { services: IpvsService[]; conns: IpvsConn[] }
  sockets: SocketView[]
  procs: ProcView[]
  hooks: HookView[]
  /** Chains of iptables, the user's own included. */
  chains: ChainView[]
  files: Record<string, string>
  drops: Record<string, number>
  /** What routing and balancing daemons know. */
  daemons: DaemonView[]
  /** Services that were started once, by name. */
  units: Record<string, UnitState['state']>
  /** The last lines of the journal. */
  journal: { at: Nanos; ident: string; pid: Pid; text: string }[]
}

export interface DevView {
  name: DevName
  mac: Mac
  mtu: number
  up: boolean
  carrier: boolean
  /** What its link does to frames, per direction; absent = nothing. */
  faults: Partial<Record<Way, LinkFaults>>
  addrs: { ip: Ip4; prefix: number; label: string }[]
  rxPackets: number
  txPackets: number
}

export interface NeighView {
  dev: DevName
  ip: Ip4
  mac: Mac
  state: NeighState
  /** Packets waiting for the answer. */
  waiting: number
}

export interface ProcView {
  pid: Pid
  argv: string[]
}

export interface ChainView {
  table: string
  name: string
  rules: number
}

export interface HookView {
  point: string
  priority: number
  name: string
}

/** A host's tables; undefined when the world has no such host. Shares nothing with the world. */
export function inspectHost(world: World, id: HostId, stack: Stack): HostView | undefined {
  const host = world.hosts[id]
  if (host === undefined) return undefined
  const services = host.ipvs.services.map(cloneService)
  return {
    host: id,
    role: host.role,
    event: world.events,
    now: world.now,
    power: world.halted?.[id]?.state ?? 'on',
    devs: Object.values(host.devs).map(({ name, mac, mtu, up, carrier, addrs, rxPackets, txPackets }) => {
      const shown = addrs.map(({ ip, prefix, label }) => ({ ip, prefix, label }))
      const faults = faultsAt(world, id, name)
      return { name, mac, mtu, up, carrier, faults, addrs: shown, rxPackets, txPackets }
    }),
    routes: host.main.map((route) => copyRoute(host, route)),
    localRoutes: host.local.map((route) => copyRoute(host, route)),
    neigh: listNeigh(host),
    conf: copyConf(host),
    sysctl: otherSysctl(host),
    ipvs: { services, conns: listConns(host.ipvs) },
    sockets: listSockets(host),
    procs: Object.values(host.procs).map(({ pid, argv }) => ({ pid, argv: [...argv] })),
    hooks: listHooks(host, stack),
    chains: listChains(host),
    files: { ...host.files },
    drops: { ...host.drops },
    daemons: viewDaemons(host, world.now),
    units: Object.fromEntries(Object.entries(host.units).map(([name, { state }]) => [name, state])),
    journal: host.journal.slice(-JOURNAL_TAIL).map(({ at, ident, pid, text }) => ({ at, ident, pid, text })),
  }
}

function faultsAt(world: World, host: HostId, dev: DevName): DevView['faults'] {
  const found: DevView['faults'] = {}
  for (const way of ['in', 'out'] as const) {
    const state = faultsOf(world.faults, host, dev, way)
    if (state) found[way] = { ...state.faults }
  }
  return found
}

function listChains(host: Host): ChainView[] {
  return Object.entries(host.nf.tables).flatMap(([table, { chains }]) =>
    chains.map(({ name, rules }) => ({ table, name, rules: rules.length })),
  )
}

/** With the next hops of its object or group, if it uses one. */
function copyRoute(host: Host, route: Route): Route {
  return { ...route, nexthops: nextHopsOf(host, route).map((hop) => ({ ...hop })) }
}

function listNeigh(host: Host): NeighView[] {
  return Object.values(host.neigh).map(({ dev, ip, mac, state, queue }) => ({
    dev,
    ip,
    mac,
    state,
    waiting: queue.length,
  }))
}

function copyConf(host: Host): Record<string, ConfVars> {
  const conf: Record<string, ConfVars> = {}
  for (const [dev, vars] of Object.entries(host.sysctl.conf)) conf[dev] = { ...vars }
  return conf
}

function otherSysctl(host: Host): Record<string, string> {
  const rows = listSysctl(host).filter(([key]) => !key.startsWith('net.ipv4.conf.'))
  return Object.fromEntries(rows)
}

/** Those in use on this host, in the order in which a packet may meet them, then by priority. */
function listHooks(host: Host, stack: Stack): HookView[] {
  return Object.values(stack.hooks).flatMap((defs) =>
    defs
      .filter(({ needs }) => needs === undefined || (needs & host.nf.active) !== 0)
      .map(({ point, priority, name }) => ({ point, priority, name })),
  )
}
