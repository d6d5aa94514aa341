import { maskOf, parseCidr } from '../../../base/cidr.ts'
import { parseIp4 } from '../../../base/ids.ts'
import type { Address, Ports } from '../../../kernel/netfilter/tables/types.ts'
import { parsePort } from './names.ts'
import { type Mistake, usage } from './words.ts'

/** Ports, marks and addresses as options of iptables take them. */

export function isMistake(value: object): value is Mistake {
  return 'kind' in value && 'text' in value
}

/** `80`, `http`, `1024:65535`, `:1023`. */
export function parsePorts(text: string): Ports | Mistake {
  const [first = '', second] = text.split(':')
  const from = first === '' ? 0 : parsePort(first)
  const to = second === undefined ? from : second === '' ? 65535 : parsePort(second)
  if (from === undefined) return usage(`invalid port/service \`${first}' specified`)
  if (to === undefined) return usage(`invalid port/service \`${second ?? first}' specified`)
  if (from > to) return usage('invalid portrange (min > max)')
  return { from, to }
}

/** `1`, `0x10/0xff`; undefined = no number. */
export function parseMark(text: string): { mark: number; mask: number } | undefined {
  const m = /^(0x[0-9a-f]+|\d+)(?:\/(0x[0-9a-f]+|\d+))?$/i.exec(text)
  if (!m) return undefined
  const mark = Number(m[1])
  const mask = m[2] === undefined ? 0xffffffff : Number(m[2])
  return mark > 0xffffffff || mask > 0xffffffff ? undefined : { mark, mask }
}

/** One address, with a prefix length or a mask. */
export function parseMasked(text: string): { ip: Address['ip']; mask: number } | Mistake {
  const [address = '', length] = text.split('/', 2)
  const ip = parseIp4(address) ?? parseShort(address)
  if (ip === undefined) return usage(`host/network \`${address}' not found`)
  if (length === undefined) return { ip, mask: 0xffffffff }
  const dotted = parseIp4(length)
  const mask = dotted ?? (parseCidr(`0.0.0.0/${length}`) ? maskOf(Number(length)) : undefined)
  if (mask === undefined) return usage(`invalid mask \`${length}' specified`)
  return { ip: ((ip & mask) >>> 0) as Address['ip'], mask }
}

/** `0`, `10`: the missing octets are zero; localhost is the one name that is known. */
function parseShort(text: string): Address['ip'] | undefined {
  if (text === 'localhost') return parseIp4('127.0.0.1')
  return /^\d{1,3}(\.\d{1,3}){0,2}$/.test(text)
    ? parseIp4(text + '.0'.repeat(3 - (text.match(/\./g) ?? []).length))
    : undefined
}
