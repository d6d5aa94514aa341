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
  const key = sysctlKey(path)
  const value = key === undefined ? undefined : getSysctl(host, key)
  return value === undefined ? undefined : `${value}\n`
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
  return FOLDERS.has(path) || Object.keys(io.sys.host().files).some((name) => name.startsWith(folder))
}

/** Folders every machine has. */
const FOLDERS = new Set(
  '/ /root /etc /tmp /var /var/log /usr /usr/sbin /usr/bin /proc /proc/sys /home /run /etc/nginx /etc/frr /etc/keepalived'.split(
    ' ',
  ),
)
