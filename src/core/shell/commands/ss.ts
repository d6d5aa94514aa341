import { formatIp4 } from '../../base/ids.ts'
import type { Command, Io } from '../sys.ts'
import { serviceName } from './services.ts'
import { listSockets, type SockRow, type SockState } from './sockets.ts'
import { infoText, timerText } from './ss-detail.ts'
import { isWanted, parseFilter, type SsFilter } from './ss-filter.ts'
import { notModelled, type Refusal, refuse, tell } from './words.ts'

const STATE: Record<SockState, string> = {
  LISTEN: 'LISTEN',
  SYN_SENT: 'SYN-SENT',
  SYN_RECV: 'SYN-RECV',
  ESTABLISHED: 'ESTAB',
  FIN_WAIT1: 'FIN-WAIT-1',
  FIN_WAIT2: 'FIN-WAIT-2',
  CLOSE_WAIT: 'CLOSE-WAIT',
  CLOSING: 'CLOSING',
  LAST_ACK: 'LAST-ACK',
  CLOSED: 'UNCONN',
  TIME_WAIT: 'TIME-WAIT',
  UNCONN: 'UNCONN',
}

const LONG: Readonly<Record<string, string>> = {
  ...{ all: 'a', listening: 'l', numeric: 'n', tcp: 't', udp: 'u', raw: 'w', unix: 'x', processes: 'p' },
  ...{
    options: 'o',
    info: 'i',
    summary: 's',
    ipv4: '4',
    ipv6: '6',
    'no-header': 'H',
    oneline: 'O',
    version: 'V',
  },
  ...{ extended: 'e', memory: 'm', kill: 'K', events: 'E', resolve: 'r', packet: '0', help: 'h' },
}

const USAGE = `Usage: ss [ OPTIONS ]
       ss [ OPTIONS ] [ FILTER ]
   -n, --numeric       don't resolve service names
   -a, --all           display all sockets
   -l, --listening     display listening sockets
   -o, --options       show timer information
   -p, --processes     show process using socket
   -i, --info          show internal TCP information
   -s, --summary       show socket usage summary
   -t, --tcp           display only TCP sockets
   -u, --udp           display only UDP sockets
   -w, --raw           display only RAW sockets
   -x, --unix          display only Unix domain sockets
   -H, --no-header     Suppress header line
   -O, --oneline       socket's data printed on a single line
       FILTER := [ state STATE-FILTER ] [ EXPRESSION ]`

/** ss of iproute2 6.1. Memory, control groups and what is about other families than IPv4 are refused by name. */
export const ss: Command = {
  name: 'ss',
  summary: 'sockets',
  run: (args, io) => {
    const read = readFlags(args)
    if (typeof read !== 'object' || 'text' in read) return tell(io, read)
    const { flags, words } = read
    if (flags.includes('h')) return tell(io, refuse(USAGE, 0))
    if (flags.includes('V')) {
      io.out('ss utility, iproute2-6.1.0\n')
      return 0
    }
    const later = [...flags].find((flag) => 'emKErbZzNMSd0T6'.includes(flag))
    if (later !== undefined) return tell(io, notModelled(`\`ss -${later}'`))
    if (flags.includes('s')) return summary(io)
    const filter = parseFilter(words)
    if (typeof filter === 'string') return tell(io, refuse(filter, 255))
    list(flags, filter, io)
    return 0
  },
}

function readFlags(args: readonly string[]): { flags: string; words: string[] } | Refusal {
  let flags = ''
  const words: string[] = []
  for (const arg of args) {
    const long = arg.startsWith('--') && Object.hasOwn(LONG, arg.slice(2)) ? LONG[arg.slice(2)] : undefined
    if (long !== undefined) flags += long
    else if (arg.startsWith('--')) return refuse(`ss: unrecognized option '${arg}'\n${USAGE}`, 255)
    else if (/^-./.test(arg) && words.length === 0) {
      for (const flag of arg.slice(1)) {
        if (!'tuwxlanp4oisHOVhemKErbZzNMSd0T6'.includes(flag))
          return refuse(`ss: invalid option -- '${flag}'\n${USAGE}`, 255)
        flags += flag
      }
    } else words.push(arg)
  }
  return { flags, words }
}

interface Row {
  netid: string
  state: string
  received: string
  sent: string
  local: [string, string]
  peer: [string, string]
  process: string
}

const HEAD: Row = {
  netid: 'Netid',
  state: 'State',
  received: 'Recv-Q',
  sent: 'Send-Q',
  local: ['Local Address', 'Port'],
  peer: ['Peer Address', 'Port'],
  process: 'Process',
}

