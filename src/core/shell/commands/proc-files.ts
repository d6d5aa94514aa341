import { formatMac } from '../../base/ids.ts'
import type { Host } from '../../kernel/host.ts'
import { getSysctl } from '../../kernel/sysctl/registry.ts'
import type { Io } from '../sys.ts'
import { procNetArp } from './arp.ts'
import { procNetIpVs, procNetIpVsConn } from './ipvsadm/list.ts'
import { strerror } from './words.ts'

/** Text of a file of the host, or of what /proc shows of it; undefined: there is none. */
export function readHostFile(path: string, io: Io): string | undefined {
  const host = io.sys.host()
  if (Object.hasOwn(host.files, path)) return host.files[path]
  if (path === '/proc/net/arp') return procNetArp(host)
  if (path === '/proc/net/ip_vs') return procNetIpVs(host)
  if (path === '/proc/net/ip_vs_conn') return procNetIpVsConn(host, io.sys.now())
  if (path === '/etc/hostname') return `${host.id}\n`
  if (path.startsWith(`${SYS_NET}/`)) return sysNetFile(host, path)
  const key = sysctlKey(path)
  const value = key === undefined ? undefined : getSysctl(host, key)
  return value === undefined ? undefined : `${value}\n`
}

export const SYS_NET = '/sys/class/net'
const SYS_FILES = ['address', 'carrier', 'ifindex', 'mtu', 'operstate']

/** What /sys shows of an interface, as far as it is modelled. */
function sysNetFile(host: Host, path: string): string | undefined {
  const [name = '', file = ''] = path.slice(SYS_NET.length + 1).split('/')
  const dev = Object.hasOwn(host.devs, name) ? host.devs[name] : undefined
  if (!dev) return undefined
  const state = dev.loopback || dev.tunnel ? 'unknown' : 'up'
  const values: Record<string, string | number> = {
    address: formatMac(dev.mac),
    carrier: dev.carrier ? 1 : 0,
    ifindex: dev.index,
    mtu: dev.mtu,
    operstate: dev.up && dev.carrier ? state : 'down',
  }
  return Object.hasOwn(values, file) ? `${values[file] ?? ''}\n` : undefined
}

/** Names in a folder below /sys/class/net; undefined: there is no such folder. */
export function sysNetNames(host: Host, path: string): string[] | undefined {
  if (path === SYS_NET) return Object.keys(host.devs).sort()
  return Object.hasOwn(host.devs, path.slice(SYS_NET.length + 1)) ? SYS_FILES : undefined
}

/** Write to a file of /proc/sys; what went wrong in the words of strerror(3). */
export function setSysctlByPath(path: string, value: string, io: Io): string | undefined {
  const key = sysctlKey(path)
  if (key === undefined) return strerror('ENOENT')
  const done = io.sys.apply({ op: 'sysctl', key, value })
  return done.ok ? undefined : strerror(done.error)
}

/** Names of interfaces may hold dots: sysctl(8) writes those as slashes. */
function sysctlKey(path: string): string | undefined {
  if (!path.startsWith('/proc/sys/')) return undefined
  const parts = path.slice('/proc/sys/'.length).split('/')
  return parts.map((part) => part.replaceAll('.', '/')).join('.')
}

/** Whether files of the host lie under it. */
export function isFolder(path: string, io: Io): boolean {
  const folder = path === '/' ? '/' : `${path}/`
  if (path.startsWith(SYS_NET)) return sysNetNames(io.sys.host(), path) !== undefined
  return FOLDERS.has(path) || Object.keys(io.sys.host().files).some((name) => name.startsWith(folder))
}

/** Folders every machine has. */
const FOLDERS = new Set(
  '/ /root /etc /tmp /var /var/log /usr /usr/sbin /usr/bin /proc /proc/sys /home /run /sys /sys/class /etc/nginx /etc/frr /etc/keepalived'.split(
    ' ',
  ),
)
