import { formatIp4, type Ip4 } from '../../../base/ids.ts'
import type { Host } from '../../../kernel/host.ts'
import { getSysctl } from '../../../kernel/sysctl/registry.ts'
import type { Io } from '../../sys.ts'
import { groupMac } from '../bridge.ts'
import { garbage, noDevice, notModelled, readWords, tell } from '../words.ts'

/** Short lists of `ip`: groups that interfaces listen to, settings that netlink tells of. Both are there to be read only. */

function onlyDev(args: readonly string[], what: string, io: Io): { dev?: string } | number {
  const [verb = 'show', ...rest] = args
  if (!['show', 'list', 'lst'].includes(verb)) return tell(io, notModelled(`\`ip ${what} ${verb}'`))
  const want: { dev?: string } = {}
  const refusal = readWords(rest, {
    values: { dev: (value) => void (want.dev = value) },
    other: (word) => (want.dev === undefined ? void (want.dev = word) : garbage('dev', word)),
  })
  if (refusal) return tell(io, refusal)
  const names = [...Object.keys(io.sys.host().devs), 'all', 'default']
  if (want.dev !== undefined && !names.includes(want.dev)) return tell(io, noDevice(want.dev))
  return want
}

/** `ip maddress`: everybody listens to 224.0.0.1. */
export function ipMaddress(args: readonly string[], io: Io): number {
  const want = onlyDev(args, 'maddress', io)
  if (typeof want === 'number') return want
  for (const dev of Object.values(io.sys.host().devs)) {
    if (want.dev !== undefined && dev.name !== want.dev) continue
    io.out(`${dev.index}:\t${dev.name}\n`)
    if (!dev.up) continue
    const groups = groupsOf(io.sys.host(), dev.name)
    if (!dev.loopback && !dev.tunnel)
      for (const ip of [...groups].reverse()) io.out(`\tlink  ${groupMac(ip)}\n`)
    for (const ip of groups) io.out(`\tinet  ${formatIp4(ip)}\n`)
  }
  return 0
}

/** Newest first; what a socket has left is gone. */
function groupsOf(host: Host, dev: string): Ip4[] {
  const joined = host.groups.filter((group) => group.dev === dev && group.socks.length > 0)
  return [...joined.map(({ ip }) => ip), ALL_HOSTS]
}

const ALL_HOSTS = 0xe0000001 as Ip4

const RP_FILTER = ['off', 'strict', 'loose']

/** `ip netconf`: of each interface, then of all and default. */
export function ipNetconf(args: readonly string[], io: Io): number {
  const want = onlyDev(args, 'netconf', io)
  if (typeof want === 'number') return want
  const host = io.sys.host()
  const value = (dev: string, key: string): number =>
    Number(getSysctl(host, `net.ipv4.conf.${dev.replaceAll('.', '/')}.${key}`) ?? 0)
  const onOff = (n: number): string => (n === 0 ? 'off' : 'on')
  for (const dev of [...Object.keys(host.devs), 'all', 'default']) {
    if (want.dev !== undefined && dev !== want.dev) continue
    const words = [
      `inet ${dev} forwarding ${onOff(value(dev, 'forwarding'))}`,
      `rp_filter ${RP_FILTER[value(dev, 'rp_filter')] ?? 'unknown type'}`,
      'mc_forwarding off',
      `proxy_neigh ${onOff(value(dev, 'proxy_arp'))}`,
      `ignore_routes_with_linkdown ${onOff(value(dev, 'ignore_routes_with_linkdown'))} `,
    ]
    io.out(`${words.join(' ')}\n`)
  }
  return 0
}
