import { IP_ANY, type Ip4, parseIp4 } from '../../../base/ids.ts'
import type { IpvsMode } from '../../../kernel/ipvs/types.ts'
import { type Build, newServer, newService } from './build.ts'
import { checkKeywords, lastServer } from './check-keywords.ts'
import { readerOf, readFlag, readTimer, readUnsigned, scriptOf, UINT_MAX } from './read.ts'
import type { RealServer, ServerGroup, VirtualServer } from './types.ts'
import type { At, Keyword } from './walk.ts'

/** virtual_server, virtual_server_group and real_server (check/check_parser.c, check_data.c). IPv4 only; no SCTP, no persistence engines. */
export function serviceKeywords(passive: boolean): Keyword<Build>[] {
  return [
    { name: 'SSL', passive, sub: ['password', 'ca', 'certificate', 'key'].map((name) => ({ name })) },
    passive
      ? { name: 'virtual_server_group', passive, sub: [] }
      : { name: 'virtual_server_group', run: addGroup, value: readGroupEntry, end: endGroup },
    {
      name: 'virtual_server',
      passive,
      seen: (at) => void (at.build.config.hasChecker = true),
      run: addService,
      sub: SERVICE,
    },
  ]
}

const SCHEDULERS = ['rr', 'wrr', 'lc', 'wlc', 'lblc', 'sh', 'mh', 'dh', 'fo', 'ovf', 'lblcr', 'sed', 'nq']
const WEIGHT_MAX = 2147483647
const PERSISTENT_DEFAULT_S = 360
const MODES: Readonly<Record<string, IpvsMode>> = { NAT: 'nat', DR: 'dr', TUN: 'tun' }

function addService(words: readonly string[], at: At<Build>): void {
  const [, first = '', second] = words
  at.build.config.hasChecker = true
  const none = { ip: IP_ANY, port: 0, fwmark: 0, group: '' }
  const add = (where: Partial<typeof none>): void => {
    at.build.config.services.push(newService({ ...none, ...where }))
  }
  if (first === 'group') return add({ group: second ?? '' })
  if (first === 'fwmark') {
    const fwmark = readUnsigned(readerOf(at), second, 0, UINT_MAX)
    if (fwmark !== null) return add({ fwmark })
    at.error(`virtual server fwmark '${second ?? ''}' must be in [0, ${UINT_MAX}] - ignoring`)
    return at.skipBlock()
  }
  const where = readAddress(at, first, second)
  if (where) return add(where)
  const portText = hasPort(second) ? second : ''
  at.error(
    `Invalid virtual server IP address${portText ? '/port' : ''} ${first}${portText ? '/' : ''}${portText} - skipping`,
  )
  at.skipBlock()
}

function hasPort(text: string | undefined): text is string {
  return text !== undefined && /[^0]/.test(text)
}

/** inet_stosockaddr: the port is complained about before the address is. */
function readAddress(
  at: At<Build>,
  address: string,
  port: string | undefined,
): { ip: Ip4; port: number } | undefined {
  const number = hasPort(port) ? readUnsigned(readerOf(at), port, 1, 65535) : 0
  const ip = parseIp4(address)
  return ip === undefined || number === null ? undefined : { ip, port: number }
}

function addGroup(words: readonly string[], at: At<Build>): void {
  at.build.config.groups.push({ name: words[1] ?? '', entries: [] })
}

/** An address with its port, a range of addresses 10.0.0.1-5, or `fwmark N`. */
function readGroupEntry([first = '', second]: readonly string[], at: At<Build>): void {
  const group: ServerGroup | undefined = at.build.config.groups.at(-1)
  if (!group) return
  if (first === 'fwmark') return void group.entries.push({ fwmark: Number(second ?? 0) })
  const range = /^(\d+\.\d+\.\d+)\.(\d+)-(\d+)$/.exec(first)
  const from = Number(range?.[2] ?? 0)
  const count = range ? Math.max(0, Number(range[3]) - from + 1) : 1
  for (let i = 0; i < count; i++) {
    const where = readAddress(at, range ? `${range[1] ?? ''}.${from + i}` : first, second)
    if (where) group.entries.push(where)
    else return at.error(`Invalid virtual server group IP address ${first} - skipping`)
  }
}

function endGroup(at: At<Build>): void {
  const group = at.build.config.groups.at(-1)
  if (!group || group.entries.length > 0) return
  at.error(`virtual server group ${group.name} has no entries - removing`)
  at.build.config.groups.pop()
}

