import type { Ip4, Nanos } from '../../base/ids.ts'
import { SEC } from '../../base/ids.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import type { Host } from '../host.ts'
import type { Errno } from '../netlink.ts'
import { addressType } from '../route/fib.ts'
import type { Change } from './schedulers/scheduler.ts'
import { SCHEDULERS } from './schedulers/table.ts'
import { findDest, findService, isSameService } from './service.ts'
import { createStats, zeroStats } from './stats.ts'
import type { IpvsDest, IpvsMode, IpvsService, IpvsServiceKey } from './types.ts'

/** Changing virtual services and real servers (net/netfilter/ipvs/ip_vs_ctl.c). */

/** Removed real servers are kept so long without connections, and come back with what they had (dest_trash). */
const TRASH: Nanos = 120 * SEC

export interface ServiceSpec extends IpvsServiceKey {
  scheduler: string
  flags: string[]
  persistent: number
  netmask: number
}

export interface DestSpec {
  ip: Ip4
  port: number
  weight: number
  mode: IpvsMode
  upper: number
  lower: number
}

/** ENOENT: no such scheduler. EEXIST: there already. */
export function addService(host: Host, spec: ServiceSpec, now: Nanos): Result<void, Errno> {
  if (!Object.hasOwn(SCHEDULERS, spec.scheduler)) return bad('ENOENT')
  if (findService(host, spec)) return bad('EEXIST')
  const { proto, vip, port, fwmark, scheduler, flags, persistent, netmask } = spec
  const service: IpvsService = {
    proto,
    vip,
    port,
    fwmark,
    scheduler,
    flags,
    persistent,
    netmask,
    dests: [],
    sched: {},
    table: [],
    cache: {},
    laddrs: [],
    nextLaddr: 0,
    stats: createStats(now),
  }
  changed(service, { what: 'init' })
  host.ipvs.services.push(service)
  host.ipvs.enabled = true
  return ok(undefined)
}

function changed(service: IpvsService, how: Change): void {
  SCHEDULERS[service.scheduler]?.changed?.(service, how)
}

/** ESRCH: no such service. */
export function editService(host: Host, spec: ServiceSpec): Result<void, Errno> {
  const service = findService(host, spec)
  if (!service) return bad('ESRCH')
  if (!Object.hasOwn(SCHEDULERS, spec.scheduler)) return bad('ENOENT')
  const other = service.scheduler !== spec.scheduler
  service.scheduler = spec.scheduler
  service.flags = spec.flags
  service.persistent = spec.persistent
  service.netmask = spec.netmask
  if (other) {
    service.sched = {}
    service.table = []
    service.cache = {}
    changed(service, { what: 'init' })
  }
  return ok(undefined)
}

/** ESRCH: no such service. With the last one IPVS lets go of its hooks: connections that exist are not seen any more. */
export function deleteService(host: Host, key: IpvsServiceKey, now: Nanos): Result<void, Errno> {
  const service = findService(host, key)
  if (!service) return bad('ESRCH')
  for (const dest of service.dests) trash(host, service, dest, now)
  host.ipvs.services = host.ipvs.services.filter((s) => s !== service)
  host.ipvs.enabled = host.ipvs.services.length > 0
  orphan(host, service)
  return ok(undefined)
}

/** All services (`ipvsadm -C`); connections stay, but have no real server any more. */
export function flushServices(host: Host, now: Nanos): void {
  for (const service of host.ipvs.services) for (const dest of service.dests) trash(host, service, dest, now)
  const { services } = host.ipvs
  host.ipvs.services = []
  host.ipvs.enabled = false
  for (const service of services) orphan(host, service)
}

function orphan(host: Host, service: IpvsService): void {
  host.ipvs.trash = host.ipvs.trash.map((t) => (isSameService(t.key, service) ? { ...t, orphan: true } : t))
}

function trash(host: Host, { proto, vip, port, fwmark }: IpvsService, dest: IpvsDest, now: Nanos): void {
  host.ipvs.trash = host.ipvs.trash.filter((gone) => isHeld(gone.dest) || now - gone.sinceNs < TRASH)
  host.ipvs.trash.push({ key: { proto, vip, port, fwmark }, dest, sinceNs: now })
}

function isHeld(dest: IpvsDest): boolean {
  return dest.activeConns + dest.inactConns + dest.persistConns > 0
}

