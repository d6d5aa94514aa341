import { formatIp4, type Mac } from '../../../base/ids.ts'
import { emitVrrp, VRRP_TTL } from '../../../wire/vrrp.ts'
import type { VrrpWhy } from '../../../kernel/note.ts'
import type { Sys } from '../../sys.ts'
import type { Vip } from '../config/types.ts'
import { log, logDetail } from '../log.ts'
import { runScript } from '../script.ts'
import type { KeepalivedState } from '../state.ts'
import { skewNs } from './validate.ts'
import type { Group, Instance, State, VrrpState } from './types.ts'

/** What an instance does to the world: adverts, addresses, routes, gratuitous ARP, scripts. */

export interface Vrrp {
  sys: Sys
  state: KeepalivedState
  own: VrrpState
}

const INTERNET_CONTROL = 0xc0
const NO_MAC = 0 as Mac

/** Three intervals and the skew time, after which a backup takes over. */
export function masterDownNs(instance: Instance): number {
  const { version, downAdverts } = instance.spec
  return downAdverts * instance.masterAdvertNs + skewNs(version, instance.priority, instance.masterAdvertNs)
}

/** Send an advertisement, to all peers or to the group. */
export function sendAdvert(vrrp: Vrrp, instance: Instance, priority: number): void {
  const { spec } = instance
  const message = {
    version: spec.version,
    vrid: spec.vrid,
    priority,
    intervalCs: Math.round(spec.advertNs / 10_000_000),
    addresses: spec.vips.map((vip) => vip.ip),
    authType: spec.authType,
    auth: spec.auth,
  }
  const unicast = spec.peers.length > 0
  for (const dst of unicast ? spec.peers : [vrrp.own.globals.mcastGroup]) {
    const payload = emitVrrp(message, instance.source, dst)
    const out = { dst, src: instance.source, ttl: VRRP_TTL, tos: INTERNET_CONTROL, payload }
    const sent = vrrp.sys.sendRaw(instance.sock, unicast ? out : { ...out, dev: spec.dev })
    if (!sent.ok && priority !== 0)
      log(vrrp.sys, vrrp.state, `(${spec.name}): send advert error (${sent.error})`)
  }
}

/** Set the timer that counts for an instance in its state (vrrp_init_instance_sands). */
export function armTimer(vrrp: Vrrp, instance: Instance): void {
  if (instance.state === 'MASTER') instance.deadlineNs = vrrp.sys.now + instance.spec.advertNs
  else if (instance.state === 'BACKUP') instance.deadlineNs = vrrp.sys.now + instance.downTimerNs
  else instance.deadlineNs = -1
  startTimer(vrrp, instance)
}

export function startTimer(vrrp: Vrrp, instance: Instance): void {
  instance.timer = ++vrrp.own.generation
  if (instance.deadlineNs < 0) return
  const index = vrrp.own.instances.indexOf(instance)
  vrrp.sys.sleep(`vrrp ${index} ${instance.timer}`, instance.deadlineNs - vrrp.sys.now)
}

/** Addresses and routes on: what makes a host the master. An address that is there already is no error. */
export function setVips(vrrp: Vrrp, instance: Instance): void {
  const { spec } = instance
  const { sys, state } = vrrp
  for (const [kind, list] of [['', spec.vips] as const, ['E-', spec.excluded] as const]) {
    if (list.length === 0) continue
    logDetail(sys, state, `(${spec.name}) setting ${kind}VIPs.`)
    for (const { ip, prefix, dev, label, broadcast } of list) {
      sys.netlink({ op: 'addr.add', dev, ip, prefix, label: label || dev, broadcast })
    }
  }
  instance.vipSet = true
  if (spec.routes.length === 0) return
  logDetail(sys, state, `(${spec.name}) setting Virtual Routes`)
  for (const route of spec.routes) changeRoute(vrrp, 'route.add', route)
}

export function removeVips(vrrp: Vrrp, instance: Instance): void {
  const { spec } = instance
  const { sys, state } = vrrp
  if (spec.routes.length > 0 && instance.vipSet) {
    logDetail(sys, state, `(${spec.name}) removing Virtual Routes`)
    for (const route of spec.routes) changeRoute(vrrp, 'route.del', route)
  }
  for (const [kind, list] of [['', spec.vips] as const, ['E-', spec.excluded] as const]) {
    if (list.length === 0) continue
    logDetail(sys, state, `(${spec.name}) removing ${kind}VIPs.`)
    for (const { ip, prefix, dev } of list) sys.netlink({ op: 'addr.del', dev, ip, prefix })
  }
  instance.vipSet = false
}

function changeRoute(
  vrrp: Vrrp,
  op: 'route.add' | 'route.del',
  route: Instance['spec']['routes'][number],
): void {
  const { dst, prefix, via, dev, src, metric } = route
  const type = 'unicast' as const
  vrrp.sys.netlink({
    op,
    dst,
    prefix,
    type,
    proto: 'keepalived',
    metric,
    prefsrc: src,
    nexthops: [{ gateway: via, dev, weight: 1, onlink: false }],
  })
}

/** Tell everybody where the addresses are now, `rep` times each. */
export function sendGarps(vrrp: Vrrp, instance: Instance, rep: number): void {
  if (!instance.vipSet) return
  const all: Vip[] = [...instance.spec.vips, ...instance.spec.excluded]
  for (let i = 0; i < rep; i++) {
    for (const { ip, dev } of all) {
      if (i === 0) {
        const what = `Sending/queueing gratuitous ARPs on ${dev} for ${formatIp4(ip)}`
        logDetail(vrrp.sys, vrrp.state, `(${instance.spec.name}) ${what}`)
      }
      logDetail(vrrp.sys, vrrp.state, `Sending gratuitous ARP on ${dev} for ${formatIp4(ip)}`)
      vrrp.sys.arpSend(dev, ip, ip, NO_MAC)
    }
  }
}

/** Scripts of a change of state, and the note of it (vrrp_notify.c). */
export function notifyInstance(vrrp: Vrrp, instance: Instance, what: State | 'STOP' = instance.state): void {
  const { notify, name } = instance.spec
  runFor(vrrp, notify, what)
  if (notify.any !== '') {
    runScript(vrrp.sys, vrrp.state, `${notify.any} INSTANCE ${name} ${what} ${instance.priority}`)
  }
}

export function notifyGroup(vrrp: Vrrp, group: Group): void {
  runFor(vrrp, group.notify, group.state)
  if (group.notify.any === '') return
  runScript(vrrp.sys, vrrp.state, `${group.notify.any} GROUP ${group.name} ${group.state} 0`)
}

function runFor(vrrp: Vrrp, notify: Instance['spec']['notify'], what: State | 'STOP'): void {
  const lines = {
    MASTER: notify.master,
    BACKUP: notify.backup,
    FAULT: notify.fault,
    STOP: notify.stop,
    INIT: '',
  }
  runScript(vrrp.sys, vrrp.state, lines[what])
}

export function noteState(vrrp: Vrrp, instance: Instance, from: State, why: VrrpWhy): void {
  const { name, vrid, dev } = instance.spec
  if (from === instance.state) return
  vrrp.sys.note({
    kind: 'vrrp',
    instance: name,
    vrid,
    dev,
    from,
    to: instance.state,
    priority: instance.priority,
    why,
  })
}
