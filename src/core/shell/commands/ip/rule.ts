import { formatIp4 } from '../../../base/ids.ts'
import type { Host } from '../../../kernel/host.ts'
import { rulesOf } from '../../../kernel/route/fib.ts'
import { blankRule, type Rule } from '../../../kernel/route/rule.ts'
import type { Io } from '../../sys.ts'
import {
  badPrefix,
  findKeyword,
  notModelled,
  parsePrefix,
  readWords,
  type Refusal,
  refuse,
  rtnetlink,
  tell,
  wrong,
} from '../words.ts'
import { RULE_USAGE } from './options.ts'
import { readTableName, showTableName } from './tables.ts'

const VERBS = ['list', 'lst', 'show', 'add', 'delete', 'flush', 'save', 'restore', 'help'] as const
const PROTOCOLS: Record<string, number> = { icmp: 1, ipip: 4, ipencap: 4, tcp: 6, udp: 17 }

/** `ip rule`: show, add, del, flush. */
export function ipRule(args: readonly string[], io: Io): number {
  const [word = 'list', ...rest] = args
  const verb = findKeyword(word, VERBS)
  switch (verb) {
    case 'list':
    case 'lst':
    case 'show':
      return show(rest, io)
    case 'add':
    case 'delete':
      return change(verb, rest, io)
    case 'flush': {
      const done = io.sys.apply({ op: 'rule.flush' })
      return done.ok ? 0 : tell(io, rtnetlink(done.error))
    }
    case 'help':
      return tell(io, refuse(RULE_USAGE, 255))
    case undefined:
      return tell(io, refuse(`Command "${word}" is unknown, try "ip rule help".`, 255))
    default:
      return tell(io, notModelled(`\`ip rule ${verb}'`))
  }
}

function show(args: readonly string[], io: Io): number {
  if (args.length > 0) return tell(io, notModelled(`\`ip rule show ${args[0] ?? ''}'`))
  const host = io.sys.host()
  for (const rule of rulesOf(host)) io.out(`${ruleLine(rule, host)}\n`)
  return 0
}

function ruleLine(rule: Rule, host: Host): string {
  const prefix = ({ ip, prefix }: { ip: Parameters<typeof formatIp4>[0]; prefix: number }): string =>
    prefix === 32 ? formatIp4(ip) : `${formatIp4(ip)}/${prefix}`
  const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`
  const range = ([low, high]: readonly [number, number]): string =>
    low === high ? `${low}` : `${low}-${high}`
  let line = `${rule.priority}:\t${rule.not ? 'not ' : ''}from ${rule.src ? prefix(rule.src) : 'all'}`
  if (rule.dst) line += ` to ${prefix(rule.dst)}`
  if (rule.mask !== 0) {
    line += ` fwmark ${hex(rule.mark)}${rule.mask >>> 0 === 0xffffffff ? '' : `/${hex(rule.mask)}`}`
  }
  if (rule.iif !== '') line += ` iif ${rule.iif}`
  if (rule.oif !== '') line += ` oif ${rule.oif}`
  if (rule.proto !== 0) line += ` ipproto ${nameOf(rule.proto)}`
  if (rule.sport) line += ` sport ${range(rule.sport)}`
  if (rule.dport) line += ` dport ${range(rule.dport)}`
  if (rule.action !== 'lookup') return `${line} ${rule.action}`
  const suppress = rule.suppress < 0 ? '' : ` suppress_prefixlength ${rule.suppress}`
  return `${line} lookup ${showTableName(host, rule.table)}${suppress}`
}

function nameOf(proto: number): string {
  return Object.keys(PROTOCOLS).find((name) => PROTOCOLS[name] === proto) ?? String(proto)
}

function change(verb: 'add' | 'delete', args: readonly string[], io: Io): number {
  const host = io.sys.host()
  // what `del` does not name is not looked at
  const rule = verb === 'add' ? blankRule() : { ...blankRule(), table: '' }
  const refusal = readRule(rule, args, host)
  if (refusal) return tell(io, refusal)
  const done = io.sys.apply({ op: verb === 'add' ? 'rule.add' : 'rule.del', rule })
  return done.ok ? 0 : tell(io, rtnetlink(done.error))
}

function readRule(rule: Rule, args: readonly string[], host: Host): Refusal | undefined {
  const prefix = (key: 'src' | 'dst') => (word: string) => {
    const value = parsePrefix(word)
    if (!value) return badPrefix(word)
    rule[key] = value.prefix === 0 ? null : { ip: value.ip, prefix: value.prefix }
    return undefined
  }
  const number = (what: string, most: number, set: (value: number) => void) => (word: string) => {
    const value = /^(\d+|0x[0-9a-f]+)$/i.test(word) ? Number(word) : NaN
    if (!(value <= most)) return wrong(word, `${what} value is invalid`)
    set(value)
    return undefined
  }
  const table = (word: string): Refusal | undefined => {
    const name = readTableName(host, word)
    return name === undefined ? wrong(word, 'invalid table ID\n') : void (rule.table = name)
  }
  const action = (name: 'blackhole' | 'unreachable' | 'prohibit') => () => void (rule.action = name)
  const priority = number('preference', 0xffffffff, (value) => (rule.priority = value))
  return readWords(args, {
    values: {
      from: prefix('src'),
      to: prefix('dst'),
      preference: priority,
      pref: priority,
      priority,
      order: priority,
      prio: priority,
      fwmark: (word) => readMark(rule, word),
      iif: (word) => void (rule.iif = word),
      dev: (word) => void (rule.iif = word),
      oif: (word) => void (rule.oif = word),
      table,
      lookup: table,
      ipproto: (word) => {
        const proto = PROTOCOLS[word] ?? (/^\d{1,3}$/.test(word) ? Number(word) : NaN)
        return proto < 256 ? void (rule.proto = proto) : wrong(word, 'Invalid "ipproto" value\n')
      },
      sport: (word) => readRange(word, 'sport', rule),
      dport: (word) => readRange(word, 'dport', rule),
      suppress_prefixlength: number('suppress_prefixlength', 32, (value) => (rule.suppress = value)),
      goto: () => notModelled("`ip rule ... goto'"),
      tos: () => notModelled("`ip rule ... tos'"),
      type: (word) => refuse(`Error: argument "${word}" is wrong: Failed to parse rule type`, 255),
    },
    flags: {
      not: () => void (rule.not = true),
      blackhole: action('blackhole'),
      unreachable: action('unreachable'),
      prohibit: action('prohibit'),
    },
    other: (word) => wrong(word, 'Failed to parse rule type'),
  })
}

function readMark(rule: Rule, word: string): Refusal | undefined {
  const m = /^(0x[0-9a-f]{1,8}|\d{1,10})(?:\/(0x[0-9a-f]{1,8}|\d{1,10}))?$/i.exec(word)
  if (!m) return wrong(word, 'fwmark value is invalid\n')
  rule.mark = Number(m[1])
  rule.mask = m[2] === undefined ? 0xffffffff : Number(m[2])
  return undefined
}

function readRange(word: string, key: 'sport' | 'dport', rule: Rule): Refusal | undefined {
  const m = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(word)
  const low = Number(m?.[1])
  const high = Number(m?.[2] ?? m?.[1])
  if (!m || low > high || high > 65535) return wrong(word, 'port range is invalid')
  rule[key] = [low, high]
  return undefined
}
