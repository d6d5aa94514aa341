import { maskOf, networkOf } from '../../../base/cidr.ts'
import type { Ip4 } from '../../../base/ids.ts'
import {
  emitExternalBody,
  emitLsa,
  emitNetworkBody,
  emitRouterBody,
  LINK_P2P,
  LINK_STUB,
  LINK_TRANSIT,
  LSA_EXTERNAL,
  LSA_NETWORK,
  LSA_ROUTER,
  type RouterLink,
  SEQ_INITIAL,
} from '../../../wire/ospf-lsa.ts'
import { OPT_E } from '../../../wire/ospf.ts'
import { dropRetransmits, floodThrough, flushLsa } from './flood.ts'
import { installLsa } from './install.ts'
import { findLsa, makeLsa } from './lsdb.ts'
import { areaOf, isOperative, type Run } from './run.ts'
import type { Area, Lsa, Nbr, Oif, Redistributed } from './types.ts'

/**
 * LSAs of our own (RFC 2328 12.4, ospf_lsa.c). FRR 8.4 issues a router LSA anew at every change, however short the time since
 * the last; it is the receivers' MinLSArrival that slows things down (golden A4).
 */
const INFINITE_COST = 0xffff
const FLAG_EXTERNAL = 2

/** ospf_router_lsa_update_area. */
export function updateRouterLsa(run: Run, area: Area): void {
  if (run.o.routerId === 0) return
  const old = area.routerLsa
  if (old) dropRetransmits(run, old)
  else run.o.counts.originated += 1
  const lsa = makeRouterLsa(run, area, old ? nextSeq(old) : SEQ_INITIAL)
  installLsa(run, area, undefined, lsa)
  floodThrough(run, area, undefined, lsa)
}

export function updateRouterLsas(run: Run): void {
  for (const area of run.o.areas) updateRouterLsa(run, area)
}

function nextSeq(lsa: Lsa): number {
  return (lsa.seq + 1) >>> 0
}

function makeRouterLsa(run: Run, area: Area, seq: number): Lsa {
  const links: RouterLink[] = []
  for (const oif of run.o.oifs) {
    if (oif.area !== area.id || !isOperative(run.o, oif.dev) || oif.state === 'Down') continue
    oif.posFrom = links.length
    links.push(...linksOf(run, oif))
    oif.posTo = links.length
  }
  const flags = isBoundary(run) ? FLAG_EXTERNAL : 0
  const id = run.o.routerId
  const header = { type: LSA_ROUTER, id, adv: id, seq, options: OPT_E }
  return makeLsa(emitLsa(header, emitRouterBody({ flags, links })), run.now, 'self')
}

/** Something is redistributed (IS_OSPF_ASBR). */
function isBoundary(run: Run): boolean {
  return Object.keys(run.o.conf.redistribute).length > 0
}

function linksOf(run: Run, oif: Oif): RouterLink[] {
  if (oif.type === 'loopback') {
    return oif.state === 'Loopback' ? [{ type: LINK_STUB, id: oif.ip, data: ipOf(32), metric: oif.cost }] : []
  }
  const cost = run.o.conf.maxMetric ? INFINITE_COST : oif.cost
  const stub: RouterLink = {
    type: LINK_STUB,
    id: networkOf(oif.ip, oif.prefix),
    data: ipOf(oif.prefix),
    metric: oif.cost,
  }
  if (oif.type === 'p2p') {
    const peer = oif.nbrs.find((nbr) => nbr.state === 'Full')
    return peer ? [{ type: LINK_P2P, id: peer.id, data: oif.ip, metric: cost }, stub] : [stub]
  }
  return isTransit(oif) ? [{ type: LINK_TRANSIT, id: oif.self.dr, data: oif.ip, metric: cost }] : [stub]
}

function ipOf(prefix: number): Ip4 {
  return maskOf(prefix) as Ip4
}

/** lsa_link_broadcast_set: fully adjacent to the DR, or being it with somebody fully adjacent. */
function isTransit(oif: Oif): boolean {
  if (oif.state === 'Waiting') return false
  const dr = oif.self.dr
  if (dr === 0 || !oif.nbrs.some((nbr) => nbr.state === 'Full')) return false
  return dr === oif.ip || oif.nbrs.some((nbr) => nbr.src === dr && nbr.state === 'Full')
}

