import { formatIp4, type HostId, type Ip4 } from '../../core/base/ids.ts'
import type { HostView } from '../../engine/engine.ts'

/** How IPVS hands packets on, in the order in which they are taught. */
export const LVS_MODES = ['dr', 'nat', 'fullnat', 'tun'] as const
export type LvsMode = (typeof LVS_MODES)[number]

export type Views = Readonly<Record<HostId, HostView>>

/** A command line and the host it is typed on. */
export interface HostLine {
  host: HostId
  line: string
}

/** What one host is asked to become: as it is, as it was booted, and from which mode to which. */
export interface Change {
  now: HostView
  home: HostView | undefined
  from: LvsMode | undefined
  to: LvsMode
  /** The mode that the lab was booted in: its settings are right for it, whatever they are. */
  homeMode: LvsMode | undefined
  all: Views
}

/** The mode of all real servers of all load balancers; undefined when there is none, or they differ. */
export function modeOf(views: Views): LvsMode | undefined {
  const modes = new Set(destsOf(views).map(({ dest }) => dest.mode))
  const [mode] = modes
  return modes.size === 1 ? mode : undefined
}

type Service = HostView['ipvs']['services'][number]
interface Placed {
  director: HostView
  service: Service
  dest: Service['dests'][number]
}

/** Every real server of every service of every load balancer. */
export function destsOf(views: Views): Placed[] {
  return Object.values(views).flatMap((director) =>
    director.ipvs.services.flatMap((service) => service.dests.map((dest) => ({ director, service, dest }))),
  )
}

/** Host that has an address on one of its interfaces to a LAN. */
export function ownerOf(views: Views, ip: Ip4): HostId | undefined {
  return Object.values(views).find((view) => lanAddresses(view).some((addr) => addr.ip === ip))?.host
}

export interface LanAddress {
  dev: string
  ip: Ip4
  prefix: number
}

/** Addresses on interfaces that have a MAC: neither lo nor a tunnel. */
export function lanAddresses(view: HostView): LanAddress[] {
  return view.devs.flatMap(({ name, mac, addrs }) =>
    mac === 0 ? [] : addrs.map(({ ip, prefix }) => ({ dev: name, ip, prefix })),
  )
}

/** The host's own address in the subnet of `ip`. */
export function facing(view: HostView, ip: Ip4): LanAddress | undefined {
  return lanAddresses(view).find((own) => sameNet(own.ip, ip, own.prefix))
}

function sameNet(a: Ip4, b: Ip4, prefix: number): boolean {
  const mask = prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0
  return ((a ^ b) & mask) === 0
}

/** A service as ipvsadm names it: `-t 172.16.253.100:8080`, `-u ...`, `-f 1`. */
export function serviceWords(service: Service): string {
  if (service.fwmark !== 0) return `-f ${service.fwmark}`
  return `${service.proto === 17 ? '-u' : '-t'} ${formatIp4(service.vip)}:${service.port}`
}

export const MODE_FLAGS: Record<LvsMode, string> = { dr: '-g', nat: '-m', fullnat: '-b', tun: '-i' }
