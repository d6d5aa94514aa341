import { type Bytes, bytesOfText, concatBytes, textOfBytes } from '../../base/bytes.ts'
import { formatIp4, type Ip4, MS, type Nanos, SEC } from '../../base/ids.ts'
import type { ProcEvent } from '../../kernel/ctx.ts'
import type { Errno } from '../../kernel/netlink.ts'
import { httpHeader, type HttpResponse, parseHttpResponse } from '../../wire/http.ts'
import type { Program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { bindAndConnect } from './connect.ts'
import { absoluteUrl, locationOf, REDIRECTS_MAX, turnsToGet } from './follow.ts'
import { type CurlOptions, parseOptions, readData } from './options.ts'
import { buildRequest } from './request.ts'
import { givenAddress, intoUrls, parseUrl, resolve } from './url.ts'
import type { CurlState, Kept } from './state.ts'
import { strerror } from './words.ts'
import { closing, elapsedMs, emit, failedAfter, info, noteRequest, usage } from './tell.ts'
import { writeOut } from './write-out.ts'

/**
 * curl for http URLs, one after the other; a connection that the server keeps is used again for the same address and port.
 * Standard output is taken for a terminal, so there is no progress meter. Not modelled: proxies, retries, uploads from files.
 */
export const curl: Program<CurlState> = { name: 'curl', init, run }

/** Where curl keeps its connections in memory; nobody can rely on the number. */
const BUNDLE = '0x5555555cbcb0'
const NO_BYTES: Bytes = new Uint8Array(0)

function init(): CurlState {
  return {
    ...blank(0),
    options: null,
    nth: 0,
    kept: [],
    number: 0,
    connections: 0,
    location: '',
    redirects: 0,
  }
}

/** What each URL begins with. */
function blank(
  startNs: Nanos,
): Omit<CurlState, 'options' | 'nth' | 'kept' | 'number' | 'connections' | 'location' | 'redirects'> {
  return {
    url: { host: '', port: 0, target: '' },
    output: '',
    reused: false,
    ip: 0 as Ip4,
    sock: 0,
    phase: 'start',
    startNs,
    connectNs: 0,
    firstByteNs: 0,
    buffer: NO_BYTES,
    head: null,
    bodyBytes: 0,
    bodyLength: -1,
    saved: '',
    localPort: 0,
  }
}

function run(sys: Sys, state: CurlState, event: ProcEvent): void {
  if (event.kind === 'start') return start(sys, state)
  const { options } = state
  if (!options) return
  if (event.kind === 'timer') return onTimer(sys, state, options, event.name)
  if (event.kind !== 'sock' || event.sock !== state.sock || state.phase === 'resting') return
  if (state.phase === 'connecting') {
    if (event.ready === 'connected') return onConnected(sys, state, options)
    const errno = event.ready === 'error' ? (event.errno ?? 'ECONNREFUSED') : 'ECONNREFUSED'
    return connectFailed(sys, state, options, errno)
  }
  onReadable(sys, state, options)
}

function start(sys: Sys, state: CurlState): void {
  const parsed = parseOptions(sys.argv)
  if (!parsed.ok) return usage(sys, `curl: ${parsed.error}\n`)
  const options = parsed.value
  if (options.version) {
    sys.print(`curl ${sys.profile.curl} (x86_64-pc-linux-gnu) libcurl/${sys.profile.curl}\nProtocols: http\n`)
    return sys.exit(0)
  }
  if (options.urls.length === 0)
    return usage(sys, sys.profile.curlMajor >= 8 ? 'curl: (2) no URL specified\n' : '')
  const data = readData(options.dataParts, (path) => sys.readFile(path))
  if (!data.ok) return usage(sys, `curl: Failed to open ${data.error}\n`)
  options.data = data.value
  if (options.get) intoUrls(options)
  state.options = Object.freeze(options)
  for (const text of options.resolve) info(sys, options, `Added ${text} to DNS cache`)
  transfer(sys, state, options)
}

/** One URL of the command line. */
function transfer(sys: Sys, state: CurlState, options: CurlOptions): void {
  Object.assign(state, blank(sys.now))
  state.output = options.outputs[state.nth] ?? ''
  const text = state.location === '' ? (options.urls[state.nth] ?? '') : state.location
  const url = parseUrl(text, sys.profile.curlMajor)
  if (!url.ok) {
    if (url.error.status === 3) closing(sys, options, -1)
    return fail(sys, state, options, url.error.status, url.error.message)
  }
  state.url = url.value
  const given = givenAddress(options, url.value)
  if (given !== undefined) info(sys, options, `Hostname ${url.value.host} was found in DNS cache`)
  const ip = given ?? resolve(url.value.host, sys.readFile('/etc/hosts'))
  if (ip === undefined) {
    const message = `Could not resolve host: ${url.value.host}`
    info(sys, options, message)
    closing(sys, options, state.number)
    return fail(sys, state, options, 6, message)
  }
  state.ip = ip
  if (options.maxTimeS > 0) sys.sleep('max-time', options.maxTimeS * SEC)
  if (options.connectTimeoutS > 0) sys.sleep('connect-timeout', options.connectTimeoutS * SEC)
  const kept = state.kept.find((other) => other.ip === ip && other.port === state.url.port)
  if (kept) return useAgain(sys, state, options, kept)
  connectAnew(sys, state, options)
}

function connectAnew(sys: Sys, state: CurlState, options: CurlOptions): void {
  info(sys, options, `  Trying ${formatIp4(state.ip)}:${state.url.port}...`)
  state.number = state.connections++
  connect(sys, state, options)
}

function useAgain(sys: Sys, state: CurlState, options: CurlOptions, kept: Kept): void {
  state.kept = state.kept.filter((other) => other !== kept)
  info(sys, options, `Found bundle for host: ${BUNDLE} [serially]`)
  info(sys, options, 'Can not multiplex, even if we wanted to')
  if (isDead(sys, kept)) {
    info(sys, options, `Connection ${kept.number} seems to be dead`)
    closing(sys, options, kept.number)
    sys.close(kept.sock)
    return connectAnew(sys, state, options)
  }
  state.sock = kept.sock
  state.localPort = kept.localPort
  state.number = kept.number
  state.reused = true
  state.connectNs = sys.now
  const number = sys.profile.curlMajor >= 8 ? '' : ` #${kept.number}`
  info(sys, options, `Re-using existing connection${number} with host ${state.url.host}`)
  request(sys, state, options)
}

/** The other end has closed or reset it while nobody looked (cf_socket_is_alive). */
function isDead(sys: Sys, { sock }: Kept): boolean {
  const got = sys.receive(sock)
  return !got.ok || got.value.eof
}

/** A kept connection that ends before the first byte was closed in the same moment: once more (Curl_retry_request). */
function retry(sys: Sys, state: CurlState, options: CurlOptions): void {
  info(sys, options, 'Connection died, retrying a fresh connect (retry count: 1)')
  closing(sys, options, state.number)
  const { host, port, target } = state.url
  info(sys, options, `Issue another request to this URL: 'http://${host}:${port}${target}'`)
  sys.close(state.sock)
  state.reused = false
  connectAnew(sys, state, options)
}

function connect(sys: Sys, state: CurlState, options: CurlOptions): void {
  const done = bindAndConnect(sys, options, state.ip, state.url.port, (line) => info(sys, options, line))
  if (done.kind === 'connecting') {
    state.sock = done.sock
    state.phase = 'connecting'
    state.localPort = sys.ends(done.sock).lport
    return
  }
  if (done.kind === 'bind') {
    info(sys, options, done.message)
    info(sys, options, `${failedAfter(sys, state)}: Failed binding local connection end`)
    closing(sys, options, state.number)
    return fail(sys, state, options, 45, done.message)
  }
  info(sys, options, `Immediate connect fail for ${formatIp4(state.ip)}: ${strerror(done.errno)}`)
  couldNotConnect(sys, state, options, 7)
}

function couldNotConnect(sys: Sys, state: CurlState, options: CurlOptions, status: number): void {
  const message = `${failedAfter(sys, state)}: Couldn't connect to server`
  info(sys, options, message)
  closing(sys, options, state.number)
  fail(sys, state, options, status, message)
}

function connectFailed(sys: Sys, state: CurlState, options: CurlOptions, errno: Errno): void {
  const { laddr } = sys.ends(state.sock)
  const to = `connect to ${formatIp4(state.ip)} port ${state.url.port}`
  // curl 8 names our own end too.
  const from = sys.profile.curlMajor >= 8 ? ` from ${formatIp4(laddr)} port ${state.localPort}` : ''
  info(sys, options, `${to}${from} failed: ${strerror(errno)}`)
  couldNotConnect(sys, state, options, errno === 'ETIMEDOUT' ? 28 : 7)
}

function onConnected(sys: Sys, state: CurlState, options: CurlOptions): void {
  state.connectNs = sys.now
  const number = sys.profile.curlMajor >= 8 ? '' : ` (#${state.number})`
  info(
    sys,
    options,
    `Connected to ${state.url.host} (${formatIp4(state.ip)}) port ${state.url.port}${number}`,
  )
  if (options.user !== '')
    info(sys, options, `Server auth using Basic with user '${options.user.replace(/:[^]*/, '')}'`)
  request(sys, state, options)
}

function request(sys: Sys, state: CurlState, options: CurlOptions): void {
  state.phase = 'waiting'
  const { head, body } = buildRequest(options, state.url, sys.profile.curl)
  sys.send(state.sock, body.length > 0 ? concatBytes([bytesOfText(head), body]) : bytesOfText(head))
  if (!options.verbose) return
  let text = ''
  for (const line of head.slice(0, -2).split('\r\n')) text += `> ${line}\n`
  sys.eprint(text)
}

function onReadable(sys: Sys, state: CurlState, options: CurlOptions): void {
  const got = sys.receive(state.sock)
  if (!got.ok) {
    const message = `Recv failure: ${strerror(got.error)}`
    info(sys, options, message)
    if (state.reused && state.firstByteNs === 0) return retry(sys, state, options)
    closing(sys, options, state.number)
    return fail(sys, state, options, 56, message)
  }
  const { bytes, eof } = got.value
  if (eof && bytes.length === 0 && state.reused && state.firstByteNs === 0) return retry(sys, state, options)
  if (bytes.length > 0) state.buffer = state.buffer.length === 0 ? bytes : concatBytes([state.buffer, bytes])
  if (bytes.length > 0 && state.firstByteNs === 0) state.firstByteNs = sys.now
  if (!state.head && !takeHead(sys, state, options, eof)) return
  takeBody(sys, state, options, eof)
}

/** Read and print the head of the response. False: it is not complete, or curl has ended. */
function takeHead(sys: Sys, state: CurlState, options: CurlOptions, eof: boolean): boolean {
  const parsed = parseHttpResponse(state.buffer, eof, options.head)
  if (parsed.state === 'bad') {
    const isHttp = textOfBytes(state.buffer.subarray(0, 5)) === 'HTTP/'
    return broken(
      sys,
      state,
      options,
      isHttp ? 8 : 1,
      isHttp ? 'Weird server reply' : 'Received HTTP/0.9 when not allowed',
    )
  }
  if (!parsed.head) {
    if (!eof) return false
    if (state.buffer.length === 0) return broken(sys, state, options, 52, 'Empty reply from server')
    return broken(sys, state, options, 1, 'Received HTTP/0.9 when not allowed')
  }
  const start = parsed.bodyStart ?? 0
  const text = textOfBytes(state.buffer.subarray(0, start))
  state.head = parsed.head
  state.buffer = state.buffer.subarray(start)
  const said = httpHeader(parsed.head, 'content-length')
  const bodiless = options.head || parsed.head.status === 204 || parsed.head.status === 304
  state.bodyLength = bodiless ? 0 : said === undefined ? -1 : Number(said)
  if (options.verbose) {
    let lines = ''
    for (const line of text.slice(0, -2).split('\r\n')) lines += `< ${line}\n`
    sys.eprint(lines)
  }
  if (options.include || options.head) emit(sys, state, text.replaceAll('\r\n', '\n'))
  return true
}

function broken(sys: Sys, state: CurlState, options: CurlOptions, status: number, message: string): false {
  info(sys, options, message)
  closing(sys, options, state.number)
  fail(sys, state, options, status, message)
  return false
}

function takeBody(sys: Sys, state: CurlState, options: CurlOptions, eof: boolean): void {
  const { head, bodyLength } = state
  if (!head) return
  const left =
    bodyLength < 0 ? state.buffer.length : Math.min(state.buffer.length, bodyLength - state.bodyBytes)
  const hidden = options.fail && head.status >= 400
  const leaves = locationOf(options, head) !== undefined
  if (left > 0 && leaves && state.bodyBytes === 0) info(sys, options, 'Ignoring the response-body')
  if (left > 0 && !hidden && !leaves) emit(sys, state, textOfBytes(state.buffer.subarray(0, left)))
  state.bodyBytes += left
  state.buffer = state.buffer.subarray(left)
  if (bodyLength >= 0 && state.bodyBytes >= bodyLength) return succeed(sys, state, options, head, hidden)
  if (!eof) return
  if (bodyLength < 0) return succeed(sys, state, options, head, hidden)
  broken(
    sys,
    state,
    options,
    18,
    `transfer closed with ${bodyLength - state.bodyBytes} bytes remaining to read`,
  )
}

function succeed(
  sys: Sys,
  state: CurlState,
  options: CurlOptions,
  head: HttpResponse,
  hidden: boolean,
): void {
  const connection = (httpHeader(head, 'connection') ?? '').toLowerCase()
  const keep =
    connection === 'keep-alive' || (connection !== 'close' && head.version === '1.1' && !options.http10)
  if (hidden) info(sys, options, `The requested URL returned error: ${head.status}`)
  if (keep && state.bodyLength >= 0 && !hidden) {
    info(sys, options, `Connection #${state.number} to host ${state.url.host} left intact`)
    const { sock, ip, url, localPort, number } = state
    state.kept.push({ sock, ip, port: url.port, localPort, number })
  } else closing(sys, options, state.number)
  noteRequest(sys, state, options, head.status)
  if (hidden) return fail(sys, state, options, 22, `The requested URL returned error: ${head.status}`)
  const location = locationOf(options, head)
  if (location === undefined) return finish(sys, state, options, 0)
  if (state.redirects++ === REDIRECTS_MAX)
    return fail(sys, state, options, 47, `Maximum (${REDIRECTS_MAX}) redirects followed`)
  follow(sys, state, options, absoluteUrl(location, state.url), head.status)
}

/** The next request of the same URL of the command line. */
function follow(sys: Sys, state: CurlState, options: CurlOptions, url: string, status: number): void {
  info(sys, options, `Issue another request to this URL: '${url}'`)
  const { sock } = state
  if (!state.kept.some((kept) => kept.sock === sock)) sys.close(sock)
  state.location = url
  let next = options
  if (turnsToGet(options, status)) {
    info(sys, options, 'Switch from POST to GET')
    next = Object.freeze({ ...options, data: undefined })
    state.options = next
  }
  transfer(sys, state, next)
}

function onTimer(sys: Sys, state: CurlState, options: CurlOptions, name: string): void {
  if (name === 'rate') return transfer(sys, state, options)
  if (state.phase === 'resting') return
  const ms = elapsedMs(sys, state)
  let message =
    name === 'connect-timeout'
      ? `${failedAfter(sys, state)}: Timeout was reached`
      : `Connection timed out after ${ms} milliseconds`
  if (state.phase !== 'connecting') {
    if (name === 'connect-timeout') return
    const much =
      state.bodyLength > 0 ? `${state.bodyBytes} out of ${state.bodyLength}` : String(state.bodyBytes)
    message = `Operation timed out after ${ms} milliseconds with ${much} bytes received`
  }
  broken(sys, state, options, 28, message)
}

function fail(sys: Sys, state: CurlState, options: CurlOptions, status: number, message: string): void {
  // A request that was sent and came to nothing is noted with status 0.
  if (state.phase === 'waiting' && !state.head) noteRequest(sys, state, options, 0)
  if (!options.silent || options.showError) sys.eprint(`curl: (${status}) ${message}\n`)
  finish(sys, state, options, status)
}

/** The end of one URL: what is not kept is closed, and the next one begins. The last one's status is curl's. */
function finish(sys: Sys, state: CurlState, options: CurlOptions, status: number): void {
  const { output, sock } = state
  if (output !== '' && output !== '-' && output !== '/dev/null' && state.head)
    sys.writeFile(output, state.saved)
  if (options.writeOut !== '') sys.print(writeOut(options.writeOut, sys, state, status))
  state.nth++
  state.location = ''
  state.redirects = 0
  if (state.nth >= options.urls.length) return sys.exit(status)
  if (sock !== 0 && !state.kept.some((kept) => kept.sock === sock)) sys.close(sock)
  const restMs = options.msPerTransfer - elapsedMs(sys, state)
  if (restMs <= 0) return transfer(sys, state, options)
  state.phase = 'resting'
  sys.sleep('rate', restMs * MS)
}
