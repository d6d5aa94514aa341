import { formatIp4, type Ip4, type Nanos, SEC } from '../../../base/ids.ts'
import type { Host } from '../../../kernel/host.ts'
import { secondsLeft } from '../../../kernel/ipvs/conn.ts'
import { findService } from '../../../kernel/ipvs/service.ts'
import { readStats } from '../../../kernel/ipvs/stats.ts'
import { listConns } from '../../../kernel/ipvs/table.ts'
import type {
  IpvsConn,
  IpvsCounts,
  IpvsDest,
  IpvsMode,
  IpvsService,
  IpvsServiceKey,
} from '../../../kernel/ipvs/types.ts'
import { serviceName } from '../services.ts'

/** What ipvsadm prints (ipvsadm.c print_service_entry, print_conn), and the kernel's own /proc/net/ip_vs*. */

/** Size of the kernel's connection table: 2^12 buckets unless the module is told otherwise (CONFIG_IP_VS_TAB_BITS). */
const VERSION = 'IP Virtual Server version 1.2.1 (size=4096)\n'
const FORWARD: Record<IpvsMode, string> = { dr: 'Route', nat: 'Masq', tun: 'Tunnel', fullnat: 'FullNat' }
const FLAG: Record<IpvsMode, string> = { dr: '-g', nat: '-m', tun: '-i', fullnat: '-b' }
const PROTO: Record<number, string> = { 0: 'IP', 6: 'TCP', 17: 'UDP' }
/** Jiffies a second, in which the kernel counts persistence. */
const HZ = 250

export type Format = 'table' | 'stats' | 'rate' | 'thresholds' | 'persistent'

const HEAD: Record<Format, string> = {
  table:
    'Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n',
  stats:
    'Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n  -> RemoteAddress:Port\n',
  rate: 'Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS\n  -> RemoteAddress:Port\n',
  thresholds:
    'Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn \n  -> RemoteAddress:Port\n',
  persistent:
    'Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn \n  -> RemoteAddress:Port\n',
}

export interface ListOptions {
  numeric: boolean
  sorted: boolean
  format: Format
  exact: boolean
  now: Nanos
  only?: IpvsServiceKey
}

/** `ipvsadm -L`; undefined when the one service that is asked for is not there. */
export function serviceTable(host: Host, options: ListOptions): string | undefined {
  const { only, sorted, format } = options
  let { services } = host.ipvs
  if (only) {
    const service = findService(host, only)
    if (!service) return undefined
    services = [service]
  }
  if (sorted) services = [...services].sort(byService)
  let text = (only ? '' : VERSION) + HEAD[format]
  for (const service of services) {
    text += serviceRow(service, options)
    for (const dest of sorted ? [...service.dests].sort(byDest) : service.dests) {
      text += destRow(service, dest, options)
    }
  }
  return text
}

/** TCP, UDP, then firewall marks. */
function byService(a: IpvsService, b: IpvsService): number {
  if (a.fwmark !== 0 || b.fwmark !== 0) return a.fwmark - b.fwmark
  return a.proto - b.proto || a.vip - b.vip || a.port - b.port
}

function byDest(a: IpvsDest, b: IpvsDest): number {
  return a.ip - b.ip || a.port - b.port
}

function end(ip: Ip4, port: number, numeric: boolean): string {
  return `${formatIp4(ip)}:${numeric || port === 0 ? port : serviceName(port)}`
}

/** Ports of real servers under a mark have no protocol, and so no name. */
function destEnd(service: IpvsServiceKey, dest: IpvsDest, numeric: boolean): string {
  return end(dest.ip, dest.port, numeric || service.fwmark !== 0)
}

