import { inPrefix } from '../../../base/cidr.ts'
import type { DevName, Ip4 } from '../../../base/ids.ts'
import type { ZapiAddr, ZapiInterface } from '../zapi.ts'
import { newSelf } from './neighbor.ts'
import { flushLsa } from './flood.ts'
import { flushNetworkLsa, updateRouterLsa, updateRouterLsas } from './originate.ts'
import { areaOf, flushPackets, isOperative, params, type Run } from './run.ts'
import type { Area, IfType, Oif } from './types.ts'

/** Interfaces that OSPF runs on: which addresses the configuration takes in, and what zebra tells of them (ospfd.c, ospf_interface.c). */

/** An interface is new or has changed (ospf_ifp_create, _up, _down, ospf_interface_address_add, _delete). */
export function interfaceChanged(run: Run, dev: ZapiInterface): void {
  const before = run.o.devs[dev.dev]
  run.o.devs[dev.dev] = dev
  for (const oif of run.o.oifs.filter((one) => one.dev === dev.dev)) {
    if (!dev.addrs.some((addr) => addr.ip === oif.ip && addr.prefix === oif.prefix)) freeOif(run, oif)
  }
  const was = before !== undefined && before.up && before.running
  const is = dev.up && dev.running
  updateInterface(run, dev.dev)
  if (!before) return
  updateCost(run, dev.dev)
  for (const oif of oifsOf(run, dev.dev)) {
    if (was && !is) downOif(run, oif)
    else if (!was && is) upOif(run, oif)
    else if (is && before.mtu !== dev.mtu) resetOif(run, oif)
  }
}

export function interfaceGone(run: Run, dev: DevName): void {
  for (const oif of oifsOf(run, dev)) freeOif(run, oif)
  delete run.o.devs[dev]
}

function oifsOf(run: Run, dev: DevName): Oif[] {
  return run.o.oifs.filter((oif) => oif.dev === dev)
}

/** Every address against the configuration (ospf_if_update, ospf_network_run_subnet). */
export function updateInterface(run: Run, dev: DevName): void {
  const found = run.o.devs[dev]
  if (!found || !run.o.conf.enabled || run.o.routerId === 0) return
  for (const addr of found.addrs) {
    if (addr.secondary) continue
    const area = areaFor(run, dev, addr)
    const oif = run.o.oifs.find((one) => one.dev === dev && one.ip === addr.ip)
    if (oif && oif.area !== area) freeOif(run, oif)
    if (area !== undefined && oif?.area !== area) addOif(run, found, addr, area)
  }
}

export function updateInterfaces(run: Run): void {
  for (const dev of Object.keys(run.o.devs).sort(compareNames)) updateInterface(run, dev)
}

/** FRR keeps interfaces by name, ens9 before ens33 (if_cmp_name_func). */
export function compareNames(a: string, b: string): number {
  const [, wordA = '', numberA = ''] = /^(.*?)(\d*)$/.exec(a) ?? []
  const [, wordB = '', numberB = ''] = /^(.*?)(\d*)$/.exec(b) ?? []
  if (wordA !== wordB) return wordA < wordB ? -1 : 1
  return Number(numberA) - Number(numberB)
}

/** `ip ospf area`, else the last `network` statement, in the order of prefixes, that has the address in it. */
function areaFor(run: Run, dev: DevName, addr: ZapiAddr): Ip4 | undefined {
  const own = run.o.conf.interfaces[dev]?.area
  if (own !== undefined) return own
  const order = [...run.o.conf.networks].sort((a, b) => a.ip - b.ip || a.prefix - b.prefix)
  const takes = order.filter((net) => net.prefix <= addr.prefix && inPrefix(addr.ip, net.ip, net.prefix))
  return takes.at(-1)?.area
}

function addOif(run: Run, dev: ZapiInterface, addr: ZapiAddr, areaId: Ip4): void {
  getArea(run, areaId)
  const zero = { in: 0, out: 0 }
  const oif: Oif = {
    dev: dev.dev,
    ip: addr.ip,
    prefix: addr.prefix,
    area: areaId,
    type: typeOf(run, dev),
    state: 'Down',
    cost: costOf(run, dev),
    changes: 0,
    self: newSelf(addr, run.o.routerId, params(run, { dev: dev.dev }).priority),
    nbrs: [],
    fullNbrs: 0,
    networkLsa: undefined,
    lsAck: [],
    helloAt: 0,
    waitAt: 0,
    ackAt: 0,
    groups: 0,
    posFrom: 0,
    posTo: 0,
    stats: { hello: { ...zero }, dd: { ...zero }, lsr: { ...zero }, lsu: { ...zero }, lsack: { ...zero } },
  }
  run.o.oifs.push(oif)
  if (isOperative(run.o, dev.dev)) upOif(run, oif)
}

