import { formatIp4 } from '../../base/ids.ts'
import type { Host } from '../../kernel/host.ts'
import type { TcpSock, TcpState } from '../../kernel/tcp/types.ts'
import type { Command } from '../sys.ts'
import { serviceName } from './services.ts'
import { notModelled, refuse, tell } from './words.ts'

const STATE: Record<TcpState | 'TIME_WAIT', string> = {
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
}

/** TCP sockets as iproute2's ss lists them; only -t, with -a, -l, -n. Processes (-p) and memory (-m) are not shown. */
export const ss: Command = {
  name: 'ss',
  summary: 'TCP sockets',
  run: (args, io) => {
    let flags = ''
    for (const arg of args) {
      if (arg === '--all') flags += 'a'
      else if (arg === '--listening') flags += 'l'
      else if (arg === '--numeric') flags += 'n'
      else if (arg === '--tcp') flags += 't'
      else if (/^-[a-zA-Z0-9]+$/.test(arg)) flags += arg.slice(1)
      else return tell(io, notModelled(`\`ss ${arg}'`))
    }
    for (const flag of flags) {
      if ('tlan4H'.includes(flag)) continue
      if ('puwxmioesr0dSM'.includes(flag)) return tell(io, notModelled(`\`ss -${flag}'`))
      return tell(io, refuse(`ss: invalid option -- '${flag}'`, 255))
    }
    if (!flags.includes('t')) return tell(io, notModelled('listing other sockets than TCP (use -t)'))
    const rows = listRows(io.sys.host(), flags)
    io.out(layOut(flags.includes('H') ? rows : [HEAD, ...rows]))
    return 0
  },
}

interface Row {
  state: string
  received: string
  sent: string
  local: [string, string]
  peer: [string, string]
  process: string
}

const HEAD: Row = {
  state: 'State',
  received: 'Recv-Q',
  sent: 'Send-Q',
  local: ['Local Address', 'Port'],
  peer: ['Peer Address', 'Port'],
  process: 'Process',
}

/** Listening ones first. Without -a or -l only those that are connected. */
function listRows(host: Host, flags: string): Row[] {
  const all = flags.includes('a')
  const listening = flags.includes('l')
  const port = (value: number): string => (flags.includes('n') ? String(value) : serviceName(value))
  const rows: Row[] = []
  const socks = Object.values(host.tcp.socks)
  for (const sock of [
    ...socks.filter((s) => s.state === 'LISTEN'),
    ...socks.filter((s) => s.state !== 'LISTEN'),
  ]) {
    const isListener = sock.state === 'LISTEN'
    if (sock.state === 'CLOSED' || (!all && isListener !== listening)) continue
    rows.push({
      state: STATE[sock.state],
      received: String(isListener ? sock.queue.length : unread(sock)),
      sent: String(isListener ? sock.backlog : unsent(sock)),
      local: [formatIp4(sock.laddr), port(sock.lport)],
      peer: [formatIp4(sock.raddr), isListener ? '*' : port(sock.rport)],
      process: '',
    })
  }
  for (const wait of Object.values(host.tcp.timeWaits)) {
    if (!all) continue
    const local: Row['local'] = [formatIp4(wait.laddr), port(wait.lport)]
    const peer: Row['peer'] = [formatIp4(wait.raddr), port(wait.rport)]
    rows.push({ state: STATE[wait.state], received: '0', sent: '0', local, peer, process: '' })
  }
  return rows
}

function unread(sock: TcpSock): number {
  return sock.rxq.reduce((sum, bytes) => sum + bytes.length, 0)
}

/** Bytes that are not acknowledged yet. */
function unsent(sock: TcpSock): number {
  return sock.txq.reduce((sum, seg) => sum + seg.bytes.length, 0)
}

/** Columns as wide as their widest cell; addresses lean right on their colon. */
function layOut(rows: readonly Row[]): string {
  const width = (cell: (row: Row) => string): number =>
    rows.reduce((most, row) => Math.max(most, cell(row).length), 0)
  const state = width((r) => r.state)
  const received = width((r) => r.received)
  const sent = width((r) => r.sent)
  const local = [width((r) => r.local[0]), width((r) => r.local[1])]
  const peer = [width((r) => r.peer[0]), width((r) => r.peer[1])]
  const process = width((r) => r.process)
  const end = (cell: [string, string], [address = 0, port = 0]: number[]): string =>
    `${cell[0].padStart(address)}:${cell[1].padEnd(port)}`
  return rows
    .map((r) => {
      const counts = `${r.received.padEnd(received)} ${r.sent.padEnd(sent)}`
      const line = `${r.state.padEnd(state)} ${counts} ${end(r.local, local)} ${end(r.peer, peer)}${r.process.padEnd(process)}`
      return `${line}\n`
    })
    .join('')
}