function serviceRow(service: IpvsService, { numeric, format, exact, now }: ListOptions): string {
  const name =
    service.fwmark !== 0
      ? `FWM  ${service.fwmark}`
      : `${PROTO[service.proto] ?? ''}  ${end(service.vip, service.port, numeric)}`
  if (format === 'stats' || format === 'rate') {
    const counts = readStats(service.stats, now)[format === 'stats' ? 'total' : 'rate']
    return `${name.padEnd(33)}${numbers(counts, exact)}\n`
  }
  let text = `${name} ${service.scheduler}`
  if (service.persistent > 0) {
    text += ` persistent ${service.persistent}`
    if (service.netmask !== 0xffffffff) text += ` mask ${formatIp4(service.netmask as Ip4)}`
  }
  const flags = schedFlags(service)
  if (flags !== '') text += ` (${flags})`
  if (service.flags.includes('ops')) text += ' ops'
  return `${text}\n`
}

function schedFlags(service: IpvsService): string {
  return service.flags.filter((flag) => flag !== 'ops').join(',')
}

function destRow(service: IpvsService, dest: IpvsDest, options: ListOptions): string {
  const { numeric, format, exact, now } = options
  const address = destEnd(service, dest, numeric).padEnd(28)
  const conns = `${wide(dest.activeConns, 10)} ${wide(dest.inactConns, 10)}`
  switch (format) {
    case 'stats':
      return `  -> ${address}${numbers(readStats(dest.stats, now).total, exact)}\n`
    case 'rate':
      return `  -> ${address}${numbers(readStats(dest.stats, now).rate, exact)}\n`
    case 'thresholds':
      return `  -> ${address} ${wide(dest.upper, 10)} ${wide(dest.lower, 10)} ${conns}\n`
    case 'persistent':
      return `  -> ${address} ${wide(dest.weight, 9)} ${wide(dest.persistConns, 11)} ${conns}\n`
    default:
      return `  -> ${address} ${FORWARD[dest.mode].padEnd(7)} ${wide(dest.weight, 6)} ${conns}\n`
  }
}

function wide(value: number, width: number): string {
  return String(value).padEnd(width)
}

function numbers(counts: IpvsCounts, exact: boolean): string {
  const { conns, inPkts, outPkts, inBytes, outBytes } = counts
  return [conns, inPkts, outPkts, inBytes, outBytes].map((n) => largeNumber(n, exact)).join('')
}

/** Nine characters, shortened by a unit from a hundred million on (print_largenum). */
function largeNumber(value: number, exact: boolean): string {
  if (exact || value < 1e8) return String(value).padStart(9)
  const units: readonly [least: number, unit: string, divisor: number][] = [
    [1e14, 'T', 1e12],
    [1e11, 'G', 1e9],
    [1e9, 'M', 1e6],
  ]
  const [, unit, divisor] = units.find(([least]) => value >= least) ?? [0, 'K', 1e3]
  return String(Math.floor(value / divisor)).padStart(8) + unit
}

/** `ipvsadm -Lc`. Listed in order of birth; the kernel lists them in the order of its hash. */
export function connectionTable(host: Host, now: Nanos, numeric: boolean): string {
  const rows = listConns(host.ipvs).map((conn) => {
    const client = end(conn.cip, conn.cport, numeric).padEnd(18)
    const virtual = end(conn.vip, conn.vport, numeric).padEnd(18)
    const server = end(conn.dip, conn.dport, numeric)
    const proto = (PROTO[conn.proto] ?? '').padEnd(3)
    return `${proto} ${clock(secondsLeft(conn, now)).padEnd(6)} ${conn.state.padEnd(11)} ${client} ${virtual} ${server}\n`
  })
  return `IPVS connection entries\npro expire state       source             virtual            destination\n${rows.join('')}`
}

function clock(seconds: number): string {
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
}