function service(name: string, change: (vs: VirtualServer, words: readonly string[], at: At<Build>) => void) {
  return {
    name,
    run: (words: readonly string[], at: At<Build>) => {
      const vs = at.build.config.services.at(-1)
      if (vs) change(vs, words, at)
    },
  }
}

function server(name: string, change: (rs: RealServer, words: readonly string[], at: At<Build>) => void) {
  return {
    name,
    run: (words: readonly string[], at: At<Build>) => {
      const rs = lastServer(at)
      if (rs) change(rs, words, at)
    },
  }
}

type Times = 'timeoutNs' | 'loopNs' | 'retryDelayNs' | 'warmupNs'

/** The same four times stand at a virtual and at a real server. */
function times(of: 'virtual' | 'real'): Keyword<Build>[] {
  const one = (name: string, key: Times, minUs: number, words: string): Keyword<Build> => ({
    name,
    run: (line, at) => {
      const target = of === 'virtual' ? at.build.config.services.at(-1) : lastServer(at)
      const value = readTimer(readerOf(at), line[1], minUs)
      if (value === null) at.error(`${of} server ${words.replace('%', line[1] ?? '')} invalid - ignoring`)
      else if (target) target[key] = value
    },
  })
  const retry: Keyword<Build> = {
    name: 'retry',
    run: (line, at) => {
      const target = of === 'virtual' ? at.build.config.services.at(-1) : lastServer(at)
      const value = readUnsigned(readerOf(at), line[1], 1, UINT_MAX, true)
      if (value === null) at.error(`retry value invalid - ${line[1] ?? ''}`)
      else if (target) target.retry = value
    },
  }
  return [
    retry,
    one('delay_before_retry', 'retryDelayNs', 0, "delay before retry '%'"),
    one('warmup', 'warmupNs', 0, "warmup '%'"),
    one('connect_timeout', 'timeoutNs', 1, 'connect_timeout %'),
    one('delay_loop', 'loopNs', 1, of === 'virtual' ? "delay loop '%'" : "delay_loop '%'"),
  ]
}

function readMode(word: string | undefined, of: string, at: At<Build>): IpvsMode | undefined {
  const mode = MODES[word ?? '']
  if (!mode) at.error(`PARSER : unknown [${word ?? ''}] routing method for ${of} server.`)
  return mode
}

