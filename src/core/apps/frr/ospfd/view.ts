import {
  LINK_P2P,
  LINK_STUB,
  LINK_TRANSIT,
  LSA_NETWORK,
  LSA_ROUTER,
  readNetworkLsa,
  readRouterLsa,
} from '../../../wire/ospf-lsa.ts'
import type { Nanos } from '../../../base/ids.ts'
import type { LsaLinkView, LsaView, OspfAreaView, OspfNeighborView, OspfView } from '../../daemon-view.ts'
import { ageOf } from './lsdb.ts'
import { roleOf } from './show/words.ts'
import { spfTree } from './spf.ts'
import type { Area, Lsa, Nbr, Oif, Ospf } from './types.ts'

/** What `show ip ospf interface|neighbor|database|route` tell, and the tree behind the routes; undefined before `router ospf`. */
export function viewOspf(o: Ospf, now: Nanos): OspfView | undefined {
  if (!o.conf.enabled) return undefined
  return {
    kind: 'ospf',
    routerId: o.routerId,
    interfaces: o.oifs.map(({ dev, ip, prefix, state, cost, self, type }) => ({
      ...{ dev, ip, prefix, state, cost },
      dr: self.dr,
      bdr: self.bdr,
      p2p: type === 'p2p',
    })),
    neighbors: o.oifs.flatMap((oif) =>
      oif.nbrs.filter(({ state }) => state !== 'Down').map((nbr) => neighborOf(oif, nbr)),
    ),
    areas: o.areas.map((area) => areaOf(o, area, now)),
    routes: [...o.routes, ...o.extRoutes].map(({ ip, prefix, cost, type, nexthops }) => ({
      ...{ ip, prefix, cost, type },
      nexthops: nexthops.map(({ gateway, dev }) => ({ gateway, dev })),
    })),
  }
}

function neighborOf(oif: Oif, nbr: Nbr): OspfNeighborView {
  const { id, src, state, priority, deadAt } = nbr
  return { dev: oif.dev, ownIp: oif.ip, id, ip: src, state, role: roleOf(oif, nbr), priority, deadAt }
}

function areaOf(o: Ospf, area: Area, now: Nanos): OspfAreaView {
  const oifs = o.oifs.filter((oif) => oif.area === area.id)
  return {
    id: area.id,
    spfRuns: area.spfRuns,
    lsdb: area.lsdb.map((lsa) => lsaOf(lsa, now)),
    tree: spfTree({ area, routerId: o.routerId, oifs, now }),
  }
}

function lsaOf(lsa: Lsa, now: Nanos): LsaView {
  const { type, id, adv, seq, checksum, self } = lsa
  const view = { type, id, adv, seq, checksum, self, age: ageOf(lsa, now) }
  const net = type === LSA_NETWORK ? readNetworkLsa(lsa.bytes) : undefined
  const links = type === LSA_ROUTER ? readRouterLsa(lsa.bytes).links : []
  return {
    ...view,
    links: links.map((link): LsaLinkView => ({ ...pick(link), kind: KINDS[link.type] ?? 'virtual' })),
    routers: [...(net?.routers ?? [])],
    mask: net?.mask ?? 0,
  }
}

const KINDS: Readonly<Record<number, LsaLinkView['kind']>> = {
  [LINK_P2P]: 'p2p',
  [LINK_TRANSIT]: 'transit',
  [LINK_STUB]: 'stub',
}

function pick({ id, data, metric }: Omit<LsaLinkView, 'kind'>): Omit<LsaLinkView, 'kind'> {
  return { id, data, metric }
}
