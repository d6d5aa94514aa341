import { bytesOfText, read16 } from '../../base/bytes.ts'
import { formatIp4, SEC } from '../../base/ids.ts'
import type { ProcEvent } from '../../kernel/ctx.ts'
import { PROTO_UDP } from '../../wire/ipv4.ts'
import { UDP } from '../../wire/udp.ts'
import { strerror } from '../curl/words.ts'
import type { Sys } from '../sys.ts'
import type { NcOptions } from './options.ts'
import type { NcState } from './state.ts'
import { portWords, show } from './words.ts'

/**
 * nc -u. A datagram has no end: what listens, or has sent and waits, stays until it is ended. A look (-z) sends a byte, and
 * another one each second; an ICMP error in that time means that nobody is there.
 */
const TTL = 64
const LOOK_S = 3

export function startUdp(sys: Sys, state: NcState, options: NcOptions): void {
  const port = options.listen ? (options.ports[0] ?? 0) : options.sourcePort
  const sock = sys.openDatagram(PROTO_UDP, port)
  if (!sock.ok) {
    sys.eprint(`nc: ${strerror(sock.error)}\n`)
    return sys.exit(1)
  }
  state.sock = sock.value
  if (options.listen) {
    if (options.verbose) sys.eprint(`Bound on ${formatIp4(state.ip)} ${port}\n`)
    state.phase = 'listening'
    return
  }
  state.phase = 'connected'
  if (options.scan) return look(sys, state, options, LOOK_S)
  if (options.verbose) {
    const words = portWords(options, formatIp4(state.ip), options.ports[0] ?? 0)
    sys.eprint(`${words} succeeded!\n`)
  }
  if (state.input === null) return
  send(sys, state, options, state.input)
  const patience = options.quitS >= 0 ? options.quitS : options.waitS
  if (patience > 0 || options.quitS === 0) sys.sleep('quit', patience * SEC)
}

function look(sys: Sys, state: NcState, options: NcOptions, left: number): void {
  send(sys, state, options, 'X')
  if (!sys.ended) sys.sleep(`look ${left}`, SEC)
}

/** A second of a look has passed. */
export function goOnLooking(sys: Sys, state: NcState, options: NcOptions, left: number): void {
  if (left > 0) return look(sys, state, options, left - 1)
  const words = portWords(options, formatIp4(state.ip), options.ports[0] ?? 0)
  if (options.verbose) sys.eprint(`${words} succeeded!\n`)
  sys.exit(0)
}

function send(sys: Sys, state: NcState, options: NcOptions, text: string): void {
  const dport = options.listen ? state.peerPort : (options.ports[0] ?? 0)
  const done = sys.sendDatagram(state.sock, { dst: state.ip, dport, ttl: TTL, payload: bytesOfText(text) })
  if (done.ok) return
  sys.eprint(`nc: write failed: ${strerror(done.error)}\n`)
  sys.exit(1)
}

type Heard = Extract<ProcEvent, { kind: 'datagram' | 'icmp.error' }>

export function onDatagram(sys: Sys, state: NcState, options: NcOptions, event: Heard): void {
  if (event.sock !== state.sock) return
  if (event.kind === 'icmp.error') return options.listen ? undefined : sys.exit(1)
  if (state.phase === 'listening') {
    state.phase = 'connected'
    state.ip = event.from
    state.peerPort = read16(event.bytes, 0)
    if (options.verbose) sys.eprint(`Connection received on ${formatIp4(event.from)} ${state.peerPort}\n`)
    if (state.input !== null && state.input !== '') send(sys, state, options, state.input)
  } else if (options.listen && event.from !== state.ip) return
  show(sys, event.bytes.subarray(UDP.size))
}
