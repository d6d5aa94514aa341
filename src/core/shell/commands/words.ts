import { type Ip4, parseIp4 } from '../../base/ids.ts'
import { parseCidr, prefixOfMask } from '../../base/cidr.ts'
import type { Errno } from '../../kernel/netlink.ts'
import type { Io } from '../sys.ts'

/** What the tools of one family share: texts of errno, refusals, and iproute2's way of reading words. */

/** A command line that is refused: what goes to standard error (without its line end) and the exit status. */
export interface Refusal {
  text: string
  status: number
}

/** strerror(3) of glibc. */
const STRERROR: Record<Errno, string> = {
  EPERM: 'Operation not permitted',
  ENOENT: 'No such file or directory',
  EEXIST: 'File exists',
  EINVAL: 'Invalid argument',
  ERANGE: 'Numerical result out of range',
  ENODEV: 'No such device',
  ENETDOWN: 'Network is down',
  ENETUNREACH: 'Network is unreachable',
  EHOSTUNREACH: 'No route to host',
  EXDEV: 'Invalid cross-device link',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  EADDRINUSE: 'Address already in use',
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset by peer',
  ETIMEDOUT: 'Connection timed out',
  EPIPE: 'Broken pipe',
  ESRCH: 'No such process',
  EACCES: 'Permission denied',
  EMSGSIZE: 'Message too long',
  EBUSY: 'Device or resource busy',
  EOPNOTSUPP: 'Operation not supported',
  ENOPROTOOPT: 'Protocol not available',
  ENOTCONN: 'Transport endpoint is not connected',
}

export function strerror(errno: Errno): string {
  return STRERROR[errno]
}

export function refuse(text: string, status: number): Refusal {
  return { text, status }
}

/** Real on Linux, not here yet: said in one line, never silently skipped. Status 1. */
export function notModelled(what: string): Refusal {
  return { text: `vipscope: ${what} is not modelled yet`, status: 1 }
}

export function tell(io: Io, refusal: Refusal): number {
  io.err(`${refusal.text}\n`)
  return refusal.status
}

/** iproute2 takes any beginning of a keyword (lib/utils.c matches). */
function matches(word: string, keyword: string): boolean {
  return word !== '' && keyword.startsWith(word)
}

/** First of the keywords that `word` begins, in the order of the tool's own table. */
export function findKeyword<K extends string>(word: string, keywords: readonly K[]): K | undefined {
  return keywords.find((keyword) => matches(word, keyword))
}

const INCOMPLETE: Refusal = refuse('Command line is not complete. Try option "help"', 255)

export function garbage(expected: string, word: string): Refusal {
  return refuse(`Error: either "${expected}" is duplicate, or "${word}" is a garbage.`, 255)
}

export function wrong(word: string, why: string): Refusal {
  return refuse(`Error: argument "${word}" is wrong: ${why}`, 255)
}

export function noDevice(dev: string): Refusal {
  return refuse(`Cannot find device "${dev}"`, 1)
}

/** The reader of one keyword's value; the refusal ends the reading. */
type Reader = (value: string) => Refusal | undefined
export interface Grammar {
  /** Keywords that take the next word. */
  values: Record<string, Reader>
  /** Keywords that stand alone. */
  flags?: Record<string, () => Refusal | undefined>
  /** Any other word. */
  other: Reader
}

/** Read words as iproute2 does: keyword value, keyword value, anything else is the object itself. */
export function readWords(words: readonly string[], grammar: Grammar): Refusal | undefined {
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    let refusal: Refusal | undefined
    const flag = own(grammar.flags ?? {}, word)
    const reader = own(grammar.values, word)
    if (flag) refusal = flag()
    else if (reader) {
      const value = words[++i]
      if (value === undefined) return INCOMPLETE
      refusal = reader(value)
    } else refusal = grammar.other(word)
    if (refusal) return refusal
  }
  return undefined
}

function own<T>(table: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}

export interface Prefix {
  ip: Ip4
  prefix: number
  /** A prefix length was written. */
  explicit: boolean
}

/** A prefix as iproute2 reads it: `default`, `10.0.0.0/8`, `10/8`, `10.0.0.0/255.0.0.0`, a bare address as /32. */
export function parsePrefix(text: string): Prefix | undefined {
  if (text === 'default' || text === 'any' || text === 'all')
    return { ip: 0 as Ip4, prefix: 0, explicit: true }
  const slash = text.indexOf('/')
  const address = slash < 0 ? text : text.slice(0, slash)
  const ip = parseShortIp4(address)
  if (ip === undefined) return undefined
  if (slash < 0) return { ip, prefix: 32, explicit: false }
  const length = text.slice(slash + 1)
  const mask = parseIp4(length)
  if (mask !== undefined) {
    const prefix = prefixOfMask(mask)
    return prefix === undefined ? undefined : { ip, prefix, explicit: true }
  }
  const cidr = parseCidr(`0.0.0.0/${length}`)
  return cidr && { ip, prefix: cidr.prefix, explicit: true }
}

/** iproute2 fills in missing octets with zeros: `10.1` is 10.1.0.0. */
export function parseShortIp4(text: string): Ip4 | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){0,3}$/.test(text)) return undefined
  const missing = 3 - (text.match(/\./g) ?? []).length
  return parseIp4(text + '.0'.repeat(missing))
}

export function badPrefix(text: string): Refusal {
  return refuse(`Error: any valid prefix is expected rather than "${text}".`, 1)
}

export function badAddress(text: string): Refusal {
  return refuse(`Error: inet address is expected rather than "${text}".`, 1)
}

export function rtnetlink(errno: Errno): Refusal {
  return refuse(`RTNETLINK answers: ${strerror(errno)}`, 2)
}

/** Octets left to right, so that `ip` lists addresses as Linux's tries do: by key, longest prefix first. */
export function byKey(
  a: { dst: Ip4; prefix: number; metric: number },
  b: { dst: Ip4; prefix: number; metric: number },
): number {
  return a.dst - b.dst || b.prefix - a.prefix || a.metric - b.metric
}
