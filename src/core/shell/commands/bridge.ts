import { formatIp4, type Ip4 } from '../../base/ids.ts'
import type { Command } from '../sys.ts'
import { notModelled, refuse, tell } from './words.ts'

const USAGE = `Usage: bridge [ OPTIONS ] OBJECT { COMMAND | help }
       bridge [ -force ] -batch filename
where  OBJECT := { link | fdb | mdb | vlan | monitor }
       OPTIONS := { -V[ersion] | -s[tatistics] | -d[etails] |
                    -o[neline] | -t[imestamp] | -n[etns] name |
                    -c[ompressvlans] -color -p[retty] -j[son] }`

/**
 * bridge of iproute2. Hosts have no bridges: their forwarding table holds the multicast addresses their interfaces listen
 * to, and nothing else. The switches of a lab have no shell; what they learnt is seen on the stage.
 */
export const bridge: Command = {
  name: 'bridge',
  summary: 'forwarding table of bridges (hosts have none)',
  run: (args, io) => {
    const words = args.filter((arg) => !/^-(s|d|o|statistics|details|oneline|color|c)$/.test(arg))
    const [object, verb = 'show', ...rest] = words
    if (object === undefined) return tell(io, refuse(USAGE, 255))
    if (object === '-V') {
      io.out('bridge utility, 6.1.0\n')
      return 0
    }
    if (object.startsWith('-')) return tell(io, notModelled(`\`bridge ${object}'`))
    if (!['fdb', 'link', 'vlan', 'mdb'].includes(object)) {
      if (object === 'help') return tell(io, refuse(USAGE, 255))
      return tell(io, refuse(`Object "${object}" is unknown, try "bridge help".`, 255))
    }
    if (!['show', 'list', 'lst'].includes(verb)) return tell(io, notModelled(`\`bridge ${object} ${verb}'`))
    if (object === 'vlan') io.out('port              vlan-id  \n')
    if (object !== 'fdb') return 0
    const only = rest[0] === 'dev' ? rest[1] : undefined
    const { devs, groups } = io.sys.host()
    if (only !== undefined && !Object.hasOwn(devs, only))
      return tell(io, refuse(`Cannot find device "${only}"`, 1))
    for (const dev of Object.values(devs)) {
      if (dev.loopback || dev.tunnel || !dev.up || (only !== undefined && dev.name !== only)) continue
      const where = only === undefined ? ` dev ${dev.name}` : ''
      const joined = groups.filter((group) => group.dev === dev.name && group.socks.length > 0)
      for (const group of [...joined.map(({ ip }) => ip), 0xe0000001 as Ip4].reverse())
        io.out(`${groupMac(group)}${where} self permanent\n`)
    }
    return 0
  },
}

/** Ethernet address of a multicast group (RFC 1112 6.4). */
export function groupMac(ip: Ip4): string {
  const octets = formatIp4(ip).split('.').map(Number)
  const low = [(octets[1] ?? 0) & 0x7f, octets[2] ?? 0, octets[3] ?? 0]
  return `01:00:5e:${low.map((octet) => octet.toString(16).padStart(2, '0')).join(':')}`
}
