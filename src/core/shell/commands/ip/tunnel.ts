import { formatIp4, type Ip4 } from '../../../base/ids.ts'
import { bad, ok, type Result } from '../../../base/result.ts'
import type { Dev } from '../../../kernel/host.ts'
import type { Errno } from '../../../kernel/netlink.ts'
import type { Tunnel } from '../../../kernel/tunnel/types.ts'
import type { Io } from '../../sys.ts'
import {
  badAddress,
  findKeyword,
  notModelled,
  parseShortIp4,
  readWords,
  type Refusal,
  refuse,
  strerror,
  tell,
  wrong,
} from '../words.ts'
import { TUNNEL_USAGE } from './options.ts'

const VERBS = ['add', 'change', 'delete', 'show', 'lst', 'list', 'prl', '6rd', 'help'] as const

/** `ip tunnel`: IP in IP only. */
export function ipTunnel(args: readonly string[], io: Io): number {
  const [word = 'show', ...rest] = args
  const verb = findKeyword(word, VERBS)
  switch (verb) {
    case 'show':
    case 'list':
    case 'lst':
      return show(rest, io)
    case 'add':
    case 'change': {
      const read = readTunnel(rest, 'name')
      return read.ok ? setTunnel(verb, read.value, io) : tell(io, read.error)
    }
    case 'delete': {
      const read = readTunnel(rest, 'name')
      return read.ok ? remove(read.value.name, io) : tell(io, read.error)
    }
    case 'help':
      return tell(io, refuse(TUNNEL_USAGE, 255))
    case undefined:
      return tell(io, refuse(`Command "${word}" is unknown, try "ip tunnel help".`, 255))
    default:
      return tell(io, notModelled(`\`ip tunnel ${verb}'`))
  }
}

export interface TunnelSpec {
  name: string
  tunnel: Omit<Tunnel, 'fallback'>
}

/** Words of `ip tunnel` and of `ip link add ... type ipip`. */
export function readTunnel(args: readonly string[], nameWord: string): Result<TunnelSpec, Refusal> {
  let name = ''
  const tunnel: TunnelSpec['tunnel'] = { local: 0 as Ip4, remote: 0 as Ip4, ttl: 0, tos: 0, pmtudisc: true }
  const address = (key: 'local' | 'remote') => (word: string) => {
    const ip = word === 'any' ? (0 as Ip4) : parseShortIp4(word)
    return ip === undefined ? badAddress(word) : void (tunnel[key] = ip)
  }
  const hops = (word: string): Refusal | undefined => {
    if (word === 'inherit') return void (tunnel.ttl = 0)
    return /^\d{1,3}$/.test(word) && Number(word) < 256
      ? void (tunnel.ttl = Number(word))
      : wrong(word, 'invalid TTL\n')
  }
  const service = (word: string): Refusal | undefined => {
    if (word === 'inherit') return void (tunnel.tos = 1)
    const value = Number.parseInt(word, 16)
    return value >= 0 && value < 256 ? void (tunnel.tos = value) : wrong(word, 'bad TOS value')
  }
  const refusal = readWords(args, {
    values: {
      [nameWord]: (word) => void (name = word),
      mode: (word) =>
        ['ipip', 'ip/ip', 'any'].includes(word) ? undefined : notModelled(`\`ip tunnel ... mode ${word}'`),
      local: address('local'),
      remote: address('remote'),
      ttl: hops,
      hoplimit: hops,
      tos: service,
      dsfield: service,
      dev: () => notModelled("a tunnel that is bound to a device (`dev')"),
      key: () => notModelled("`ip tunnel ... key'"),
    },
    flags: {
      pmtudisc: () => void (tunnel.pmtudisc = true),
      nopmtudisc: () => void (tunnel.pmtudisc = false),
    },
    other: (word) => (name === '' ? void (name = word) : refuse(`Error: "${word}" is a garbage.`, 255)),
  })
  if (refusal) return bad(refusal)
  if (tunnel.ttl !== 0 && !tunnel.pmtudisc) return bad(refuse('ttl != 0 and nopmtudisc are incompatible', 1))
  if (name === '' || name.length > 15) return bad(refuse('Tunnel interface name not specified', 1))
  return ok({ name, tunnel })
}

/** `verb` is also what the message of failure begins with. */
export function setTunnel(verb: 'add' | 'change', { name, tunnel }: TunnelSpec, io: Io): number {
  const done = io.sys.apply({ op: `tunnel.${verb}`, dev: name, ...tunnel })
  return done.ok ? 0 : tell(io, failed('add', name, done.error))
}

function remove(name: string, io: Io): number {
  const done = io.sys.apply({ op: 'link.del', dev: name })
  return done.ok ? 0 : tell(io, failed('delete', name, done.error))
}

function failed(verb: string, name: string, error: Errno): Refusal {
  return refuse(`${verb} tunnel "${name}" failed: ${strerror(error)}`, 1)
}

function show(args: readonly string[], io: Io): number {
  const { devs } = io.sys.host()
  const [name] = args
  for (const dev of Object.values(devs)) {
    if (dev.tunnel && (name === undefined || name === dev.name)) io.out(`${tunnelLine(dev, dev.tunnel)}\n`)
  }
  return 0
}

function tunnelLine(dev: Dev, { local, remote, ttl, tos, pmtudisc, fallback }: Tunnel): string {
  const end = (ip: Ip4): string => (ip === 0 ? 'any' : formatIp4(ip))
  let line = `${dev.name}: ${fallback ? 'any' : 'ip'}/ip remote ${end(remote)} local ${end(local)} `
  line += `ttl ${ttl === 0 ? 'inherit' : ttl}`
  if (tos !== 0) line += ` tos ${tos === 1 ? 'inherit' : `0x${tos.toString(16)}`}`
  return pmtudisc ? line : `${line} nopmtudisc`
}
