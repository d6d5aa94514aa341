import { formatIp4, type Ip4, SEC } from '../../../base/ids.ts'
import type { NextHopSpec } from '../../../kernel/netlink.ts'
import type { NextHopObject } from '../../../kernel/route/nexthop-object.ts'
import { countBuckets } from '../../../kernel/route/resilient.ts'
import type { Io } from '../../sys.ts'
import {
  badAddress,
  findKeyword,
  noDevice,
  notModelled,
  parseShortIp4,
  readWords,
  type Refusal,
  refuse,
  rtnetlink,
  tell,
  wrong,
} from '../words.ts'
import { ipBucket } from './nexthop-bucket.ts'
import { NEXTHOP_USAGE } from './options.ts'
import { readProtocol } from './route-spec.ts'

const VERBS = ['add', 'replace', 'delete', 'list', 'show', 'lst', 'get', 'flush', 'bucket', 'help'] as const

/** `ip nexthop`: add, replace, del, show, get, flush, bucket. */
export function ipNexthop(args: readonly string[], io: Io): number {
  const [word = 'list', ...rest] = args
  const verb = findKeyword(word, VERBS)
  switch (verb) {
    case 'list':
    case 'lst':
    case 'show':
      return show(rest, io)
    case 'get':
      return get(rest, io)
    case 'add':
    case 'replace':
      return set(verb, rest, io)
    case 'delete':
      return remove(rest, io)
    case 'flush':
      for (const { id } of Object.values(io.sys.host().nexthops)) io.sys.apply({ op: 'nexthop.del', id })
      return 0
    case 'help':
      return tell(io, refuse(NEXTHOP_USAGE, 255))
    case undefined:
      return tell(io, refuse(`Command "${word}" is unknown, try "ip nexthop help".`, 255))
    default:
      return ipBucket(rest, io)
  }
}

function show(args: readonly string[], io: Io): number {
  if (args[0] === 'id') return get(args, io)
  if (args.length > 0) return tell(io, notModelled(`\`ip nexthop show ${args[0] ?? ''}'`))
  for (const object of Object.values(io.sys.host().nexthops)) io.out(`${objectLine(object, io)}\n`)
  return 0
}

function get(args: readonly string[], io: Io): number {
  const id = readId(args)
  if (typeof id !== 'number') return tell(io, id)
  const object = io.sys.host().nexthops[id]
  if (!object) return tell(io, refuse('RTNETLINK answers: No such file or directory\nDump terminated', 2))
  io.out(`${objectLine(object, io)}\n`)
  return 0
}

function objectLine(object: NextHopObject, io: Io): string {
  const { id, hop, group, resilient, blackhole, proto } = object
  let line = `id ${id} `
  if (group.length > 0) {
    line += `group ${group.map((m) => (m.weight > 1 ? `${m.id},${m.weight}` : `${m.id}`)).join('/')} `
  }
  if (resilient) {
    const seconds = (ns: number): string => String(Math.round(ns / (SEC / 100)) / 100)
    const balanced = isBalanced(object)
    const sinceNs = balanced ? 0 : io.sys.now() - resilient.unbalancedSinceNs
    line += `type resilient buckets ${resilient.owner.length} idle_timer ${seconds(resilient.idleTimerNs)} `
    line += `unbalanced_timer ${seconds(resilient.unbalancedTimerNs)} unbalanced_time ${seconds(sinceNs)} `
  }
  if (hop) {
    if (hop.gateway !== 0) line += `via ${formatIp4(hop.gateway)} `
    line += `dev ${hop.dev} scope ${hop.gateway === 0 ? 'host' : 'link'} `
  }
  if (blackhole) line += 'blackhole '
  if (proto !== '') line += `proto ${proto} `
  return line
}

function isBalanced({ resilient, group }: NextHopObject): boolean {
  if (!resilient) return true
  const total = group.reduce((sum, { weight }) => sum + weight, 0)
  const counts = countBuckets(resilient)
  return group.every(
    ({ weight }, i) => Math.abs((counts[i] ?? 0) - (resilient.owner.length * weight) / total) < 1,
  )
}