const SERVICE: Keyword<Build>[] = [
  ...times('virtual'),
  service('inhibit_on_failure', (vs) => void (vs.inhibit = true)),
  ...['lb_algo', 'lvs_sched'].map((name) =>
    service(name, (vs, words, at) => {
      if (SCHEDULERS.includes(words[1] ?? '')) vs.scheduler = words[1] ?? ''
      else at.error(`Invalid lvs_scheduler '${words[1] ?? ''}' - ignoring`)
    }),
  ),
  ...['ops', 'flag-1', 'flag-2', 'flag-3', 'sh-port', 'sh-fallback', 'mh-port', 'mh-fallback'].map((name) =>
    service(name, (vs, _, at) => {
      const family = /^(sh|mh)-/.exec(name)?.[1]
      if (family === undefined || family === vs.scheduler) vs.flags.push(name)
      else if (vs.scheduler !== 'sh' && vs.scheduler !== 'mh')
        at.error(`${name} only applies to sh scheduler - ignoring`)
    }),
  ),
  ...['lb_kind', 'lvs_method'].map((name) =>
    service(name, (vs, words, at) => void (vs.mode = readMode(words[1], 'virtual', at) ?? vs.mode)),
  ),
  service('persistence_timeout', (vs, words, at) => {
    const value =
      words[1] === undefined ? PERSISTENT_DEFAULT_S : readUnsigned(readerOf(at), words[1], 1, 2678400, true)
    if (value === null) at.error('persistence_timeout invalid')
    else vs.persistence = value
  }),
  service('persistence_granularity', (vs, words, at) => {
    const mask = parseIp4(words[1] ?? '')
    if (mask === undefined)
      return at.error(`Invalid IPv4 persistence_granularity specified - ${words[1] ?? ''}`)
    vs.netmask = mask
    if (vs.persistence === 0) vs.persistence = PERSISTENT_DEFAULT_S
  }),
  service('protocol', (vs, words, at) => {
    const proto = { TCP: 6, UDP: 17, SCTP: 132 }[(words[1] ?? '').toUpperCase()]
    if (proto === undefined) at.error(`Unknown protocol ${words[1] ?? ''} - ignoring`)
    else vs.proto = proto
  }),
  service('ha_suspend', (vs) => void (vs.haSuspend = true)),
  service('virtualhost', (vs, words) => void (vs.virtualHost = words[1] ?? '')),
  service('alpha', (vs) => void (vs.alpha = true)),
  service('omega', (vs) => void (vs.omega = true)),
  service('quorum_up', (vs, words) => void (vs.quorumUp = scriptOf(words))),
  service('quorum_down', (vs, words) => void (vs.quorumDown = scriptOf(words))),
  service('quorum', (vs, words, at) => {
    const value = readUnsigned(readerOf(at), words[1], 1, UINT_MAX)
    if (value === null) at.error(`Quorum ${words[1] ?? ''} must be in [1, ${UINT_MAX}]. Setting to 1.`)
    vs.quorum = value ?? 1
  }),
  service('hysteresis', (vs, words, at) => {
    const value = readUnsigned(readerOf(at), words[1], 0, UINT_MAX)
    if (value === null) at.error(`Hysteresis ${words[1] ?? ''} must be in [0, ${UINT_MAX}] - ignoring`)
    else vs.hysteresis = value
  }),
  service('weight', (vs, words, at) => {
    const value = readUnsigned(readerOf(at), words[1], 1, WEIGHT_MAX)
    if (value === null) at.error(`Virtual server weight ${words[1] ?? ''} is outside range 1-${WEIGHT_MAX}`)
    else vs.weight = value
  }),
  service('sorry_server', (vs, words, at) => {
    const where = readAddress(at, words[1] ?? '', words[2])
    if (where) vs.sorry = { ...where, mode: vs.mode, weight: 1, inhibit: false }
    else at.error(`Invalid sorry server IP address ${words[1] ?? ''} - skipping`)
  }),
  service('sorry_server_inhibit', (vs, _, at) => {
    if (vs.sorry) vs.sorry.inhibit = true
    else at.error('Ignoring sorry_server inhibit used before or without sorry_server')
  }),
  service('sorry_server_lvs_method', (vs, words, at) => {
    if (vs.sorry) vs.sorry.mode = readMode(words[1], 'sorry', at) ?? vs.sorry.mode
    else at.error('sorry_server forwarding used without sorry_server')
  }),
  ...['ip_family', 'hashed', 'persistence_engine', 'smtp_alert', 'snmp_name'].map((name) => ({ name })),
  { name: 'real_server', run: addServer, sub: serverKeywords() },
]

function addServer(words: readonly string[], at: At<Build>): void {
  const where = readAddress(at, words[1] ?? '', words[2])
  if (where) return void at.build.config.services.at(-1)?.servers.push(newServer(where.ip, where.port))
  at.error(`Invalid real server ip address/port ${words[1] ?? ''}/${words[2] ?? '(null)'} - skipping`)
  at.skipBlock()
}

function threshold(name: string, key: 'upper' | 'lower'): Keyword<Build> {
  return server(name, (rs, words, at) => {
    const value = readUnsigned(readerOf(at), words[1], 0, UINT_MAX)
    if (value === null) at.error(`Invalid real_server ${name} '${words[1] ?? ''}' - ignoring`)
    else rs[key] = value
  })
}

function serverKeywords(): Keyword<Build>[] {
  return [
    server('weight', (rs, words, at) => {
      const value = readUnsigned(readerOf(at), words[1], 0, WEIGHT_MAX)
      if (value === null) at.error(`Real server weight ${words[1] ?? ''} is outside range 0-${WEIGHT_MAX}`)
      else rs.weight = value
    }),
    server('lvs_method', (rs, words, at) => void (rs.mode = readMode(words[1], 'real', at) ?? rs.mode)),
    threshold('uthreshold', 'upper'),
    threshold('lthreshold', 'lower'),
    server('inhibit_on_failure', (rs, words, at) => {
      rs.inhibit = readFlag(at, words, 'Invalid inhibit_on_failure parameter') ?? rs.inhibit
    }),
    server('notify_up', (rs, words) => void (rs.notifyUp = scriptOf(words))),
    server('notify_down', (rs, words) => void (rs.notifyDown = scriptOf(words))),
    server('alpha', (rs, words, at) => {
      rs.alpha = readFlag(at, words, 'Invalid alpha parameter') ?? rs.alpha
    }),
    ...times('real'),
    server('virtualhost', (rs, words) => void (rs.virtualHost = words[1] ?? '')),
    ...['smtp_alert', 'snmp_name'].map((name) => ({ name })),
    ...checkKeywords(),
  ]
}
