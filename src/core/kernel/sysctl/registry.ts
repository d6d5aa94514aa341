import { MS } from '../../base/ids.ts'
import { nextBelow } from '../../base/prng.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import type { Host } from '../host.ts'
import type { Errno } from '../netlink.ts'

/** Largest value the kernel takes for keys that have a range (net/ipv4/sysctl_net_ipv4.c); least is 0. */
const RANGE: Record<string, readonly [number, number]> = {
  'net.ipv4.fib_multipath_hash_policy': [0, 3],
  'net.ipv4.fib_multipath_hash_fields': [1, 0xfff],
  'net.ipv4.fib_multipath_hash_seed': [0, 0xffffffff],
  'net.ipv4.fib_multipath_use_neigh': [0, 1],
  'net.ipv4.ip_default_ttl': [1, 255],
  'net.ipv4.tcp_syn_retries': [1, 127],
}

type Tree = Record<string, number>

/** Where a key lives: a numeric tree and the name in it. */
function place(host: Host, key: string): { tree: Tree; name: string } | undefined {
  const parts = key.split('.')
  if (parts[0] !== 'net' || parts[1] !== 'ipv4') return undefined
  if ((parts[2] === 'conf' || parts[2] === 'neigh') && parts.length >= 5) {
    // Interface names may hold dots; the last part is the variable.
    const name = parts[parts.length - 1] ?? ''
    const dev = parts.slice(3, -1).join('.')
    const trees: Record<string, object> = host.sysctl[parts[2]]
    const tree = Object.hasOwn(trees, dev) ? (trees[dev] as Tree) : undefined
    return tree && Object.hasOwn(tree, name) ? { tree, name } : undefined
  }
  if (parts[2] === 'vs' && parts.length === 4) return inTree(host.sysctl.vs, parts[3])
  return parts.length === 3 ? inTree(host.sysctl.ipv4, parts[2]) : undefined
}

function inTree(tree: Tree, name: string | undefined): { tree: Tree; name: string } | undefined {
  return name !== undefined && Object.hasOwn(tree, name) ? { tree, name } : undefined
}

/** Value of a dotted key as /proc/sys shows it; undefined = no such file. */
export function getSysctl(host: Host, key: string): string | undefined {
  const at = place(host, key)
  if (at) return String(at.tree[at.name])
  return Object.hasOwn(host.sysctl.other, key) ? host.sysctl.other[key] : undefined
}

/** Write a key. ENOENT: not modelled or not there; EINVAL: not a number, or out of the kernel's range. */
export function setSysctl(host: Host, key: string, value: string): Result<void, Errno> {
  const at = place(host, key)
  const text = value.trim()
  if (!at) {
    if (!Object.hasOwn(host.sysctl.other, key)) return bad('ENOENT')
    if (!/^-?\d+(\s+-?\d+)*$/.test(text)) return bad('EINVAL')
    host.sysctl.other[key] = text.split(/\s+/).join('\t')
    return ok(undefined)
  }
  if (!/^-?(0x[0-9a-f]+|\d+)$/i.test(text)) return bad('EINVAL')
  const number = Number(text)
  const [least, most] = RANGE[key] ?? [-0x80000000, 0x7fffffff]
  if (number < least || number > most) return bad('EINVAL')
  at.tree[at.name] = number
  afterWrite(host, key, number)
  return ok(undefined)
}

/** ip_forward and conf.all.forwarding are one switch that sets every interface (inet_forward_change). */
function afterWrite(host: Host, key: string, value: number): void {
  const { conf, ipv4 } = host.sysctl
  const all = conf['all']
  if (!all) return
  if (key === 'net.ipv4.ip_forward' || key === 'net.ipv4.conf.all.forwarding') {
    const on = value ? 1 : 0
    ipv4['ip_forward'] = value
    all.forwarding = value
    all.accept_redirects = on ? 0 : 1
    for (const [dev, vars] of Object.entries(conf)) if (dev !== 'all') vars.forwarding = value
    host.routeGen++
  } else if (/^net\.ipv4\.neigh\..+\.base_reachable_time_ms$/.test(key)) {
    // neigh_proc_base_reachable_time draws the time in effect anew at once
    const dev = host.devs[key.split('.').slice(3, -1).join('.')]
    if (dev) dev.reachableNs = (Math.floor(value / 2) + (value > 0 ? nextBelow(host.rng, value) : 0)) * MS
  } else if (value === 0 && /\.(accept_local|route_localnet)$/.test(key)) {
    // rt_cache_flush; hash policy and seed do not flush: a connection keeps the route it has.
    host.routeGen++
  }
}

/** Every modelled key with its value, sorted as `sysctl -a` does. */
export function listSysctl(host: Host): [key: string, value: string][] {
  const rows: [string, string][] = Object.entries(host.sysctl.other)
  const add = (prefix: string, tree: object): void => {
    for (const [name, value] of Object.entries(tree)) rows.push([`${prefix}.${name}`, String(value)])
  }
  add('net.ipv4', host.sysctl.ipv4)
  add('net.ipv4.vs', host.sysctl.vs)
  for (const [dev, vars] of Object.entries(host.sysctl.conf)) add(`net.ipv4.conf.${dev}`, vars)
  for (const [dev, vars] of Object.entries(host.sysctl.neigh)) add(`net.ipv4.neigh.${dev}`, vars)
  return rows.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}
