import { maskOf } from '../../base/cidr.ts'
import { formatIp4, type Ip4, SEC } from '../../base/ids.ts'
import type { Host } from '../../kernel/host.ts'
import { nextHopsOf } from '../../kernel/route/fib.ts'
import type { Route } from '../../kernel/route/types.ts'
import type { Command, Io } from '../sys.ts'
import { ifconfigShort } from './ifconfig-show.ts'
import { serviceName } from './services.ts'
import { titleOf } from './process-title.ts'
import { listSockets, type SockRow } from './sockets.ts'
import { byKey, notModelled, type Refusal, refuse, tell } from './words.ts'

const USAGE = `usage: netstat [-vWeenNcCF] [<Af>] -r         netstat {-V|--version|-h|--help}
       netstat [-vWnNcaeol] [<Socket> ...]
       netstat { [-vWeenNac] -i | [-cnNe] -M | -s [-6tuw] }

        -r, --route              display routing table
        -i, --interfaces         display interface table
        -g, --groups             display multicast group memberships
        -s, --statistics         display networking statistics (like SNMP)

        -n, --numeric            don't resolve names
        -p, --programs           display PID/Program name for sockets
        -o, --timers             display timers
        -l, --listening          display listening server sockets
        -a, --all                display all sockets (default: connected)

  <Socket>={-t|--tcp} {-u|--udp} {-w|--raw} {-x|--unix}`

const LONG: Readonly<Record<string, string>> = {
  ...{ route: 'r', interfaces: 'i', groups: 'g', statistics: 's', numeric: 'n', programs: 'p', timers: 'o' },
  ...{ listening: 'l', all: 'a', tcp: 't', udp: 'u', raw: 'w', unix: 'x', extend: 'e', continuous: 'c' },
  ...{ wide: 'W', inet: '4', version: 'V', help: 'h' },
}

/** net-tools 2.10. Only what `ss`, `route` and `ifconfig -s` know; -e, -c, -g and -M are refused. */
export const netstat: Command = {
  name: 'netstat',
  summary: 'sockets, routes and interfaces (the old tool)',
  run: (args, io) => {
    const flags = readFlags(args)
    if (typeof flags !== 'string') return tell(io, flags)
    if (flags.includes('h')) return tell(io, refuse(USAGE, 4))
    if (flags.includes('V')) {
      io.out('net-tools 2.10\n')
      return 5
    }
    const later = [...flags].find((flag) => 'ecgMCFNZ6S'.includes(flag))
    if (later !== undefined) return tell(io, notModelled(`\`netstat -${later}'`))
    const host = io.sys.host()
    if (flags.includes('r')) return routes(host, io)
    if (flags.includes('i')) {
      io.out(
        `Kernel Interface table\n${ifconfigShort(host, flags.includes('a')).replace('Iface     ', 'Iface            ')}`,
      )
      return 0
    }
    if (flags.includes('s')) return statistics(host, io)
    sockets(flags, io)
    return 0
  },
}

function readFlags(args: readonly string[]): string | Refusal {
  let flags = ''
  for (const arg of args) {
    if (arg.startsWith('--')) {
      const flag = Object.hasOwn(LONG, arg.slice(2)) ? LONG[arg.slice(2)] : undefined
      if (flag === undefined) return refuse(`netstat: unrecognized option '${arg}'\n${USAGE}`, 3)
      flags += flag
    } else if (/^-./.test(arg)) {
      for (const flag of arg.slice(1)) {
        if (!'ripsnolatuwxvW4VhecgMCFNZ6S'.includes(flag))
          return refuse(`netstat: invalid option -- '${flag}'\n${USAGE}`, 3)
        flags += flag
      }
    } else return refuse(USAGE, 3)
  }
  return flags
}

function sockets(flags: string, io: Io): void {
  const families = [...'tuwx'].filter((flag) => flags.includes(flag))
  const wanted = families.length === 0 ? [...'tuwx'] : families
  const how = flags.includes('a')
    ? 'servers and established'
    : flags.includes('l')
      ? 'only servers'
      : 'w/o servers'
  const more = [flags.includes('p') ? 'PID/Program name    ' : '', flags.includes('o') ? 'Timer' : '']
  const extra = more.filter((text) => text !== '').join(' ')
  const internet = wanted.filter((flag) => flag !== 'x')
  if (internet.length > 0) {
    io.out(`Active Internet connections (${how})\n`)
    io.out(
      `Proto Recv-Q Send-Q Local Address           Foreign Address         ${'State'.padEnd(11)}${extra === '' ? '' : ` ${extra}`}\n`,
    )
    const rows = listSockets(io.sys.host(), io.sys.now())
    for (const proto of ['tcp', 'udp', 'raw'] as const) {
      if (!internet.includes(proto === 'raw' ? 'w' : proto.charAt(0))) continue
      for (const row of rows) if (row.proto === proto && isShown(row, flags)) io.out(socketLine(row, flags))
    }
  }
  // a host has no sockets of this kind; the table is shown as it is
  if (wanted.includes('x')) {
    io.out(`Active UNIX domain sockets (${how})\n`)
    io.out(
      `Proto RefCnt Flags       Type       State         I-Node   ${flags.includes('p') ? 'PID/Program name     ' : ''}Path\n`,
    )
  }
}

