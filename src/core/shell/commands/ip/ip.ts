import type { Command, Io } from '../../sys.ts'
import { findKeyword, notModelled, refuse, tell } from '../words.ts'
import { ipAddress } from './address.ts'
import { ipLink } from './link.ts'
import { ipNeigh } from './neigh.ts'
import { IP_USAGE, type IpOptions } from './options.ts'
import { ipNexthop } from './nexthop.ts'
import { ipRoute } from './route.ts'
import { ipRule } from './rule.ts'
import { ipTunnel } from './tunnel.ts'

/** Objects in the order of iproute2's table: the first that begins with the word is meant. */
const OBJECTS = [
  'address',
  'addrlabel',
  'maddress',
  'route',
  'rule',
  'neighbor',
  'neighbour',
  'ntable',
  'link',
  'l2tp',
  'fou',
  'macsec',
  'tunnel',
  'tuntap',
  'token',
  'tcp_metrics',
  'tcpmetrics',
  'monitor',
  'xfrm',
  'mroute',
  'netns',
  'netconf',
  'vrf',
  'sr',
  'nexthop',
  'mptcp',
  'help',
] as const

/** iproute2 6.1: addresses, links, routes, rules, next hops, neighbours and tunnels. Options -4, -br, -s; -d, -o and -j are refused by name. */
export const ip: Command = {
  name: 'ip',
  summary: 'show and change addresses, links, routes and neighbours',
  run: (args, io) => {
    const options: IpOptions = { brief: false, stats: false, inetOnly: false }
    let at = 0
    for (; (args[at] ?? '').startsWith('-'); at++) {
      const word = (args[at] ?? '').replace(/^--/, '-')
      if (word === '-4') options.inetOnly = true
      else if (word.length > 2 && '-brief'.startsWith(word)) options.brief = true
      else if ('-statistics'.startsWith(word) || '-stats'.startsWith(word)) options.stats = true
      else if (word === '-V') return version(io)
      else if ('-color'.startsWith(word) || '-Numeric'.startsWith(word)) continue
      else if (word === '-6' || /^-(d|details|o|oneline|j|json|p|pretty|r|b|batch|n|f)$/.test(word)) {
        return tell(io, notModelled(`\`ip ${word}'`))
      } else return tell(io, refuse(`Option "${word}" is unknown, try "ip -help".`, 255))
    }
    const [name, ...rest] = args.slice(at)
    if (name === undefined) return tell(io, refuse(IP_USAGE, 255))
    const object = findKeyword(name, OBJECTS)
    switch (object) {
      case 'address':
        return ipAddress(rest, options, io)
      case 'link':
        return ipLink(rest, options, io)
      case 'route':
        return ipRoute(rest, options, io)
      case 'neighbor':
      case 'neighbour':
        return ipNeigh(rest, options, io)
      case 'rule':
        return ipRule(rest, io)
      case 'nexthop':
        return ipNexthop(rest, io)
      case 'tunnel':
        return ipTunnel(rest, io)
      case 'help':
        return tell(io, refuse(IP_USAGE, 255))
      case undefined:
        return tell(io, refuse(`Object "${name}" is unknown, try "ip help".`, 1))
      default:
        return tell(io, notModelled(`\`ip ${object}'`))
    }
  },
}

function version(io: Io): number {
  io.out('ip utility, iproute2-6.1.0, libbpf 1.1.2\n')
  return 0
}
