import { expect, test } from 'vitest'
import type { Ip4 } from '../../../base/ids.ts'
import { makeRng, nextBelow, type Rng } from '../../../base/prng.ts'
import { emitLsa, emitNetworkBody, emitRouterBody, type RouterLink } from '../../../wire/ospf-lsa.ts'
import { makeLsa, putLsa } from './lsdb.ts'
import { newNbr, newSelf } from './neighbor.ts'
import { calculateSpf } from './spf.ts'
import type { Area, Oif } from './types.ts'

/**
 * The calculation against a slow one that knows nothing of link state: Bellman-Ford over the graph from which the database
 * was made. Graphs are random: routers, point-to-point links and networks with costs of 1 to 5, which gives many equal paths.
 */
interface Graph {
  routers: number
  /** Two ends with their costs. */
  links: { a: number; b: number; costA: number; costB: number }[]
  nets: { members: number[]; costs: number[] }[]
}

const idOf = (router: number): Ip4 => (0x01010100 + router) as Ip4
const p2pIp = (link: number, end: number): Ip4 => (0x0a000000 + link * 4 + 1 + end) as Ip4
const netIp = (net: number, router: number): Ip4 => (0x14000000 + net * 256 + 1 + router) as Ip4
const stubIp = (router: number): Ip4 => (0x1e000000 + router) as Ip4

function makeGraph(rng: Rng): Graph {
  const routers = 2 + nextBelow(rng, 10)
  const cost = (): number => 1 + nextBelow(rng, 5)
  const links: Graph['links'] = []
  for (let i = nextBelow(rng, routers * 2); i > 0; i--) {
    const a = nextBelow(rng, routers)
    const b = nextBelow(rng, routers)
    if (a !== b) links.push({ a, b, costA: cost(), costB: cost() })
  }
  const nets: Graph['nets'] = []
  for (let i = nextBelow(rng, 4); i > 0; i--) {
    const members = [...Array(routers).keys()].filter(() => nextBelow(rng, 3) === 0)
    if (members.length > 1) nets.push({ members, costs: members.map(cost) })
  }
  return { routers, links, nets }
}

/** Own links in the order of interfaces, which is that of links and then networks. */
function linksOf(graph: Graph, router: number): RouterLink[] {
  const out: RouterLink[] = []
  graph.links.forEach((link, i) => {
    for (const [end, me, peer, metric] of [
      [0, link.a, link.b, link.costA],
      [1, link.b, link.a, link.costB],
    ] as const) {
      if (me === router) out.push({ type: 1, id: idOf(peer), data: p2pIp(i, end), metric })
    }
  })
  graph.nets.forEach((net, i) => {
    const at = net.members.indexOf(router)
    const dr = netIp(i, net.members[0] ?? 0)
    if (at >= 0) out.push({ type: 2, id: dr, data: netIp(i, router), metric: net.costs[at] ?? 1 })
  })
  return [...out, { type: 3, id: stubIp(router), data: 0xffffffff as Ip4, metric: 0 }]
}

function makeArea(graph: Graph): Area {
  const area: Area = { id: 0 as Ip4, lsdb: [], routerLsa: undefined, spfRuns: 0, fullNbrs: 0 }
  for (let r = 0; r < graph.routers; r++) {
    const id = { type: 1, id: idOf(r), adv: idOf(r), options: 2, seq: 0x80000001 }
    const lsa = makeLsa(emitLsa(id, emitRouterBody({ flags: 0, links: linksOf(graph, r) })), 0, 'neighbor')
    putLsa(area.lsdb, lsa)
    if (r === 0) area.routerLsa = lsa
  }
  graph.nets.forEach((net, i) => {
    const first = net.members[0] ?? 0
    const id = { type: 2, id: netIp(i, first), adv: idOf(first), options: 2, seq: 0x80000001 }
    const body = emitNetworkBody({ mask: 0xffffff00, routers: net.members.map(idOf) })
    putLsa(area.lsdb, makeLsa(emitLsa(id, body), 0, 'neighbor'))
  })
  return area
}

