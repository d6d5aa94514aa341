import { broadcastOf, formatCidr, inPrefix, networkOf } from '../../../base/cidr.ts'
import { formatIp4, type Ip4 } from '../../../base/ids.ts'
import { bad, ok, type Result } from '../../../base/result.ts'
import type { Dev, IfAddr } from '../../../kernel/host.ts'
import type { Io } from '../../sys.ts'
import {
  badAddress,
  badPrefix,
  findKeyword,
  garbage,
  noDevice,
  notModelled,
  parsePrefix,
  parseShortIp4,
  type Prefix,
  readWords,
  type Refusal,
  refuse,
  rtnetlink,
  tell,
} from '../words.ts'
import { briefHead, headLine, linkLines, selectDevs, statLines } from './link.ts'
import { ADDRESS_USAGE, type IpOptions } from './options.ts'

const VERBS = ['add', 'change', 'replace', 'delete', 'show', 'list', 'lst', 'flush', 'save', 'help'] as const

/** `ip address`: show, add, del, flush. Peer addresses, lifetimes and scopes of one's own are not modelled. */
export function ipAddress(args: readonly string[], options: IpOptions, io: Io): number {
  const [word = 'show', ...rest] = args
  const verb = findKeyword(word, VERBS)
  switch (verb) {
    case 'show':
    case 'list':
    case 'lst':
      return show(rest, options, io)
    case 'add':
      return change(rest, io, add)
    case 'delete':
      return change(rest, io, del)
    case 'flush':
      return flush(rest, io)
    case 'help':
      return tell(io, refuse(ADDRESS_USAGE, 255))
    case undefined:
      return tell(io, refuse(`Command "${word}" is unknown, try "ip address help".`, 255))
    default:
      return tell(io, notModelled(`\`ip address ${verb}'`))
  }
}

function show(args: readonly string[], options: IpOptions, io: Io): number {
  const want: { dev?: string; up: boolean; label?: string; to?: Prefix; scope?: string } = { up: false }
  const refusal = readWords(args, {
    values: {
      dev: (value) => void (want.dev = value),
      label: (value) => void (want.label = value),
      to: (value) => {
        const to = parsePrefix(value)
        return to ? void (want.to = to) : badPrefix(value)
      },
      scope: (value) => void (want.scope = value),
    },
    flags: { up: () => void (want.up = true) },
    other: (word) => (want.dev === undefined ? void (want.dev = word) : garbage('dev', word)),
  })
  if (refusal) return tell(io, refusal)
  const devs = selectDevs(io, want.dev)
  if (!devs) return tell(io, refuse(`Device "${want.dev ?? ''}" does not exist.`, 1))
  const { to, label, scope } = want
  const isWanted = (a: IfAddr): boolean =>
    (label === undefined || a.label === label) &&
    (scope === undefined || a.scope === scope) &&
    (to === undefined || (a.prefix >= to.prefix && inPrefix(a.ip, to.ip, to.prefix)))
  const onlyWithAddress = label !== undefined || scope !== undefined || to !== undefined || options.inetOnly
  for (const dev of devs) {
    const addrs = dev.addrs.filter(isWanted)
    if ((want.up && !dev.up) || (onlyWithAddress && addrs.length === 0)) continue
    if (options.oneline) for (const a of addrs) io.out(`${dev.index}: ${dev.name}${addressLines(dev, a)}`)
    else if (options.brief) io.out(`${briefHead(dev)}${addrs.map((a) => `${formatCidr(a)} `).join('')}\n`)
    else {
      io.out(options.inetOnly ? headLine(dev, '') : linkLines(dev, ''))
      for (const a of addrs) io.out(addressLines(dev, a))
      if (options.stats) io.out(statLines(dev))
    }
  }
  return 0
}

function addressLines(dev: Dev, a: IfAddr): string {
  const broadcast = a.broadcast === 0 ? '' : ` brd ${formatIp4(a.broadcast)}`
  const secondary = isSecondary(dev, a) ? ' secondary' : ''
  return `    inet ${formatCidr(a)}${broadcast} scope ${a.scope}${secondary} ${a.label}\n       valid_lft forever preferred_lft forever\n`
}

/** An address whose subnet an earlier address of the interface already opened (IFA_F_SECONDARY). */
function isSecondary(dev: Dev, a: IfAddr): boolean {
  const earlier = dev.addrs.slice(0, dev.addrs.indexOf(a))
  return earlier.some((b) => b.prefix === a.prefix && networkOf(b.ip, b.prefix) === networkOf(a.ip, a.prefix))
}

