import { bytesOfText, concatBytes } from '../../../base/bytes.ts'
import type { Nanos } from '../../../base/ids.ts'
import type { ProcEvent } from '../../../kernel/ctx.ts'
import { log } from '../log.ts'
import { judgeResponse, requestText } from './http.ts'
import { type Pool, setCheckState } from './pool.ts'
import type { Check, Service } from './types.ts'
import { checkName, serverName, serviceName } from './words.ts'

/**
 * One check after the other on the same server (check/check_http.c, check_tcp.c, check_ping.c). The first comes a second and a random part of
 * `warmup` after the start, so that servers are not asked all at once. A failure of a server that is up is tried again
 * `retry` times; of one that is down, each delay_loop.
 */
const BOOTSTRAP_NS: Nanos = 1e9
const NO_BYTES = new Uint8Array(0)

/** register_checkers_thread. */
export function startChecks(pool: Pool): void {
  const { sys, state, own } = pool
  own.checks.forEach((check, index) => {
    const vs = own.services[check.service]
    const rs = vs?.servers[check.server]
    if (!vs || !rs) return
    if (vs.spec.haSuspend) check.enabled = sys.isOwn(vs.spec.ip)
    const what = `${check.enabled ? 'A' : 'Dea'}ctivating healthchecker for service ${serverName(rs.spec, vs.spec)}`
    log(sys, state, `${what} for VS ${serviceName(vs.spec)}`)
    const warmupUs = Math.floor(check.spec.warmupNs / 1000)
    schedule(pool, index, BOOTSTRAP_NS + (warmupUs > 0 ? sys.random(warmupUs) * 1000 : 0))
  })
  log(sys, state, 'Activating BFD healthchecker')
}

function schedule(pool: Pool, index: number, delayNs: Nanos): void {
  const check = pool.own.checks[index]
  if (!check) return
  check.timer = ++pool.own.generation
  pool.sys.sleep(`check ${index} ${check.timer}`, delayNs)
}

/** A timer of ours: time for the next check, or the one at hand has taken too long. */
export function onCheckTimer(pool: Pool, name: string): void {
  const [, index = '', timer = ''] = name.split(' ')
  const check = pool.own.checks[Number(index)]
  if (!check || check.timer !== Number(timer)) return
  if (check.phase === 'idle') return launch(pool, Number(index), check)
  const was = check.phase
  if (check.spec.kind !== 'http') {
    if (check.spec.kind === 'tcp')
      logFailure(pool, check, `TCP connection to ${nameOf(pool, check)} timeout.`)
    else logFailure(pool, check, `ICMP connection to address ${nameOf(pool, check)} timeout.`)
    return simpleDone(pool, Number(index), check, false)
  }
  httpFailed(pool, Number(index), check, was === 'connecting' ? 'Timeout connecting' : 'Timeout HTTP read')
}

function launch(pool: Pool, index: number, check: Check): void {
  const { spec } = check
  if (!check.enabled) return schedule(pool, index, spec.loopNs)
  if (spec.kind === 'http' && !spec.urls[check.url]) return httpDone(pool, index, check, 'new')
  if (spec.kind === 'ping') return launchPing(pool, index, check)
  const from = {
    ...(spec.bindIp ? { src: spec.bindIp } : {}),
    ...(spec.bindPort ? { sport: spec.bindPort } : {}),
  }
  const started = pool.sys.connect({ ...from, dst: spec.ip, dport: spec.port })
  if (!started.ok) {
    if (spec.kind === 'tcp') return simpleDone(pool, index, check, false)
    return httpFailed(pool, index, check, 'HTTP_CHECK - network unreachable')
  }
  check.sock = started.value
  check.phase = 'connecting'
  schedule(pool, index, spec.timeoutNs)
}

/** Identifiers of echo requests are told apart by check; the process number alone would not do. */
function launchPing(pool: Pool, index: number, check: Check): void {
  check.pingSeq = (check.pingSeq + 1) & 0xffff
  const ident = pingIdent(pool, index)
  const sent = pool.sys.ping({ ident, seq: check.pingSeq, dst: check.spec.ip, payload: new Uint8Array(56) })
  if (!sent.ok) return simpleDone(pool, index, check, false)
  check.phase = 'ping'
  schedule(pool, index, check.spec.timeoutNs)
}