function list(flags: string, filter: SsFilter, io: Io): void {
  const families = ['t', 'u', 'w', 'x'].filter((flag) => flags.includes(flag))
  const wanted = families.length === 0 ? ['t', 'u', 'w', 'x'] : families
  const chosen = listSockets(io.sys.host(), io.sys.now()).filter(
    (row) =>
      wanted.includes(row.proto === 'raw' ? 'w' : row.proto.charAt(0)) &&
      isShown(row, flags, filter) &&
      isWanted(row, filter),
  )
  const rows = chosen.map((row) => toRow(row, flags))
  const isOneState = filter.states?.length === 1
  const columns = { netid: wanted.length > 1, state: !isOneState, header: !flags.includes('H') }
  io.out(layOut(rows, columns))
}

/** Without -a or -l only what is connected; a state that is asked for by name stands above both. */
function isShown(row: SockRow, flags: string, filter: SsFilter): boolean {
  if (filter.states) return true
  if (flags.includes('a')) return true
  const isBound = row.state === 'LISTEN' || row.state === 'UNCONN'
  return flags.includes('l') ? isBound : !isBound && row.state !== 'TIME_WAIT' && row.state !== 'SYN_RECV'
}

function toRow(row: SockRow, flags: string): Row {
  const name = (value: number): string => (flags.includes('n') ? String(value) : serviceName(value))
  const port = (value: number): string => (value === 0 ? '*' : name(value))
  let process = ''
  if (flags.includes('p') && row.owner) {
    const { proc, fd } = row.owner
    process += ` users:(("${proc.program.slice(0, 15)}",pid=${proc.pid},fd=${fd}))`
  }
  if (flags.includes('o') && row.timer) process += ` timer:(${timerText(row.timer)})`
  if (flags.includes('i') && row.sock) process += `${flags.includes('O') ? '' : '\n\t'} ${infoText(row.sock)}`
  return {
    netid: row.proto,
    state: STATE[row.state],
    received: String(row.received),
    sent: String(row.sent),
    local: [formatIp4(row.laddr), port(row.lport)],
    peer: [formatIp4(row.raddr), port(row.rport)],
    process,
  }
}

/**
 * Columns as wide as their widest cell; addresses lean right on their colon. The last cell of all is not measured: it is
 * still being written when widths are (misc/ss.c render_calc_width).
 */
function layOut(rows: readonly Row[], columns: { netid: boolean; state: boolean; header: boolean }): string {
  const all = columns.header ? [HEAD, ...rows] : rows
  const width = (cell: (row: Row) => string, of = all): number =>
    of.reduce((most, row) => Math.max(most, cell(row).length), 0)
  const netid = columns.netid ? width((r) => r.netid) + 1 : 0
  const state = columns.state ? width((r) => r.state) + 1 : 0
  const received = Math.max(
    6,
    width((r) => r.received),
  )
  const sent = Math.max(
    6,
    width((r) => r.sent),
  )
  const local = [width((r) => r.local[0]), width((r) => r.local[1])]
  const peer = [width((r) => r.peer[0]), width((r) => r.peer[1])]
  const process = width(
    (r) => r.process.replace(/\n[^]*/, ''),
    all.slice(0, -1).concat(rows.length === 0 ? all : []),
  )
  const end = (cell: [string, string], [address = 0, port = 0]: number[]): string =>
    `${cell[0].padStart(address)}:${cell[1].padEnd(port)}`
  return all
    .map((r) => {
      const head = `${columns.netid ? r.netid.padEnd(netid) : ''}${columns.state ? r.state.padEnd(state) : ''}`
      const counts = `${r.received.padEnd(received)} ${r.sent.padEnd(sent)}`
      return `${head}${counts} ${end(r.local, local)} ${end(r.peer, peer)}${r.process.padEnd(process)}\n`
    })
    .join('')
}

/** `ss -s`: from /proc/net/sockstat and snmp. What waits is counted among the closed. */
function summary(io: Io): number {
  const host = io.sys.host()
  const socks = Object.values(host.tcp.socks)
  const estab = socks.filter((s) => s.state === 'ESTABLISHED' || s.state === 'CLOSE_WAIT').length
  const orphaned = socks.filter((s) => s.dead && s.state !== 'CLOSED').length
  const waits = host.tcp.timeWaits.length
  const open = socks.filter((s) => s.state !== 'CLOSED').length
  const udp = host.udp.socks.filter((s) => s.proto === 17).length
  const raw = host.udp.socks.length - udp
  const row = (name: string, n: number): string =>
    `${name}\t  ${String(n).padEnd(9)} ${String(n).padEnd(9)} ${'0'.padEnd(9)}\n`
  io.out(
    `Total: ${open + udp + raw}\n` +
      `TCP:   ${open + waits} (estab ${estab}, closed ${waits}, orphaned ${orphaned}, timewait ${waits})\n\n` +
      'Transport Total     IP        IPv6\n' +
      `${row('RAW', raw)}${row('UDP', udp)}${row('TCP', open)}${row('INET', open + udp + raw)}${row('FRAG', 0)}\n`,
  )
  return 0
}