/** Interfaces of router 0, named by the address of their link. */
function makeOifs(graph: Graph): Oif[] {
  return linksOf(graph, 0).map((link, pos) => {
    const nbrs = graph.links.flatMap((one, i): Oif['nbrs'] => {
      if (p2pIp(i, 0) === link.data && one.a === 0) return [newNbr(1, idOf(one.b), p2pIp(i, 1))]
      return p2pIp(i, 1) === link.data && one.b === 0 ? [newNbr(1, idOf(one.a), p2pIp(i, 0))] : []
    })
    const ip = link.type === 3 ? link.id : link.data
    return {
      dev: `if${ip}`,
      ip,
      prefix: 24,
      area: 0 as Ip4,
      type: link.type === 1 ? 'p2p' : link.type === 2 ? 'broadcast' : 'loopback',
      state: 'DR',
      cost: link.metric,
      changes: 0,
      self: newSelf({ ip }, idOf(0), 1),
      nbrs: link.type === 1 ? nbrs : [],
      fullNbrs: 0,
      networkLsa: undefined,
      lsAck: [],
      helloAt: 0,
      waitAt: 0,
      ackAt: 0,
      groups: 0,
      posFrom: pos,
      posTo: pos + 1,
      stats: {} as Oif['stats'],
    }
  })
}

/** Distances and first hops from router 0: node names are 'r3' and 'n1', a hop 'address over address'. */
function slow(graph: Graph): Map<string, { distance: number; hops: Set<string> }> {
  const edges: { from: string; to: string; cost: number; hop: (first: boolean) => string | undefined }[] = []
  graph.links.forEach(({ a, b, costA, costB }, i) => {
    edges.push({ from: `r${a}`, to: `r${b}`, cost: costA, hop: () => `${p2pIp(i, 1)} if${p2pIp(i, 0)}` })
    edges.push({ from: `r${b}`, to: `r${a}`, cost: costB, hop: () => `${p2pIp(i, 0)} if${p2pIp(i, 1)}` })
  })
  graph.nets.forEach((net, i) => {
    net.members.forEach((r, at) => {
      edges.push({ from: `r${r}`, to: `n${i}`, cost: net.costs[at] ?? 1, hop: () => `0 if${netIp(i, 0)}` })
      edges.push({
        from: `n${i}`,
        to: `r${r}`,
        cost: 0,
        hop: (first) => (first ? `${netIp(i, r)} if${netIp(i, 0)}` : undefined),
      })
    })
  })
  const best = new Map([['r0', { distance: 0, hops: new Set<string>() }]])
  for (let again = true; again;) {
    again = false
    for (const { from, to, cost, hop } of edges) {
      const near = best.get(from)
      if (!near || to === 'r0') continue
      const distance = near.distance + cost
      const attached = from.startsWith('n') && near.hops.has(`0 if${netIp(Number(from.slice(1)), 0)}`)
      const inherited = [...near.hops].filter((one) => !(attached && one.startsWith('0 ')))
      const own = from === 'r0' || attached ? [hop(true) ?? ''] : []
      // The real rule takes only the direct hops over a network we are attached to, if its link is a shortest one.
      const hops = new Set(from === 'r0' || attached ? own : inherited)
      const old = best.get(to)
      if (!old || distance < old.distance) best.set(to, { distance, hops })
      else if (distance > old.distance || [...hops].every((one) => old.hops.has(one))) continue
      else best.set(to, { distance, hops: new Set([...old.hops, ...hops]) })
      again = true
    }
  }
  return best
}

test('distances and all equal next hops of 400 random areas are those of the slow way', () => {
  const rng = makeRng(7, 'spf')
  let shared = 0
  for (let round = 0; round < 400; round++) {
    const graph = makeGraph(rng)
    const expected = slow(graph)
    const result = calculateSpf({ area: makeArea(graph), routerId: idOf(0), oifs: makeOifs(graph), now: 0 })
    const routes = new Map(result.routes.map((route) => [route.ip as number, route]))
    for (let r = 1; r < graph.routers; r++) {
      const want = expected.get(`r${r}`)
      const got = routes.get(stubIp(r))
      expect(got?.cost, `round ${round} router ${r}`).toBe(want?.distance)
      const hops = got?.nexthops.map((hop) => `${hop.gateway} ${hop.dev}`).sort()
      expect(hops, `round ${round} router ${r}`).toEqual(want && [...want.hops].sort())
      if ((want?.hops.size ?? 0) > 1) shared += 1
    }
    expect(result.vertices).toBe(expected.size)
  }
  expect(shared).toBeGreaterThan(100)
})

test('a link that only one side announces is no link', () => {
  const graph: Graph = { routers: 2, links: [{ a: 0, b: 1, costA: 1, costB: 1 }], nets: [] }
  const area = makeArea(graph)
  const alone = emitRouterBody({ flags: 0, links: [] })
  const id = { type: 1, id: idOf(1), adv: idOf(1), options: 2, seq: 0x80000002 }
  putLsa(area.lsdb, makeLsa(emitLsa(id, alone), 0, 'neighbor'))
  const result = calculateSpf({ area, routerId: idOf(0), oifs: makeOifs(graph), now: 0 })
  expect(result.vertices).toBe(1)
})
