import type { Ip4 } from '../../base/ids.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import type { Host } from '../host.ts'
import type { Errno, IpvsDestKey } from '../netlink.ts'
import { SCHEDULERS } from './schedulers/table.ts'
import type { IpvsDest, IpvsMode, IpvsService } from './types.ts'

/** Virtual services and their real servers (net/netfilter/ipvs/ip_vs_ctl.c). */

export function findService(host: Host, proto: number, vip: Ip4, port: number): IpvsService | undefined {
  for (const s of host.ipvs.services) if (s.proto === proto && s.vip === vip && s.port === port) return s
  return undefined
}

export function findDest(service: IpvsService, ip: Ip4, port: number): IpvsDest | undefined {
  return service.dests.find((d) => d.ip === ip && d.port === port)
}

export interface ServiceSpec {
  proto: number
  vip: Ip4
  port: number
  scheduler: string
}

export function addService(host: Host, spec: ServiceSpec): Result<void, Errno> {
  if (!(spec.scheduler in SCHEDULERS)) return bad('ENOENT')
  if (findService(host, spec.proto, spec.vip, spec.port)) return bad('EEXIST')
  const { proto, vip, port, scheduler } = spec
  host.ipvs.services.push({ proto, vip, port, scheduler, flags: [], dests: [], sched: {} })
  return ok(undefined)
}

export function editService(host: Host, spec: ServiceSpec): Result<void, Errno> {
  const service = findService(host, spec.proto, spec.vip, spec.port)
  if (!service) return bad('ESRCH')
  if (!(spec.scheduler in SCHEDULERS)) return bad('ENOENT')
  if (service.scheduler !== spec.scheduler) service.sched = {}
  service.scheduler = spec.scheduler
  return ok(undefined)
}

export function deleteService(host: Host, spec: Omit<ServiceSpec, 'scheduler'>): Result<void, Errno> {
  const service = findService(host, spec.proto, spec.vip, spec.port)
  if (!service) return bad('ESRCH')
  host.ipvs.services = host.ipvs.services.filter((s) => s !== service)
  return ok(undefined)
}

/** New real servers go to the front of the list, as the kernel's list_add does (golden B13). */
export function addDest(host: Host, key: IpvsDestKey, weight: number, mode: IpvsMode): Result<void, Errno> {
  const service = findService(host, key.proto, key.vip, key.port)
  if (!service) return bad('ESRCH')
  if (findDest(service, key.ip, key.dport)) return bad('EEXIST')
  service.dests.unshift({ ip: key.ip, port: key.dport, mode, weight, activeConns: 0, inactConns: 0 })
  // The position of rr is kept as an index into the list, which has just shifted.
  if (service.sched['at'] !== undefined) service.sched['at'] += 1
  return ok(undefined)
}

export function editDest(host: Host, key: IpvsDestKey, weight: number, mode: IpvsMode): Result<void, Errno> {
  const service = findService(host, key.proto, key.vip, key.port)
  if (!service) return bad('ESRCH')
  const dest = findDest(service, key.ip, key.dport)
  if (!dest) return bad('ENOENT')
  dest.weight = weight
  dest.mode = mode
  return ok(undefined)
}

export function deleteDest(host: Host, key: IpvsDestKey): Result<void, Errno> {
  const service = findService(host, key.proto, key.vip, key.port)
  if (!service) return bad('ESRCH')
  const at = service.dests.findIndex((d) => d.ip === key.ip && d.port === key.dport)
  if (at < 0) return bad('ENOENT')
  service.dests.splice(at, 1)
  const position = service.sched['at']
  if (position !== undefined && at <= position) service.sched['at'] = position - 1
  return ok(undefined)
}
