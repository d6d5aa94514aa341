import { maskOf, networkOf, prefixOfMask } from '../../base/cidr.ts'
import { formatIp4, type Ip4, parseIp4 } from '../../base/ids.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import type { Host } from '../../kernel/host.ts'
import type { RouteSpec } from '../../kernel/netlink.ts'
import { nextHopsOf } from '../../kernel/route/fib.ts'
import type { Route } from '../../kernel/route/types.ts'
import type { Command, Io } from '../sys.ts'
import { byKey, notModelled, type Refusal, refuse, strerror, tell } from './words.ts'

const ADD_USAGE = `Usage: inet_route [-vF] del {-host|-net} Target[/prefix] [gw Gw] [metric M] [[dev] If]
       inet_route [-vF] add {-host|-net} Target[/prefix] [gw Gw] [metric M]
                              [netmask N] [mss Mss] [window W] [irtt I]
                              [mod] [dyn] [reinstate] [[dev] If]
       inet_route [-vF] add {-host|-net} Target[/prefix] [metric M] reject
       inet_route [-FC] flush      NOT supported`
const USAGE = `Usage: route [-nNvee] [-FC] [<AF>]           List kernel routing tables
       route [-v] [-FC] {add|del|flush} ...  Modify routing table for AF.`

/**
 * net-tools 2.10. Listing knows no names, so `route` without -n differs only in the word `default`. A second route of the
 * same target and metric is refused as a duplicate; Linux would put it before the first.
 */
export const route: Command = {
  name: 'route',
  summary: 'show and change routes (the old tool)',
  run: (args, io) => {
    const options = args.filter((arg) => /^-[nveF4]+$/.test(arg))
    const words = args.filter((arg) => !options.includes(arg))
    const [verb, ...rest] = words
    if (verb === undefined) return show(io.sys.host(), options.join('').includes('n'), io)
    if (verb === 'add') return change('route.add', rest, io)
    if (verb === 'del' || verb === 'delete') return change('route.del', rest, io)
    if (verb === 'flush') return tell(io, refuse("Flushing `inet' routing table not supported", 4))
    return tell(io, refuse(USAGE, 3))
  },
}

function show(host: Host, numeric: boolean, io: Io): number {
  io.out('Kernel IP routing table\n')
  io.out('Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n')
  for (const entry of [...host.main].sort(byKey)) io.out(`${routeRow(host, entry, numeric)}\n`)
  return 0
}

/** Only the first member of a multipath route is shown: /proc/net/route has no room for more. */
function routeRow(host: Host, entry: Route, numeric: boolean): string {
  const hop = nextHopsOf(host, entry)[0]
  const rejects = entry.type === 'unreachable' || entry.type === 'prohibit'
  const target = !numeric && entry.prefix === 0 ? 'default' : formatIp4(entry.dst)
  const gateway = rejects ? '-' : formatIp4(hop?.gateway ?? (0 as Ip4))
  const flags = rejects ? '!' : `U${hop && hop.gateway !== 0 ? 'G' : ''}${entry.prefix === 32 ? 'H' : ''}`
  const mask = formatIp4(maskOf(entry.prefix) as Ip4)
  const ref = rejects ? '-' : '0'
  const dev = rejects ? '-' : (hop?.dev ?? '*')
  const columns = [target.padEnd(15), gateway.padEnd(15), mask.padEnd(15), flags.padEnd(5)]
  return `${columns.join(' ')} ${String(entry.metric).padEnd(6)} ${ref.padEnd(2)} ${'0'.padStart(7)} ${dev}`
}

function change(op: 'route.add' | 'route.del', args: readonly string[], io: Io): number {
  if (args.length === 0) {
    io.err(`${ADD_USAGE}\n`)
    return 0
  }
  const spec = readTarget(args, io.sys.host(), op === 'route.del')
  if (!spec.ok) return tell(io, spec.error)
  const done = io.sys.apply({ op, ...spec.value })
  if (done.ok) return 0
  const call = op === 'route.add' ? 'SIOCADDRT' : 'SIOCDELRT'
  return tell(io, refuse(`${call}: ${strerror(done.error)}`, 7))
}

interface Draft {
  host?: boolean
  ip?: Ip4
  prefix?: number
  mask?: Ip4
  gateway: Ip4
  metric: number
  dev: string
  reject: boolean
}

const LATER = ['mss', 'window', 'irtt', 'mod', 'dyn', 'reinstate']

