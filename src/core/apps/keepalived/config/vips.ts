import { IP_ANY, type Ip4, parseIp4 } from '../../../base/ids.ts'
import type { Build } from './build.ts'
import { readCidr, readUnsigned, readerOf } from './read.ts'
import type { Vip, VirtualRoute } from './types.ts'
import type { At } from './walk.ts'

type Words = readonly string[]

/** A line of virtual_ipaddress (vrrp_ipaddress.c alloc_ipaddress): /32 without a length, the instance's interface without `dev`. */
export function readVip(words: Words, dev: string, at: At<Build>): Vip[] {
  const [text = '', ...rest] = words
  const [address = '', length] = text.split('/')
  const ip = parseIp4(address)
  if (ip === undefined) {
    at.error(`VRRP parsed invalid IP ${text}. skipping IP...`)
    return []
  }
  const vip: Vip = { ip, prefix: 32, dev, label: '', broadcast: IP_ANY }
  if (length !== undefined) {
    const prefix = readUnsigned(readerOf(at), length, 0, 32)
    if (prefix === null) at.error(`Invalid address prefix len ${length} for address ${text} - using 32`)
    vip.prefix = prefix ?? 32
  }
  return readOptions(vip, text, rest, at) ? [vip] : []
}

/** False: the address is left out. */
function readOptions(vip: Vip, text: string, words: Words, at: At<Build>): boolean {
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    const value = words[i + 1] ?? ''
    if (word === 'dev') {
      if (!at.build.hasDev(value)) {
        at.error(`WARNING - interface ${value} for ip address ${text} doesn't exist`)
        at.build.config.missingDev = true
        return false
      }
      vip.dev = value
    } else if (word === 'label') vip.label = value
    else if (word === 'brd' || word === 'broadcast') vip.broadcast = broadcastOf(vip, value)
    else if (word !== 'scope') {
      at.error(`Unknown configuration entry '${word}' for ip address - ignoring`)
      continue
    }
    i++
  }
  return true
}

function broadcastOf(vip: Vip, value: string): Ip4 {
  if (value === '+') return ((vip.ip | (0xffffffff >>> vip.prefix)) >>> 0) as Ip4
  return parseIp4(value) ?? IP_ANY
}

/** A line of virtual_routes: `[to] PREFIX [via GATEWAY] [dev DEV] [src ADDRESS] [metric N]`; no multipath, no tables. */
export function readRoute(words: Words, at: At<Build>): VirtualRoute[] {
  const route: VirtualRoute = { dst: IP_ANY, prefix: 0, via: IP_ANY, dev: '', src: IP_ANY, metric: 0 }
  let to = ''
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    const value = words[i + 1] ?? ''
    if (word === 'via' || word === 'gw') route.via = parseIp4(value) ?? IP_ANY
    else if (word === 'dev') route.dev = value
    else if (word === 'src') route.src = parseIp4(value) ?? IP_ANY
    else if (word === 'metric') route.metric = Number(value) || 0
    else if (word === 'to') continue
    else {
      const cidr = word === 'default' ? { ip: IP_ANY, prefix: 0 } : readCidr(word)
      if (!cidr) at.error(`VRRP parsed invalid IP ${word}. skipping IP...`)
      if (!cidr || to !== '') {
        at.error(`unknown route keyword ${word}`)
        return []
      }
      to = word
      route.dst = cidr.ip
      route.prefix = cidr.prefix
      continue
    }
    i++
  }
  if (to === '') return []
  if (route.dev === '')
    at.error(`Warning - cannot track route ${to} with no interface specified, not tracking`)
  return [route]
}
