/**
 * zebra: the daemon between routing protocols and the kernel. One event is handled to its end: netlink or a client's
 * message, then the queue of prefixes, then what clients must know.
 *
 * Simplified: no graceful restart (`-K`), no VRFs, no IPv6. Link-detect is on, as it is by default.
 */
import { broadcastOf, parseCidr } from '../../../base/cidr.ts'
import { formatIp4, type Ip4, SEC } from '../../../base/ids.ts'
import type { ProcEvent } from '../../../kernel/ctx.ts'
import type { Program } from '../../program.ts'
import type { Sys } from '../../sys.ts'
import { applyZebra, noZebraConfig, type ZebraDo } from '../config/zebra.ts'
import type { VtyError, VtyMessages } from '../zapi.ts'
import { listenVty, onVtySock } from '../vty-port.ts'
import { isLogging, onClient, tellChanges, tellInterface, updateRouterId } from './clients.ts'
import { readInterface } from './interfaces.ts'
import { readRoutes, routeChanged, sweep } from './kernel.ts'
import { keepTimer } from './nhg.ts'
import { enqueue, processQueue } from './rib.ts'
import type { ZebraState } from './types.ts'

/** ZEBRA_VTY_PORT. */
const VTY_PORT = 2601
/** `zebra route-map delay-timer`: changes of route maps count after this (ZEBRA_RMAP_DEFAULT_UPDATE_TIMER). */
const MAP_DELAY_NS = 5 * SEC

export const zebra: Program<ZebraState> = {
  name: 'zebra',
  handles: ['TERM', 'INT', 'HUP'],
  init: () => ({
    config: noZebraConfig(),
    ...{ dests: {}, nhes: {}, byKey: {}, lastNhe: 0, ifaces: {}, clients: [], routerId: 0 as Ip4 },
    ...{ queue: {}, tracked: {}, invoked: {}, asked: {}, mapsChanged: false, startedNs: 0, retain: false },
  }),
  run: (sys, st, event) => {
    onEvent(sys, st, event)
    if (!sys.ended) settle(sys, st)
  },
}

function onEvent(sys: Sys, st: ZebraState, event: ProcEvent): void {
  if (event.kind === 'start') start(sys, st)
  else if (event.kind === 'timer') timer(sys, st, event.name)
  else if (event.kind === 'signal') {
    if (event.signal !== 'HUP') stop(sys, st)
  } else if (event.kind === 'netlink') {
    const { change } = event
    if (change.what === 'route') routeChanged(sys, st, change)
    else interfaceChanged(sys, st, change.dev)
  } else if (event.kind === 'sock') onVtySock(sys, event)
  else if (event.kind === 'message') {
    if (event.what === 'vty.config') configure(sys, st, event.from, event.body as VtyMessages['vty.config'])
    else onClient(sys, st, event.from, event.what, event.body)
  }
}

function settle(sys: Sys, st: ZebraState): void {
  tellChanges(sys, st, processQueue(sys, st))
}

function start(sys: Sys, st: ZebraState): void {
  st.startedNs = sys.now
  st.retain = sys.argv.includes('-r') || sys.argv.includes('--retain')
  sys.netlinkListen()
  listenVty(sys, VTY_PORT)
  for (const name of Object.keys(sys.devs())) readInterface(sys, st, name)
  readRoutes(sys, st)
  updateRouterId(sys, st)
  settle(sys, st)
  sweep(sys, st)
}

/** SIGTERM: unless told to retain them, routes and next hops go from the kernel (zebra/main.c sigint). */
function stop(sys: Sys, st: ZebraState): void {
  if (isLogging(st)) sys.log('zebra', 'Terminating on signal')
  if (!st.retain) {
    for (const { dst, prefix, entries } of Object.values(st.dests)) {
      const chosen = entries.find(
        (entry) => entry.installed && entry.type !== 'connected' && entry.type !== 'kernel',
      )
      if (!chosen) continue
      const base = {
        dst,
        prefix,
        type: 'unicast',
        proto: chosen.type,
        metric: 20,
        prefsrc: 0 as Ip4,
      } as const
      sys.netlink({ op: 'route.del', ...base, nexthops: [] })
    }
    for (const nhe of Object.values(st.nhes).reverse()) {
      if (nhe.installed && sys.nexthops()[nhe.id]) sys.netlink({ op: 'nexthop.del', id: nhe.id })
    }
  }
  sys.exit(0)
}

