import { inPrefix } from '../../../base/cidr.ts'
import { type Ip4, SEC } from '../../../base/ids.ts'
import type { OspfCommand } from './command.ts'
import { createConfig, type IfConfig, type OspfConfig } from './config.ts'
import { sendHello } from './exchange.ts'
import {
  flushOwn,
  freeOif,
  resetType,
  updateCost,
  updateInterface,
  updateInterfaces,
  updateRouterId,
} from './interfaces.ts'
import { setGroups } from './ism.ts'
import { flushExternalLsa, updateExternalLsa, updateRouterLsas } from './originate.ts'
import { withdrawAll } from './routing.ts'
import { params, type Run, writePackets } from './run.ts'

/** One line of configuration takes effect. Returns what vtysh is told, '' = nothing. */
export function configure(run: Run, command: OspfCommand): string {
  const { conf } = run.o
  if (command.set === 'router') return setRouter(run, command.on)
  if (command.set === 'interface') return setInterface(run, command.dev, command.to, command.unset)
  if (command.set === 'router-id') return setRouterId(run, command.id)
  if (command.set === 'network') return command.on ? addNetwork(run, command) : removeNetwork(run, command)
  if (command.set === 'redistribute') return setRedistribute(run, command)
  if (command.set === 'option') return setOption(run, command.to)
  if (command.dev === '') conf.passiveDefault = command.on
  else conf.interfaces[command.dev] = { ...conf.interfaces[command.dev], passive: command.on }
  for (const oif of run.o.oifs) setGroups(run, oif)
  return ''
}

function setRouter(run: Run, on: boolean): string {
  const { o } = run
  if (on === o.conf.enabled) return ''
  if (on) {
    o.conf.enabled = true
    o.shutdown = false
    o.startedAt = run.now
    updateRouterId(run)
    return ''
  }
  flushOwn(run)
  writePackets(run)
  for (const oif of [...o.oifs]) freeOif(run, oif)
  withdrawAll(run)
  for (const type of Object.keys(o.conf.redistribute)) {
    run.out.push({ do: 'redistribute', type: type as 'kernel', on: false })
  }
  const { interfaces } = o.conf
  o.conf = { ...createConfig(), interfaces }
  Object.assign(o, {
    routerId: 0,
    areas: [],
    external: [],
    routers: [],
    redistributed: {},
    netSeq: {},
    refresh: [],
  })
  Object.assign(o, { maxAge: { keys: [], at: 0 }, walkAt: 0 })
  o.spf = { at: 0, lastAt: -1, multiplier: 1, reasons: [], externalAt: 0 }
  return ''
}

function setRouterId(run: Run, id: Ip4): string {
  run.o.conf.routerId = id
  if (run.o.areas.some((area) => area.fullNbrs > 0)) {
    return 'For this router-id change to take effect, use "clear ip ospf process" command'
  }
  updateRouterId(run)
  return ''
}

function addNetwork(run: Run, net: OspfConfig['networks'][number]): string {
  const { conf } = run.o
  if (Object.values(conf.interfaces).some((one) => one.area !== undefined)) {
    return 'Please remove all ip ospf area x.x.x.x commands first.'
  }
  const { ip, prefix, area, dotted } = net
  const same = conf.networks.find((one) => one.ip === ip && one.prefix === prefix)
  if (same) return same.area === area ? '' : 'There is already same network statement.'
  conf.networks.push({ ip, prefix, area, dotted })
  if (run.o.routerId === 0) updateRouterId(run)
  updateInterfaces(run)
  return ''
}

function removeNetwork(run: Run, net: OspfConfig['networks'][number]): string {
  const { conf } = run.o
  const at = conf.networks.findIndex((one) => one.ip === net.ip && one.prefix === net.prefix)
  if (conf.networks[at]?.area !== net.area) return "Can't find specified network area configuration."
  conf.networks.splice(at, 1)
  dropUncovered(run)
  updateInterfaces(run)
  return ''
}

/** Interfaces that no line of the configuration takes in any more. */
function dropUncovered(run: Run): void {
  for (const oif of [...run.o.oifs]) {
    const own = run.o.conf.interfaces[oif.dev]?.area !== undefined
    const covers = run.o.conf.networks.some(
      (one) => one.prefix <= oif.prefix && inPrefix(oif.ip, one.ip, one.prefix),
    )
    if (!own && !covers) freeOif(run, oif)
  }
  const used = new Set(run.o.oifs.map((oif) => oif.area))
  const named = new Set(run.o.conf.networks.map((one) => one.area))
  run.o.areas = run.o.areas.filter((area) => used.has(area.id) || named.has(area.id))
}

function setInterface(
  run: Run,
  dev: string,
  to: Partial<IfConfig>,
  unset: keyof IfConfig | undefined,
): string {
  const { conf } = run.o
  const old: IfConfig = conf.interfaces[dev] ?? {}
  if (to.area !== undefined) {
    if (conf.networks.length > 0) return 'Please remove all network commands first.'
    if (old.area !== undefined && old.area !== to.area) {
      return 'Must remove previous area config before changing ospf area '
    }
  }
  if (unset === 'area' && old.area === undefined) return "Can't find specified interface area configuration."
  const now: IfConfig = { ...old, ...to }
  if (unset) delete now[unset]
  conf.interfaces[dev] = now
  applyInterface(run, dev, unset ? [unset] : Object.keys(to))
  return ''
}

function applyInterface(run: Run, dev: string, keys: readonly string[]): void {
  const mine = run.o.oifs.filter((oif) => oif.dev === dev)
  if (keys.includes('cost')) updateCost(run, dev)
  if (keys.includes('network')) resetType(run, dev)
  if (keys.includes('passive')) for (const oif of mine) setGroups(run, oif)
  if (keys.includes('area')) {
    dropUncovered(run)
    updateInterface(run, dev)
  }
  for (const oif of mine) {
    const { priority, hello } = params(run, oif)
    if (oif.self.priority !== priority) {
      oif.self.priority = priority
      run.pending.push({ kind: 'ism', oif, event: 'NeighborChange' })
    }
    // The neighbours hear of a new interval at once (ospf_reset_hello_timer).
    if (keys.includes('hello') && oif.helloAt !== 0) {
      sendHello(run, oif)
      oif.helloAt = run.now + hello * SEC
    }
  }
}

function setRedistribute(run: Run, command: Extract<OspfCommand, { set: 'redistribute' }>): string {
  const { conf } = run.o
  const had = conf.redistribute[command.type] !== undefined
  const routes = Object.values(run.o.redistributed).filter((route) => route.type === command.type)
  if (command.on) {
    conf.redistribute[command.type] = command.how
    for (const route of routes) updateExternalLsa(run, route)
  } else {
    for (const route of routes) flushExternalLsa(run, route)
    delete conf.redistribute[command.type]
    run.o.redistributed = Object.fromEntries(
      Object.entries(run.o.redistributed).filter(([, route]) => route.type !== command.type),
    )
  }
  if (had === command.on) return ''
  run.out.push({ do: 'redistribute', type: command.type, on: command.on })
  updateRouterLsas(run)
  return ''
}

function setOption(run: Run, to: Partial<OspfConfig>): string {
  const { conf } = run.o
  const metricChanges = to.maxMetric !== undefined && to.maxMetric !== conf.maxMetric
  Object.assign(conf, to)
  if (metricChanges) updateRouterLsas(run)
  if (to.refBandwidthMbps !== undefined) for (const dev of Object.keys(run.o.devs)) updateCost(run, dev)
  return ''
}
