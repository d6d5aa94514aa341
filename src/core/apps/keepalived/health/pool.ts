import type { Sys } from '../../sys.ts'
import { log } from '../log.ts'
import { runScript } from '../script.ts'
import type { KeepalivedState } from '../state.ts'
import { destCommand, removeDest, serviceCommand } from './ipvs.ts'
import type { Check, CheckersState, Server, Service } from './types.ts'
import { serverName, serviceName } from './words.ts'

/** Real servers in and out of the pool, quorum and sorry server (check/ipwrapper.c); golden A7 has the log. */

/** One child's state with its own half at hand. */
export interface Pool {
  sys: Sys
  state: KeepalivedState
  own: CheckersState
}

function liveWeight(vs: Service): number {
  return vs.servers.reduce((sum, rs) => sum + (rs.alive ? rs.weight : 0), 0)
}

/** The quorum as it is before anything is done about it. */
export function setQuorumStates(own: CheckersState): void {
  for (const vs of own.services) vs.quorumUp = liveWeight(vs) >= vs.spec.quorum + vs.spec.hysteresis
}

/** Put services and servers into the kernel; under alpha a server waits for its first good check (init_services). */
export function initServices(pool: Pool): void {
  for (const vs of pool.own.services) {
    if (!vs.alive || vs.spec.group !== '') {
      if (!vs.alive || !vs.reloaded) serviceCommand(pool.sys, pool.state, 'add', vs)
      vs.alive = true
    }
    for (const rs of vs.servers) initServer(pool, vs, rs)
    updateQuorum(pool, vs, true)
    const { sorry } = vs
    if (!sorry?.spec.inhibit || sorry.set) continue
    if (vs.spec.sorryDuplicates) sorry.set = true
    else {
      sorry.failed = 1
      destCommand(pool.sys, pool.state, 'add', vs, sorry)
      sorry.failed = 0
    }
  }
}

function initServer(pool: Pool, vs: Service, rs: Server): void {
  if (rs.reloaded) {
    const weight = rs.weight
    rs.weight = rs.oldWeight
    if (weight !== rs.oldWeight) changeWeight(pool, vs, rs, weight)
    return
  }
  const isUp = rs.failed === 0
  if (!(isUp && !rs.alive) && !(rs.spec.inhibit && !rs.set)) return
  destCommand(pool.sys, pool.state, 'add', vs, rs)
  if (!isUp) return
  rs.alive = true
  if (pool.own.globals.rsInitNotifies) notifyServer(pool, rs)
}

/** update_svr_wgt. */
function changeWeight(pool: Pool, vs: Service, rs: Server, weight: number): void {
  const { sys, state } = pool
  const whose = `${rs.alive ? '' : 'in'}active service ${serverName(rs.spec, vs.spec)} of VS ${serviceName(vs.spec)}`
  log(sys, state, `Changing weight from ${rs.weight} to ${weight} for ${whose}`)
  rs.weight = weight
  if (rs.set && rs.alive && inPool(vs)) destCommand(sys, state, 'edit', vs, rs)
}

/** Real servers, not the sorry server, are in the kernel's table. */
function inPool(vs: Service): boolean {
  return vs.quorumUp || vs.sorry?.alive !== true
}

/** A server goes up or down as a whole (perform_svr_state). False: the kernel refused. */
export function setServerState(pool: Pool, vs: Service, rs: Server, alive: boolean): boolean {
  if (rs.alive === alive) return true
  const { sys, state } = pool
  const [server, service] = [serverName(rs.spec, vs.spec), serviceName(vs.spec)]
  const verb = rs.spec.inhibit ? (alive ? 'Enabl' : 'Disabl') : alive ? 'Add' : 'Remov'
  const to = rs.spec.inhibit ? 'of' : alive ? 'to' : 'from'
  log(sys, state, `${verb}ing service ${server} ${to} VS ${service}`)
  if (inPool(vs) && !destCommand(sys, state, alive ? 'add' : 'del', vs, rs)) return false
  rs.alive = alive
  notifyServer(pool, rs)
  updateQuorum(pool, vs, false)
  return true
}

/** The result of a check counts: a server is up while none of its checks fails (update_svr_checker_state). */
export function setCheckState(pool: Pool, check: Check, up: boolean): void {
  const vs = pool.own.services[check.service]
  const rs = vs?.servers[check.server]
  if (!vs || !rs) return
  if (check.up !== up) {
    pool.sys.note({
      kind: 'health',
      service: serviceName(vs.spec),
      server: serverName(rs.spec, vs.spec),
      up,
      why: check.spec.kind,
    })
  } else {
    if (!check.hasRun && (check.spec.alpha || !up)) notifyServer(pool, rs)
    check.hasRun = true
    return
  }
  check.hasRun = true
  if (up && rs.failed <= 1 && !setServerState(pool, vs, rs, true)) return
  if (!up && rs.failed === 0 && !setServerState(pool, vs, rs, false)) return
  markCheck(rs, check, up)
}

/** set_checker_state. */
export function markCheck(rs: Server, check: Check, up: boolean): void {
  if (check.up === up) return
  check.up = up
  if (!up) rs.failed++
  else if (rs.failed > 0) rs.failed--
}