function timer(sys: Sys, st: ZebraState, name: string): void {
  const [what, id] = name.split(' ')
  if (what === 'maps') {
    st.mapsChanged = false
    reconsider(st)
  }
  if (what === 'nhe') keepTimer(sys, st, Number(id))
  if (what === 'stale' && !st.nhes[Number(id)] && sys.nexthops()[Number(id)]) {
    sys.netlink({ op: 'nexthop.del', id: Number(id) })
  }
}

function interfaceChanged(sys: Sys, st: ZebraState, dev: string): void {
  const change = readInterface(sys, st, dev)
  if (change === undefined) return
  tellInterface(sys, st, dev)
  updateRouterId(sys, st)
  if ((change === 'new' || change === 'up') && st.config.shutdown[dev]) {
    carryOut(sys, st, { what: 'shutdown', dev, down: true })
  }
}

/** Lines of configuration. The kernel's side of one is done at once. */
function configure(sys: Sys, st: ZebraState, from: number, { lines, boot }: VtyMessages['vty.config']): void {
  const errors: VtyError[] = []
  for (const { line, node, text } of lines) {
    const applied = applyZebra(st.config, node, text)
    if (applied.error !== undefined) errors.push({ line, text: applied.error })
    else if (applied.then) {
      const wrong = carryOut(sys, st, applied.then)
      if (wrong !== undefined) errors.push({ line, text: wrong })
    }
  }
  if (boot && isLogging(st)) sys.log('zebra', '[VTVCM-Y2NW3] Configuration Read in Took: 00:00:00')
  sys.tell(from, 'vty.reply', Object.freeze({ errors: Object.freeze(errors) }))
}

function carryOut(sys: Sys, st: ZebraState, todo: ZebraDo): string | undefined {
  switch (todo.what) {
    case 'forwarding':
      sys.netlink({ op: 'sysctl', key: 'net.ipv4.ip_forward', value: todo.on ? '1' : '0' })
      return undefined
    case 'shutdown':
      if (sys.hasDev(todo.dev)) sys.netlink({ op: 'link.set', dev: todo.dev, up: !todo.down })
      return undefined
    case 'address':
      return address(sys, todo.dev, todo.cidr, todo.remove)
    case 'router-id':
      updateRouterId(sys, st)
      return undefined
    case 'reconsider':
      reconsider(st)
      return undefined
    case 'maps':
      if (!st.mapsChanged) sys.sleep('maps', MAP_DELAY_NS)
      st.mapsChanged = true
      return undefined
  }
}

/** Routes of the protocols that a map stands for are looked at again (rib_update_table RIB_UPDATE_RMAP_CHANGE). */
function reconsider(st: ZebraState): void {
  const { protocols } = st.config
  for (const [key, dest] of Object.entries(st.dests)) {
    const asked = dest.entries.filter(
      ({ type }) => (protocols[type] ?? protocols.any) !== undefined || st.asked[type],
    )
    for (const entry of asked) entry.changed = true
    if (asked.length > 0) enqueue(st, key)
  }
  st.asked = Object.fromEntries(Object.keys(protocols).map((type) => [type, true as const]))
}

function address(sys: Sys, dev: string, text: string, remove: boolean): string | undefined {
  const cidr = parseCidr(text)
  if (!cidr) return '% Malformed address '
  if (!sys.hasDev(dev)) return undefined
  const { ip, prefix } = cidr
  const done = remove
    ? sys.netlink({ op: 'addr.del', dev, ip, prefix })
    : sys.netlink({ op: 'addr.add', dev, ip, prefix, label: dev, broadcast: broadcastOf(ip, prefix) })
  return done.ok ? undefined : remove ? "% Can't find address" : `% Error assigning address ${formatIp4(ip)}`
}
