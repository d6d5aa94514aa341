import { formatIp4, type Ip4 } from '../../../base/ids.ts'
import { routeGet } from '../../../kernel/route/lookup.ts'
import type { Dst, Flow } from '../../../kernel/route/types.ts'
import type { Io } from '../../sys.ts'
import {
  badAddress,
  badPrefix,
  garbage,
  noDevice,
  notModelled,
  parsePrefix,
  parseShortIp4,
  type Prefix,
  readWords,
  refuse,
  rtnetlink,
  tell,
  wrong,
} from '../words.ts'

const PROTOCOLS: Record<string, number> = { icmp: 1, tcp: 6, udp: 17 }

/**
 * `ip route get`: the kernel's own choice, multipath hash included. `iif` (as if the packet had come in) and marks are
 * not modelled.
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
      iif: () => notModelled("`ip route get ... iif'"),
      mark: () => notModelled("`ip route get ... mark'"),
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
  const found = routeGet(host, { ...flow, dst: to.ip, src: from ?? (0 as Ip4) })
  if (!found.ok) return tell(io, rtnetlink(found.error))
  io.out(getLines(to.ip, from, found.value.dst))
  return 0
}

const CACHE_FLAGS: Record<Dst['type'], string> = {
  unicast: '',
  local: '<local> ',
  broadcast: '<local,brd> ',
  multicast: '<mc> ',
}

function getLines(to: Ip4, from: Ip4 | undefined, dst: Dst): string {
  const type = dst.type === 'unicast' ? '' : `${dst.type} `
  const source = from === undefined ? '' : `from ${formatIp4(from)} `
  const via = dst.gateway === 0 ? '' : `via ${formatIp4(dst.gateway)} `
  const src = from === undefined && dst.prefsrc !== 0 ? `src ${formatIp4(dst.prefsrc)} ` : ''
  return `${type}${formatIp4(to)} ${source}${via}dev ${dst.dev} ${src}uid 0 \n    cache ${CACHE_FLAGS[dst.type]}\n`
}
