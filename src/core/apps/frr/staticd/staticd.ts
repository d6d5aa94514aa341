/**
 * staticd: static routes of the configuration (staticd/static_routes.c, static_zebra.c). A route by a gateway is offered
 * to zebra while zebra finds a way to the gateway, one by an interface while that is up. All next hops of a prefix with the
 * same distance are one route.
 */
import { type Ip4, type Pid, SEC } from '../../../base/ids.ts'
import type { ProcEvent } from '../../../kernel/ctx.ts'
import type { Program } from '../../program.ts'
import type { Sys } from '../../sys.ts'
import { findCommand, wordsOf } from '../cli/command.ts'
import { parseStatic, STATIC_COMMANDS, type StaticRoute } from '../config/static.ts'
import type { VtyError, VtyMessages, ZapiInterface, ZapiMessages, ZapiNexthop, ZapiRoute } from '../zapi.ts'

/** Zebra is gone: ask again so often (zclient_event ZCLIENT_CONNECT). */
const RETRY_NS = 10 * SEC

export interface StaticState {
  routes: readonly StaticRoute[]
  zebra: Pid
  up: Record<string, true>
  /** Gateways and whether zebra reaches them. */
  reached: Record<string, boolean>
  /** What was offered last, by prefix and distance. */
  offered: Record<string, string>
  logging: boolean
}

export const staticd: Program<StaticState> = {
  name: 'staticd',
  handles: ['TERM', 'INT', 'HUP'],
  init: () => ({ routes: [], zebra: 0, up: {}, reached: {}, offered: {}, logging: false }),
  run: (sys, st, event) => {
    if (event.kind === 'start' || (event.kind === 'timer' && event.name === 'zebra')) connect(sys, st)
    else if (event.kind === 'message') onMessage(sys, st, event)
    else if (event.kind === 'signal' && event.signal !== 'HUP') sys.exit(0)
  },
}

function connect(sys: Sys, st: StaticState): void {
  const [pid] = sys.pidsOf('zebra')
  if (pid === undefined || !sys.watch(pid)) return sys.sleep('zebra', RETRY_NS)
  st.zebra = pid
  st.offered = {}
  sys.tell(pid, 'zapi.hello', { type: 'static' } satisfies ZapiMessages['zapi.hello'])
  for (const ip of gatewaysOf(st)) track(sys, st, ip, true)
  offerAll(sys, st)
}

function onMessage(sys: Sys, st: StaticState, event: Extract<ProcEvent, { kind: 'message' }>): void {
  switch (event.what) {
    case 'gone':
      if (event.from !== st.zebra) return
      st.zebra = 0
      st.up = {}
      st.reached = {}
      return sys.sleep('zebra', RETRY_NS)
    case 'zapi.interface': {
      const { dev, up, running } = event.body as ZapiInterface
      if (up && running) st.up[dev] = true
      else Reflect.deleteProperty(st.up, dev)
      return offerAll(sys, st)
    }
    case 'zapi.interface.gone':
      Reflect.deleteProperty(st.up, (event.body as ZapiMessages['zapi.interface.gone']).dev)
      return offerAll(sys, st)
    case 'zapi.tracked': {
      const { ip, nexthops } = event.body as ZapiMessages['zapi.tracked']
      st.reached[ip] = nexthops.length > 0
      for (const route of st.routes) if (route.gateway === ip) offerAgain(st, keyOf(route))
      return offerAll(sys, st)
    }
    case 'vty.config':
      return configure(sys, st, event.from, event.body as VtyMessages['vty.config'])
  }
}

/** What was offered is offered anew, even if it is the same: it is reached in another way. */
function offerAgain(st: StaticState, key: string): void {
  if (st.offered[key]) st.offered[key] = 'again'
}

function configure(sys: Sys, st: StaticState, from: Pid, { lines, boot }: VtyMessages['vty.config']): void {
  const errors: VtyError[] = []
  for (const { line, text } of lines) {
    const words = wordsOf(text)
    if (findCommand(STATIC_COMMANDS, 'config', words).kind !== 'ok') continue
    const no = words[0] === 'no'
    const route = parseStatic(words.slice(no ? 3 : 2))
    const wrong = route ? change(sys, st, route, no) : '% Malformed address'
    if (wrong !== undefined) errors.push({ line, text: wrong, warning: no })
  }
  offerAll(sys, st)
  if (boot) sys.log('staticd', '[VTVCM-Y2NW3] Configuration Read in Took: 00:00:00')
  sys.tell(from, 'vty.reply', Object.freeze({ errors: Object.freeze(errors) }))
}

