import type { Ip4 } from '../../../base/ids.ts'
import type { ProcEvent } from '../../../kernel/ctx.ts'
import { formatIp4 } from '../../../base/ids.ts'
import { ipHeaderLength } from '../../../wire/ipv4.ts'
import { PROTO_VRRP, VRRP } from '../../../wire/vrrp.ts'
import type { Sys } from '../../sys.ts'
import { parseConfig } from '../config/parse.ts'
import { log, logDetail } from '../log.ts'
import { complain, INSECURE_SCRIPTS, NO_SCRIPT_USER } from '../report.ts'
import { vrrpUsesScripts } from '../script.ts'
import type { KeepalivedState } from '../state.ts'
import {
  armTimer,
  masterDownNs,
  noteState,
  notifyGroup,
  notifyInstance,
  removeVips,
  sendAdvert,
  sendGarps,
  type Vrrp,
} from './act.ts'
import { onTimeout, restore } from './machine.ts'
import { onPacket } from './receive.ts'
import { initTracking, isDevUp, onLink, onScriptTimer } from './track.ts'
import type { Group, Instance, InstanceSpec, Script, Socket, VrrpState } from './types.ts'
import { takeOver } from './reload.ts'
import { checkInstances } from './validate.ts'

/** Keepalived_vrrp (vrrp/vrrp_daemon.c, vrrp_scheduler.c). */

/** Read the configuration and begin, as backup first. False: the configuration is no good and the process ends. */
export function startVrrp(sys: Sys, state: KeepalivedState, old: VrrpState | null): boolean {
  if (!old) {
    sys.netlinkListen()
    logDetail(sys, state, 'Registering Kernel netlink reflector')
    logDetail(sys, state, 'Registering Kernel netlink command channel')
  }
  const parsed = parseConfig({
    path: state.args.configFile,
    readFile: (path) => sys.readFile(path),
    hasDev: (dev) => sys.hasDev(dev),
    role: 'vrrp',
    reload: old !== null,
    testing: false,
  })
  const { config } = parsed
  const insecure = vrrpUsesScripts(config) && !config.globals.scriptSecurity
  if (insecure) log(sys, state, NO_SCRIPT_USER)
  complain(sys, state, parsed.errors)
  if (insecure) log(sys, state, INSECURE_SCRIPTS)
  const specs = checkInstances(config, (text) => log(sys, state, text))
  if (!specs) return false
  const own: VrrpState = {
    globals: Object.freeze(config.globals),
    instances: specs.map((spec) => newInstance(sys, spec)),
    groups: config.syncGroups.map(({ name, members, notify }) => newGroup(name, members, notify)),
    scripts: config.scripts.map((spec) => newScript(spec)),
    socks: [],
    generation: old?.generation ?? 0,
    stopping: false,
    links: {},
    before: null,
  }
  state.vrrp = own
  const vrrp: Vrrp = { sys, state, own }
  for (const dev of Object.keys(sys.devs())) own.links[dev] = isDevUp(vrrp, dev)
  joinGroups(vrrp)
  for (const instance of own.instances) {
    const source = `Assigned address ${formatIp4(instance.source)} for interface ${instance.spec.dev}`
    if (instance.source !== 0) logDetail(sys, state, source)
  }
  for (const script of own.scripts) {
    const used = own.instances.some((vi) =>
      vi.spec.trackScripts.some((tracked) => tracked.name === script.spec.name),
    )
    if (!used) log(sys, state, `Warning - script ${script.spec.name} is not used`)
  }
  own.scripts = own.scripts.filter((script) =>
    own.instances.some((vi) => vi.spec.trackScripts.some((tracked) => tracked.name === script.spec.name)),
  )
  if (!old) logDetail(sys, state, 'Registering gratuitous ARP shared channel')
  own.before = old
  return true
}