/** `ipvsadm -S`: lines that `ipvsadm -R` would take. FULLNAT's local addresses follow, in its own words. */
export function saveLines(host: Host, numeric: boolean): string {
  let text = ''
  for (const service of [...host.ipvs.services].sort(byService)) {
    const where = end(service.vip, service.port, numeric)
    const key =
      service.fwmark !== 0 ? `-f ${service.fwmark}` : `-${service.proto === 17 ? 'u' : 't'} ${where}`
    text += `-A ${key} -s ${service.scheduler}`
    if (service.persistent > 0) {
      text += ` -p ${service.persistent}`
      if (service.netmask !== 0xffffffff) text += ` -M ${formatIp4(service.netmask as Ip4)}`
    }
    const flags = schedFlags(service)
    if (flags !== '') text += ` -b ${flags}`
    text += `${service.flags.includes('ops') ? ' -o' : ''}\n`
    for (const lip of service.laddrs) text += `-P ${key} -z ${formatIp4(lip)}\n`
    for (const dest of [...service.dests].sort(byDest)) {
      const tunnel = dest.mode === 'tun' ? ' --tun-type ipip' : ''
      text += `-a ${key} -r ${destEnd(service, dest, numeric)} ${FLAG[dest.mode]} -w ${dest.weight}${tunnel}\n`
    }
  }
  return text
}

/** `ipvsadm -G` of FULLNAT's ipvsadm; conflicts do not occur here: a port that is taken is not tried again. */
export function localTable(host: Host, numeric: boolean, only?: IpvsServiceKey): string | undefined {
  const service = only && findService(host, only)
  if (only && !service) return undefined
  const row = (cells: (string | number)[]): string =>
    `${[20, 8, 20, 10].map((width, i) => String(cells[i] ?? '').padEnd(width)).join(' ')} ${cells[4] ?? ''}\n`
  const conns = listConns(host.ipvs)
  let text = row(['VIP:VPORT', 'TOTAL', 'SNAT_IP', 'CONFLICTS', 'CONNS'])
  for (const s of service ? [service] : host.ipvs.services.filter((x) => x.laddrs.length > 0)) {
    text += row([end(s.vip, s.port, numeric), s.laddrs.length])
    for (const lip of s.laddrs) {
      const isHere = (c: IpvsConn): boolean => c.lip === lip && c.vip === s.vip && c.vport === s.port
      text += row(['', '', formatIp4(lip), 0, conns.filter(isHere).length])
    }
  }
  return text
}

/** `ipvsadm -L --daemon`. */
export function daemonLines(host: Host): string {
  const of = (role: 'master' | 'backup'): string => {
    const daemon = host.ipvs[role]
    if (!daemon) return ''
    const group = 'maxlen=1472, group=224.0.0.81, port=8848, ttl=1'
    return `${role} sync daemon (mcast=${daemon.dev}, syncid=${daemon.id}, ${group})\n`
  }
  return of('master') + of('backup')
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0')
}

/** /proc/net/ip_vs: addresses and ports in hexadecimal. */
export function procNetIpVs(host: Host): string {
  let text = `${VERSION}Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n`
  for (const service of host.ipvs.services) {
    const { fwmark, proto, vip, port, scheduler } = service
    const ops = service.flags.includes('ops') ? 'ops ' : ''
    text +=
      fwmark !== 0
        ? `FWM  ${hex(fwmark, 8)} ${scheduler} ${ops}`
        : `${PROTO[proto] ?? ''}  ${hex(vip, 8)}:${hex(port, 4)} ${scheduler} ${ops} `
    if (service.persistent > 0) text += `persistent ${service.persistent * HZ} ${hex(service.netmask, 8)}`
    text += '\n'
    for (const dest of service.dests) {
      const forward = FORWARD[dest.mode].padEnd(7)
      const counts = `${wide(dest.weight, 6)} ${wide(dest.activeConns, 10)} ${wide(dest.inactConns, 10)}`
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
    const left = String(Math.floor(Math.max(0, conn.expiresAt - now) / SEC)).padStart(7)
    text += `${(PROTO[conn.proto] ?? '').padEnd(3)} ${ends.join(' ')} ${conn.state.padEnd(11)} ${left}\n`
  }
  return text
}
