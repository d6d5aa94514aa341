import { type Ip4, type Nanos, parseIp4, US } from '../../../base/ids.ts'
import type { At } from './walk.ts'

/**
 * Words to values, with the complaints of lib/parser.c. Outside of a configuration test a number with a tail ('10x') counts as far as
 * it goes, if that is in range, and the complaint is a warning; `strict` numbers never do.
 */
interface Reader {
  error: (text: string) => void
  testing: boolean
}

export function readUnsigned(
  at: Reader,
  word: string | undefined,
  min: number,
  max: number,
  strict = false,
): number | null {
  const text = word ?? ''
  const lenient = !strict && !at.testing
  const warn = lenient ? 'WARNING - ' : ''
  const value = Number.parseInt(/^\s*\d+/.exec(text)?.[0] ?? '0', 10)
  const inRange = value >= min && value <= max
  if (/^\s*-/.test(text)) at.error(`${warn}negative number '${text}'`)
  else if (!/^\s*\d+$/.test(text)) at.error(`${warn}invalid number '${text}'`)
  else if (value > 0xffffffff) at.error(`${warn}number '${text}' outside unsigned integer range`)
  else if (!inRange) at.error(`${warn}number '${text}' outside range [${min}, ${max}]`)
  else return value
  return lenient && inRange && !/^\s*-/.test(text) ? value : null
}

const UINT_MAX_US = 0xffffffff

/** Seconds with up to six decimals; `min` and `max` in microseconds, `max` 0 = as long as an unsigned number holds. */
export function readTimer(at: Reader, word: string | undefined, minUs: number, maxUs = 0): Nanos | null {
  const text = word ?? ''
  const warn = at.testing ? '' : 'WARNING - '
  const matched = /^\s*(\d+)?(?:\.(\d{0,6})\d*)?$/.exec(text)
  if (!matched || text === '') {
    at.error(text.startsWith('-') ? `${warn}negative number '${text}'` : `${warn}invalid number '${text}'`)
    return null
  }
  const us = Number(matched[1] ?? 0) * 1e6 + Number((matched[2] ?? '').padEnd(6, '0'))
  const max = maxUs === 0 ? UINT_MAX_US : maxUs
  if (us >= minUs && us <= max) return us * US
  at.error(`${warn}number '${text}' outside range [${seconds(minUs)}, ${seconds(max)}]`)
  return null
}

function seconds(us: number): string {
  return `${Math.floor(us / 1e6)}.${String(us % 1e6).padStart(6, '0')}`
}

export const UINT_MAX = 0xffffffff

/** true, on, yes and the like (check_true_false); undefined: none of them. */
function readBoolean(word: string): boolean | undefined {
  if (['true', 'on', 'yes'].includes(word)) return true
  return ['false', 'off', 'no'].includes(word) ? false : undefined
}

/** `keyword` alone is true. Undefined: complained about with `what`. */
export function readFlag(
  at: Pick<Reader, 'error'>,
  words: readonly string[],
  what: string,
): boolean | undefined {
  const word = words[1]
  if (word === undefined) return true
  const value = readBoolean(word)
  if (value === undefined) at.error(`${what} ${word}`)
  return value
}

/** '10.0.0.1/24'; without a length `standard`. */
export function readCidr(text: string, standard = 32): { ip: Ip4; prefix: number } | undefined {
  const [address = '', length] = text.split('/')
  const ip = parseIp4(address)
  const prefix = length === undefined ? standard : /^\d+$/.test(length) ? Number(length) : -1
  return ip === undefined || prefix < 0 || prefix > 32 ? undefined : { ip, prefix }
}

/** The command line of a script: the rest of the words. */
export function scriptOf(words: readonly string[]): string {
  return words.slice(1).join(' ')
}

/** What a handler has at hand besides the object being built. */
export function readerOf<B extends { testing: boolean }>(at: At<B>): Reader {
  return { error: at.error, testing: at.build.testing }
}
