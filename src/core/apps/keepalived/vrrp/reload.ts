import { logDetail } from '../log.ts'
import { notifyInstance, removeVips, sendAdvert, sendGarps, type Vrrp } from './act.ts'
import type { Instance, VrrpState } from './types.ts'

/**
 * A new configuration over the old one (vrrp/vrrp.c clear_diff_vrrp, restore_vrrp_state): an instance of the same number on the same
 * interface keeps its state, whatever its priority is now; one that is gone leaves.
 */
export function takeOver(vrrp: Vrrp, old: VrrpState): void {
  const { own } = vrrp
  for (const was of old.instances) {
    const now = own.instances.find((other) => isSame(other, was))
    if (!now) {
      drop(vrrp, old, was)
      continue
    }
    if (was.state !== 'MASTER' && was.state !== 'BACKUP') continue
    now.state = was.state
    now.want = was.state
    now.masterIp = was.masterIp
    now.masterAdvertNs = was.state === 'MASTER' ? now.spec.advertNs : was.masterAdvertNs
    if (was.state !== 'MASTER') continue
    const keep = now.spec.vips.map((vip) => vip.ip)
    const gone = was.spec.vips.filter((vip) => !keep.includes(vip.ip))
    for (const { dev, ip, prefix } of gone) vrrp.sys.netlink({ op: 'addr.del', dev, ip, prefix })
    logDetail(vrrp.sys, vrrp.state, `(${now.spec.name}) setting VIPs.`)
    const there = was.spec.vips.map((vip) => vip.ip)
    const added = now.spec.vips.filter((vip) => !there.includes(vip.ip))
    for (const { dev, ip, prefix, label, broadcast } of added) {
      vrrp.sys.netlink({ op: 'addr.add', dev, ip, prefix, label: label || dev, broadcast })
    }
    now.vipSet = true
    if (added.length > 0) sendGarps(vrrp, now, now.spec.garp.rep)
  }
  for (const group of own.groups) {
    group.state = old.groups.find((was) => was.name === group.name)?.state ?? group.state
  }
  for (const script of own.scripts) {
    const was = old.scripts.find((other) => other.spec.name === script.spec.name)
    if (!was) continue
    script.result = was.result >= was.spec.rise ? script.spec.rise + script.spec.fall - 1 : 0
    script.fresh = was.fresh
    script.lastStatus = was.lastStatus
  }
}

function isSame(a: Instance, b: Instance): boolean {
  return a.spec.name === b.spec.name && a.spec.vrid === b.spec.vrid && a.spec.dev === b.spec.dev
}

function drop(vrrp: Vrrp, old: VrrpState, instance: Instance): void {
  if (instance.state !== 'MASTER') return
  instance.sock = vrrp.sys.openRaw(112, instance.spec.dev)
  sendAdvert({ ...vrrp, own: old }, instance, 0)
  removeVips(vrrp, instance)
  notifyInstance(vrrp, instance, 'FAULT')
  vrrp.sys.closeRaw(instance.sock)
}
