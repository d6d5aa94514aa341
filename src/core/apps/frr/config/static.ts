/** Static routes: staticd's commands (staticd/static_vty.c) and what it keeps of them. */
import { networkOf, parseCidr, prefixOfMask } from '../../../base/cidr.ts'
import { formatIp4, type Ip4, parseIp4 } from '../../../base/ids.ts'
import { type CliCommand, command } from '../cli/command.ts'

export interface StaticNexthop {
  readonly gateway: Ip4
  readonly dev: string
  readonly blackhole: '' | 'blackhole' | 'reject' | 'Null0'
  readonly distance: number
  readonly tag: number
  readonly onlink: boolean
}

export interface StaticRoute extends StaticNexthop {
  readonly dst: Ip4
  readonly prefix: number
}

const TO = '<A.B.C.D/M|A.B.C.D A.B.C.D>'
const VIA = '<A.B.C.D|A.B.C.D IFNAME|IFNAME|blackhole|reject|Null0>'
const MORE = '{tag (1-4294967295)|(1-255)|onlink}'

export const STATIC_COMMANDS: readonly CliCommand[] = [
  command('config', ['staticd'], `[no] ip route ${TO} ${VIA} ${MORE}`),
]

/** Words of a line that matched, from after `ip route` on. Undefined: a mask with holes. */
export function parseStatic(words: readonly string[]): StaticRoute | undefined {
  const rest = words.slice()
  const to = parseDestination(rest)
  if (!to) return undefined
  const first = rest.shift() ?? ''
  const gateway = parseIp4(first)
  let dev = ''
  let blackhole: StaticNexthop['blackhole'] = ''
  if (first === 'blackhole' || first === 'reject' || first === 'Null0') blackhole = first
  else if (gateway === undefined) dev = first
  else if (rest[0] !== undefined && !/^\d+$/.test(rest[0]) && rest[0] !== 'tag' && rest[0] !== 'onlink')
    dev = rest.shift() ?? ''
  let [distance, tag, onlink] = [1, 0, false]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === 'tag') tag = Number(rest.shift())
    else if (word === 'onlink') onlink = true
    else distance = Number(word)
  }
  return { ...to, gateway: gateway ?? (0 as Ip4), dev, blackhole, distance, tag, onlink }
}

function parseDestination(rest: string[]): { dst: Ip4; prefix: number } | undefined {
  const first = rest.shift() ?? ''
  const cidr = parseCidr(first)
  if (!cidr) return undefined
  if (first.includes('/')) return { dst: networkOf(cidr.ip, cidr.prefix), prefix: cidr.prefix }
  const mask = parseIp4(rest.shift() ?? '')
  const prefix = mask === undefined ? undefined : prefixOfMask(mask)
  return prefix === undefined ? undefined : { dst: networkOf(cidr.ip, prefix), prefix }
}

/** The line of `show running-config` (static_config in static_vty.c). */
export function staticLine(route: StaticRoute): string {
  const { dst, prefix, gateway, dev, blackhole, distance, tag, onlink } = route
  const words = [`ip route ${formatIp4(dst)}/${prefix}`]
  if (gateway !== 0) words.push(formatIp4(gateway))
  if (dev !== '') words.push(dev)
  if (blackhole !== '') words.push(blackhole)
  if (tag !== 0) words.push(`tag ${tag}`)
  if (distance !== 1) words.push(String(distance))
  if (onlink) words.push('onlink')
  return words.join(' ')
}
