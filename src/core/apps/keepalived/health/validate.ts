import { SEC } from '../../../base/ids.ts'
import type { Checker, Config, RealServer, ServerAddress, VirtualServer } from '../config/types.ts'
import type { Check, CheckersState, CheckSpec, Server, ServerSpec, Service, ServiceSpec } from './types.ts'
import { serverName, serviceName } from './words.ts'

const NO_BYTES = new Uint8Array(0)
const PERSISTENT_DEFAULT_S = 360

/**
 * The parsed blocks with defaults filled in and contradictions settled, each with its line in the log (check_data.c
 * validate_check_config, ipwrapper.c link_vsg_to_vs). `reload`: states of checks are taken over later.
 */
export function resolveServices(
  config: Config,
  reload: boolean,
  say: (text: string) => void,
  onlyLog: (text: string) => void = say,
): Pick<CheckersState, 'services' | 'checks'> {
  const services: Service[] = []
  const checks: Check[] = []
  for (const vs of linkGroups(config, onlyLog)) {
    if (vs.servers.length === 0) {
      say(`Virtual server ${serviceName(vs)} has no real servers - ignoring`)
      continue
    }
    const entries = config.groups.find((group) => group.name === vs.group)?.entries ?? []
    settleService(vs, entries, say)
    const kept = settleServers(vs, say)
    settlePorts(vs, kept, entries, say)
    const { servers: _, sorry, ...rest } = vs
    const same = (rs: RealServer): boolean => sorry !== null && rs.ip === sorry.ip && rs.port === sorry.port
    const spec: ServiceSpec = { ...rest, entries, sorryDuplicates: kept.some(same) }
    const service: Service = {
      spec: freeze(spec),
      quorumUp: false,
      alive: false,
      sorry: sorry && newServer({ ...NO_NOTIFY, ...sorry, mode: sorry.mode ?? vs.mode ?? 'nat' }),
      servers: kept.map((rs) => newServer(serverSpec(rs, vs))),
      reloaded: false,
    }
    kept.forEach((rs, server) => {
      for (const check of rs.checks) {
        checks.push(newCheck(checkSpec(check, rs, vs), services.length, server, reload, service))
      }
    })
    services.push(service)
  }
  return { services, checks }
}

const NO_NOTIFY = { upper: 0, lower: 0, notifyUp: '', notifyDown: '', virtualHost: '' }

function linkGroups(config: Config, say: (text: string) => void): VirtualServer[] {
  const members = new Map<string, number>()
  return config.services.filter((vs) => {
    if (vs.group === '') return true
    if (!config.groups.some((group) => group.name === vs.group)) {
      say(
        `Virtual server group ${vs.group} specified but not configured - ignoring virtual server ${serviceName(vs)}`,
      )
      return false
    }
    vs.member = members.get(vs.group) ?? 0
    members.set(vs.group, vs.member + 1)
    return true
  })
}

function settleService(
  vs: VirtualServer,
  entries: ServiceSpec['entries'],
  say: (text: string) => void,
): void {
  const hasMark = vs.fwmark !== 0 || entries.some((entry) => 'fwmark' in entry)
  const hasAddress = vs.group === '' ? vs.fwmark === 0 : entries.some((entry) => 'ip' in entry)
  if (vs.haSuspend && hasMark) {
    say(`Virtual server ${serviceName(vs)}: cannot use ha_suspend with fwmarks - clearing ha_suspend`)
    vs.haSuspend = false
  }
  if (hasAddress) {
    if (vs.proto === 0) {
      say(`Virtual server ${serviceName(vs)}: no protocol set - defaulting to UDP`)
      vs.proto = 17
    }
    if (vs.flags.includes('ops') && vs.proto !== 17) {
      say(`Virtual server ${serviceName(vs)}: one packet scheduling requires UDP - resetting`)
      vs.flags = vs.flags.filter((flag) => flag !== 'ops')
    }
  }
  const ports =
    vs.group === '' ? (vs.fwmark === 0 ? [vs.port] : []) : entries.map((e) => ('ip' in e ? e.port : 1))
  if (vs.persistence === 0 && ports.includes(0)) {
    say(`Virtual server ${serviceName(vs)}: zero port only valid for persistent services - setting`)
    vs.persistence = PERSISTENT_DEFAULT_S
  }
  if (vs.proto !== 0 && hasMark && !hasAddress) {
    say(
      `Warning: Virtual server ${serviceName(vs)}: protocol specified for fwmark - protocol will be ignored`,
    )
    vs.proto = 0
  }
  if (vs.scheduler === '') {
    say(`Virtual server ${serviceName(vs)}: no scheduler set, setting default 'wlc'`)
    vs.scheduler = 'wlc'
  }
}

