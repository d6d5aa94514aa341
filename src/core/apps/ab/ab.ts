import { type Bytes, bytesOfText, concatBytes } from '../../base/bytes.ts'
import { type Ip4, type Nanos, SEC, type SockId } from '../../base/ids.ts'
import type { ProcEvent } from '../../kernel/ctx.ts'
import type { Errno } from '../../kernel/netlink.ts'
import { httpHeader, type HttpResponse, parseHttpResponse } from '../../wire/http.ts'
import { resolve } from '../curl/url.ts'
import { STRERROR } from '../curl/words.ts'
import type { Program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { type AbOptions, parseAb, USAGE } from './options.ts'
import { type Counts, microseconds, report, type Timing } from './report.ts'

/**
 * ApacheBench 2.3: requests over so many connections at a time, and what they took in simulated time. All programs here are
 * equally fast and a host has processors enough, so its numbers tell of the network, not of a machine's power.
 */
export const ab: Program<AbState> = { name: 'ab', init, run, handles: ['INT'] }

interface Conn {
  sock: SockId
  /** Start of the request, of the connection's standing, of the request's sending, of the answer. */
  startNs: Nanos
  connectNs: Nanos
  sentNs: Nanos
  readNs: Nanos
  connected: boolean
  buffer: Bytes
}

interface AbState {
  options: Readonly<AbOptions> | null
  ip: Ip4
  conns: Conn[]
  counts: Counts
  timings: Timing[]
  started: number
  beginNs: Nanos
  /** Failures to connect; ab gives up after ten. */
  bad: number
  /** Numbers of `Completed N requests` are multiples of it; 0 = they are not told. */
  heartbeat: number
}

const RIGHTS =
  'Copyright 1996 Adam Twiss, Zeus Technology Ltd, http://www.zeustech.net/\n' +
  'Licensed to The Apache Software Foundation, http://www.apache.org/\n\n'
/** What is known of fewer requests is not worth a line of progress. */
const QUIET_BELOW = 150
const NO_BYTES: Bytes = new Uint8Array(0)

function banner(sys: Sys): string {
  const revision = sys.profile.id === 'debian-12' ? '$Revision$' : '$Revision: 1903618 $'
  return `This is ApacheBench, Version 2.3 <${revision}>\n${RIGHTS}`
}

function init(): AbState {
  const failed = { connect: 0, receive: 0, length: 0, exceptions: 0 }
  const counts = {
    done: 0,
    failed,
    writeErrors: 0,
    keptAlive: 0,
    non2xx: 0,
    read: 0,
    html: 0,
    server: '',
    length: 0,
  }
  return {
    ...{ options: null, ip: 0 as Ip4, conns: [], counts, timings: [] },
    ...{ started: 0, beginNs: 0, bad: 0, heartbeat: 0 },
  }
}

function run(sys: Sys, state: AbState, event: ProcEvent): void {
  if (event.kind === 'start') return start(sys, state)
  const { options } = state
  if (!options) return
  if (event.kind === 'signal') return finish(sys, state, options)
  if (event.kind === 'timer') return onTimer(sys, state, options, event.name)
  if (event.kind !== 'sock') return
  const conn = state.conns.find((c) => c.sock === event.sock)
  if (!conn) return
  if (conn.connected) return onReadable(sys, state, options, conn)
  if (event.ready === 'connected') return send(sys, conn, options)
  failConnect(sys, state, event.errno ?? 'ECONNREFUSED')
}

function quit(sys: Sys, text: string, status: number): void {
  sys.eprint(text)
  sys.exit(status)
}

function start(sys: Sys, state: AbState): void {
  const parsed = parseAb(sys.argv)
  if (!parsed.ok) return quit(sys, parsed.error, parsed.error.startsWith('Invalid') ? 1 : 22)
  if (parsed.value === 'usage') return quit(sys, USAGE, 22)
  if (parsed.value === 'version') {
    sys.print(banner(sys))
    return sys.exit(0)
  }
  const options = parsed.value
  state.options = Object.freeze(options)
  sys.print(banner(sys))
  if (options.requests > QUIET_BELOW && !options.quiet)
    state.heartbeat = Math.max(100, Math.floor(options.requests / 10))
  sys.print(`Benchmarking ${options.host} (be patient)${state.heartbeat > 0 ? '\n' : '...'}`)
  const ip = resolve(options.host, sys.readFile('/etc/hosts'))
  if (ip === undefined)
    return quit(
      sys,
      `apr_sockaddr_info_get() for ${options.host}: Temporary failure in name resolution (670003)\n`,
      1,
    )
  state.ip = ip
  state.beginNs = sys.now
  if (options.timeLimitS > 0) sys.sleep('limit', options.timeLimitS * SEC)
  sys.sleep('idle 0', options.timeoutS * SEC)
  for (let i = 0; i < options.concurrency && !sys.ended; i++) begin(sys, state, options)
}

/** One more connection, unless all requests are on their way. */
function begin(sys: Sys, state: AbState, options: AbOptions): void {
  if (state.started >= options.requests) return
  state.started++
  const startNs = sys.now
  const sock = sys.connect({ dst: state.ip, dport: options.port })
  if (!sock.ok) return failConnect(sys, state, sock.error)
  state.conns.push({
    ...{ sock: sock.value, startNs, connectNs: startNs, sentNs: 0, readNs: 0 },
    ...{ connected: false, buffer: NO_BYTES },
  })
}

/** ab reads from what it could not connect, and ends with that error. */
function failConnect(sys: Sys, state: AbState, errno: Errno): void {
  const { number, text } = STRERROR[errno] ?? { number: 111, text: 'Connection refused' }
  const total = state.counts.done > 0 ? `Total of ${state.counts.done} requests completed\n` : ''
  quit(sys, `apr_socket_recv: ${text} (${number})\n${total}`, number)
}

function send(sys: Sys, conn: Conn, options: AbOptions): void {
  if (!conn.connected) conn.connectNs = sys.now
  conn.connected = true
  const { host, port } = options
  const own = options.headers.map((text) => `${text}\r\n`).join('')
  const has = (name: string): boolean =>
    options.headers.some((text) => text.toLowerCase().startsWith(`${name}:`))
  const lines = [
    `${options.head ? 'HEAD' : 'GET'} ${options.path} HTTP/1.0\r\n`,
    options.keepAlive ? 'Connection: Keep-Alive\r\n' : '',
    has('host') ? '' : `Host: ${host}${port === 80 ? '' : `:${port}`}\r\n`,
    has('user-agent') ? '' : 'User-Agent: ApacheBench/2.3\r\n',
    has('accept') ? '' : 'Accept: */*\r\n',
    `${own}\r\n`,
  ]
  conn.sentNs = sys.now
  sys.send(conn.sock, bytesOfText(lines.join('')))
}

function onReadable(sys: Sys, state: AbState, options: AbOptions, conn: Conn): void {
  const got = sys.receive(conn.sock)
  if (!got.ok) {
    const { number, text } = STRERROR[got.error] ?? { number: 104, text: got.error }
    return quit(sys, `apr_socket_recv: ${text} (${number})\n`, number)
  }
  const { bytes, eof } = got.value
  if (bytes.length > 0) {
    if (conn.buffer.length === 0) conn.readNs = sys.now
    conn.buffer = conn.buffer.length === 0 ? bytes : concatBytes([conn.buffer, bytes])
  }
  const parsed = parseHttpResponse(conn.buffer, eof, options.head)
  const head = parsed.state === 'bad' ? undefined : parsed.head
  const said = head && httpHeader(head, 'content-length')
  const stays =
    options.keepAlive && head !== undefined && /keep-alive/i.test(httpHeader(head, 'connection') ?? '')
  const bodyStart = (parsed.state !== 'bad' && parsed.bodyStart) || 0
  const whole =
    stays && said !== undefined && conn.buffer.length - bodyStart >= (options.head ? 0 : Number(said))
  if (!eof && !whole) return
  count(state, conn, head, bodyStart)
  if (stays && whole) state.counts.keptAlive++
  finishRequest(sys, state, options, conn, head?.status ?? 0, whole && !eof)
}

function count(state: AbState, conn: Conn, head: HttpResponse | undefined, bodyStart: number): void {
  const { counts } = state
  const body = conn.buffer.length - bodyStart
  counts.read += conn.buffer.length
  if (head === undefined) {
    counts.failed.length++
    return
  }
  counts.html += body
  if (head.status < 200 || head.status > 299) counts.non2xx++
  if (counts.done === 0) {
    counts.server = httpHeader(head, 'server') ?? ''
    counts.length = body
  } else if (body !== counts.length) counts.failed.length++
}

function finishRequest(
  sys: Sys,
  state: AbState,
  options: AbOptions,
  conn: Conn,
  status: number,
  isKept: boolean,
): void {
  const { counts } = state
  counts.done++
  const connect = microseconds(conn.startNs, conn.connectNs)
  state.timings.push({
    connect,
    total: microseconds(conn.startNs, sys.now),
    wait: conn.readNs === 0 ? 0 : microseconds(conn.sentNs, conn.readNs),
  })
  const method = options.head ? 'HEAD' : 'GET'
  const { ip: peer } = state
  const { port: peerPort, path } = options
  sys.note({ kind: 'request', pid: sys.pid, role: 'client', method, path, peer, peerPort, status })
  if (state.heartbeat > 0 && counts.done % state.heartbeat === 0)
    sys.eprint(`Completed ${counts.done} requests\n`)
  sys.sleep(`idle ${counts.done}`, options.timeoutS * SEC)
  if (isKept && state.started < options.requests) {
    state.started++
    Object.assign(conn, { startNs: sys.now, connectNs: sys.now, readNs: 0, buffer: NO_BYTES })
    return send(sys, conn, options)
  }
  sys.close(conn.sock)
  state.conns = state.conns.filter((other) => other !== conn)
  if (counts.done >= options.requests) return finish(sys, state, options)
  begin(sys, state, options)
}

/** The time is up, or nothing has come back for as long as an answer is waited for. */
function onTimer(sys: Sys, state: AbState, options: AbOptions, name: string): void {
  if (name === 'limit') return finish(sys, state, options)
  if (name !== `idle ${state.counts.done}`) return
  const total = state.counts.done > 0 ? `Total of ${state.counts.done} requests completed\n` : ''
  quit(sys, `apr_pollset_poll: The timeout specified has expired (70007)\n${total}`, 7)
}

function finish(sys: Sys, state: AbState, options: AbOptions): void {
  if (state.heartbeat > 0) sys.eprint(`Finished ${state.counts.done} requests\n`)
  else sys.print('..done\n')
  sys.print(report(options, state.counts, sys.now - state.beginNs, state.timings))
  sys.exit(0)
}
