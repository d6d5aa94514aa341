/** Zebra's clients (zebra/zserv.c, zebra/zapi_msg.c): what they say, and what they are told. */
import type { Ip4, Pid } from '../../../base/ids.ts'
import type { Sys } from '../../sys.ts'
import type { RibType, ZapiMessages, ZapiName, ZapiNexthop, ZapiRoute } from '../zapi.ts'
import { chooseRouterId, zapiInterface } from './interfaces.ts'
import { matchSelected } from './resolve.ts'
import { addRoute, deleteRoute, hopsOf } from './rib.ts'
import { type Client, type Dest, type Entry, sortedIfaces, type ZebraState } from './types.ts'

function say<N extends ZapiName>(sys: Sys, client: Client, what: N, body: ZapiMessages[N]): void {
  client.lastWrite = sys.now
  sys.tell(client.pid, what, Object.freeze(body))
}

/** A message from a client, or the end of one. */
export function onClient(sys: Sys, st: ZebraState, from: Pid, what: string, body: unknown): void {
  if (what === 'zapi.hello') return hello(sys, st, from, (body as ZapiMessages['zapi.hello']).type)
  const client = st.clients.find((one) => one.pid === from)
  if (!client) return
  client.lastRead = sys.now
  switch (what) {
    case 'gone':
      return goodbye(sys, st, client)
    case 'zapi.route':
      for (const route of (body as ZapiMessages['zapi.route']).routes) takeRoute(sys, st, client, route)
      return
    case 'zapi.track':
      return track(sys, st, client, body as ZapiMessages['zapi.track'])
    case 'zapi.redistribute': {
      const { type, on } = body as ZapiMessages['zapi.redistribute']
      const others = client.redistribute.filter((one) => one !== type)
      client.redistribute = on ? [...others, type] : others
      if (on) tellRedistributed(sys, st, client, Object.values(st.dests), type)
    }
  }
}

function hello(sys: Sys, st: ZebraState, pid: Pid, type: RibType): void {
  if (!sys.watch(pid)) return
  const { now } = sys
  st.clients = st.clients.filter((one) => one.pid !== pid)
  const client: Client = {
    ...{ pid, type, since: now, lastRead: now, lastWrite: now, added: 0, deleted: 0 },
    ...{ redistribute: [], tracked: [], fd: freeFd(st) },
  }
  st.clients.push(client)
  if (isLogging(st))
    sys.log(
      'zebra',
      `[V98V0-MTWPF] client ${client.fd} says hello and bids fair to announce only ${type} routes vrf=0`,
    )
  for (const iface of sortedIfaces(st)) say(sys, client, 'zapi.interface', zapiInterface(iface))
  say(sys, client, 'zapi.router-id', { id: st.routerId })
}

/** First file number that zebra has free for a client once it runs. */
const FIRST_FD = 14

function freeFd(st: ZebraState): number {
  let fd = FIRST_FD
  while (st.clients.some((client) => client.fd === fd)) fd++
  return fd
}

/** Nothing is logged before the configuration says where to. */
export function isLogging(st: ZebraState): boolean {
  return st.config.kept.some((line) => line.startsWith('log syslog') || line.startsWith('log file'))
}

/** The client's process has ended: its routes go (zserv_client_fail, rib_score_proto). */
function goodbye(sys: Sys, st: ZebraState, client: Client): void {
  const { type, pid } = client
  let count = 0
  for (const dest of Object.values(st.dests)) {
    if (!dest.entries.some((entry) => entry.from === pid && !entry.removed)) continue
    deleteRoute(st, dest, (entry) => entry.from === pid)
    count++
  }
  if (isLogging(st)) {
    sys.log(
      'zebra',
      `[VXKFG-8SJRV][EC 4043309121] Client '${type}' encountered an error and is shutting down.`,
    )
    sys.log(
      'zebra',
      `[JPSA8-5KYEA] client ${client.fd} disconnected ${count} ${type} routes removed from the rib`,
    )
    sys.log('zebra', `[S929C-NZR3N] client ${client.fd} disconnected 0 ${type} nhgs removed from the rib`)
  }
  st.clients = st.clients.filter((one) => one !== client)
}