function readId(args: readonly string[]): number | Refusal {
  if (args[0] !== 'id' || args[1] === undefined)
    return refuse('Command line is not complete. Try option "help"', 255)
  const id = Number(args[1])
  return Number.isInteger(id) && id > 0 && id <= 0xffffffff ? id : wrong(args[1], 'invalid id value')
}

function remove(args: readonly string[], io: Io): number {
  const id = readId(args)
  if (typeof id !== 'number') return tell(io, id)
  const done = io.sys.apply({ op: 'nexthop.del', id })
  return done.ok ? 0 : tell(io, rtnetlink(done.error))
}

function set(verb: 'add' | 'replace', args: readonly string[], io: Io): number {
  const { devs } = io.sys.host()
  const spec: NextHopSpec = { id: 0, hop: null, blackhole: false, group: [], type: 'mpath', proto: '' }
  const hop = { gateway: 0 as Ip4, dev: '', weight: 1 }
  const seconds = (set: (ns: number) => void) => (word: string) => {
    if (!/^\d+(\.\d+)?$/.test(word)) return wrong(word, 'invalid timer value')
    set(Math.round(Number(word) * SEC))
    return undefined
  }
  const refusal = readWords(args, {
    values: {
      id: (word) =>
        /^\d{1,10}$/.test(word) ? void (spec.id = Number(word)) : wrong(word, 'invalid id value'),
      via: (word) => {
        const ip = parseShortIp4(word)
        return ip === undefined ? badAddress(word) : void (hop.gateway = ip)
      },
      dev: (word) => (Object.hasOwn(devs, word) ? void (hop.dev = word) : noDevice(word)),
      group: (word) => readGroup(spec, word),
      type: (word) =>
        word === 'mpath' || word === 'resilient'
          ? void (spec.type = word)
          : wrong(word, 'group type is invalid'),
      buckets: (word) =>
        /^[1-9]\d{0,4}$/.test(word)
          ? void (spec.buckets = Number(word))
          : wrong(word, 'invalid buckets value'),
      idle_timer: seconds((ns) => (spec.idleTimerNs = ns)),
      unbalanced_timer: seconds((ns) => (spec.unbalancedTimerNs = ns)),
      protocol: (word) => {
        const proto = readProtocol(word)
        return proto === undefined ? wrong(word, '"protocol" value is invalid') : void (spec.proto = proto)
      },
      proto: (word) => void (spec.proto = readProtocol(word) ?? ''),
    },
    flags: {
      blackhole: () => void (spec.blackhole = true),
      onlink: () => void Object.assign(hop, { onlink: true }),
    },
    other: (word) => refuse(`Error: "${word}" is a garbage.`, 255),
  })
  if (refusal) return tell(io, refusal)
  if (spec.id === 0) return tell(io, notModelled('a next hop without an id of its own'))
  if (hop.dev !== '' || hop.gateway !== 0) spec.hop = hop
  if (!spec.hop && spec.group.length === 0 && !spec.blackhole)
    return tell(io, refuse('Error: Nexthop definition is incomplete.', 2))
  const done = io.sys.apply({ op: `nexthop.${verb}`, ...spec })
  if (done.ok) return 0
  return tell(
    io,
    done.error === 'ENETUNREACH' ? refuse('Error: Nexthop has invalid gateway.', 2) : rtnetlink(done.error),
  )
}

/** `1/2,3/4`: ids, each with its weight after a comma, 1..255. */
function readGroup(spec: NextHopSpec, word: string): Refusal | undefined {
  for (const part of word.split('/')) {
    const comma = part.indexOf(',')
    const id = comma < 0 ? part : part.slice(0, comma)
    const weight = comma < 0 ? '1' : part.slice(comma + 1)
    if (!/^\d{1,10}$/.test(id)) return wrong(id, '"group" value is invalid')
    if (!/^\d{1,3}$/.test(weight) || Number(weight) < 1 || Number(weight) > 255)
      return wrong(weight, '"weight" is invalid\n')
    spec.group.push({ id: Number(id), weight: Number(weight) })
  }
  return undefined
}
