import { bytesOfText } from '../../base/bytes.ts'
import { formatIp4, type Ip4, SEC } from '../../base/ids.ts'
import type { ProcEvent } from '../../kernel/ctx.ts'
import type { Errno } from '../../kernel/netlink.ts'
import { resolve } from '../curl/url.ts'
import { strerror } from '../curl/words.ts'
import type { Program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { type NcOptions, parseNc } from './options.ts'
import type { NcState } from './state.ts'
import { goOnLooking, onDatagram, startUdp } from './udp.ts'
import { portWords, show } from './words.ts'

/**
 * nc of OpenBSD 1.219: connect, listen, look at ports. Its input is what a pipe gave it (the file `/proc/PID/fd/0`); at a
 * terminal nobody types. All of the input is sent at once; data that comes when the other end has been reset is lost.
 */
export const nc: Program<NcState> = { name: 'nc', init, run }

function init(): NcState {
  return {
    ...{ options: null, ip: 0 as Ip4, peerPort: 0, nth: 0, listener: 0, sock: 0, phase: 'start' },
    ...{ input: null, activity: 0, status: 1 },
  }
}

function run(sys: Sys, state: NcState, event: ProcEvent): void {
  if (event.kind === 'start') return start(sys, state)
  const { options } = state
  if (!options) return
  if (event.kind === 'timer') return onTimer(sys, state, options, event.name)
  if (event.kind === 'datagram' || event.kind === 'icmp.error') return onDatagram(sys, state, options, event)
  if (event.kind !== 'sock') return
  if (event.sock === state.listener && event.ready === 'accept') return accept(sys, state, options)
  if (event.sock !== state.sock) return
  if (state.phase === 'connecting') {
    if (event.ready === 'connected') return onConnected(sys, state, options)
    return connectFailed(sys, state, options, event.errno ?? 'ECONNREFUSED')
  }
  onReadable(sys, state, options)
}

function quit(sys: Sys, text: string, status = 1): void {
  sys.eprint(text)
  sys.exit(status)
}

function start(sys: Sys, state: NcState): void {
  const parsed = parseNc(sys.argv)
  if (!parsed.ok) return quit(sys, parsed.error)
  const options = parsed.value
  state.options = Object.freeze(options)
  state.input = takeInput(sys)
  if (options.detached) state.input = null
  const named = options.host === '' ? (0 as Ip4) : resolve(options.host, sys.readFile('/etc/hosts'))
  if (named === undefined) {
    const port = options.ports[0] ?? 0
    const why = options.numeric ? 'Name or service not known' : 'Temporary failure in name resolution'
    return quit(sys, `nc: getaddrinfo for host "${options.host}" port ${port}: ${why}\n`)
  }
  state.ip = named
  if (options.udp) return startUdp(sys, state, options)
  if (options.listen) return listen(sys, state, options)
  connect(sys, state, options)
}

/** What a pipe gave, once. */
function takeInput(sys: Sys): string | null {
  const path = `/proc/${sys.pid}/fd/0`
  const text = sys.readFile(path)
  if (text === undefined) return null
  sys.removeFile(path)
  return text
}

function listen(sys: Sys, state: NcState, options: NcOptions): void {
  const port = options.ports[0] ?? 0
  const listener = sys.listen(state.ip, port, options.keep ? 5 : 1)
  if (!listener.ok) return quit(sys, `nc: ${strerror(listener.error)}\n`)
  state.listener = listener.value
  state.phase = 'listening'
  if (options.verbose) sys.eprint(`Listening on ${formatIp4(state.ip)} ${port}\n`)
}

function accept(sys: Sys, state: NcState, options: NcOptions): void {
  if (state.sock !== 0) return
  const sock = sys.accept(state.listener)
  if (sock === undefined) return
  state.sock = sock
  if (!options.keep) {
    sys.close(state.listener)
    state.listener = 0
  }
  if (options.verbose) {
    const { raddr, rport } = sys.ends(sock)
    sys.eprint(`Connection received on ${formatIp4(raddr)} ${rport}\n`)
  }
  state.phase = 'connected'
  talk(sys, state, options)
}

function connect(sys: Sys, state: NcState, options: NcOptions): void {
  const dport = options.ports[state.nth] ?? 0
  state.phase = 'connecting'
  const src = options.source === '' ? undefined : resolve(options.source, undefined)
  if (options.source !== '' && (src === undefined || !sys.isOwn(src)))
    return quit(sys, 'nc: bind failed: Cannot assign requested address\n')
  const sock = sys.connect({
    ...{ dst: state.ip, dport },
    ...(src !== undefined && { src }),
    ...(options.sourcePort !== 0 && { sport: options.sourcePort }),
  })
  if (!sock.ok) return connectFailed(sys, state, options, sock.error)
  state.sock = sock.value
  if (options.waitS > 0) sys.sleep(`connect ${state.nth}`, options.waitS * SEC)
}

function connectFailed(sys: Sys, state: NcState, options: NcOptions, errno: Errno): void {
  if (options.verbose) sys.eprint(`${attempt(state, options)} failed: ${strerror(errno)}\n`)
  nextPort(sys, state, options)
}

function attempt(state: NcState, options: NcOptions): string {
  const port = options.ports[state.nth] ?? 0
  return `nc: connect to ${options.host} port ${port} (${options.udp ? 'udp' : 'tcp'})`
}

/** The status is that of the last port. */
function nextPort(sys: Sys, state: NcState, options: NcOptions): void {
  state.sock = 0
  state.nth++
  if (state.nth >= options.ports.length) return sys.exit(state.status)
  connect(sys, state, options)
}

function onConnected(sys: Sys, state: NcState, options: NcOptions): void {
  state.phase = 'connected'
  state.status = 0
  if (options.verbose || options.scan) {
    const port = options.ports[state.nth] ?? 0
    const words = portWords(options, formatIp4(state.ip), port)
    if (options.verbose) sys.eprint(`${words} succeeded!\n`)
  }
  if (options.scan) {
    sys.close(state.sock)
    return nextPort(sys, state, options)
  }
  talk(sys, state, options)
}

/** Send all of the input; then its end counts (readwrite in netcat.c). */
function talk(sys: Sys, state: NcState, options: NcOptions): void {
  silence(sys, state, options)
  if (state.input === null) return
  if (state.input !== '') sys.send(state.sock, bytesOfText(state.input))
  state.input = ''
  if (options.shutdown) sys.shutdown(state.sock)
  if (options.quitS >= 0) sys.sleep('quit', options.quitS * SEC)
}

/** -w: so long may nothing come or go. */
function silence(sys: Sys, state: NcState, options: NcOptions): void {
  state.activity++
  if (options.waitS > 0) sys.sleep(`silence ${state.activity}`, options.waitS * SEC)
}

function onReadable(sys: Sys, state: NcState, options: NcOptions): void {
  const got = sys.receive(state.sock)
  if (got.ok && got.value.bytes.length > 0) {
    show(sys, got.value.bytes)
    silence(sys, state, options)
  }
  if (got.ok && !got.value.eof) return
  sys.close(state.sock)
  state.sock = 0
  if (!options.keep) return sys.exit(0)
  state.phase = 'listening'
  accept(sys, state, options)
}

function onTimer(sys: Sys, state: NcState, options: NcOptions, name: string): void {
  if (name === `connect ${state.nth}` && state.phase === 'connecting') {
    if (options.verbose) sys.eprint(`${attempt(state, options)} timed out: Operation now in progress\n`)
    sys.close(state.sock)
    return nextPort(sys, state, options)
  }
  const looking = /^look (\d+)$/.exec(name)
  if (looking) return goOnLooking(sys, state, options, Number(looking[1]))
  const isOver = name === 'quit' || name === `silence ${state.activity}`
  if (isOver && (state.phase === 'connected' || options.udp)) sys.exit(0)
}
