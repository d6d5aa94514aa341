import { read16, read8 } from '../../base/bytes.ts'
import { formatIp4, type Ip4, MS, type Nanos, SEC, type SockId } from '../../base/ids.ts'
import type { ProcEvent } from '../../kernel/ctx.ts'
import { ICMP_DEST_UNREACH, ICMP_ECHOREPLY, ICMP_TIME_EXCEEDED } from '../../wire/icmp.ts'
import { PROTO_TCP, PROTO_UDP } from '../../wire/ipv4.ts'
import { resolve } from '../curl/url.ts'
import { strerror } from '../curl/words.ts'
import type { Program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { parseTrace, type TraceOptions } from './options.ts'

/**
 * traceroute 2.1 with its UDP, ICMP (-I) and TCP (-T) methods. Simplified: probes leave a millisecond apart, so that on a
 * fast network none is sent beyond the destination; no names of hosts on the way.
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

interface TraceState {
  options: Readonly<TraceOptions> | null
  dst: Ip4
  probes: Probe[]
  /** Hops that are printed. */
  printed: number
  /** Hop at which the destination answered, 0 = not yet. */
  final: number
}

const GAP_NS: Nanos = MS
const AT_ONCE = 16
const DATA = 32

function init(): TraceState {
  return { options: null, dst: 0 as Ip4, probes: [], printed: 0, final: 0 }
}

function run(sys: Sys, state: TraceState, event: ProcEvent): void {
  if (event.kind === 'start') start(sys, state)
  else if (event.kind === 'icmp.error')
    onError(state, event.sock, event.type, event.code, event.from, event.at)
  else if (event.kind === 'datagram') onEnd(state, event.sock, event.from, '', event.at)
  else if (event.kind === 'ping') onPing(state, event)
  if (!sys.ended && state.options) pump(sys, state, state.options)
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

/** Send what may be sent, give up what is overdue, print what is complete, end when the last hop is printed. */
function pump(sys: Sys, state: TraceState, options: TraceOptions): void {
  const waitNs = options.waitS * SEC
  for (const probe of state.probes) if (sys.now >= probe.sentNs + waitNs) probe.expired = true
  const last = state.probes[state.probes.length - 1]
  const readyNs = last ? last.sentNs + GAP_NS : sys.now
  const lastHop = state.final > 0 ? state.final : options.maxHops
  const most = (lastHop - options.firstHop + 1) * options.probes
  const open = state.probes.filter((p) => p.doneNs < 0 && !p.expired)
  const maySend = state.probes.length < most && open.length < AT_ONCE
  if (maySend && sys.now >= readyNs) {
    const wrong = sendProbe(sys, state, options)
    if (wrong !== undefined) return quit(sys, `send: ${wrong}\n`)
    return pump(sys, state, options)
  }
  printHops(sys, state, options, lastHop)
  if (state.printed >= lastHop) return sys.exit(0)
  const dueNs = Math.min(...open.map((p) => p.sentNs + waitNs), maySend ? readyNs : Infinity)
  if (Number.isFinite(dueNs)) sys.sleep('pump', Math.max(1, dueNs - sys.now))
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
  const quoted = type === ICMP_ECHOREPLY ? 0 : 8 + (read8(bytes, 8) & 15) * 4
  const index = read16(bytes, quoted + 6) - 1
  if (type === ICMP_ECHOREPLY) finishProbe(state, index, from as Ip4, '', at, true)
  else finishProbe(state, index, from as Ip4, markOf(type, read8(bytes, 1)), at, type === ICMP_DEST_UNREACH)
}

function onError(state: TraceState, sock: SockId, type: number, code: number, from: Ip4, at: Nanos): void {
  const index = state.probes.findIndex((p) => p.sock === sock)
  const isEnd = type === ICMP_DEST_UNREACH
  finishProbe(state, index, from, markOf(type, code), at, isEnd)
}

function onEnd(state: TraceState, sock: SockId, from: Ip4, mark: string, at: Nanos): void {
  const index = state.probes.findIndex((p) => p.sock === sock)
  finishProbe(state, index, from, mark, at, true)
}

function finishProbe(
  state: TraceState,
  index: number,
  from: Ip4,
  mark: string,
  at: Nanos,
  isEnd: boolean,
): void {
  const probe = state.probes[index]
  const { options } = state
  if (!probe || !options || probe.doneNs >= 0 || probe.expired) return
  Object.assign(probe, { doneNs: at, from, mark })
  const hop = options.firstHop + Math.floor(index / options.probes)
  if (isEnd && (state.final === 0 || hop < state.final)) state.final = hop
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
    if (row.length < options.probes || row.some((p) => p.doneNs < 0 && !p.expired)) return
    sys.print(`${String(state.printed + 1).padStart(2)} ${rowText(row, options.numeric)}\n`)
    for (const { sock } of row) if (sock !== 0) sys.closeDatagram(sock)
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