function takeRoute(sys: Sys, st: ZebraState, client: Client, route: ZapiRoute): void {
  const { dst, prefix, type, distance, metric, tag = 0 } = route
  if (route.remove) {
    client.deleted++
    return deleteRoute(st, route, (e) => e.from === client.pid && e.type === type && isMeant(e, route))
  }
  const hops = hopsOf(route)
  if (hops.length === 0) return
  client.added++
  addRoute(sys, st, { dst, prefix, type, distance, metric, tag, from: client.pid, hops })
}

/** Static routes of different distances stand side by side. */
function isMeant(entry: Entry, route: ZapiRoute): boolean {
  return route.type !== 'static' || entry.distance === route.distance
}

function track(sys: Sys, st: ZebraState, client: Client, { ip, on }: ZapiMessages['zapi.track']): void {
  const others = client.tracked.filter((one) => one !== ip)
  client.tracked = on ? [...others, ip] : others
  if (!on) return
  const ways = waysTo(st, ip)
  st.tracked[ip] = JSON.stringify(ways)
  say(sys, client, 'zapi.tracked', { ip, nexthops: ways })
}

/** How a gateway is reached (zebra_rnh.c). */
function waysTo(st: ZebraState, ip: Ip4): readonly ZapiNexthop[] {
  const match = matchSelected(st, ip)
  const hops = (match ? st.nhes[match.nhe]?.hops : undefined) ?? []
  return Object.freeze(
    hops.filter((hop) => hop.active).map(({ gateway, dev }) => Object.freeze({ gateway, dev })),
  )
}

/** Chosen routes have changed: tell those who track gateways or redistribute (zebra_rib_evaluate_rn_nexthops). */
export function tellChanges(sys: Sys, st: ZebraState, moved: readonly Dest[]): void {
  if (moved.length === 0) return
  const ips = new Set(st.clients.flatMap((client) => client.tracked))
  for (const ip of ips) {
    const ways = waysTo(st, ip)
    const text = JSON.stringify(ways)
    if (st.tracked[ip] === text) continue
    st.tracked[ip] = text
    for (const client of st.clients) {
      if (client.tracked.includes(ip)) say(sys, client, 'zapi.tracked', { ip, nexthops: ways })
    }
  }
  for (const client of st.clients) {
    for (const type of client.redistribute) tellRedistributed(sys, st, client, moved, type)
  }
}

function tellRedistributed(
  sys: Sys,
  st: ZebraState,
  client: Client,
  dests: readonly Dest[],
  type: RibType,
): void {
  const routes: ZapiRoute[] = []
  for (const { dst, prefix, entries } of dests) {
    const chosen = entries.find((entry) => entry.selected && entry.type === type)
    const base = { dst, prefix, type, distance: chosen?.distance ?? 0, metric: chosen?.metric ?? 0 }
    if (!chosen) routes.push({ ...base, nexthops: [], remove: true })
    else {
      const hops = (st.nhes[chosen.nhe]?.hops ?? []).map(({ gateway, dev }) => ({ gateway, dev }))
      routes.push({ ...base, nexthops: hops, ...(chosen.tag > 0 && { tag: chosen.tag }) })
    }
  }
  if (routes.length > 0) say(sys, client, 'zapi.redistributed', { routes })
}

/** An interface has changed: all clients hear of it. */
export function tellInterface(sys: Sys, st: ZebraState, dev: string): void {
  const iface = st.ifaces[dev]
  for (const client of st.clients) {
    if (iface) say(sys, client, 'zapi.interface', zapiInterface(iface))
    else say(sys, client, 'zapi.interface.gone', { dev })
  }
}

/** The router id may be another one now. */
export function updateRouterId(sys: Sys, st: ZebraState): void {
  const id = chooseRouterId(st)
  if (id === st.routerId) return
  st.routerId = id
  for (const client of st.clients) say(sys, client, 'zapi.router-id', { id })
}