/** ospf_network_lsa_update: the DR tells who is fully adjacent. Nobody: there is none to tell of. */
export function updateNetworkLsa(run: Run, oif: Oif): void {
  const area = areaOf(run.o, oif.area)
  if (!area) return
  const old = oif.networkLsa
  if (old) dropRetransmits(run, old)
  if (oif.fullNbrs === 0) return
  const last = run.o.netSeq[oif.ip]
  const saved = last === undefined ? SEQ_INITIAL : (last + 1) >>> 0
  const seq = old ? nextSeq(old) : saved
  if (!old) run.o.counts.originated += 1
  run.o.netSeq[oif.ip] = seq
  const lsa = makeNetworkLsa(run, oif, seq)
  installLsa(run, area, oif, lsa)
  floodThrough(run, area, undefined, lsa)
}

function makeNetworkLsa(run: Run, oif: Oif, seq: number): Lsa {
  const full: Nbr[] = [...oif.nbrs.filter((nbr) => nbr.state === 'Full'), oif.self]
  const routers = full.sort((a, b) => a.src - b.src).map((nbr) => nbr.id)
  const header = { type: LSA_NETWORK, id: oif.self.dr, adv: run.o.routerId, seq, options: OPT_E }
  return makeLsa(emitLsa(header, emitNetworkBody({ mask: maskOf(oif.prefix), routers })), run.now, 'self')
}

export function flushNetworkLsa(run: Run, oif: Oif): void {
  const area = areaOf(run.o, oif.area)
  if (oif.networkLsa && area) flushLsa(run, area, oif.networkLsa)
  oif.networkLsa = undefined
}

/**
 * An AS-external LSA for a redistributed route, unless OSPF runs on that network itself (ospf_redistribute_check). A default
 * route is not announced that way: that takes `default-information originate`, which is not modelled.
 */
export function updateExternalLsa(run: Run, route: Redistributed): void {
  const { o } = run
  const conf = o.conf.redistribute[route.type]
  if (!conf || o.routerId === 0 || route.prefix === 0 || isOwnNetwork(run, route)) return
  const id = networkOf(route.ip, route.prefix)
  const old = findLsa(o.external, { type: LSA_EXTERNAL, id, adv: o.routerId })
  if (old) dropRetransmits(run, old)
  else o.counts.originated += 1
  const near = o.oifs.some((oif) => networkOf(route.gateway, oif.prefix) === networkOf(oif.ip, oif.prefix))
  const body = emitExternalBody({
    mask: maskOf(route.prefix),
    metricType: conf.metricType ?? 2,
    metric: conf.metric ?? 20,
    forward: (route.gateway !== 0 && near ? route.gateway : 0) as Ip4,
    tag: route.tag,
  })
  const header = {
    type: LSA_EXTERNAL,
    id,
    adv: o.routerId,
    seq: old ? nextSeq(old) : SEQ_INITIAL,
    options: OPT_E,
  }
  const lsa = makeLsa(emitLsa(header, body), run.now, 'self')
  installLsa(run, undefined, undefined, lsa)
  floodThrough(run, undefined, undefined, lsa)
}

export function flushExternalLsa(run: Run, route: Redistributed): void {
  const id = networkOf(route.ip, route.prefix)
  const old = findLsa(run.o.external, { type: LSA_EXTERNAL, id, adv: run.o.routerId })
  if (old) flushLsa(run, undefined, old)
}

function isOwnNetwork(run: Run, route: Redistributed): boolean {
  return (
    route.type === 'connected' &&
    run.o.oifs.some(
      (oif) =>
        oif.prefix === route.prefix && networkOf(oif.ip, oif.prefix) === networkOf(route.ip, route.prefix),
    )
  )
}

/** Issue one of ours again under the next sequence number (ospf_lsa_refresh). */
export function refreshLsa(run: Run, lsa: Lsa): void {
  if (lsa.type === LSA_EXTERNAL) {
    const of = Object.values(run.o.redistributed).find(
      (route) => networkOf(route.ip, route.prefix) === lsa.id,
    )
    if (of) updateExternalLsa(run, of)
    else flushLsa(run, undefined, lsa)
    return
  }
  const area = run.o.areas.find((one) => findLsa(one.lsdb, lsa) !== undefined)
  if (!area) return
  if (lsa.type === LSA_ROUTER) return updateRouterLsa(run, area)
  const oif = run.o.oifs.find((one) => one.ip === lsa.id)
  if (oif) updateNetworkLsa(run, oif)
}
