import type { Bytes } from '../../base/bytes.ts'
import { type Nanos, SEC } from '../../base/ids.ts'
import type { ProcEvent } from '../../kernel/ctx.ts'
import { compileFilter, type Filter } from '../../wire/filter/parse.ts'
import type { SeqBases } from '../../wire/format-tcp.ts'
import { parsePcap, pcapFile, type PcapRecord } from '../../wire/pcap.ts'
import { EPOCH_MS } from '../clock.ts'
import type { Program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { packetText, type Seen } from './line.ts'
import { parseTcpdump, type TcpdumpOptions } from './options.ts'

/**
 * tcpdump 4.99. Names are never looked up, so that -n changes nothing. A capture file holds Ethernet frames with
 * nanoseconds; what comes from a tunnel gets an empty Ethernet header, since a file has one link type.
 */
export const tcpdump: Program<TcpdumpState> = { name: 'tcpdump', init, run, handles: ['INT', 'TERM'] }

interface TcpdumpState {
  options: Readonly<TcpdumpOptions> | null
  captured: number
  seqs: SeqBases
  beforeNs: Nanos
  /** For -w. */
  kept: PcapRecord[]
}

const KEPT_LIMIT = 100_000
const EPOCH_NS = EPOCH_MS * 1e6

/** The filter of an expression; the memory changes no result. */
let lastText = ''
let lastFilter: Filter = () => true

function filterOf(expression: string): Filter {
  if (expression !== lastText) {
    const compiled = compileFilter(expression)
    lastFilter = compiled.ok ? compiled.value : () => false
    lastText = expression
  }
  return lastFilter
}

function init(): TcpdumpState {
  return { options: null, captured: 0, seqs: {}, beforeNs: 0, kept: [] }
}

function run(sys: Sys, state: TcpdumpState, event: ProcEvent): void {
  if (event.kind === 'start') return start(sys, state)
  const { options } = state
  if (!options) return
  if (event.kind === 'signal') return finish(sys, state, options, '\n')
  if (event.kind !== 'packet') return
  const { way } = options
  if (way !== 'inout' && (way === 'out') !== (event.way === 'outgoing')) return
  if (!filterOf(options.expression)(event.bytes, event.raw)) return
  take(sys, state, options, event)
  if (options.count > 0 && state.captured >= options.count) finish(sys, state, options, '')
}

function start(sys: Sys, state: TcpdumpState): void {
  const parsed = parseTcpdump(sys.argv)
  if (!parsed.ok) return quit(sys, parsed.error)
  const options = parsed.value
  if (options.list) return listDevices(sys)
  const compiled = compileFilter(options.expression)
  if (!compiled.ok) {
    const { error } = compiled
    return quit(sys, error.startsWith('vipscope') ? `${error}\n` : `tcpdump: ${error}\n`)
  }
  if (options.read !== '') return readFile(sys, state, options)
  const names = sys.devNames()
  const dev = options.dev || (names.find((name) => name !== 'lo' && sys.isUp(name)) ?? 'lo')
  state.options = Object.freeze({ ...options, dev })
  if (dev !== 'any' && !sys.hasDev(dev))
    return quit(sys, `tcpdump: ${dev}: No such device exists\n(No such device exists)\n`)
  if (dev !== 'any' && !sys.isUp(dev)) return quit(sys, `tcpdump: ${dev}: That device is not up\n`)
  sys.packetListen(dev === 'any' ? '' : dev)
  sys.eprint(banner(dev, sys.isTunnel(dev), options))
}

function banner(dev: string, isTunnel: boolean, { verbose, write }: TcpdumpOptions): string {
  const type =
    dev === 'any' ? 'LINUX_SLL2 (Linux cooked v2)' : isTunnel ? 'RAW (Raw IP)' : 'EN10MB (Ethernet)'
  const cooked = dev === 'any' ? 'tcpdump: data link type LINUX_SLL2\n' : ''
  const hint =
    verbose > 0 || write !== ''
      ? 'tcpdump: '
      : 'tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n'
  return `${cooked}${hint}listening on ${dev}, link-type ${type}, snapshot length 262144 bytes\n`
}

function take(sys: Sys, state: TcpdumpState, options: TcpdumpOptions, seen: Seen): void {
  state.captured++
  if (options.write !== '' && state.kept.length < KEPT_LIMIT) {
    const bytes = seen.raw ? withHeader(seen.bytes) : seen.bytes
    // appended by copying: the state before stays as it was
    state.kept.push(Object.freeze({ at: seen.at, bytes }))
    return
  }
  const before = state.beforeNs === 0 ? seen.at : state.beforeNs
  sys.print(packetText(seen, options, state.seqs, before, state.captured))
  if (options.time !== 5 || state.beforeNs === 0) state.beforeNs = seen.at
}

/** An Ethernet header of zeros that says IPv4. */
function withHeader(packet: Bytes): Bytes {
  const bytes = new Uint8Array(14 + packet.length)
  bytes[12] = 8
  bytes.set(packet, 14)
  return bytes
}

function finish(sys: Sys, state: TcpdumpState, options: TcpdumpOptions, first: string): void {
  if (options.write !== '') sys.writeFile(options.write, binaryText(pcapFile(state.kept, EPOCH_NS)))
  const n = state.captured
  const plural = n === 1 ? '' : 's'
  sys.eprint(
    `${first}${n} packet${plural} captured\n${n} packet${plural} received by filter\n0 packets dropped by kernel\n`,
  )
  sys.exit(0)
}

function readFile(sys: Sys, state: TcpdumpState, options: TcpdumpOptions): void {
  const text = sys.readFile(options.read)
  if (text === undefined) return quit(sys, `tcpdump: ${options.read}: No such file or directory\n`)
  const file = Uint8Array.from(text, (c) => c.charCodeAt(0) & 0xff)
  const records = parsePcap(file)
  if (!records.ok) return quit(sys, 'tcpdump: unknown file format\n')
  sys.eprint(`reading from file ${options.read}, link-type EN10MB (Ethernet), snapshot length 262144\n`)
  // times are counted from the first whole second of the file, which its first record tells
  const first = file.length < 28 ? 0 : new DataView(file.buffer).getUint32(24, true)
  const sinceBoot = (first - EPOCH_MS / 1000) * SEC
  const filter = filterOf(options.expression)
  for (const { at, bytes } of records.value) {
    if (!filter(bytes, false)) continue
    const { read, ...rest } = options
    take(
      sys,
      state,
      { ...rest, read, write: '', dev: '' },
      { at: at + sinceBoot, dev: '', bytes, raw: false, way: 'host' },
    )
    if (options.count > 0 && state.captured >= options.count) break
  }
  sys.exit(0)
}

function listDevices(sys: Sys): void {
  const up = sys.devNames().filter((name) => sys.isUp(name))
  const lines = up.map(
    (name) => `${name} [${name === 'lo' ? 'Up, Running, Loopback' : 'Up, Running, Connected'}]`,
  )
  lines.push('any (Pseudo-device that captures on all interfaces) [Up, Running]')
  sys.print(lines.map((line, i) => `${i + 1}.${line}\n`).join(''))
  sys.exit(0)
}

/** Files hold text: each character is one byte of what is not. */
function binaryText(bytes: Bytes): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

function quit(sys: Sys, text: string): void {
  sys.eprint(text)
  sys.exit(1)
}
