import type { Bytes } from '../../../base/bytes.ts'
import { formatIp4, type Ip4, isMulticast } from '../../../base/ids.ts'
import { bad, ok, type Result } from '../../../base/result.ts'
import { type Ipv4, readIpv4 } from '../../../wire/ipv4.ts'
import {
  parseVrrp,
  VRRP,
  VRRP_AUTH_PASS,
  VRRP_TTL,
  type Vrrp as Advert,
  vrrpLength,
} from '../../../wire/vrrp.ts'
import { log, logDetail } from '../log.ts'
import { armTimer, masterDownNs, sendAdvert, sendGarps, type Vrrp } from './act.ts'
import { afterEvent, leaveMaster } from './machine.ts'
import type { Instance } from './types.ts'
import { skewNs } from './validate.ts'

/** An advertisement comes in (vrrp/vrrp.c vrrp_check_packet, vrrp_state_backup, vrrp_state_master_rx). */

const CENTI_NS = 10_000_000

/** A packet of protocol 112, from its IP header on. Instances in FAULT hear nothing. */
export function onPacket(vrrp: Vrrp, instance: Instance, bytes: Bytes): void {
  const from = instance.state
  if (from !== 'BACKUP' && from !== 'MASTER') return
  const ip = readIpv4(bytes, 0)
  const checked = checkPacket(instance, bytes, ip)
  if (!checked.ok) log(vrrp.sys, vrrp.state, `(${instance.spec.name}) ${checked.error}`)
  const advert = checked.ok ? checked.value : undefined
  if (from === 'BACKUP') hearAsBackup(vrrp, instance, ip.src, advert)
  else if (advert && hearAsMaster(vrrp, instance, ip.src, advert))
    leaveMaster(vrrp, instance, false, 'higher')
  if (instance.group !== '') afterEvent(vrrp, instance, from)
  // A master that has not answered keeps its timer.
  if (!(isMaster(instance) && instance.spec.lowerPrioNoAdvert)) armTimer(vrrp, instance)
}

function isMaster(instance: Instance): boolean {
  return instance.state === 'MASTER'
}

/** The error is why it does not count, for the log. The order is that of vrrp_check_packet. */
function checkPacket(instance: Instance, bytes: Bytes, ip: Ipv4): Result<Advert, string> {
  const { spec } = instance
  const at = ip.headerLength
  const version = (bytes[at] ?? 0) >>> 4
  const expected = at + vrrpLength(version, bytes[at + VRRP.count.at] ?? 0)
  if (bytes.length !== expected) {
    const what = bytes.length > expected ? 'long' : 'short'
    return bad(`vrrp packet too ${what}, length ${bytes.length} and expect ${expected}`)
  }
  const unicast = spec.peers.length > 0
  if (!unicast && ip.ttl !== VRRP_TTL) return bad(`invalid TTL/HL. Received ${ip.ttl} and expect ${VRRP_TTL}`)
  if (version !== spec.version) return bad(`wrong version. Received ${version} and expect ${spec.version}`)
  const parsed = parseVrrp(bytes, at, bytes.length, ip.src, ip.dst)
  const advert = parsed.ok ? parsed.value : undefined
  if (advert?.version === 2) {
    if (advert.authType !== spec.authType) {
      return bad(`received a ${advert.authType} auth, expecting ${spec.authType}!`)
    }
    if (spec.authType === VRRP_AUTH_PASS && advert.auth !== spec.auth)
      return bad('received an invalid passwd!')
    if (advert.intervalCs * CENTI_NS !== spec.advertNs) {
      const [mine, theirs] = [spec.advertNs / CENTI_NS / 100, advert.intervalCs / 100]
      return bad(`advertisement interval mismatch mine=${mine} sec rcv'd=${theirs} sec`)
    }
  }
  if (!advert) {
    if (!parsed.ok && parsed.error === 'vrrp.checksum') return bad(`Invalid VRRPv${version} checksum`)
    return bad(`Invalid packet type. ${(bytes[at] ?? 0) & 15} and expect 1`)
  }
  if (isMulticast(ip.dst) === unicast) {
    return bad(
      `Expected ${unicast ? 'un' : 'mult'}icast packet but received ${unicast ? 'mult' : 'un'}icast packet`,
    )
  }
  if (spec.skipCheckAdvAddr && ip.src === instance.masterIp) return ok(advert)
  if (advert.addresses.length !== spec.vips.length) {
    const [got, want] = [advert.addresses.length, spec.vips.length]
    return bad(`received an unexpected ip number count ${got}, expected ${want}!`)
  }
  const missing = spec.vips.find((vip) => !advert.addresses.includes(vip.ip))
  if (!missing) return ok(advert)
  const address = formatIp4(missing.ip)
  return bad(`ip address associated with VRID ${spec.vrid} not present in MASTER advert: ${address}`)
}

