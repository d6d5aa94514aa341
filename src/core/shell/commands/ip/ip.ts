import type { Command, Io } from '../../sys.ts'
import { findKeyword, notModelled, refuse, tell } from '../words.ts'
import { ipAddress } from './address.ts'
import { detailed } from './details.ts'
import { jsonOf, writeJson } from './json.ts'
import { ipLink } from './link.ts'
import { ipMaddress, ipNetconf } from './net-lists.ts'
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

/**
 * iproute2 6.1: addresses, links, routes, rules, next hops, neighbours and tunnels. Options -4, -br, -s, -d, -o, -j and -p;
 * the others are refused by name.
 */
export const ip: Command = {
  name: 'ip',
  summary: 'show and change addresses, links, routes and neighbours',
  run: (args, io) => {
    const options: IpOptions = { brief: false, stats: false, inetOnly: false, oneline: false }
    const form: Form = { details: false, json: false, pretty: false }
    let at = 0
    for (; (args[at] ?? '').startsWith('-'); at++) {
      const status = readOption((args[at] ?? '').replace(/^--/, '-'), options, form, io)
      if (status !== undefined) return status
    }
    const [name, ...rest] = args.slice(at)
    if (name === undefined) return tell(io, refuse(IP_USAGE, 255))
    const object = findKeyword(name, OBJECTS)
    if (object === undefined) return tell(io, refuse(`Object "${name}" is unknown, try "ip help".`, 1))
    if (object === 'help') return tell(io, refuse(IP_USAGE, 255))
    if (!form.details && !form.json && !options.oneline) return runObject(object, rest, options, io)
    return reshaped(object, rest, options, form, io)
  },
}

interface Form {
  details: boolean
  json: boolean
  pretty: boolean
}

/** The exit status, if the option ends the command. */
function readOption(word: string, options: IpOptions, form: Form, io: Io): number | undefined {
  if (word === '-4') options.inetOnly = true
  else if (word.length > 2 && '-brief'.startsWith(word)) options.brief = true
  else if (word.length > 1 && ('-statistics'.startsWith(word) || '-stats'.startsWith(word)))
    options.stats = true
  else if (word === '-V' || word === '-Version') return version(io)
  else if (word.length > 1 && '-oneline'.startsWith(word)) options.oneline = true
  else if (word.length > 1 && '-details'.startsWith(word)) form.details = true
  else if (word.length > 1 && '-json'.startsWith(word)) form.json = true
  else if (word.length > 1 && '-pretty'.startsWith(word)) form.pretty = true
  else if (word === '-t' || word === '-ts' || word === '-timestamp') return undefined
  else if (/^-c(o|ol|olor)?(=\w+)?$/.test(word) || (word.length > 1 && '-Numeric'.startsWith(word)))
    return undefined
  else if (/^-(6|r|resolve|b|batch|n|netns|f|family|h|human|iec|a|all|l|loops|B|M|0)$/.test(word))
    return tell(io, notModelled(`\`ip ${word}'`))
  else return tell(io, refuse(`Option "${word}" is unknown, try "ip -help".`, 255))
  return undefined
}

function runObject(
  object: (typeof OBJECTS)[number],
  rest: readonly string[],
  options: IpOptions,
  io: Io,
): number {
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
    case 'maddress':
      return ipMaddress(rest, io)
    case 'netconf':
      return ipNetconf(rest, io)
    default:
      return tell(io, notModelled(`\`ip ${object}'`))
  }
}

/** Other forms are made of the usual text. What changes something prints nothing, so nothing changes for it. */
function reshaped(
  object: (typeof OBJECTS)[number],
  rest: readonly string[],
  options: IpOptions,
  { details, json, pretty }: Form,
  io: Io,
): number {
  let text = ''
  const inner = { ...options, ...(json && { brief: false, oneline: false }) }
  const status = runObject(object, rest, inner, { ...io, out: (more) => void (text += more) })
  if (status !== 0) return status
  if (details && !options.brief) text = detailed(object, text)
  const [verb = 'show'] = rest
  const shows = findKeyword(verb, ['show', 'list', 'lst', 'get']) !== undefined
  if (json && shows) {
    const made = options.brief ? undefined : jsonOf(object, verb, text)
    if (!made) return tell(io, notModelled(`\`ip -j ${object}' in this form`))
    text = `${writeJson(made, pretty)}\n`
  } else if (options.oneline) text = text.replace(/\n(?=[ \t])/g, '\\')
  io.out(text)
  return 0
}

function version(io: Io): number {
  io.out('ip utility, iproute2-6.1.0, libbpf 1.1.2\n')
  return 0
}
