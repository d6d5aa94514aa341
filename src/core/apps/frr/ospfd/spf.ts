import { networkOf, prefixOfMask } from '../../../base/cidr.ts'
import type { DevName, Ip4, Nanos } from '../../../base/ids.ts'
import {
  LINK_P2P,
  LINK_STUB,
  LINK_TRANSIT,
  LSA_NETWORK,
  LSA_ROUTER,
  readNetworkLsa,
  readRouterLsa,
  type RouterLink,
} from '../../../wire/ospf-lsa.ts'
import type { SpfVertexView } from '../../daemon-view.ts'
import type { ZapiNexthop } from '../zapi.ts'
import { findLsa, isMaxAge } from './lsdb.ts'
import type { Area, Lsa, Oif, Route, RouterRoute } from './types.ts'

/**
 * The shortest paths of one area (RFC 2328 16.1, ospf_spf.c), pure: database in, routes out. Next hops of equal cost
 * are all kept, sorted by address.
 */
interface SpfInput {
  area: Area
  routerId: Ip4
  /** Interfaces of the area, with the positions of their links in our router LSA. */
  oifs: readonly Oif[]
  now: Nanos
}

interface SpfResult {
  /** Networks by address and length. */
  routes: Route[]
  routers: RouterRoute[]
  vertices: number
}

interface Hop {
  gateway: Ip4
  /** Position of the link in the root's LSA: names the interface. */
  pos: number
}

interface Vertex {
  lsa: Lsa
  distance: number
  hops: Hop[]
  parents: Vertex[]
  children: Vertex[]
  links: readonly RouterLink[]
  routers: readonly Ip4[]
  mask: number
  order: number
  state: 'candidate' | 'tree'
  stubsDone: boolean
}

interface MutableRoute extends Omit<Route, 'nexthops'> {
  nexthops: ZapiNexthop[]
  cost: number
  origin: Ip4
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

class Calculation {
  private readonly input: SpfInput
  private readonly seen = new Map<Lsa, Vertex>()
  private readonly networks = new Map<Ip4, Lsa>()
  private readonly table = new Map<string, Mutable<MutableRoute>>()
  private readonly routers: RouterRoute[] = []
  private candidates: Vertex[] = []
  private count = 0

  constructor(input: SpfInput) {
    this.input = input
    for (const lsa of input.area.lsdb) {
      if (lsa.type === LSA_NETWORK && !this.networks.has(lsa.id)) this.networks.set(lsa.id, lsa)
    }
  }

  run(own: Lsa): SpfResult {
    const root = this.vertex(own)
    root.state = 'tree'
    let tree = 1
    for (let v: Vertex | undefined = root; v; v = this.nearest()) {
      if (v !== root) {
        tree += 1
        this.join(v)
      }
      this.relax(root, v)
    }
    this.addStubs(root, root, false)
    return { routes: this.sorted(), routers: this.routers, vertices: tree }
  }

  /** The tree that `run` has found, in the order in which its vertices joined it. */
  tree(): SpfVertexView[] {
    const inTree = [...this.seen.values()].filter(({ state }) => state === 'tree')
    return inTree.sort(compareVertices).map(({ lsa, distance, parents, hops }) => ({
      key: vertexKey(lsa),
      ...{ type: lsa.type, id: lsa.id, distance },
      parents: parents.map((parent) => vertexKey(parent.lsa)),
      gateways: hops.map(({ gateway }) => gateway),
    }))
  }

  private vertex(lsa: Lsa): Vertex {
    const body = lsa.type === LSA_ROUTER ? readRouterLsa(lsa.bytes) : undefined
    const net = lsa.type === LSA_NETWORK ? readNetworkLsa(lsa.bytes) : undefined
    const vertex: Vertex = {
      lsa,
      distance: 0,
      hops: [],
      parents: [],
      children: [],
      links: body?.links ?? [],
      routers: net?.routers ?? [],
      mask: net?.mask ?? 0,
      order: this.count++,
      state: 'candidate',
      stubsDone: false,
    }
    this.seen.set(lsa, vertex)
    return vertex
  }

  /** Networks before routers at the same distance, so that all ways over them are found (16.1 (3)). */
  private nearest(): Vertex | undefined {
    let best: Vertex | undefined
    for (const v of this.candidates) if (!best || compareVertices(v, best) < 0) best = v
    this.candidates = this.candidates.filter((v) => v !== best)
    return best
  }

