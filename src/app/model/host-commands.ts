import { formatIp4, type HostId, type Ip4 } from '../../core/base/ids.ts'
import type { HostView, LinkFaults } from '../../engine/engine.ts'
import { facing, type HostLine, lanAddresses, MODE_FLAGS, serviceWords, type Views } from './lvs-lab.ts'

type Service = HostView['ipvs']['services'][number]
type Dest = Service['dests'][number]

export function weightCommand(service: Service, dest: Dest, weight: number): string {
  const limits = dest.upper > 0 || dest.lower > 0 ? ` -x ${dest.upper} -y ${dest.lower}` : ''
  const real = `${formatIp4(dest.ip)}:${dest.port}`
  return `ipvsadm -e ${serviceWords(service)} -r ${real} ${MODE_FLAGS[dest.mode]} -w ${weight}${limits}`
}

/** `ipvsadm -E` sets all of a service anew: what it does not name is lost. */
export function schedulerCommand(service: Service, scheduler: string): string {
  const persistent = service.persistent > 0 ? ` -p ${service.persistent}` : ''
  return `ipvsadm -E ${serviceWords(service)} -s ${scheduler}${persistent}`
}

export function forwardCommand(value: number): string {
  return `sysctl -w net.ipv4.ip_forward=${value}`
}

export function rpFilterCommand(place: string, value: number): string {
  return `sysctl -w net.ipv4.conf.${place}.rp_filter=${value}`
}

export function firewallCommand(on: boolean): string {
  return `systemctl ${on ? 'start' : 'stop'} firewalld`
}

/** firewalld makes chains of its own in table filter. */
export function isFirewallOn(view: HostView): boolean {
  return view.chains.some(({ table, name }) => table === 'filter' && name === 'INPUT_ZONES')
}

/** Next hop of the default route; 0 = none, or not one alone. */
export function gatewayOf(view: HostView): Ip4 {
  const hops = view.routes.find(({ dst, prefix }) => dst === 0 && prefix === 0)?.nexthops ?? []
  return hops.length === 1 ? (hops[0]?.gateway ?? (0 as Ip4)) : (0 as Ip4)
}

export function gatewayCommand(gateway: Ip4): string {
  return gateway === 0 ? 'ip route del default' : `ip route replace default via ${formatIp4(gateway)}`
}

/** Who can be a host's gateway: routers and load balancers on one of its LANs, by their address there. */
export function gatewaysFor(view: HostView, views: Views): { host: HostId; ip: Ip4 }[] {
  return Object.values(views).flatMap((other) => {
    if (other.host === view.host || (other.role !== 'router' && other.role !== 'lb')) return []
    const near = lanAddresses(other).find(({ ip }) => facing(view, ip))
    return near ? [{ host: other.host, ip: near.ip }] : []
  })
}

export function mtuCommands(ports: readonly { host: HostId; dev: string }[], mtu: number): HostLine[] {
  return ports.map(({ host, dev }) => ({ host, line: `ip link set ${dev} mtu ${mtu}` }))
}

export const NO_FAULTS: LinkFaults = {
  lossPercent: 0,
  duplicatePercent: 0,
  corruptPercent: 0,
  reorderPercent: 0,
  delayNs: 0,
  jitterNs: 0,
}

/** Faults as a script has them: `loss 10% delay 5ms`; '' = none. */
export function faultWords(faults: LinkFaults): string {
  const percent = (name: string, value: number): string[] => (value > 0 ? [`${name} ${value}%`] : [])
  const time = (name: string, ns: number): string[] => (ns > 0 ? [`${name} ${timeText(ns)}`] : [])
  return [
    ...percent('loss', faults.lossPercent),
    ...percent('duplicate', faults.duplicatePercent),
    ...percent('corrupt', faults.corruptPercent),
    ...percent('reorder', faults.reorderPercent),
    ...time('delay', faults.delayNs),
    ...time('jitter', faults.jitterNs),
  ].join(' ')
}

/** In the largest unit that gives a whole number. */
export function timeText(ns: number): string {
  if (ns % 1e9 === 0) return `${ns / 1e9}s`
  return ns % 1e6 === 0 ? `${ns / 1e6}ms` : `${Math.round(ns / 1000)}us`
}
