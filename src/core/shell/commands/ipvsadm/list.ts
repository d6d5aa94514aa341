import { formatIp4, type Ip4, type Nanos, SEC } from '../../../base/ids.ts'
import type { Host } from '../../../kernel/host.ts'
import type { IpvsConn, IpvsDest, IpvsMode, IpvsService } from '../../../kernel/ipvs/types.ts'
import { listConns } from '../../../kernel/ipvs/table.ts'
import { serviceName } from '../services.ts'
import type { ServiceKey } from './parse.ts'

/** Size of the kernel's connection table: 2^12 buckets unless the module is told otherwise (CONFIG_IP_VS_TAB_BITS). */
const VERSION = 'IP Virtual Server version 1.2.1 (size=4096)\n'
const HEAD =
  'Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n'
const FORWARD: Record<IpvsMode, string> = { dr: 'Route', nat: 'Masq', tun: 'Tunnel', fullnat: 'FullNat' }
const FLAG: Record<IpvsMode, string> = { dr: '-g', nat: '-m', tun: '-i', fullnat: '-b' }
const PROTO: Record<number, string> = { 6: 'TCP', 17: 'UDP' }

interface ListOptions {
  numeric: boolean
  sorted: boolean
  only?: ServiceKey
}

/** `ipvsadm -L`; undefined when the one service that is asked for is not there. */
export function serviceTable(host: Host, { numeric, sorted, only }: ListOptions): string | undefined {
  let services = host.ipvs.services
  if (only) {
    services = services.filter((s) => s.proto === only.proto && s.vip === only.vip && s.port === only.port)
    if (services.length === 0) return undefined
  }
  if (sorted) services = [...services].sort(byService)
  let text = (only ? '' : VERSION) + HEAD
  for (const service of services) {
    const flags = service.flags.map((flag) => ` ${flag}`).join('')
    text += `${PROTO[service.proto] ?? ''}  ${end(service.vip, service.port, numeric)} ${service.scheduler}${flags}\n`
    for (const dest of sorted ? [...service.dests].sort(byDest) : service.dests)
      text += destRow(dest, numeric)
  }
  return text
}

function byService(a: IpvsService, b: IpvsService): number {
  return a.proto - b.proto || a.vip - b.vip || a.port - b.port
}

function byDest(a: IpvsDest, b: IpvsDest): number {
  return a.ip - b.ip || a.port - b.port
}

function end(ip: Ip4, port: number, numeric: boolean): string {
  return `${formatIp4(ip)}:${numeric ? port : serviceName(port)}`
}

function destRow(dest: IpvsDest, numeric: boolean): string {
  const address = end(dest.ip, dest.port, numeric).padEnd(28)
  const active = String(dest.activeConns).padEnd(10)
  const inactive = String(dest.inactConns).padEnd(10)
  return `  -> ${address} ${FORWARD[dest.mode].padEnd(7)} ${String(dest.weight).padEnd(6)} ${active} ${inactive}\n`
}

/** `ipvsadm -Lc`. Listed in order of birth; the kernel lists them in the order of its hash. */
export function connectionTable(host: Host, now: Nanos, numeric: boolean): string {
  const rows = listConns(host.ipvs).map((conn) => {
    const client = end(conn.cip, conn.cport, numeric).padEnd(18)
    const virtual = end(conn.vip, conn.vport, numeric).padEnd(18)
    const state = conn.state.padEnd(11)
    return `${PROTO[conn.proto] ?? ''} ${clock(secondsLeft(conn, now)).padEnd(6)} ${state} ${client} ${virtual} ${end(conn.dip, conn.dport, numeric)}\n`
  })
  return `IPVS connection entries\npro expire state       source             virtual            destination\n${rows.join('')}`
}

function secondsLeft(conn: IpvsConn, now: Nanos): number {
  return Math.max(0, Math.floor((conn.expiresAt - now) / SEC))
}

function clock(seconds: number): string {
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
}

/** `ipvsadm -S`: lines that `ipvsadm -R` would take. */
export function saveLines(host: Host, numeric: boolean): string {
  let text = ''
  for (const service of [...host.ipvs.services].sort(byService)) {
    const key = `-t ${end(service.vip, service.port, numeric)}`
    text += `-A ${key} -s ${service.scheduler}\n`
    for (const dest of [...service.dests].sort(byDest)) {
      text += `-a ${key} -r ${end(dest.ip, dest.port, numeric)} ${FLAG[dest.mode]} -w ${dest.weight}\n`
    }
  }
  return text
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0')
}

/** /proc/net/ip_vs: addresses and ports in hexadecimal. */
export function procNetIpVs(host: Host): string {
  let text = `${VERSION}Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n`
  for (const service of host.ipvs.services) {
    text += `${PROTO[service.proto] ?? ''}  ${hex(service.vip, 8)}:${hex(service.port, 4)} ${service.scheduler}  \n`
    for (const dest of service.dests) {
      const forward = FORWARD[dest.mode].padEnd(7)
      const counts = `${String(dest.weight).padEnd(6)} ${String(dest.activeConns).padEnd(10)} ${String(dest.inactConns).padEnd(10)}`
      text += `  -> ${hex(dest.ip, 8)}:${hex(dest.port, 4)}      ${forward} ${counts}\n`
    }
  }
  return text
}

/** /proc/net/ip_vs_conn. */
export function procNetIpVsConn(host: Host, now: Nanos): string {
  let text = 'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n'
  for (const conn of listConns(host.ipvs)) {
    const ends = [
      [conn.cip, conn.cport],
      [conn.vip, conn.vport],
      [conn.dip, conn.dport],
    ].map(([ip = 0, port = 0]) => `${hex(ip, 8)} ${hex(port, 4)}`)
    text += `${PROTO[conn.proto] ?? ''} ${ends.join(' ')} ${conn.state.padEnd(11)} ${String(secondsLeft(conn, now)).padStart(7)}\n`
  }
  return text
}
