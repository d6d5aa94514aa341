import { log } from '../log.ts'
import { destCommand, removeDest, serviceCommand } from './ipvs.ts'
import { clearServer, clearService, loseQuorumQuietly, markCheck, type Pool, setServerState } from './pool.ts'
import type { Check, CheckersState, Server, Service } from './types.ts'
import { serverName, serviceName } from './words.ts'

/**
 * A new configuration over the old one (check/ipwrapper.c clear_diff_services): what is the same keeps its state and is not touched
 * in the kernel, what is gone is removed, and checks that are the same go on with what they knew.
 */
export function takeOver(pool: Pool, old: CheckersState): void {
  for (const was of old.services) {
    const now = pool.own.services.find((vs) => isSame(vs, was))
    if (!now) {
      const name =
        was.spec.group === ''
          ? `Virtual Server ${serviceName(was.spec)}`
          : `Virtual Server Group [${was.spec.group}]`
      log(pool.sys, pool.state, `Removing ${name}`)
      clearService(pool, was, false)
      continue
    }
    now.alive = was.alive
    now.quorumUp = was.quorumUp
    now.reloaded = true
    if (differs(was, now)) serviceCommand(pool.sys, pool.state, 'edit', now)
    takeOverServers(pool, old, was, now)
    takeOverSorry(pool, was, now)
  }
}

function isSame(a: Service, b: Service): boolean {
  const [x, y] = [a.spec, b.spec]
  if (x.group !== '' || y.group !== '') return x.group === y.group && x.member === y.member
  return (
    x.fwmark === y.fwmark && (x.fwmark !== 0 || (x.proto === y.proto && x.ip === y.ip && x.port === y.port))
  )
}

function differs({ spec: a }: Service, { spec: b }: Service): boolean {
  const sameFlags = a.flags.join(' ') === b.flags.join(' ')
  return (
    a.scheduler !== b.scheduler || !sameFlags || a.persistence !== b.persistence || a.netmask !== b.netmask
  )
}

function takeOverServers(pool: Pool, old: CheckersState, was: Service, now: Service): void {
  for (const rs of was.servers) {
    const same = now.servers.find((other) => other.spec.ip === rs.spec.ip && other.spec.port === rs.spec.port)
    if (!same) {
      log(pool.sys, pool.state, `service ${serverName(rs.spec, was.spec)} no longer exist`)
      clearServer(pool, { ...was, spec: { ...was.spec, omega: true } }, rs, false)
      continue
    }
    same.alive = rs.alive
    same.set = rs.set
    same.weight = same.oldWeight = rs.weight
    same.reloaded = true
    takeOverChecks(pool, old, was, rs, now, same)
    if (same.spec.mode !== rs.spec.mode) destCommand(pool.sys, pool.state, 'edit', now, same)
    same.weight = same.spec.weight
  }
  loseQuorumQuietly(pool, was, false)
}

/** migrate_checkers. */
function takeOverChecks(
  pool: Pool,
  old: CheckersState,
  was: Service,
  oldServer: Server,
  now: Service,
  rs: Server,
): void {
  const mine = checksOf(pool.own, now, rs)
  const before = checksOf(old, was, oldServer)
  for (const check of mine) {
    const same = before.find((other) => isSameCheck(other, check))
    if (!same) continue
    if (same.hasRun) markCheck(rs, check, same.up)
    check.hasRun = same.hasRun
    if (same.retryIt > 0 && check.spec.retry > 0) check.retryIt = Math.min(same.retryIt, check.spec.retry - 1)
  }
  rs.failed = mine.filter((check) => check.hasRun && !check.up).length
  if (rs.failed > 0 || (!rs.alive && !mine.some((check) => check.hasRun))) {
    for (const check of mine) {
      if (check.hasRun) continue
      if (check.spec.alpha) markCheck(rs, check, false)
      check.retryIt = check.spec.retry
    }
  }
  if (rs.failed === 0 && !rs.alive) setServerState(pool, now, rs, true)
  else if (rs.failed > 0 && rs.set !== rs.spec.inhibit) {
    destCommand(pool.sys, pool.state, rs.spec.inhibit ? 'add' : 'del', now, rs)
  }
}

function checksOf(own: CheckersState, vs: Service, rs: Server): Check[] {
  const [service, server] = [own.services.indexOf(vs), vs.servers.indexOf(rs)]
  return own.checks.filter((check) => check.service === service && check.server === server)
}

/** Kind, destination and, of an HTTP check, its urls: the rest may change. */
function isSameCheck({ spec: a }: Check, { spec: b }: Check): boolean {
  const connection = a.kind === b.kind && a.ip === b.ip && a.port === b.port && a.timeoutNs === b.timeoutNs
  const from = a.bindIp === b.bindIp && a.bindPort === b.bindPort
  return (
    connection && from && a.virtualHost === b.virtualHost && JSON.stringify(a.urls) === JSON.stringify(b.urls)
  )
}

function takeOverSorry(pool: Pool, was: Service, now: Service): void {
  const old = was.sorry
  if (!old) return
  if (now.sorry && now.sorry.spec.ip === old.spec.ip && now.sorry.spec.port === old.spec.port) {
    now.sorry.alive = old.alive
    now.sorry.set = old.set
    now.sorry.reloaded = true
  } else if (old.alive || old.set) {
    const name = serverName(old.spec, was.spec)
    log(pool.sys, pool.state, `Removing sorry server ${name} from VS ${serviceName(was.spec)}`)
    removeDest(pool.sys, pool.state, was, old)
  }
}

/** check_new_rs_state: a server that is new and waits for its first check under alpha. */
export function markNewServers(own: CheckersState): void {
  for (const check of own.checks) {
    const rs = own.services[check.service]?.servers[check.server]
    if (!rs || rs.reloaded || !check.spec.alpha) continue
    markCheck(rs, check, false)
    rs.alive = false
  }
}