  private join(v: Vertex): void {
    v.state = 'tree'
    for (const parent of v.parents) if (!parent.children.includes(v)) parent.children.push(v)
    if (v.lsa.type === LSA_NETWORK) this.addTransit(v)
    else this.addRouter(v)
  }

  /** ospf_spf_next: look at all that v is linked with, if the link exists both ways. */
  private relax(root: Vertex, v: Vertex): void {
    if (v.lsa.type === LSA_NETWORK) {
      for (const id of v.routers) this.consider(root, v, this.routerLsa(id), v.distance, undefined, -1)
      return
    }
    v.links.forEach((link, pos) => {
      const lsa = this.target(link)
      if (lsa) this.consider(root, v, lsa, v.distance + link.metric, link, pos)
    })
  }

  private target(link: RouterLink): Lsa | undefined {
    if (link.type === LINK_P2P) return this.routerLsa(link.id)
    return link.type === LINK_TRANSIT ? this.networks.get(link.id) : undefined
  }

  private routerLsa(id: Ip4): Lsa | undefined {
    return findLsa(this.input.area.lsdb, { type: LSA_ROUTER, id, adv: id })
  }

  private consider(
    root: Vertex,
    v: Vertex,
    lsa: Lsa | undefined,
    distance: number,
    link: RouterLink | undefined,
    pos: number,
  ): void {
    if (!lsa || isMaxAge(lsa, this.input.now)) return
    const known = this.seen.get(lsa)
    if (known?.state === 'tree' || (known && known.distance < distance)) return
    const w = known ?? this.vertex(lsa)
    const linked = linksBack(w, v.lsa)
    const hops = linked ? this.hopsTo(root, v, w, link, pos) : []
    if (hops.length === 0) {
      if (!known) this.seen.delete(lsa)
      return
    }
    if (!known) this.candidates.push(w)
    if (!known || distance < w.distance) {
      w.hops = []
      w.parents = []
      w.distance = distance
    }
    if (!w.parents.includes(v)) w.parents.push(v)
    for (const hop of hops) addHop(w, hop)
  }

  /** ospf_nexthop_calculation (16.1.1). */
  private hopsTo(root: Vertex, v: Vertex, w: Vertex, link: RouterLink | undefined, pos: number): Hop[] {
    if (v === root) {
      if (w.lsa.type === LSA_NETWORK) return [{ gateway: 0 as Ip4, pos }]
      const peer = this.oifAt(pos)?.nbrs.find((nbr) => nbr.id === link?.id)
      return peer ? [{ gateway: peer.src, pos }] : []
    }
    if (v.lsa.type === LSA_NETWORK && v.parents.includes(root)) {
      const back = w.links.filter((l) => l.type === LINK_TRANSIT && l.id === v.lsa.id)
      const direct = v.hops.filter((hop) => hop.gateway === 0)
      const hops = direct.flatMap((hop) => back.map((l) => ({ gateway: l.data, pos: hop.pos })))
      if (hops.length > 0) return hops
    }
    return v.hops
  }

  private oifAt(pos: number): Oif | undefined {
    return this.input.oifs.find((oif) => oif.posFrom <= pos && pos < oif.posTo)
  }

  private nexthops(hops: readonly Hop[], into: ZapiNexthop[]): void {
    for (const hop of hops) {
      const dev = this.oifAt(hop.pos)?.dev
      if (dev !== undefined) addNexthop(into, hop.gateway, dev)
    }
  }

  private addTransit(v: Vertex): void {
    const prefix = prefixOfMask(v.mask) ?? 0
    const ip = networkOf(v.lsa.id, prefix)
    const key = `${ip}/${prefix}`
    const old = this.table.get(key)
    if (old && (v.distance > old.cost || old.origin > v.lsa.id)) return
    const route = this.newRoute(ip, prefix, v.distance, v.lsa.id)
    this.nexthops(v.hops, route.nexthops)
    this.table.set(key, route)
  }

  /** Only boundary routers are kept: external routes lead over them (ospf_intra_add_router). */
  private addRouter(v: Vertex): void {
    const flags = readRouterLsa(v.lsa.bytes).flags
    if ((flags & 3) === 0) return
    const nexthops: ZapiNexthop[] = []
    this.nexthops(v.hops, nexthops)
    this.routers.push({ id: v.lsa.id, cost: v.distance, area: this.input.area.id, flags, nexthops })
  }