function readTarget(args: readonly string[], host: Host, partial: boolean): Result<RouteSpec, Refusal> {
  const draft: Draft = { gateway: 0 as Ip4, metric: 0, dev: '', reject: false }
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    if (word === '-host') draft.host = true
    else if (word === '-net') draft.host = false
    else if (word === 'reject') draft.reject = true
    else if (LATER.includes(word)) return bad(notModelled(`\`route add ... ${word}'`))
    else if (draft.ip === undefined) {
      const refusal = readDestination(draft, word)
      if (refusal) return bad(refusal)
    } else if (['gw', 'gateway', 'netmask', 'metric', 'dev', 'device'].includes(word)) {
      const refusal = readValue(draft, word, args[++i])
      if (refusal) return bad(refusal)
    } else if (draft.dev === '') draft.dev = word
    else return bad(refuse(ADD_USAGE, 3))
  }
  return finish(draft, host, partial)
}

function unknownHost(word: string): Refusal {
  return refuse(`${word}: Unknown host`, 6)
}

function readDestination(draft: Draft, word: string): Refusal | undefined {
  if (word === 'default') {
    draft.ip = 0 as Ip4
    draft.prefix = 0
    return undefined
  }
  const [address = '', length] = word.split('/', 2)
  const ip = parseIp4(address)
  if (ip === undefined || (length !== undefined && !(/^\d{1,2}$/.test(length) && Number(length) <= 32))) {
    return unknownHost(word)
  }
  draft.ip = ip
  if (length !== undefined) draft.prefix = Number(length)
  return undefined
}

function readValue(draft: Draft, word: string, value: string | undefined): Refusal | undefined {
  if (value === undefined) return refuse(ADD_USAGE, 3)
  if (word === 'dev' || word === 'device') draft.dev = value
  else if (word === 'metric') {
    if (!/^\d{1,9}$/.test(value)) return refuse(ADD_USAGE, 3)
    draft.metric = Number(value)
  } else {
    const ip = parseIp4(value)
    if (ip === undefined)
      return word === 'netmask' ? refuse(`route: bogus netmask ${value}`, 3) : unknownHost(value)
    if (word === 'netmask') draft.mask = ip
    else draft.gateway = ip
  }
  return undefined
}

/** Without -net or a mask a target is a host; the ioctl takes an alias (`lo:0`) for its device and its address. */
function finish(draft: Draft, host: Host, partial: boolean): Result<RouteSpec, Refusal> {
  const { ip, mask, gateway, metric, reject } = draft
  if (ip === undefined) return bad(refuse(ADD_USAGE, 3))
  const prefix = draft.prefix ?? (mask === undefined ? defaultPrefix(draft) : prefixOfMask(mask))
  if (prefix === undefined) return bad(refuse(`route: bogus netmask ${formatIp4(mask ?? (0 as Ip4))}`, 3))
  if (networkOf(ip, prefix) !== ip) {
    // a mask taken from the address's class is the kernel's to refuse, a written one route's own
    if (mask === undefined && draft.prefix === undefined) return bad(refuse('SIOCADDRT: Invalid argument', 7))
    return bad(refuse(`route: netmask doesn't match route address\n${ADD_USAGE}`, 3))
  }
  const [dev = ''] = draft.dev.split(':', 1)
  const address = host.devs[dev]?.addrs.find((a) => a.label === draft.dev)
  const call = partial ? 'SIOCDELRT' : 'SIOCADDRT'
  const isAlias = dev !== draft.dev
  if (draft.dev !== '' && (!Object.hasOwn(host.devs, dev) || (isAlias && !address))) {
    return bad(refuse(`${call}: No such device`, 7))
  }
  const hop = { gateway, dev, weight: 1 }
  const given = gateway !== 0 || dev !== ''
  if (!given && !reject && !partial) return bad(refuse(`${call}: No such device`, 7))
  return ok({
    dst: ip,
    prefix,
    type: reject ? 'unreachable' : 'unicast',
    proto: 'boot',
    metric,
    prefsrc: isAlias && address ? address.ip : (0 as Ip4),
    nexthops: given && !reject ? [hop] : [],
    ...(reject && { scope: 'host' as const }),
  })
}

function defaultPrefix({ host, ip }: Draft): number {
  if (host !== false || ip === undefined) return 32
  const first = ip >>> 24
  return first < 128 ? 8 : first < 192 ? 16 : first < 224 ? 24 : 32
}