function getArea(run: Run, id: Ip4): Area {
  const found = areaOf(run.o, id)
  if (found) return found
  const area: Area = { id, lsdb: [], routerLsa: undefined, spfRuns: 0, fullNbrs: 0 }
  run.o.areas.push(area)
  run.o.areas.sort((a, b) => a.id - b.id)
  return area
}

function typeOf(run: Run, dev: ZapiInterface): IfType {
  if (dev.loopback) return 'loopback'
  return run.o.conf.interfaces[dev.dev]?.network === 'point-to-point' ? 'p2p' : 'broadcast'
}

/** Reference bandwidth over the interface's, unless a cost is given; 0 for a loopback (ospf_if_get_output_cost). */
export function costOf(run: Run, dev: ZapiInterface): number {
  const given = run.o.conf.interfaces[dev.dev]?.cost
  if (given !== undefined) return given
  if (dev.loopback) return 0
  const speed = dev.speed > 0 ? dev.speed : 10_000
  return Math.min(65535, Math.max(1, Math.floor(run.o.conf.refBandwidthMbps / speed + 0.5)))
}

/** ospf_if_recalculate_output_cost. */
export function updateCost(run: Run, dev: DevName): void {
  const found = run.o.devs[dev]
  if (!found) return
  const cost = costOf(run, found)
  for (const oif of oifsOf(run, dev)) {
    if (oif.cost === cost) continue
    oif.cost = cost
    const area = areaOf(run.o, oif.area)
    if (area) updateRouterLsa(run, area)
  }
}

function upOif(run: Run, oif: Oif): void {
  run.pending.push({ kind: 'ism', oif, event: oif.type === 'loopback' ? 'LoopInd' : 'InterfaceUp' })
}

/** ospf_if_down: routes over it are told to zebra again when they come back, the kernel has lost them. */
function downOif(run: Run, oif: Oif): void {
  run.ism(oif, 'InterfaceDown')
  oif.posFrom = 0
  oif.posTo = 0
  flushPackets(run, oif)
  for (const count of Object.values(oif.stats)) {
    count.in = 0
    count.out = 0
  }
  run.o.routes = run.o.routes.map((route) =>
    route.nexthops.some((hop) => hop.dev === oif.dev)
      ? Object.freeze({ ...route, changed: true as const })
      : route,
  )
}

function resetOif(run: Run, oif: Oif): void {
  downOif(run, oif)
  upOif(run, oif)
}

/** The interface is made anew with another type. */
export function resetType(run: Run, dev: DevName): void {
  const found = run.o.devs[dev]
  if (!found) return
  for (const oif of oifsOf(run, dev)) {
    if (oif.type === typeOf(run, found)) continue
    downOif(run, oif)
    oif.type = typeOf(run, found)
    if (isOperative(run.o, dev)) upOif(run, oif)
  }
}

/** ospf_if_free. */
export function freeOif(run: Run, oif: Oif): void {
  downOif(run, oif)
  run.o.oifs = run.o.oifs.filter((one) => one !== oif)
  run.pending = run.pending.filter((event) => event.kind === 'flush' || event.oif !== oif)
}

/**
 * Another router id (ospf_process_refresh_data): what we said under the old one is flushed, databases are emptied, interfaces
 * looked through again.
 */
export function updateRouterId(run: Run): void {
  const { o } = run
  const old = o.routerId
  const id = o.conf.routerId !== 0 ? o.conf.routerId : old !== 0 ? old : o.zebraId
  if (!o.conf.enabled || id === old) return
  for (const oif of o.oifs) oif.self = newSelf(oif, id, params(run, oif).priority)
  if (old !== 0) flushOwn(run)
  o.shutdown = false
  o.routerId = id
  o.external = []
  for (const area of o.areas) {
    area.lsdb = []
    area.routerLsa = undefined
  }
  o.maxAge = { keys: [], at: 0 }
  o.refresh = []
  updateRouterLsas(run)
  updateInterfaces(run)
}

/** Take back all we ever said, at once (ospf_flush_self_originated_lsas_now). */
export function flushOwn(run: Run): void {
  run.o.shutdown = true
  for (const area of run.o.areas) {
    if (area.routerLsa) flushLsa(run, area, area.routerLsa)
    area.routerLsa = undefined
    for (const oif of run.o.oifs) {
      if (oif.area !== area.id || oif.state !== 'DR' || oif.fullNbrs === 0) continue
      flushNetworkLsa(run, oif)
      delete run.o.netSeq[oif.ip]
    }
  }
  for (const lsa of [...run.o.external]) if (lsa.self) flushLsa(run, undefined, lsa)
}