function defaultMode(vs: VirtualServer, say: (text: string) => void): NonNullable<VirtualServer['mode']> {
  if (vs.mode === null)
    say(`Virtual server ${serviceName(vs)}: no forwarding method set, setting default NAT`)
  vs.mode ??= 'nat'
  return vs.mode
}

/** Duplicates go; modes, weights, quorum and hysteresis are made to fit. */
function settleServers(vs: VirtualServer, say: (text: string) => void): RealServer[] {
  const kept: RealServer[] = []
  let sum = 0
  for (const rs of vs.servers) {
    if (kept.some((other) => other.ip === rs.ip && other.port === rs.port)) {
      say(`VS ${serviceName(vs)}: real server ${serverName(rs, vs)} is duplicated - removing second rs`)
      continue
    }
    kept.push(rs)
    // A check goes where the server was said to be, whatever becomes of its port.
    for (const check of rs.checks) check.port ??= rs.port === 0 ? null : rs.port
    rs.mode ??= defaultMode(vs, say)
    rs.weight ??= vs.weight
    rs.inhibit ??= vs.inhibit
    sum += rs.weight
    matchSorry(vs, vs.sorry, rs, say)
  }
  if (vs.sorry) vs.sorry.mode ??= defaultMode(vs, say)
  if (vs.quorum > sum) {
    const quorum = `quorum ${vs.quorum} for ${serviceName(vs)} exceeds total weight of real servers ${sum}`
    say(`Warning - ${quorum}, reducing quorum to ${sum}`)
    vs.quorum = sum
  }
  if (vs.hysteresis >= vs.quorum) {
    const what = `hysteresis ${vs.hysteresis} >= quorum ${vs.quorum}; setting hysteresis to ${vs.quorum - 1}`
    say(`Virtual server ${serviceName(vs)}: ${what}`)
    vs.hysteresis = vs.quorum - 1
  }
  return kept
}

function matchSorry(
  vs: VirtualServer,
  sorry: ServerAddress | null,
  rs: RealServer,
  say: (text: string) => void,
): void {
  if (!sorry || rs.ip !== sorry.ip || rs.port !== sorry.port || sorry.inhibit === rs.inhibit) return
  const what = `real server ${serverName(rs, vs)} matches sorry server, but inhibit setting differs`
  say(`Virtual server ${serviceName(vs)}: ${what}, ${rs.inhibit ? 'sett' : 'clear'}ing on sorry server`)
  sorry.inhibit = rs.inhibit ?? false
}

/** Only NAT can change the port. */
function settlePorts(
  vs: VirtualServer,
  servers: readonly RealServer[],
  entries: ServiceSpec['entries'],
  say: (text: string) => void,
): void {
  if (vs.group !== '') return warnGroupPorts(vs, servers, entries, say)
  const what = vs.fwmark === 0 ? 'virtual server' : 'fwmark virtual server'
  for (const rs of servers) {
    if (rs.port === 0) {
      if (vs.fwmark === 0) rs.port = vs.port
    } else if (rs.mode === 'nat') continue
    else if (vs.fwmark !== 0) {
      say(
        `WARNING - ${what} ${serviceName(vs)}, real server ${serverName(rs, vs)} has port specified - clearing`,
      )
      rs.port = 0
    } else if (rs.port !== vs.port) {
      say(
        `WARNING - ${what} ${serviceName(vs)} and real server ${serverName(rs, vs)} ports don't match - resetting`,
      )
      rs.port = vs.port
    }
  }
  const { sorry } = vs
  if (!sorry || sorry.mode === 'nat') return
  if (vs.fwmark !== 0) {
    if (sorry.port !== 0)
      say(`WARNING - virtual server ${serviceName(vs)}, sorry server has port specified - clearing`)
    sorry.port = 0
  } else {
    if (sorry.port !== 0 && sorry.port !== vs.port) {
      say(`WARNING - virtual server ${serviceName(vs)} and sorry server ports don't match - resetting`)
    }
    sorry.port = vs.port
  }
}

