import { must } from '../../base/assert.ts'
import { read16, read8 } from '../../base/bytes.ts'
import { formatIp4, type Ip4, MS, type Nanos, SEC, type SockId, US } from '../../base/ids.ts'
import type { ProcEvent } from '../../kernel/ctx.ts'
import { ICMP_DEST_UNREACH, ICMP_ECHOREPLY, ICMP_TIME_EXCEEDED } from '../../wire/icmp.ts'
import { PROTO_TCP, PROTO_UDP } from '../../wire/ipv4.ts'
import { resolve } from '../curl/url.ts'
import { strerror } from '../curl/words.ts'
import type { Program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { parseTrace, type TraceOptions } from './options.ts'

/**
 * traceroute 2.1 with its UDP, ICMP (-I) and TCP (-T) methods. As the real one it sends as long as fewer than sixteen probes
 * are on the way and reads what has come only then: on a fast network most of those sixteen are sent beyond the destination
 * (golden B12). Simplified: sending takes the same time for every probe; no names of hosts on the way.
 */
export const traceroute: Program<TraceState> = { name: 'traceroute', init, run }

interface Probe {
  sock: SockId
  sentNs: Nanos
  /** -1 = not yet, or never. */
  doneNs: Nanos
  from: Ip4
  /** `!H` and the like. */
  mark: string
  expired: boolean
}

/** What has come for one probe and is not read yet. */
interface Heard {
  index: number
  from: Ip4
  mark: string
  at: Nanos
  /** It came from the destination, or from where the way ends. */
  isEnd: boolean
  /** It waits in the queue of errors, which is read first. */
  isError: boolean
}

interface TraceState {
  options: Readonly<TraceOptions> | null
  dst: Ip4
  probes: Probe[]
  inbox: Heard[]
  /** Busy with sending until then. */
  busyNs: Nanos
  /** Hops that are printed. */
  printed: number
  /** Hop at which the destination answered, 0 = not yet. */
  final: number
}

/** A probe's calls: socket, bind, options, connect, send. */
const SEND_NS: Nanos = 30 * US
const DATA = 32

function init(): TraceState {
  return { options: null, dst: 0 as Ip4, probes: [], inbox: [], busyNs: 0, printed: 0, final: 0 }
}

function run(sys: Sys, state: TraceState, event: ProcEvent): void {
  if (event.kind === 'start') start(sys, state)
  else if (event.kind === 'icmp.error') onError(state, event)
  else if (event.kind === 'datagram') onEnd(state, event.sock, event.from, event.at)
  else if (event.kind === 'ping') onPing(state, event)
  if (!sys.ended && state.options && sys.now >= state.busyNs) pump(sys, state, state.options)
}

function start(sys: Sys, state: TraceState): void {
  const parsed = parseTrace(sys.argv)
  if (!parsed.ok) return quit(sys, parsed.error)
  const options = parsed.value
  const dst = resolve(options.host, sys.readFile('/etc/hosts'))
  if (dst === undefined) return quit(sys, `${options.host}: Temporary failure in name resolution\n`)
  state.options = Object.freeze(options)
  state.dst = dst
  state.printed = options.firstHop - 1
  sys.print(
    `traceroute to ${options.host} (${formatIp4(dst)}), ${options.maxHops} hops max, 60 byte packets\n`,
  )
}

function quit(sys: Sys, text: string): void {
  sys.eprint(text)
  sys.exit(2)
}

/** do_it(): print what is complete, send what may be sent, and only then read what has come (one message a socket). */
function pump(sys: Sys, state: TraceState, options: TraceOptions): void {
  giveUp(sys, state, options)
  const lastHop = state.final > 0 ? state.final : options.maxHops
  printHops(sys, state, options, lastHop)
  if (state.printed >= lastHop) return sys.exit(0)
  const most = (lastHop - options.firstHop + 1) * options.probes
  const open = state.probes.filter((p, i) => i < most && isOpen(p))
  if (state.probes.length < most && open.length < options.atOnce) {
    const wrong = sendProbe(sys, state, options)
    if (wrong !== undefined) return quit(sys, `send: ${wrong}\n`)
    state.busyNs = sys.now + SEND_NS
    return sys.sleep('sent', SEND_NS)
  }
  if (state.inbox.length > 0) {
    // each UDP probe has a socket of its own; the other methods hear all answers on one
    if (options.method === 'udp') for (const heard of state.inbox.splice(0)) finishProbe(sys, state, heard)
    else finishProbe(sys, state, takeNext(state))
    return pump(sys, state, options)
  }
  const oldest = open[0]
  if (oldest) sys.sleep('wait', Math.max(1, oldest.sentNs + timeoutNs(state, oldest, options) - sys.now))
}

function takeNext(state: TraceState): Heard {
  const error = state.inbox.findIndex((heard) => heard.isError)
  const [heard] = state.inbox.splice(Math.max(error, 0), 1)
  return must(heard, 'something has come')
}

function isOpen(probe: Probe): boolean {
  return probe.doneNs < 0 && !probe.expired
}

/** The oldest probes that have waited long enough; a younger one waits until it is the oldest. */
function giveUp(sys: Sys, state: TraceState, options: TraceOptions): void {
  for (const probe of state.probes) {
    if (!isOpen(probe)) continue
    if (sys.now < probe.sentNs + timeoutNs(state, probe, options)) return
    probe.expired = true
    closeProbe(sys, probe)
  }
}

/** get_timeout(): an answer of the same hop, or else of a later one, tells how long the others may take. */
function timeoutNs(state: TraceState, probe: Probe, options: TraceOptions): Nanos {
  const waitNs = options.waitS * SEC
  const index = state.probes.indexOf(probe)
  const first = index - (index % options.probes)
  const trips = (from: number, to: number): Probe[] =>
    state.probes.slice(from, to).filter((p) => p.doneNs > p.sentNs)
  const [here] = options.here > 0 ? trips(first, first + options.probes) : []
  const [near] = options.near > 0 ? trips(index + 1, Infinity) : []
  const measured = here ?? near
  if (!measured) return waitNs
  const factor = here ? options.here : options.near
  return Math.min(waitNs, Math.round((measured.doneNs - measured.sentNs + MS) * factor))
}

function sendProbe(sys: Sys, state: TraceState, options: TraceOptions): string | undefined {
  const n = state.probes.length
  const ttl = options.firstHop + Math.floor(n / options.probes)
  const { dst } = state
  const probe: Probe = { sock: 0, sentNs: sys.now, doneNs: -1, from: 0 as Ip4, mark: '', expired: false }
  state.probes.push(probe)
  const payload = new Uint8Array(DATA)
  for (let i = 0; i < DATA; i++) payload[i] = 0x40 + i
  if (options.method === 'icmp') {
    const done = sys.ping({ ident: sys.pid & 0xffff, seq: n + 1, dst, ttl, payload, pmtu: 'dont' })
    return done.ok ? undefined : strerror(done.error)
  }
  const tcp = options.method === 'tcp'
  const sock = sys.openDatagram(tcp ? PROTO_TCP : PROTO_UDP)
  if (!sock.ok) return strerror(sock.error)
  probe.sock = sock.value
  const dport = tcp ? options.port || 80 : (options.port || 33434) + n
  const done = sys.sendDatagram(sock.value, { dst, dport: dport & 0xffff, ttl, payload })
  return done.ok ? undefined : strerror(done.error)
}

function onPing(state: TraceState, { bytes, from, at }: Extract<ProcEvent, { kind: 'ping' }>): void {
  const type = read8(bytes, 0)
  const isError = type !== ICMP_ECHOREPLY
  const quoted = isError ? 8 + (read8(bytes, 8) & 15) * 4 : 0
  const index = read16(bytes, quoted + 6) - 1
  const mark = isError ? markOf(type, read8(bytes, 1)) : ''
  state.inbox.push({
    index,
    from: from as Ip4,
    mark,
    at,
    isEnd: !isError || type === ICMP_DEST_UNREACH,
    isError,
  })
}

function onError(state: TraceState, event: Extract<ProcEvent, { kind: 'icmp.error' }>): void {
  const { type, code, from, at } = event
  const index = state.probes.findIndex((p) => p.sock === event.sock)
  state.inbox.push({
    ...{ index, from, mark: markOf(type, code), at, isEnd: type === ICMP_DEST_UNREACH, isError: true },
  })
}

function onEnd(state: TraceState, sock: SockId, from: Ip4, at: Nanos): void {
  const index = state.probes.findIndex((p) => p.sock === sock)
  state.inbox.push({ index, from, mark: '', at, isEnd: true, isError: false })
}

function finishProbe(sys: Sys, state: TraceState, { index, from, mark, at, isEnd }: Heard): void {
  const probe = state.probes[index]
  const { options } = state
  if (!probe || !options || !isOpen(probe)) return
  Object.assign(probe, { doneNs: at, from, mark })
  closeProbe(sys, probe)
  const hop = options.firstHop + Math.floor(index / options.probes)
  if (isEnd && (state.final === 0 || hop < state.final)) state.final = hop
}

function closeProbe(sys: Sys, probe: Probe): void {
  if (probe.sock !== 0) sys.closeDatagram(probe.sock)
}

/** Port unreachable is how UDP probes are meant to end; other refusals are marked. */
function markOf(type: number, code: number): string {
  if (type === ICMP_TIME_EXCEEDED || (type === ICMP_DEST_UNREACH && code === 3)) return ''
  const letter = ['!N', '!H', '!P', '', '!F', '!S'][code]
  return code === 13 || code === 9 || code === 10 ? '!X' : (letter ?? `!<${code}>`)
}

function printHops(sys: Sys, state: TraceState, options: TraceOptions, lastHop: number): void {
  for (; state.printed < lastHop; state.printed++) {
    const from = (state.printed + 1 - options.firstHop) * options.probes
    const row = state.probes.slice(from, from + options.probes)
    if (row.length < options.probes || row.some(isOpen)) return
    sys.print(`${String(state.printed + 1).padStart(2)} ${rowText(row, options.numeric)}\n`)
  }
}

function rowText(row: readonly Probe[], numeric: boolean): string {
  let text = ''
  let shown: Ip4 | undefined
  for (const probe of row) {
    if (probe.doneNs < 0) {
      text += ' *'
      continue
    }
    const name = formatIp4(probe.from)
    if (shown !== probe.from) text += numeric ? ` ${name}` : ` ${name} (${name})`
    shown = probe.from
    text += `  ${((probe.doneNs - probe.sentNs) / MS).toFixed(3)} ms${probe.mark === '' ? '' : ` ${probe.mark}`}`
  }
  return text
}
