import { type Bytes, concatBytes } from '../../base/bytes.ts'
import { formatIp4, SEC, type SockId, US } from '../../base/ids.ts'
import type { ProcEvent } from '../../kernel/ctx.ts'
import { type HttpRequest, parseHttpRequest } from '../../wire/http.ts'
import { logDate } from '../clock.ts'
import type { Program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { readArgs, runControl } from './control.ts'
import { logLine, type Reply, respond, respondBad, serverFor } from './respond.ts'
import type { Config, Conn, NginxState, Server } from './types.ts'

/**
 * nginx as a server of fixed answers and files: one process instead of master and workers, HTTP/1.1 without TLS,
 * compression or upstreams. Reads /etc/nginx/nginx.conf in its real syntax; what it does not know it refuses.
 */
export const nginx: Program<NginxState> = {
  name: 'nginx',
  init: () => ({ config: null, listeners: [], conns: {}, timerNs: 0, bindTries: 0 }),
  run,
  handles: ['HUP', 'TERM', 'INT'],
}

const HEADER_TIMEOUT_NS = 60 * SEC
const BIND_TRIES = 5
const LOG_MAX = 64 * 1024
const NO_BYTES: Bytes = new Uint8Array(0)
/** From the answer to the close: the log is written in between, and on a LAN the client's ACK is there first (golden A7). */
const CLOSE_NS = 20 * US

function run(sys: Sys, state: NginxState, event: ProcEvent): void {
  switch (event.kind) {
    case 'start':
      return start(sys, state)
    case 'sock':
      return onSocket(sys, state, event.sock, event.ready)
    case 'timer':
      if (event.name === 'bind') return bindAll(sys, state)
      return closeIdle(sys, state)
    case 'signal':
      return onSignal(sys, state, event.signal)
    default:
      // the rest is not for those who only have TCP sockets
      return
  }
}

function start(sys: Sys, state: NginxState): void {
  const args = readArgs(sys.argv)
  if (runControl(sys, args)) return
  const config = args.load(sys)
  if (!config) return
  state.config = config
  bindAll(sys, state)
}

/** Open every address that is listened on and not open yet. A port in use is tried five times, half a second apart. */
function bindAll(sys: Sys, state: NginxState): void {
  let busy = false
  for (const { ip, port } of wantedListens(state.config)) {
    if (state.listeners.some((l) => l.ip === ip && l.port === port)) continue
    const opened = sys.listen(ip, port, 511)
    if (opened.ok) {
      state.listeners.push({ sock: opened.value, ip, port })
      continue
    }
    const inUse = opened.error === 'EADDRINUSE'
    const why = inUse ? '98: Address already in use' : '99: Cannot assign requested address'
    sys.eprint(`nginx: [emerg] bind() to ${formatIp4(ip)}:${port} failed (${why})\n`)
    if (!inUse) return sys.exit(1)
    busy = true
  }
  if (!busy) {
    if (state.config) sys.writeFile(state.config.pidFile, `${sys.pid}\n`)
    return
  }
  state.bindTries++
  if (state.bindTries < BIND_TRIES) return sys.sleep('bind', SEC / 2)
  sys.eprint('nginx: [emerg] still could not bind()\n')
  sys.exit(1)
}

/** Address and port pairs; one for any address covers the others of its port. */
function wantedListens(config: Config | null): { ip: Conn['laddr']; port: number }[] {
  const out: { ip: Conn['laddr']; port: number }[] = []
  for (const { ip, port } of (config?.servers ?? []).flatMap((server) => server.listens)) {
    if (!out.some((l) => l.ip === ip && l.port === port)) out.push({ ip, port })
  }
  return out.filter((l) => l.ip === 0 || !out.some((other) => other.ip === 0 && other.port === l.port))
}

function onSignal(sys: Sys, state: NginxState, signal: string): void {
  if (signal !== 'HUP') {
    if (state.config) sys.removeFile(state.config.pidFile)
    return sys.exit(0)
  }
  const config = readArgs(sys.argv).load(sys, false)
  if (!config) return
  state.config = config
  const wanted = wantedListens(config)
  for (const listener of state.listeners) {
    if (!wanted.some((w) => w.ip === listener.ip && w.port === listener.port)) sys.close(listener.sock)
  }
  state.listeners = state.listeners.filter((l) => wanted.some((w) => w.ip === l.ip && w.port === l.port))
  state.bindTries = 0
  bindAll(sys, state)
}

type Ready = Extract<ProcEvent, { kind: 'sock' }>['ready']

function onSocket(sys: Sys, state: NginxState, sock: SockId, ready: Ready): void {
  if (ready === 'accept') return acceptAll(sys, state, sock)
  const conn = state.conns[sock]
  if (conn) serve(sys, state, conn)
}

function acceptAll(sys: Sys, state: NginxState, listener: SockId): void {
  let sock = sys.accept(listener)
  while (sock !== undefined) {
    const { laddr, lport, raddr, rport } = sys.ends(sock)
    const deadlineNs = sys.now + HEADER_TIMEOUT_NS
    const conn: Conn = {
      sock,
      peer: raddr,
      peerPort: rport,
      laddr,
      lport,
      buffer: NO_BYTES,
      discard: 0,
      requests: 0,
      deadlineNs,
    }
    state.conns[sock] = conn
    watch(sys, state, deadlineNs)
    serve(sys, state, conn)
    sock = sys.accept(listener)
  }
}

/** One timer serves all connections; it is set to the earliest deadline and set anew when it fires early. */
function watch(sys: Sys, state: NginxState, deadlineNs: number): void {
  if (state.timerNs !== 0 && state.timerNs <= deadlineNs) return
  state.timerNs = deadlineNs
  sys.sleep('idle', deadlineNs - sys.now)
}

function closeIdle(sys: Sys, state: NginxState): void {
  if (sys.now < state.timerNs) return
  state.timerNs = 0
  let next = Infinity
  for (const key in state.conns) {
    const conn = state.conns[key]
    if (!conn) continue
    if (conn.deadlineNs <= sys.now) drop(sys, state, conn)
    else next = Math.min(next, conn.deadlineNs)
  }
  if (next < Infinity) watch(sys, state, next)
}

function drop(sys: Sys, state: NginxState, conn: Conn): void {
  sys.close(conn.sock)
  delete state.conns[conn.sock]
}

/** Read what has come and answer every request that is complete in it. */
function serve(sys: Sys, state: NginxState, conn: Conn): void {
  const got = sys.receive(conn.sock)
  if (!got.ok) return drop(sys, state, conn)
  const { bytes, eof } = got.value
  if (bytes.length > 0) conn.buffer = conn.buffer.length === 0 ? bytes : concatBytes([conn.buffer, bytes])
  while (conn.buffer.length > 0) {
    if (conn.discard > 0) {
      const skipped = Math.min(conn.discard, conn.buffer.length)
      conn.discard -= skipped
      conn.buffer = conn.buffer.subarray(skipped)
      continue
    }
    if (!answerOne(sys, state, conn)) break
  }
  if (state.conns[conn.sock] && eof) drop(sys, state, conn)
}

const BAD_STATUS: Readonly<Record<string, number>> = { 'http.body-size': 413, 'http.chunked': 501 }

const BAD_START = { state: 'bad', why: 'http.start-line' } as const

/** A method begins with a capital, `_` or `-`: what does not is refused before its line has ended (ngx_http_parse_request_line). */
function isNoMethod(buffer: Bytes): boolean {
  const first = buffer.find((byte) => byte !== 13 && byte !== 10)
  return first !== undefined && (first < 65 || first > 90) && first !== 95 && first !== 45
}

/** Answer the request at the front of the buffer. False: not complete yet, or the connection is closed. */
function answerOne(sys: Sys, state: NginxState, conn: Conn): boolean {
  const parsed = isNoMethod(conn.buffer) ? BAD_START : parseHttpRequest(conn.buffer)
  const config = state.config
  const head = parsed.state === 'bad' ? undefined : parsed.head
  const server = config ? serverFor(config, conn, head) : undefined
  if (!server) {
    drop(sys, state, conn)
    return false
  }
  if (parsed.state === 'bad') {
    conn.requests++
    const reply = respondBad(sys, conn, server, BAD_STATUS[parsed.why] ?? 400)
    finish(sys, state, conn, undefined, reply, server)
    return false
  }
  if (!head) return false
  // The body is of no interest: the answer goes out as soon as the head is complete, as nginx does for `return`.
  const total = parsed.state === 'complete' ? parsed.bodyLength : bodyLengthOf(head)
  const start = parsed.bodyStart ?? 0
  const present = Math.min(total, conn.buffer.length - start)
  conn.discard = total - present
  conn.buffer = conn.buffer.subarray(start + present)
  conn.requests++
  return finish(sys, state, conn, head, respond(sys, conn, head, server, total), server)
}

function bodyLengthOf(head: HttpRequest): number {
  const header = head.headers.find((h) => h.name.toLowerCase() === 'content-length')
  return Number(header?.value ?? 0)
}

function isCheck(request: HttpRequest | undefined): boolean {
  const agent = request?.headers.find((h) => h.name.toLowerCase() === 'user-agent')
  return agent?.value.startsWith('KeepAliveClient') === true
}

/** Send, note, log, and keep or close the connection. */
function finish(
  sys: Sys,
  state: NginxState,
  conn: Conn,
  request: HttpRequest | undefined,
  reply: Reply,
  server: Server,
): boolean {
  sys.send(conn.sock, reply.bytes)
  sys.note({
    kind: 'request',
    pid: sys.pid,
    role: 'server',
    method: request?.method ?? '',
    path: request?.target ?? '',
    peer: conn.peer,
    peerPort: conn.peerPort,
    status: reply.status,
    ...(isCheck(request) && { check: true }),
  })
  const { accessLog, keepaliveS } = reply.common
  if (accessLog !== '' && request) {
    const text =
      (sys.readFile(accessLog) ?? '') + logLine(sys, conn, request, reply, server, logDate(sys.now))
    // The oldest half goes when the log is full.
    sys.writeFile(accessLog, text.length <= LOG_MAX ? text : text.slice(text.indexOf('\n', LOG_MAX / 2) + 1))
  }
  if (!reply.keep) {
    // What else comes is of no interest any more.
    conn.discard = Infinity
    conn.deadlineNs = sys.now + CLOSE_NS
    watch(sys, state, conn.deadlineNs)
    return false
  }
  conn.deadlineNs = sys.now + keepaliveS * SEC
  watch(sys, state, conn.deadlineNs)
  return true
}