function warnGroupPorts(
  vs: VirtualServer,
  servers: readonly RealServer[],
  entries: ServiceSpec['entries'],
  say: (text: string) => void,
): void {
  const direct = servers.filter((rs) => rs.mode !== 'nat' && rs.port !== 0)
  if (entries.some((entry) => 'fwmark' in entry)) {
    for (const rs of direct) {
      const server = `real server ${serverName(rs, vs)} has port specified`
      say(`WARNING - fwmark virtual server ${serviceName(vs)}, ${server} - port will be ignored`)
    }
  }
  for (const entry of entries) {
    if (!('ip' in entry)) continue
    for (const rs of direct) {
      if (rs.port === entry.port) continue
      const shown = `${serverName({ ip: entry.ip, port: 0 }, vs).split(']')[0]?.slice(1) ?? ''},${entry.port}`
      say(
        `virtual server ${serviceName(vs)}:[${shown}] and real server ${serverName(rs, vs)} ports don't match`,
      )
    }
  }
}

function serverSpec(rs: RealServer, vs: VirtualServer): ServerSpec {
  const { ip, port, upper, lower, notifyUp, notifyDown } = rs
  const virtualHost = rs.virtualHost || vs.virtualHost
  const weight = rs.weight ?? 1
  return {
    ip,
    port,
    mode: rs.mode ?? 'nat',
    weight,
    inhibit: rs.inhibit ?? false,
    upper,
    lower,
    notifyUp,
    notifyDown,
    virtualHost,
  }
}

function checkSpec(check: Checker, rs: RealServer, vs: VirtualServer): CheckSpec {
  const loopNs = check.loopNs ?? rs.loopNs ?? vs.loopNs
  const http = check.kind === 'http' ? check : undefined
  return {
    kind: check.kind,
    ip: check.ip ?? rs.ip,
    port: check.port ?? rs.port,
    bindIp: check.bindIp,
    bindPort: check.bindPort,
    timeoutNs: check.timeoutNs ?? rs.timeoutNs ?? vs.timeoutNs,
    retry: check.retry ?? rs.retry ?? vs.retry ?? 1,
    retryDelayNs: check.retryDelayNs ?? rs.retryDelayNs ?? vs.retryDelayNs ?? DEFAULT_RETRY_DELAY[check.kind],
    warmupNs: check.warmupNs ?? rs.warmupNs ?? vs.warmupNs ?? loopNs,
    loopNs,
    alpha: check.alpha ?? rs.alpha ?? vs.alpha,
    logAll: check.logAll,
    urls: http?.urls ?? [],
    virtualHost: http?.virtualHost ?? '',
    protocol: http?.protocol ?? '1.0',
    fastRecovery: http?.fastRecovery ?? false,
  }
}

const DEFAULT_RETRY_DELAY = { http: 3 * SEC, tcp: SEC, ping: SEC } as const

function newServer(spec: ServerSpec): Server {
  const { weight } = spec
  return {
    spec: freeze(spec),
    alive: false,
    set: false,
    failed: 0,
    reloaded: false,
    weight,
    oldWeight: weight,
  }
}

/** With alpha a check counts as failed until it has run; and at first one failure is enough. */
function newCheck(spec: CheckSpec, service: number, server: number, reload: boolean, vs: Service): Check {
  const down = !reload && spec.alpha
  const rs = vs.servers[server]
  if (down && rs) rs.failed++
  return {
    spec: freeze(spec),
    service,
    server,
    up: !down,
    hasRun: false,
    retryIt: reload ? 0 : spec.retry,
    enabled: !vs.spec.haSuspend,
    timer: 0,
    sock: 0,
    phase: 'idle',
    url: 0,
    failedUrl: -1,
    received: NO_BYTES,
    pingSeq: 0,
    mismatch: 0,
  }
}

function freeze<T>(value: T): Readonly<T> {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const member of Object.values(value)) freeze(member)
  }
  return value
}
