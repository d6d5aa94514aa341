import { formatIp4, type Ip4, type Nanos, SEC } from '../../../base/ids.ts'
import { routeGetInput } from '../../../kernel/route/input.ts'
import { type Found, routeGet } from '../../../kernel/route/lookup.ts'
import type { Dst, Flow } from '../../../kernel/route/types.ts'
import type { Io } from '../../sys.ts'
import {
  badAddress,
  badPrefix,
  garbage,
  noDevice,
  parsePrefix,
  parseShortIp4,
  type Prefix,
  readWords,
  refuse,
  rtnetlink,
  tell,
  wrong,
} from '../words.ts'
import { showTableName } from './tables.ts'

const PROTOCOLS: Record<string, number> = { icmp: 1, tcp: 6, udp: 17 }

/**
 * `ip route get`: the kernel's own choice, multipath hash, policy rules and what was learned included. With `iif` it is
 * the way of a packet that came in there.
 */
export function routeGetCommand(args: readonly string[], io: Io): number {
  let to: Prefix | undefined
  let from: Ip4 | undefined
  const flow: Omit<Flow, 'dst' | 'src'> = { proto: 0, sport: 0, dport: 0 }
  const port = (key: 'sport' | 'dport') => (word: string) =>
    /^\d{1,5}$/.test(word) && Number(word) < 65536
      ? void (flow[key] = Number(word))
      : wrong(word, `invalid "${key}"`)
  const host = io.sys.host()
  const readTo = (word: string): ReturnType<typeof garbage> | undefined => {
    if (to) return garbage('to', word)
    to = parsePrefix(word)
    return to ? undefined : badPrefix(word)
  }
  const refusal = readWords(args, {
    values: {
      to: readTo,
      from: (word) => {
        from = parseShortIp4(word)
        return from === undefined ? badAddress(word) : undefined
      },
      oif: (word) => (Object.hasOwn(host.devs, word) ? void (flow.oif = word) : noDevice(word)),
      dev: (word) => (Object.hasOwn(host.devs, word) ? void (flow.oif = word) : noDevice(word)),
      iif: (word) => (Object.hasOwn(host.devs, word) ? void (flow.iif = word) : noDevice(word)),
      mark: (word) => {
        const mark = /^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(word) ? Number(word) : NaN
        return mark <= 0xffffffff ? void (flow.mark = mark) : wrong(word, 'invalid mark value')
      },
      ipproto: (word) => {
        const number = Object.hasOwn(PROTOCOLS, word) ? PROTOCOLS[word] : undefined
        return number === undefined ? wrong(word, 'Invalid "ipproto" value') : void (flow.proto = number)
      },
      sport: port('sport'),
      dport: port('dport'),
    },
    other: readTo,
  })
  if (refusal) return tell(io, refusal)
  if (!to) return tell(io, refuse('need at least a destination address', 1))
  if (to.prefix !== 32)
    io.err(`Warning: /${to.prefix} as prefix is invalid, only /32 (or none) is supported.\n`)
  const asked = { ...flow, dst: to.ip, src: from ?? (0 as Ip4) }
  const found = flow.iif === undefined ? routeGet(host, asked) : routeGetInput(host, flow.iif, asked)
  if (!found.ok) return tell(io, rtnetlink(found.error))
  io.out(getLines(asked, found.value, io))
  return 0
}

const CACHE_FLAGS: Record<Dst['type'], string> = {
  unicast: '',
  local: '<local> ',
  broadcast: '<local,brd> ',
  multicast: '<mc> ',
}

function getLines(flow: Flow, { dst, route }: Found, io: Io): string {
  const host = io.sys.host()
  const type = dst.type === 'unicast' ? '' : `${dst.type} `
  const source = flow.src === 0 ? '' : `from ${formatIp4(flow.src)} `
  const via = dst.gateway === 0 ? '' : `via ${formatIp4(dst.gateway)} `
  const rules = host.rules !== null && route.table !== 'main'
  const table = rules ? `table ${showTableName(host, route.table)} ` : ''
  const src = flow.src === 0 && dst.prefsrc !== 0 ? `src ${formatIp4(dst.prefsrc)} ` : ''
  const mark = flow.mark === undefined || flow.mark === 0 ? '' : `mark ${markText(flow.mark)} `
  const head = `${type}${formatIp4(flow.dst)} ${source}${via}dev ${dst.dev} ${table}${src}${mark}`
  const uid = flow.iif === undefined ? 'uid 0 ' : ''
  const iif = flow.iif === undefined ? '' : `iif ${flow.iif} `
  return `${head}${uid}\n    cache ${CACHE_FLAGS[dst.type]}${cacheWords(dst, io.sys.now())}${iif}\n`
}

function markText(mark: number): string {
  return mark >= 16 ? `0x${mark.toString(16)}` : String(mark)
}

/** What a redirect or "fragmentation needed" taught about this destination. */
function cacheWords({ cached, mtu }: Dst, now: Nanos): string {
  if (!cached) return mtu === undefined ? '' : `mtu ${mtu} `
  const redirected = cached.gateway === 0 ? '' : '<redirected> '
  const seconds = Math.floor((cached.expiresNs - now) / SEC)
  const learned = cached.mtu !== 0 ? cached.mtu : mtu
  return `${redirected}expires ${seconds}sec ${learned === undefined ? '' : `mtu ${learned} `}`
}