/** Gained, lost, or on the way up not there: the sorry server goes out or in (update_quorum_state). */
function updateQuorum(pool: Pool, vs: Service, init: boolean): void {
  const sum = liveWeight(vs)
  const { quorum, hysteresis } = vs.spec
  const threshold = quorum + (vs.quorumUp ? -1 : 1) * hysteresis
  if (!vs.quorumUp && sum >= threshold) return gainQuorum(pool, vs, threshold, sum)
  const lost = vs.quorumUp && (sum === 0 || sum < threshold)
  const atStart = init && !vs.quorumUp && vs.sorry !== null && !vs.sorry.alive
  if (lost || atStart) loseQuorum(pool, vs, threshold, sum, init)
}

function gainQuorum(pool: Pool, vs: Service, threshold: number, sum: number): void {
  const { sys, state } = pool
  const { quorum, hysteresis } = vs.spec
  const name = serviceName(vs.spec)
  vs.quorumUp = true
  log(sys, state, `Gained quorum ${quorum}+${hysteresis}=${threshold} <= ${sum} for VS ${name}`)
  sys.note({ kind: 'quorum', service: name, up: true, weight: sum, quorum: threshold })
  if (vs.sorry?.alive) {
    const verb = vs.sorry.spec.inhibit ? 'Disabling' : 'Removing'
    log(sys, state, `${verb} sorry server ${serverName(vs.sorry.spec, vs.spec)} from VS ${name}`)
    destCommand(sys, state, 'del', vs, vs.sorry)
    vs.sorry.alive = false
    movePool(pool, vs, true)
  }
  runScript(sys, state, vs.spec.quorumUp)
}

function loseQuorum(pool: Pool, vs: Service, threshold: number, sum: number, init: boolean): void {
  const { sys, state } = pool
  const { quorum, hysteresis } = vs.spec
  const name = serviceName(vs.spec)
  vs.quorumUp = false
  const what = init ? 'Starting with quorum down' : 'Lost quorum'
  log(sys, state, `${what} ${quorum}-${hysteresis}=${threshold} > ${sum} for VS ${name}`)
  sys.note({ kind: 'quorum', service: name, up: false, weight: sum, quorum: threshold })
  if (vs.sorry && !vs.sorry.alive) {
    const verb = vs.sorry.spec.inhibit ? 'Enabling' : 'Adding'
    log(sys, state, `${verb} sorry server ${serverName(vs.sorry.spec, vs.spec)} to VS ${name}`)
    movePool(pool, vs, false)
    destCommand(sys, state, 'add', vs, vs.sorry)
    vs.sorry.alive = true
  }
  runScript(sys, state, vs.spec.quorumDown)
}

function movePool(pool: Pool, vs: Service, add: boolean): void {
  const what = add ? 'Adding alive servers to' : 'Removing alive servers from'
  log(pool.sys, pool.state, `${what} the pool for VS ${serviceName(vs.spec)}`)
  for (const rs of vs.servers) if (rs.alive) destCommand(pool.sys, pool.state, add ? 'add' : 'del', vs, rs)
}

function notifyServer(pool: Pool, rs: Server): void {
  runScript(pool.sys, pool.state, rs.alive ? rs.spec.notifyUp : rs.spec.notifyDown)
}

/** Take a server out for good, at the end or because the configuration has it no more (clear_service_rs). */
export function clearServer(pool: Pool, vs: Service, rs: Server, stopping: boolean): void {
  const { sys, state } = pool
  if (rs.set || stopping) {
    const verb = stopping ? 'Shutting down' : 'Removing'
    const inhibited = rs.spec.inhibit && !rs.alive ? '(inhibited) ' : ''
    const name = serverName(rs.spec, vs.spec)
    log(sys, state, `${verb} ${inhibited}service ${name} from VS ${serviceName(vs.spec)}`)
  }
  if (!rs.set) return
  removeDest(sys, state, vs, rs)
  if (!rs.alive) return
  rs.alive = false
  if (vs.spec.omega || !stopping) notifyServer(pool, rs)
}

/** clear_service_vs: the quorum scripts run at the end only under omega. */
export function clearService(pool: Pool, vs: Service, stopping: boolean): void {
  const { sys, state } = pool
  if (vs.sorry?.set) {
    if (!vs.spec.sorryDuplicates) removeDest(sys, state, vs, vs.sorry)
    vs.sorry.set = false
    vs.sorry.alive = false
  }
  for (const rs of vs.servers) clearServer(pool, vs, rs, stopping)
  loseQuorumQuietly(pool, vs, stopping)
  serviceCommand(sys, state, 'del', vs)
  vs.alive = false
}

/** update_vs_notifies. */
export function loseQuorumQuietly(pool: Pool, vs: Service, stopping: boolean): void {
  const sum = liveWeight(vs)
  if (!stopping && !(vs.quorumUp && (sum === 0 || sum < vs.spec.quorum - vs.spec.hysteresis))) return
  vs.quorumUp = false
  if (!stopping || vs.spec.omega) runScript(pool.sys, pool.state, vs.spec.quorumDown)
}

/** End of the child: nothing it made stays in the kernel. */
export function clearServices(pool: Pool): void {
  if (pool.own.globals.flushOnStop === 'full') {
    pool.sys.netlink({ op: 'ipvs.clear' })
    for (const vs of pool.own.services) loseQuorumQuietly(pool, vs, true)
    return
  }
  for (const vs of pool.own.services) clearService(pool, vs, true)
}