/** The first address of the interface that is no VIP is the source of adverts (set_vrrp_src_addr). */
function newInstance(sys: Sys, spec: InstanceSpec): Instance {
  const vips = [...spec.vips, ...spec.excluded].map((vip) => vip.ip)
  const own = sys.devs()[spec.dev]?.addrs.find((addr) => !vips.includes(addr.ip))?.ip
  return {
    spec: Object.freeze(spec),
    state: 'INIT',
    want: spec.state,
    priority: spec.priority,
    totalPriority: spec.priority,
    source: spec.sourceIp || own || (0 as Ip4),
    masterAdvertNs: spec.advertNs,
    downTimerNs: 0,
    deadlineNs: -1,
    timer: 0,
    vipSet: false,
    faults: 0,
    scriptsInit: 0,
    preemptAtNs: 0,
    masterIp: 0 as Ip4,
    garpRefreshNs: 0,
    sock: 0,
    group: '',
  }
}

function newGroup(name: string, members: readonly string[], notify: Group['notify']): Group {
  return { name, state: 'BACKUP', members: Object.freeze([...members]), notify: Object.freeze(notify) }
}

/** At first one success is enough (vrrp_init_script). */
function newScript(spec: Script['spec']): Script {
  return {
    spec: Object.freeze(spec),
    result: spec.initFail ? 0 : spec.rise - 1,
    fresh: !spec.initFail,
    lastStatus: 0,
    timer: 0,
  }
}

/** vrrp_sync_set_group. */
function joinGroups({ sys, state, own }: Vrrp): void {
  own.groups = own.groups.filter((group) => {
    const members = own.instances.filter((instance) => group.members.includes(instance.spec.name))
    for (const name of group.members) {
      if (members.some((instance) => instance.spec.name === name)) continue
      log(sys, state, `Virtual router ${name} specified in sync group ${group.name} doesn't exist - ignoring`)
    }
    if (members.length === 0) {
      const what = 'no matching virtual router found in group declaration - removing'
      log(sys, state, `Sync group ${group.name}, ${what}`)
      return false
    }
    if (members.length === 1) {
      const what = "has only 1 virtual router(s) - this probably isn't what you want"
      log(sys, state, `Sync group ${group.name} ${what}`)
    }
    for (const instance of members) instance.group = group.name
    return true
  })
}

/** Sockets, first states and timers (vrrp_dispatcher_init, vrrp_init_state). */
export function beginVrrp(sys: Sys, state: KeepalivedState): void {
  const own = state.vrrp
  if (!own) return
  const vrrp: Vrrp = { sys, state, own }
  if (own.before) takeOver(vrrp, own.before)
  own.before = null
  for (const instance of own.instances) {
    initTracking(vrrp, instance)
    if (instance.faults > 0) log(sys, state, `(${instance.spec.name}) entering FAULT state`)
  }
  for (const group of own.groups) {
    const members = own.instances.filter((instance) => instance.group === group.name)
    if (members.some((instance) => instance.faults > 0)) group.state = 'FAULT'
    if (group.state !== 'MASTER') notifyGroup(vrrp, group)
  }
  for (const instance of own.instances) openSocket(vrrp, instance)
  for (const instance of own.instances) enter(vrrp, instance)
  for (const { dev, source } of own.socks) {
    const index = String(sys.devs()[dev]?.index ?? 0).padStart(3)
    const how =
      source === 0
        ? `multicast, address(${formatIp4(own.globals.mcastGroup)})`
        : `, unicast, address(${formatIp4(source)})`
    logDetail(sys, state, `VRRP sockpool: [ifindex(${index}), family(IPv4), proto(112), fd(12,13) ${how}]`)
  }
  own.scripts.forEach((_, index) => {
    onScriptTimer(vrrp, index)
  })
}

function openSocket(vrrp: Vrrp, instance: Instance): void {
  const { sys, own } = vrrp
  const { spec } = instance
  const source = spec.peers.length > 0 ? instance.source : (0 as Ip4)
  let found: Socket | undefined = own.socks.find((sock) => sock.dev === spec.dev && sock.source === source)
  if (!found) {
    found = { sock: sys.openRaw(PROTO_VRRP, spec.dev), dev: spec.dev, source }
    if (source === 0) sys.joinGroup(found.sock, spec.dev, own.globals.mcastGroup)
    own.socks.push(found)
  }
  instance.sock = found.sock
}