function change(sys: Sys, st: StaticState, route: StaticRoute, no: boolean): string | undefined {
  const same = st.routes.find((one) => isSame(one, route))
  if (no && !same) return '% Refusing to remove a non-existent route'
  const before = gatewaysOf(st)
  const others = st.routes.filter((one) => one !== same)
  st.routes = Object.freeze(no ? others : sorted([...others, Object.freeze(route)]))
  const after = gatewaysOf(st)
  for (const ip of after) if (!before.includes(ip)) track(sys, st, ip, true)
  for (const ip of before) if (!after.includes(ip)) track(sys, st, ip, false)
  return undefined
}

function isSame(a: StaticRoute, b: StaticRoute): boolean {
  // Another distance or tag for the same way replaces the line.
  const isSamePrefix = a.dst === b.dst && a.prefix === b.prefix
  return isSamePrefix && a.gateway === b.gateway && a.dev === b.dev && a.blackhole === b.blackhole
}

/** By prefix, distance, then next hop: the order of `show running-config`. */
function sorted(routes: StaticRoute[]): StaticRoute[] {
  const kind = (route: StaticRoute): number => (route.gateway !== 0 ? 0 : 1)
  return routes.sort(
    (a, b) =>
      a.dst - b.dst ||
      a.prefix - b.prefix ||
      a.distance - b.distance ||
      kind(a) - kind(b) ||
      a.gateway - b.gateway ||
      (a.dev < b.dev ? -1 : a.dev > b.dev ? 1 : 0),
  )
}

function keyOf({ dst, prefix, distance }: StaticRoute): string {
  return `${dst}/${prefix} ${distance}`
}

function gatewaysOf(st: StaticState): Ip4[] {
  return [...new Set(st.routes.map((route) => route.gateway).filter((ip) => ip !== 0))]
}

function track(sys: Sys, st: StaticState, ip: Ip4, on: boolean): void {
  if (!on) Reflect.deleteProperty(st.reached, ip)
  if (st.zebra !== 0) sys.tell(st.zebra, 'zapi.track', { ip, on } satisfies ZapiMessages['zapi.track'])
}

/** Offer what can be used and has changed, withdraw what cannot (static_zebra_route_add). */
function offerAll(sys: Sys, st: StaticState): void {
  if (st.zebra === 0) return
  const groups: Record<string, StaticRoute[]> = {}
  for (const route of st.routes) (groups[keyOf(route)] ??= []).push(route)
  const routes: ZapiRoute[] = []
  for (const [key, members] of Object.entries(groups)) {
    const route = offerOf(st, members)
    const text = route ? JSON.stringify(route) : ''
    if ((st.offered[key] ?? '') === text) continue
    if (route) routes.push(route)
    else if (members[0]) routes.push(withdrawal(members[0]))
    st.offered[key] = text
  }
  for (const key of Object.keys(st.offered)) {
    if (groups[key]) continue
    if (st.offered[key] !== '') routes.push(withdrawalOf(key))
    Reflect.deleteProperty(st.offered, key)
  }
  if (routes.length > 0) sys.tell(st.zebra, 'zapi.route', Object.freeze({ routes: Object.freeze(routes) }))
}

function offerOf(st: StaticState, members: readonly StaticRoute[]): ZapiRoute | undefined {
  const [first] = members
  if (!first) return undefined
  const { dst, prefix, distance, tag } = first
  const base = { dst, prefix, type: 'static', distance, metric: 0, ...(tag > 0 && { tag }) } as const
  const none = members.find((one) => one.blackhole !== '')?.blackhole
  if (none) return { ...base, nexthops: [], blackhole: none === 'reject' ? 'reject' : 'blackhole' }
  const usable = members.filter((one) => isUsable(st, one))
  // One way that works is enough for all to be offered; zebra leaves the others out.
  if (usable.length === 0) return undefined
  const nexthops = members.filter((one) => one.gateway !== 0 || st.up[one.dev]).map(hopOf)
  return { ...base, nexthops }
}

function hopOf({ gateway, dev, onlink }: StaticRoute): ZapiNexthop {
  return { gateway, dev, ...(onlink && { onlink: true }) }
}

function isUsable(st: StaticState, { gateway, dev }: StaticRoute): boolean {
  if (dev !== '' && !st.up[dev]) return false
  return gateway === 0 || st.reached[gateway] === true
}

function withdrawal({ dst, prefix, distance }: StaticRoute): ZapiRoute {
  return { dst, prefix, type: 'static', distance, metric: 0, nexthops: [], remove: true }
}

function withdrawalOf(key: string): ZapiRoute {
  const [net = '', distance] = key.split(' ')
  const [dst, prefix] = net.split('/')
  const base = { type: 'static', metric: 0, nexthops: [], remove: true } as const
  return { ...base, dst: Number(dst) as Ip4, prefix: Number(prefix), distance: Number(distance) }
}
