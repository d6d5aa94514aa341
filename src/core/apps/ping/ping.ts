import { type Bytes, read16, read32, read8 } from '../../base/bytes.ts'
import { formatIp4, type Ip4, type Nanos, parseIp4, SEC, US } from '../../base/ids.ts'
import type { ProcEvent } from '../../kernel/ctx.ts'
import { ICMP_ECHOREPLY, ICMP_REDIRECT } from '../../wire/icmp.ts'
import { EPOCH_MS } from '../clock.ts'
import { resolve } from '../curl/url.ts'
import { strerror } from '../curl/words.ts'
import type { Program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { parsePing, type PingOptions } from './options.ts'
import { errorText, percentText, tripText } from './words.ts'

/** ping of iputils 20221126. Not modelled: flood, record route, timestamps. */
export const ping: Program<PingState> = { name: 'ping', init, run, handles: ['INT'] }

interface PingState {
  options: Readonly<PingOptions> | null
  dst: Ip4
  src: Ip4
  sent: number
  received: number
  errors: number
  broadcast: boolean
  duplicates: number
  startNs: Nanos
  lastSentNs: Nanos
  /** Time of sending by sequence number, for those that have not been answered; -1 = answered. */
  times: Record<number, Nanos>
  /** Microseconds. */
  min: number
  max: number
  sum: number
  sum2: number
  pipe: number
}

const NOT_BROADCAST =
  'ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules\n'
const REMEMBER = 1024
const ICMP_HEADER = 8

function init(): PingState {
  return {
    ...{ options: null, dst: 0 as Ip4, src: 0 as Ip4, sent: 0, received: 0, errors: 0, duplicates: 0 },
    broadcast: false,
    ...{ startNs: 0, lastSentNs: 0, times: {}, min: Infinity, max: 0, sum: 0, sum2: 0, pipe: 0 },
  }
}

function run(sys: Sys, state: PingState, event: ProcEvent): void {
  if (event.kind === 'start') return start(sys, state)
  const { options } = state
  if (!options) return
  if (event.kind === 'ping') return onAnswer(sys, state, options, event)
  if (event.kind === 'signal') return finish(sys, state, options)
  if (event.kind !== 'timer') return
  if (event.name === 'send') sendNext(sys, state, options)
  else finish(sys, state, options)
}

function quit(sys: Sys, text: string, status: number): void {
  sys.eprint(text)
  sys.exit(status)
}

function start(sys: Sys, state: PingState): void {
  const parsed = parsePing(sys.argv)
  if (!parsed.ok) return quit(sys, parsed.error, parsed.error.includes('Usage') ? 2 : 1)
  const options = parsed.value
  state.options = Object.freeze(options)
  const dst = resolve(options.host, sys.readFile('/etc/hosts'))
  if (dst === undefined) return quit(sys, `ping: ${options.host}: Temporary failure in name resolution\n`, 2)
  state.dst = dst
  let from = ''
  if (options.source !== '') {
    const ip = parseIp4(options.source)
    if (ip === undefined && !sys.hasDev(options.source))
      return quit(sys, `ping: SO_BINDTODEVICE ${options.source}: No such device\n`, 2)
    if (ip !== undefined && !sys.isOwn(ip))
      return quit(sys, 'ping: bind: Cannot assign requested address\n', 2)
    state.src = ip ?? sys.addressOf(options.source) ?? state.src
    from = ip === undefined ? ` from ${formatIp4(state.src)} ${options.source}:` : ` from ${options.source} :`
  }
  state.startNs = sys.now
  let done = send(sys, state, options)
  if (done === strerror('EACCES')) {
    if (!options.broadcast) return quit(sys, NOT_BROADCAST, 2)
    sys.eprint('WARNING: pinging broadcast address\n')
    state.broadcast = true
    done = send(sys, state, options)
  }
  const isLocal = done?.startsWith('local error') === true
  if (done !== undefined && !isLocal) return quit(sys, `ping: connect: ${done}\n`, 2)
  const total = options.size + ICMP_HEADER + 20
  sys.print(`PING ${options.host} (${formatIp4(dst)})${from} ${options.size}(${total}) bytes of data.\n`)
  if (done !== undefined) countLocalError(sys, state, done)
  if (options.deadlineS > 0) sys.sleep('deadline', options.deadlineS * SEC)
  schedule(sys, state, options)
}

/** Send one request; the reason why it could not be sent, if so. */
function send(sys: Sys, state: PingState, options: PingOptions): string | undefined {
  const seq = (state.sent + 1) & 0xffff
  const { dst, src } = state
  const ident = sys.pid & 0xffff
  const payload = makePayload(options.size, sys.now)
  const done = sys.ping({
    ident,
    seq,
    dst,
    ...(src === 0 ? {} : { src }),
    ttl: options.ttl,
    payload,
    pmtu: options.pmtu,
    broadcast: state.broadcast,
  })
  if (!done.ok && done.error === 'EMSGSIZE') {
    return `local error: message too long, mtu=${sys.pathMtu(dst)}`
  }
  if (!done.ok) return strerror(done.error)
  state.sent++
  state.lastSentNs = sys.now
  state.times[seq] = sys.now
  delete state.times[(seq - REMEMBER) & 0xffff]
  return undefined
}

/** A timeval, then bytes that count up, as ping fills its packets. */
function makePayload(size: number, now: Nanos): Bytes {
  const payload = new Uint8Array(size)
  for (let i = 0; i < size; i++) payload[i] = i & 0xff
  if (size < 16) return payload
  const seconds = Math.floor(EPOCH_MS / 1000) + Math.floor(now / SEC)
  const micros = Math.floor((now % SEC) / US)
  for (let i = 0; i < 8; i++) {
    payload[i] = i < 4 ? (seconds >>> (8 * i)) & 0xff : 0
    payload[8 + i] = i < 4 ? (micros >>> (8 * i)) & 0xff : 0
  }
  return payload
}

/** The next request, or the wait for the last answers: two round trips, or `-W` when nothing has come at all. */
function schedule(sys: Sys, state: PingState, options: PingOptions): void {
  if (options.count === 0 || state.sent < options.count) return sys.sleep('send', options.intervalS * SEC)
  const waitS = state.received > 0 ? Math.max((2 * state.max) / 1e6, options.intervalS) : options.lingerS
  sys.sleep('linger', waitS * SEC)
}

function sendNext(sys: Sys, state: PingState, options: PingOptions): void {
  const wrong = send(sys, state, options)
  if (wrong !== undefined) {
    if (wrong.startsWith('local error')) countLocalError(sys, state, wrong)
    else {
      sys.eprint(`ping: sendmsg: ${wrong}\n`)
      state.sent++
      state.lastSentNs = sys.now
    }
  }
  schedule(sys, state, options)
}

/** A redirect is no error: the answer may still come. */
function tellRedirect(
  sys: Sys,
  options: PingOptions,
  { bytes, from }: Extract<ProcEvent, { kind: 'ping' }>,
  seq: number,
): void {
  if (options.quiet) return
  const what = read8(bytes, 1) === 1 ? 'Redirect Host' : 'Redirect Network'
  const gateway = formatIp4(read32(bytes, 4) as Ip4)
  sys.print(`From ${formatIp4(from as Ip4)}: icmp_seq=${seq} ${what}(New nexthop: ${gateway})\n`)
}

/** A packet the kernel itself refuses counts as sent and as an error. */
function countLocalError(sys: Sys, state: PingState, text: string): void {
  sys.eprint(`ping: ${text}\n`)
  state.sent++
  state.errors++
  state.lastSentNs = sys.now
}

function onAnswer(
  sys: Sys,
  state: PingState,
  options: PingOptions,
  event: Extract<ProcEvent, { kind: 'ping' }>,
): void {
  const { bytes, from, ttl } = event
  const type = read8(bytes, 0)
  if (type === ICMP_ECHOREPLY) takeReply(sys, state, options, bytes, from as Ip4, ttl, event.at)
  else {
    const icmpAt = ICMP_HEADER + (read8(bytes, ICMP_HEADER) & 15) * 4
    const seq = read16(bytes, icmpAt + 6)
    if (type === ICMP_REDIRECT) return tellRedirect(sys, options, event, seq)
    state.errors++
    acknowledge(state, seq)
    const text = errorText(type, read8(bytes, 1), read16(bytes, 6))
    if (!options.quiet) sys.print(`From ${formatIp4(from as Ip4)} icmp_seq=${seq} ${text}\n`)
  }
  if (options.count > 0 && state.received + state.errors >= options.count) finish(sys, state, options)
}

/** How many requests were out at once, seen from the oldest that was answered. */
function acknowledge(state: PingState, seq: number): void {
  const behind = (state.sent - seq) & 0xffff
  if (behind <= 0x7fff) state.pipe = Math.max(state.pipe, behind + 1)
}

function takeReply(
  sys: Sys,
  state: PingState,
  options: PingOptions,
  bytes: Bytes,
  from: Ip4,
  ttl: number,
  at: Nanos,
): void {
  const seq = read16(bytes, 6)
  const sentNs = state.times[seq]
  if (sentNs === undefined) return
  const duplicate = sentNs < 0
  let time = ''
  if (duplicate) state.duplicates++
  else {
    const us = Math.floor((at - sentNs) / US)
    state.times[seq] = -1
    state.received++
    acknowledge(state, seq)
    state.min = Math.min(state.min, us)
    state.max = Math.max(state.max, us)
    state.sum += us
    state.sum2 += us * us
    time = ` time=${tripText(us)} ms`
  }
  if (options.quiet) return
  const tail = duplicate ? ' (DUP!)' : ''
  sys.print(`${bytes.length} bytes from ${formatIp4(from)}: icmp_seq=${seq} ttl=${ttl}${time}${tail}\n`)
}

function finish(sys: Sys, state: PingState, options: PingOptions): void {
  const { sent, received, errors, duplicates } = state
  let text = `\n--- ${options.host} ping statistics ---\n${sent} packets transmitted, ${received} received`
  if (duplicates > 0) text += `, +${duplicates} duplicates`
  if (errors > 0) text += `, +${errors} errors`
  const loss = sent === 0 ? 0 : ((sent - received) * 100) / sent
  const ms = Math.floor((state.lastSentNs - state.startNs) / 1e6)
  text += `, ${percentText(loss)}% packet loss, time ${ms}ms\n`
  const pipe = state.pipe > 1 ? `pipe ${state.pipe}` : ''
  if (received > 0) {
    const mean = state.sum / received
    const deviation = Math.sqrt(Math.max(0, state.sum2 / received - mean * mean))
    const figures = [state.min, Math.floor(mean), state.max, Math.floor(deviation)].map((us) =>
      (us / 1000).toFixed(3),
    )
    text += `rtt min/avg/max/mdev = ${figures.join('/')} ms${pipe === '' ? '' : `, ${pipe}`}\n`
  } else text += `${pipe}\n`
  sys.print(text)
  const short = options.deadlineS > 0 && options.count > 0 && received < options.count
  sys.exit(received === 0 || short ? 1 : 0)
}