function pingIdent(pool: Pool, index: number): number {
  return (pool.sys.pid * 64 + index) & 0xffff
}

/** An echo reply: bytes from the ICMP header on. */
export function onPing(pool: Pool, event: Extract<ProcEvent, { kind: 'ping' }>): void {
  const ident = ((event.bytes[4] ?? 0) << 8) | (event.bytes[5] ?? 0)
  const seq = ((event.bytes[6] ?? 0) << 8) | (event.bytes[7] ?? 0)
  pool.own.checks.forEach((check, index) => {
    if (check.phase !== 'ping' || pingIdent(pool, index) !== ident || check.pingSeq !== seq) return
    simpleDone(pool, index, check, true)
  })
}

/** Something about a connection of a check. */
export function onCheckSocket(pool: Pool, event: Extract<ProcEvent, { kind: 'sock' }>): void {
  const index = pool.own.checks.findIndex((check) => check.sock === event.sock)
  const check = pool.own.checks[index]
  if (!check) return
  if (check.phase === 'connecting') {
    if (event.ready === 'connected') return connected(pool, index, check)
    if (check.spec.kind === 'tcp') {
      logFailure(pool, check, `TCP connection to ${nameOf(pool, check)} failed.`)
      return simpleDone(pool, index, check, false)
    }
    return httpFailed(pool, index, check, 'Connection failed')
  }
  read(pool, index, check)
}

function connected(pool: Pool, index: number, check: Check): void {
  if (check.spec.kind === 'tcp') return simpleDone(pool, index, check, true)
  const rs = pool.own.services[check.service]?.servers[check.server]
  check.phase = 'reading'
  check.received = NO_BYTES
  const sent = pool.sys.send(check.sock, bytesOfText(requestText(check, rs?.spec.virtualHost ?? '')))
  if (!sent.ok) return httpFailed(pool, index, check, 'Cannot send get request to')
  schedule(pool, index, check.spec.timeoutNs)
}

function read(pool: Pool, index: number, check: Check): void {
  const got = pool.sys.receive(check.sock)
  if (!got.ok) return httpFailed(pool, index, check, 'Read error with')
  const { bytes, eof } = got.value
  if (bytes.length > 0) check.received = concatBytes([check.received, bytes])
  if (!eof) return bytes.length > 0 ? schedule(pool, index, check.spec.timeoutNs) : undefined
  const url = check.spec.urls[check.url]
  if (!url) return
  const verdict = judgeResponse(check.received, url)
  if (verdict.mismatch !== 0 && verdict.mismatch !== check.mismatch) {
    const vs = pool.own.services[check.service]
    const rs = vs?.servers[check.server]
    if (vs && rs) {
      const whose = `RS ${serverName(rs.spec, vs.spec)} VS ${serviceName(vs.spec)} url ${url.virtualHost}${url.path}`
      const lengths = `content_length (${verdict.said}) does not match received bytes (${verdict.said - verdict.mismatch})`
      log(pool.sys, pool.state, `http_check for ${whose}: ${lengths}`)
    }
  }
  check.mismatch = verdict.mismatch
  if (verdict.failure !== '') return httpFailed(pool, index, check, verdict.failure)
  if (!check.up) {
    log(pool.sys, pool.state, `${verdict.success} success to ${nameOf(pool, check)} url(${url.path})`)
  }
  httpDone(pool, index, check, 'new')
}

function nameOf(pool: Pool, check: Check): string {
  const vs: Service | undefined = pool.own.services[check.service]
  return checkName(check.spec, { proto: vs?.spec.proto ?? 0 })
}

function logFailure(pool: Pool, check: Check, text: string): void {
  if (check.up && (pool.own.globals.checkerLogAll || check.spec.logAll)) log(pool.sys, pool.state, text)
}