  /** ospf_spf_process_stubs: down the tree, each vertex once. */
  private addStubs(root: Vertex, v: Vertex, near: boolean): void {
    v.links.forEach((link, pos) => {
      if (link.type === LINK_STUB) this.addStub(root, v, link, pos, near)
    })
    let below = near
    for (const child of v.children) {
      if (child.stubsDone) continue
      if (v === root) below = true
      else if (v.lsa.type === LSA_ROUTER) below = false
      this.addStubs(root, child, below)
      child.stubsDone = true
    }
  }

  /** A /32 that a neighbour announces and that is ours as well is not looked for there (two hosts behind one VIP). */
  private addStub(root: Vertex, v: Vertex, link: RouterLink, pos: number, near: boolean): void {
    if (near && link.data === 0xffffffff && this.input.oifs.some((oif) => oif.ip === link.id)) return
    const prefix = prefixOfMask(link.data) ?? 0
    const ip = networkOf(link.id, prefix)
    const key = `${ip}/${prefix}`
    const cost = v.distance + link.metric
    const old = this.table.get(key)
    if (old && cost > old.cost) return
    const route = old && cost === old.cost ? old : this.newRoute(ip, prefix, cost, v.lsa.id)
    if (v === root && !old) {
      const dev = this.oifAt(pos)?.dev
      if (dev !== undefined) addNexthop(route.nexthops, 0 as Ip4, dev)
    } else {
      this.nexthops(v.hops, route.nexthops)
    }
    if (route.origin < v.lsa.id) route.origin = v.lsa.id
    this.table.set(key, route)
  }

  private newRoute(ip: Ip4, prefix: number, cost: number, origin: Ip4): Mutable<MutableRoute> {
    const area = this.input.area.id
    return { ip, prefix, cost, type: 'intra', cost2: 0, tag: 0, area, nexthops: [], origin }
  }

  private sorted(): Route[] {
    const routes: Route[] = []
    for (const { ip, prefix, cost, type, cost2, tag, area, nexthops } of this.table.values()) {
      if (nexthops.length > 0) routes.push({ ip, prefix, cost, type, cost2, tag, area, nexthops })
    }
    return routes.sort((a, b) => a.ip - b.ip || a.prefix - b.prefix)
  }
}

/** Without an LSA of our own there is nothing to calculate. */
export function calculateSpf(input: SpfInput): SpfResult {
  const own = input.area.routerLsa
  const found = own && findLsa(input.area.lsdb, own)
  if (!found) return { routes: [], routers: [], vertices: 0 }
  return new Calculation(input).run(found)
}

/** The same calculation for somebody who wants to see the tree; [] without an LSA of our own. */
export function spfTree(input: SpfInput): SpfVertexView[] {
  const own = input.area.routerLsa
  const found = own && findLsa(input.area.lsdb, own)
  if (!found) return []
  const calculation = new Calculation(input)
  calculation.run(found)
  return calculation.tree()
}

function vertexKey({ type, id }: Lsa): string {
  return `${type}/${id}`
}

function compareVertices(a: Vertex, b: Vertex): number {
  return a.distance - b.distance || b.lsa.type - a.lsa.type || a.order - b.order
}

/** ospf_lsa_has_link. */
function linksBack(w: Vertex, v: Lsa): boolean {
  if (w.lsa.type === LSA_NETWORK) return v.type === LSA_ROUTER && w.routers.includes(v.id)
  const type = v.type === LSA_ROUTER ? LINK_P2P : LINK_TRANSIT
  return w.links.some((link) => link.type === type && link.id === v.id)
}

function addHop(w: Vertex, hop: Hop): void {
  if (w.hops.some((one) => one.gateway === hop.gateway && one.pos === hop.pos)) return
  const before = w.hops.findIndex((one) => one.gateway > hop.gateway)
  w.hops.splice(before < 0 ? w.hops.length : before, 0, hop)
}

function addNexthop(into: ZapiNexthop[], gateway: Ip4, dev: DevName): void {
  if (!into.some((one) => one.gateway === gateway && one.dev === dev)) into.push({ gateway, dev })
}