function isShown(row: SockRow, flags: string): boolean {
  const isServer = row.state === 'LISTEN' || row.state === 'UNCONN'
  return flags.includes('a') || isServer === flags.includes('l')
}

function socketLine(row: SockRow, flags: string): string {
  const name = (port: number): string => (flags.includes('n') ? String(port) : serviceName(port))
  const end = (ip: Ip4, port: number): string =>
    `${formatIp4(ip)}:${port === 0 ? '*' : name(port)}`.padEnd(23)
  const state = row.state === 'UNCONN' ? '' : row.state
  const counts = `${String(row.state === 'LISTEN' ? 0 : row.received).padStart(6)} ${String(row.state === 'LISTEN' ? 0 : row.sent).padStart(6)}`
  let line = `${row.proto.padEnd(5)} ${counts} ${end(row.laddr, row.lport)} ${end(row.raddr, row.rport)} ${state.padEnd(11)}`
  if (flags.includes('p')) line += ` ${programText(row).padEnd(20)}`
  if (flags.includes('o')) line += ` ${timerText(row)}`
  return `${line}\n`
}

/** Number and name, cut to the column. */
function programText({ owner }: SockRow): string {
  return owner
    ? `${owner.proc.pid}/${titleOf(owner.proc)
        .replace(/^\/\S*\//, '')
        .replace(/ -.*/, '')}`.slice(0, 19)
    : '-'
}

function timerText({ timer }: SockRow): string {
  if (!timer) return 'off (0.00/0/0)'
  const kind = timer.kind === 'persist' ? 'probe' : timer.kind
  return `${kind} (${(timer.leftNs / SEC).toFixed(2)}/${timer.retries}/0)`
}

/** The same table as `route`, with the columns of netstat; of a multipath route the first member. */
function routes(host: Host, io: Io): number {
  io.out('Kernel IP routing table\n')
  io.out('Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n')
  for (const route of [...host.main].sort(byKey)) io.out(`${routeRow(host, route)}\n`)
  return 0
}

function routeRow(host: Host, route: Route): string {
  const hop = nextHopsOf(host, route)[0]
  const rejects = route.type === 'unreachable' || route.type === 'prohibit'
  const flags = rejects ? '!' : `U${hop && hop.gateway !== 0 ? 'G' : ''}${route.prefix === 32 ? 'H' : ''}`
  const gateway = rejects ? '-' : formatIp4(hop?.gateway ?? (0 as Ip4))
  const words = [formatIp4(route.dst), gateway, formatIp4(maskOf(route.prefix) as Ip4)].map((word) =>
    word.padEnd(15),
  )
  const numbers = `${rejects ? '    -' : '    0'} ${(rejects ? '-' : '0').padEnd(6)} ${rejects ? '    -' : '    0'}`
  return `${words.join(' ')} ${flags.padEnd(5)} ${numbers} ${rejects ? '-' : (hop?.dev ?? '*')}`
}

/** Counters that hosts here keep: packets forwarded, and those that IP could not deliver, in netstat's words. */
function statistics(host: Host, io: Io): number {
  const drops = (...reasons: string[]): number =>
    reasons.reduce((sum, why) => sum + (host.drops[why] ?? 0), 0)
  const forwards = host.sysctl.conf['all']?.['forwarding'] === 1
  let text = `Ip:\n    Forwarding: ${forwards ? 1 : 2}\n`
  const lines: [number, string][] = [
    [drops('IP_INHDR', 'IP_CSUM', 'IP_TTL'), 'with invalid headers'],
    [drops('IP_INADDRERRORS', 'IP_NOFORWARD'), 'with invalid addresses'],
  ]
  for (const [count, words] of lines) if (count > 0) text += `    ${count} ${words}\n`
  text += `    ${host.forwarded} forwarded\n`
  const noRoute = drops('IP_OUTNOROUTES')
  if (noRoute > 0) text += `    ${noRoute} dropped because of missing route\n`
  const established = Object.values(host.tcp.socks).filter(
    (s) => s.state === 'ESTABLISHED' || s.state === 'CLOSE_WAIT',
  ).length
  text += `Tcp:\n    ${established} connections established\n`
  const filtered = drops('IP_RPFILTER')
  if (filtered > 0) text += `TcpExt:\n    IPReversePathFilter: ${filtered}\n`
  const strays = drops('IP_INNOROUTES')
  if (strays > 0) text += `IpExt:\n    InNoRoutes: ${strays}\n`
  io.out(text)
  return 0
}