/** timeout_epilog: a server known as dead is not tried again at once. */
function httpFailed(pool: Pool, index: number, check: Check, why: string): void {
  if (!check.up && check.hasRun) return httpDone(pool, index, check, 'failed')
  if (pool.own.globals.checkerLogAll || check.spec.logAll) {
    log(pool.sys, pool.state, `${why} server ${nameOf(pool, check)}.`)
  }
  check.hasRun = true
  httpDone(pool, index, check, 'retry')
}

/** epilog of check_http.c. After a failed url has recovered all are asked once more before the server counts as up. */
function httpDone(pool: Pool, index: number, check: Check, how: 'new' | 'retry' | 'failed'): void {
  const { spec } = check
  let finished = false
  closeSocket(pool, check)
  if (how === 'new') {
    check.url++
    finished = check.url >= spec.urls.length
    check.retryIt = 0
  } else if (how === 'retry') check.retryIt++
  if (finished && check.failedUrl < 0) {
    if (!check.up || !check.hasRun) {
      log(pool.sys, pool.state, `Remote Web server ${nameOf(pool, check)} succeed on service.`)
      setCheckState(pool, check, true)
      check.hasRun = true
    }
    check.url = 0
  } else if (how === 'retry' && check.retryIt > spec.retry) {
    if (check.up || !check.hasRun) {
      const after = check.hasRun && spec.retry > 0 ? ` after ${check.retryIt - 1} retries` : ''
      log(pool.sys, pool.state, `HTTP_CHECK on service ${nameOf(pool, check)} failed${after}.`)
      setCheckState(pool, check, false)
    }
    check.failedUrl = check.url
  } else if (how === 'new' && check.failedUrl >= 0) {
    check.failedUrl = -1
    check.url = 0
  }
  let delayNs = spec.retryDelayNs
  if (how === 'new') {
    delayNs = spec.loopNs
    if (!check.hasRun) check.retryIt = spec.retry
  } else if (check.failedUrl >= 0) delayNs = Math.max(spec.retryDelayNs, spec.loopNs)
  const atOnce = spec.fastRecovery && (!check.hasRun || (!check.up && check.failedUrl < 0))
  schedule(pool, index, atOnce ? 0 : delayNs)
}

/** tcp_epilog and icmp_epilog. */
function simpleDone(pool: Pool, index: number, check: Check, good: boolean): void {
  const { spec } = check
  closeSocket(pool, check)
  const name = nameOf(pool, check)
  const isTcp = spec.kind === 'tcp'
  if (good || check.retryIt >= spec.retry) {
    check.retryIt = 0
    if (good && (!check.up || !check.hasRun)) {
      log(pool.sys, pool.state, `${isTcp ? 'TCP' : 'ICMP'} connection to ${name} success.`)
      setCheckState(pool, check, true)
    } else if (!good && (check.up || !check.hasRun)) {
      const retried = spec.retry > 0 && check.hasRun
      const of = !isTcp && retried ? ` of ${serviceNameOf(pool, check)}` : ''
      const after = retried ? ` after ${spec.retry} retries` : ''
      log(
        pool.sys,
        pool.state,
        `${isTcp ? 'TCP_CHECK' : 'ICMP CHECK'} on service ${name}${of} failed${after}.`,
      )
      setCheckState(pool, check, false)
    }
    check.hasRun = true
    return schedule(pool, index, spec.loopNs)
  }
  check.retryIt++
  check.hasRun = true
  schedule(pool, index, spec.retryDelayNs)
}

function serviceNameOf(pool: Pool, check: Check): string {
  const vs = pool.own.services[check.service]
  return vs ? serviceName(vs.spec) : ''
}

function closeSocket(pool: Pool, check: Check): void {
  if (check.sock !== 0) pool.sys.close(check.sock)
  check.sock = 0
  check.phase = 'idle'
  check.received = NO_BYTES
}

/** Connections of all checks go: the configuration is read anew, or the child ends. */
export function closeChecks(pool: Pool): void {
  for (const check of pool.own.checks) closeSocket(pool, check)
}