interface Wanted {
  dev: string
  local: Prefix
  label: string
  broadcast: Ip4
}

function change(args: readonly string[], io: Io, act: (wanted: Wanted, io: Io) => number): number {
  const wanted = readAddress(args)
  if (!wanted.ok) return tell(io, wanted.error)
  if (!Object.hasOwn(io.sys.host().devs, wanted.value.dev)) return tell(io, noDevice(wanted.value.dev))
  return act(wanted.value, io)
}

function readAddress(args: readonly string[]): Result<Wanted, Refusal> {
  let dev: string | undefined
  let local: Prefix | undefined
  let label: string | undefined
  let broadcast: Ip4 | '+' | undefined
  const readBroadcast = (value: string): Refusal | undefined => {
    if (value === '-') return void (broadcast = undefined)
    if (value === '+') return void (broadcast = '+')
    const ip = parseShortIp4(value)
    return ip === undefined ? badAddress(value) : void (broadcast = ip)
  }
  const readLocal = (value: string): Refusal | undefined => {
    if (local) return garbage('local', value)
    local = parsePrefix(value)
    return local ? undefined : badPrefix(value)
  }
  const refusal = readWords(args, {
    values: {
      dev: (value) => void (dev = value),
      label: (value) => void (label = value),
      broadcast: readBroadcast,
      brd: readBroadcast,
      local: readLocal,
      peer: () => notModelled("`ip address add peer'"),
      scope: () => notModelled("`ip address add scope'"),
      metric: () => notModelled("`ip address add metric'"),
      valid_lft: () => notModelled("`ip address add valid_lft'"),
      preferred_lft: () => notModelled("`ip address add preferred_lft'"),
    },
    other: readLocal,
  })
  if (refusal) return bad(refusal)
  if (dev === undefined) return bad(refuse('Not enough information: "dev" argument is required.', 1))
  if (!local) return bad(refuse('RTNETLINK answers: Operation not supported', 2))
  const own = local.prefix < 31 ? broadcastOf(local.ip, local.prefix) : (0 as Ip4)
  const brd = broadcast === '+' ? own : (broadcast ?? (0 as Ip4))
  return ok({ dev, local, label: label ?? dev, broadcast: brd })
}

function add({ dev, local, label, broadcast }: Wanted, io: Io): number {
  const done = io.sys.apply({ op: 'addr.add', dev, ip: local.ip, prefix: local.prefix, label, broadcast })
  return done.ok ? 0 : tell(io, rtnetlink(done.error))
}

function del({ dev, local }: Wanted, io: Io): number {
  let prefix = local.prefix
  if (!local.explicit) {
    const ip = formatIp4(local.ip)
    io.err(
      'Warning: Executing wildcard deletion to stay compatible with old scripts.\n' +
        `         Explicitly specify the prefix length (${ip}/32) to avoid this warning.\n` +
        '         This special behaviour is likely to disappear in further releases,\n' +
        '         fix your scripts!\n',
    )
    prefix = io.sys.host().devs[dev]?.addrs.find((a) => a.ip === local.ip)?.prefix ?? prefix
  }
  const done = io.sys.apply({ op: 'addr.del', dev, ip: local.ip, prefix })
  return done.ok ? 0 : tell(io, rtnetlink(done.error))
}

function flush(args: readonly string[], io: Io): number {
  if (args.length === 0) return tell(io, refuse('Flush requires arguments.', 1))
  let dev: string | undefined
  const refusal = readWords(args, {
    values: { dev: (value) => void (dev = value) },
    other: (word) => (dev === undefined ? void (dev = word) : notModelled(`\`ip address flush ${word}'`)),
  })
  if (refusal) return tell(io, refusal)
  const devs = selectDevs(io, dev)
  if (dev === undefined || !devs) return tell(io, refuse(`Device "${dev ?? ''}" does not exist.`, 1))
  for (const d of devs) {
    for (const { ip, prefix } of [...d.addrs]) {
      // deleting a primary address takes its secondaries along, so some are gone when their turn comes
      if (!io.sys.host().devs[d.name]?.addrs.some((a) => a.ip === ip && a.prefix === prefix)) continue
      const done = io.sys.apply({ op: 'addr.del', dev: d.name, ip, prefix })
      if (!done.ok) return tell(io, rtnetlink(done.error))
    }
  }
  return 0
}