/** New real servers go to the front of the list, as the kernel's list_add does (golden B13). */
export function addDest(host: Host, key: IpvsServiceKey, spec: DestSpec, now: Nanos): Result<void, Errno> {
  const service = findService(host, key)
  if (!service) return bad('ESRCH')
  if (spec.lower > spec.upper) return bad('ERANGE')
  if (findDest(service, spec.ip, spec.port)) return bad('EEXIST')
  const type = addressType(host, spec.ip)
  if (type !== 'local' && type !== 'unicast') return bad('EINVAL')
  const dest = takeFromTrash(host, service, spec, now) ?? newDest(host, spec, now)
  update(dest, spec, true)
  service.dests.unshift(dest)
  changed(service, { what: 'add' })
  return ok(undefined)
}

function newDest(host: Host, { ip, port, mode, weight }: DestSpec, now: Nanos): IpvsDest {
  return {
    id: host.ipvs.nextId++,
    ip,
    port,
    mode,
    weight,
    lastWeight: weight,
    upper: 0,
    lower: 0,
    overload: false,
    activeConns: 0,
    inactConns: 0,
    persistConns: 0,
    stats: createStats(now),
  }
}

function takeFromTrash(
  host: Host,
  service: IpvsService,
  { ip, port }: DestSpec,
  now: Nanos,
): IpvsDest | undefined {
  const isIt = (gone: Host['ipvs']['trash'][number]): boolean =>
    gone.dest.ip === ip && gone.dest.port === port && isSameService(gone.key, service)
  const gone = host.ipvs.trash.find((t) => isIt(t) && (isHeld(t.dest) || now - t.sinceNs < TRASH))
  if (!gone) return undefined
  host.ipvs.trash = host.ipvs.trash.filter((t) => t !== gone)
  if (gone.orphan) zeroStats(gone.dest.stats, now)
  return gone.dest
}

function update(dest: IpvsDest, spec: DestSpec, added: boolean): void {
  if (added || spec.weight !== 0) dest.lastWeight = spec.weight
  dest.weight = spec.weight
  dest.mode = spec.mode
  if (spec.upper === 0 || spec.upper > dest.upper) dest.overload = false
  dest.upper = spec.upper
  dest.lower = spec.lower
}

/** ESRCH: no such service. ENOENT: no such real server. Connections that exist keep their forwarding method. */
export function editDest(host: Host, key: IpvsServiceKey, spec: DestSpec): Result<void, Errno> {
  const service = findService(host, key)
  if (!service) return bad('ESRCH')
  if (spec.lower > spec.upper) return bad('ERANGE')
  const dest = findDest(service, spec.ip, spec.port)
  if (!dest) return bad('ENOENT')
  update(dest, spec, false)
  changed(service, { what: 'update' })
  return ok(undefined)
}

export function deleteDest(
  host: Host,
  key: IpvsServiceKey,
  ip: Ip4,
  port: number,
  now: Nanos,
): Result<void, Errno> {
  const service = findService(host, key)
  if (!service) return bad('ESRCH')
  const at = service.dests.findIndex((d) => d.ip === ip && d.port === port)
  const dest = service.dests[at]
  if (!dest) return bad('ENOENT')
  service.dests.splice(at, 1)
  trash(host, service, dest, now)
  changed(service, { what: 'delete', at })
  return ok(undefined)
}

/** A local address for FULLNAT (`ipvsadm -P`, `-Q`). */
export function editLocal(host: Host, key: IpvsServiceKey, lip: Ip4, add: boolean): Result<void, Errno> {
  const service = findService(host, key)
  if (!service) return bad('ESRCH')
  const known = service.laddrs.includes(lip)
  if (add) {
    if (known) return bad('EEXIST')
    if (addressType(host, lip) !== 'local') return bad('EADDRNOTAVAIL')
    service.laddrs.push(lip)
    // The switch of TCP option 254 comes with FULLNAT, which the mainline kernel does not have; off as there.
    host.sysctl.vs['toa_entry'] ??= 0
  } else {
    if (!known) return bad('ENOENT')
    service.laddrs = service.laddrs.filter((ip) => ip !== lip)
  }
  return ok(undefined)
}

/** `ipvsadm -Z`: of one service, or of all. */
export function zeroCounters(host: Host, key: IpvsServiceKey | undefined, now: Nanos): Result<void, Errno> {
  const service = key && findService(host, key)
  if (key && !service) return bad('ESRCH')
  for (const s of service ? [service] : host.ipvs.services) {
    for (const { stats } of [s, ...s.dests]) zeroStats(stats, now)
  }
  return ok(undefined)
}