/** The first state of an instance: the owner of the addresses is master at once, others listen first. */
function enter(vrrp: Vrrp, instance: Instance): void {
  const { sys, state, own } = vrrp
  const { spec } = instance
  const group = own.groups.find((other) => other.name === instance.group)
  if (instance.state === 'MASTER') return armNow(vrrp, instance)
  const up = instance.faults === 0 && instance.scriptsInit === 0 && group?.state !== 'FAULT'
  if (instance.faults > 0) instance.want = 'FAULT'
  const from = instance.state
  if (up && instance.want === 'MASTER' && spec.priority === 255 && !group) {
    instance.state = 'BACKUP'
    instance.downTimerNs = 1000
    return armTimer(vrrp, instance)
  }
  const hurry = group?.state === 'BACKUP' && instance.want === 'MASTER'
  instance.downTimerNs = hurry
    ? spec.advertNs + masterDownNs(instance) - 3 * spec.advertNs
    : masterDownNs(instance)
  removeVips(vrrp, instance)
  if (up && from !== 'BACKUP') log(sys, state, `(${spec.name}) Entering BACKUP STATE (init)`)
  instance.state = up ? 'BACKUP' : 'FAULT'
  if (from !== instance.state && (up || instance.faults > 0)) {
    noteState(vrrp, instance, from, 'init')
    notifyInstance(vrrp, instance)
  }
  armTimer(vrrp, instance)
}

/** A master that stays one over a reload sends its next advert at once. */
function armNow(vrrp: Vrrp, instance: Instance): void {
  const { sys, own } = vrrp
  instance.deadlineNs = sys.now
  instance.timer = ++own.generation
  sys.sleep(`vrrp ${own.instances.indexOf(instance)} ${instance.timer}`, 0)
}

export function onVrrpEvent(sys: Sys, state: KeepalivedState, event: ProcEvent): void {
  const own = state.vrrp
  if (!own || own.stopping) return
  const vrrp: Vrrp = { sys, state, own }
  if (event.kind === 'timer') return onTimer(vrrp, event.name)
  if (event.kind === 'netlink' && event.change.what === 'link') {
    const { dev } = event.change
    own.links[dev] = onLink(vrrp, dev, own.links[dev] ?? false)
  }
  if (event.kind !== 'raw') return
  const vrid = event.bytes[ipHeaderLength(event.bytes, 0) + VRRP.vrid.at]
  const instance = own.instances.find((vi) => vi.sock === event.sock && vi.spec.vrid === vrid)
  if (instance) onPacket(vrrp, instance, event.bytes)
}

function onTimer(vrrp: Vrrp, name: string): void {
  const [kind = '', what = '', timer = ''] = name.split(' ')
  const { instances, scripts } = vrrp.own
  const instance = kind === 'vrrp' ? instances[Number(what)] : instances.find((vi) => vi.spec.name === what)
  if (kind === 'vrrp' && instance && instance.timer === Number(timer)) onTimeout(vrrp, instance)
  else if (kind === 'garp' && instance) sendGarps(vrrp, instance, instance.spec.garp.rep)
  else if (kind === 'garp-lower' && instance) sendGarps(vrrp, instance, instance.spec.garp.lowerPrioRep ?? 0)
  else if (kind === 'script' && scripts[Number(what)]?.timer === Number(timer))
    onScriptTimer(vrrp, Number(what))
}

export function reloadVrrp(sys: Sys, state: KeepalivedState): boolean {
  const old = state.vrrp
  // Masters say once more that they are there, as reading may take a while (sigreload_vrrp).
  for (const instance of old?.instances ?? []) {
    if (old && instance.state === 'MASTER') sendAdvert({ sys, state, own: old }, instance, instance.priority)
  }
  log(sys, state, 'Reloading')
  for (const { sock } of old?.socks ?? []) sys.closeRaw(sock)
  return startVrrp(sys, state, old)
}

/** SIGTERM: masters say that they are going, so that the others need not wait. */
export function stopVrrp(sys: Sys, state: KeepalivedState): void {
  if (!state.vrrp) return
  const vrrp: Vrrp = { sys, state, own: state.vrrp }
  for (const instance of vrrp.own.instances) {
    if (instance.state === 'MASTER' && !state.args.keepVrrp) restore(vrrp, instance, true)
  }
  for (const { sock } of vrrp.own.socks) sys.closeRaw(sock)
  for (const instance of vrrp.own.instances) notifyInstance(vrrp, instance, 'STOP')
}