/**
 * As a backup: a master of priority not below one's own (or any, under nopreempt) starts the wait anew; another advert is
 * let by, and the time that is left runs on.
 */
function hearAsBackup(vrrp: Vrrp, instance: Instance, src: Ip4, advert: Advert | undefined): void {
  const { spec } = instance
  const { sys, state } = vrrp
  const delayed = spec.preemptDelayNs > 0 && (instance.preemptAtNs === 0 || instance.preemptAtNs > sys.now)
  const left = Math.max(0, instance.deadlineNs - sys.now)
  if (!advert) instance.downTimerNs = left
  else if (advert.priority === 0) {
    logDetail(sys, state, `(${spec.name}) Backup received priority 0 advertisement`)
    instance.downTimerNs = skewNs(spec.version, instance.priority, instance.masterAdvertNs)
  } else if (spec.nopreempt || advert.priority >= instance.priority || delayed) {
    learnInterval(vrrp, instance, advert)
    instance.downTimerNs = masterDownNs(instance)
    instance.masterIp = src
    if (spec.preemptDelayNs > 0) delayPreemption(vrrp, instance, advert.priority)
    instance.want = 'BACKUP'
  } else {
    const what = `received lower priority (${advert.priority}) advert from ${formatIp4(src)} - discarding`
    log(sys, state, `(${spec.name}) ${what}`)
    instance.masterIp = src
    instance.downTimerNs = left
  }
}

function delayPreemption(vrrp: Vrrp, instance: Instance, priority: number): void {
  const { name, preemptDelayNs } = instance.spec
  if (priority >= instance.priority) {
    if (instance.preemptAtNs !== 0) logDetail(vrrp.sys, vrrp.state, `(${name}) stop preempt delay`)
    instance.preemptAtNs = 0
  } else if (instance.preemptAtNs === 0) {
    const shown = (preemptDelayNs / 1e9).toFixed(6)
    logDetail(vrrp.sys, vrrp.state, `(${name}) start preempt delay (${shown})`)
    instance.preemptAtNs = vrrp.sys.now + preemptDelayNs
  }
}

/** Version 3: the master's interval is everybody's (RFC 5798 6.4.2). */
function learnInterval(vrrp: Vrrp, instance: Instance, advert: Advert): void {
  const heard = advert.intervalCs * CENTI_NS
  if (advert.version !== 3 || heard === instance.masterAdvertNs) return
  const [was, is] = [instance.masterAdvertNs / 1e6, heard / 1e6]
  const what = `advertisement interval updated from ${was}ms to ${is}ms by master`
  logDetail(vrrp.sys, vrrp.state, `(${instance.spec.name}) ${what}`)
  instance.masterAdvertNs = heard
}

/** As the master. True: the other one wins; between equal priorities the higher address does. */
function hearAsMaster(vrrp: Vrrp, instance: Instance, src: Ip4, advert: Advert): boolean {
  const { spec, priority } = instance
  const { sys, state } = vrrp
  const wins = advert.priority > priority || (advert.priority === priority && src > instance.source)
  if (advert.priority === 0) {
    sendAdvert(vrrp, instance, priority)
    logDetail(sys, state, `(${spec.name}) Master received priority 0 message`)
    return false
  }
  if (spec.higherPrioSendAdvert && wins) sendAdvert(vrrp, instance, priority)
  const from = `Master received advert from ${formatIp4(src)}`
  if (advert.priority === priority && src === instance.source) {
    const what = 'WARNING - equal priority advert received from remote host with our IP address.'
    log(sys, state, `(${spec.name}) ${what}`)
    return false
  }
  if (!wins) {
    const election = spec.lowerPrioNoAdvert ? '' : ', forcing new election'
    const ranks = `lower priority ${advert.priority}, ours ${priority}`
    log(sys, state, `(${spec.name}) Received advert from ${formatIp4(src)} with ${ranks}${election}`)
    if (!spec.lowerPrioNoAdvert) sendAdvert(vrrp, instance, priority)
    const { lowerPrioRep, lowerPrioDelayNs } = spec.garp
    if ((lowerPrioRep ?? 0) > 0) {
      sendGarps(vrrp, instance, lowerPrioRep ?? 0)
      if ((lowerPrioDelayNs ?? 0) > 0) sys.sleep(`garp-lower ${spec.name}`, lowerPrioDelayNs ?? 0)
    }
    return false
  }
  if (advert.priority > priority) {
    log(sys, state, `(${spec.name}) ${from} with higher priority ${advert.priority}, ours ${priority}`)
  } else {
    const what = `with same priority ${advert.priority} but higher IP address than ours`
    log(sys, state, `(${spec.name}) ${from} ${what}`)
  }
  learnInterval(vrrp, instance, advert)
  instance.downTimerNs = masterDownNs(instance)
  instance.want = 'BACKUP'
  return true
}
