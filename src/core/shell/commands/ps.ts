import { shortDate } from '../../apps/clock.ts'
import type { Proc } from '../../kernel/host.ts'
import type { Command, Io } from '../sys.ts'
import { titleOf } from './process-title.ts'
import { notModelled, tell } from './words.ts'

/**
 * ps -ef and ps aux (procps-ng 4): the processes of a host are init, what runs here, and ps itself. Users as the packages
 * have them; no processor time, since programs here take none.
 */
export const ps: Command = {
  name: 'ps',
  summary: 'list processes',
  run: (args, io) => {
    const how = args.join(' ')
    if (['-ef', '-e -f', '-fe', '-A -f'].includes(how)) return full(io)
    if (['aux', '-aux', 'ax', '-e', '-A'].includes(how)) return how.includes('u') ? user(io) : short(io)
    if (how === '') {
      const { nextPid } = io.sys.host()
      head(io, '@PID TTY          TIME CMD')
      io.out(`${wide(io, nextPid)} pts/0    00:00:00 bash\n${wide(io, nextPid + 1)} pts/0    00:00:00 ps\n`)
      return 0
    }
    return tell(io, notModelled(`\`ps ${how}'`))
  },
}

/** Columns of a process number: the captures' Debian allows 32768 processes, Ubuntu four million. */
function wide(io: Io, pid: number): string {
  return String(pid).padStart(io.sys.host().profile.id === 'debian-12' ? 5 : 7)
}

function head(io: Io, text: string): void {
  const narrow = io.sys.host().profile.id === 'debian-12'
  io.out(`${text.replace(/@(\w+)/g, (_, name: string) => name.padStart(narrow ? 5 : 7))}\n`)
}

interface Row {
  user: string
  pid: number
  ppid: number
  start: string
  tty: string
  command: string
}

/** init first, ps last. */
function rows(io: Io, own: string): Row[] {
  const host = io.sys.host()
  const clock = (at: number): string => shortDate(at).slice(7, 12)
  const daemons = Object.values(host.procs).map((proc) => ({
    user: userOf(proc),
    pid: proc.pid,
    ppid: proc.ppid,
    start: clock(proc.startedNs),
    tty: '?',
    command: titleOf(proc),
  }))
  return [
    { user: 'root', pid: 1, ppid: 0, start: clock(0), tty: '?', command: '/sbin/init' },
    ...daemons,
    { user: 'root', pid: host.nextPid, ppid: 1, start: clock(io.sys.now()), tty: 'pts/0', command: own },
  ]
}

/** FRR's daemons give up root; watchfrr keeps it. */
function userOf({ program }: Proc): string {
  return ['zebra', 'ospfd', 'staticd'].includes(program) ? 'frr' : 'root'
}

function full(io: Io): number {
  head(io, 'UID      @PID @PPID  C STIME TTY          TIME CMD')
  for (const { user: uid, pid, ppid, start, tty, command } of rows(io, 'ps -ef')) {
    const ids = `${uid.padEnd(8)} ${wide(io, pid)} ${wide(io, ppid)}`
    io.out(`${ids}  0 ${start} ${tty.padEnd(8)} 00:00:00 ${command}\n`)
  }
  return 0
}

function user(io: Io): number {
  head(io, 'USER     @PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND')
  for (const { user: uid, pid, start, tty, command } of rows(io, 'ps aux')) {
    const ids = `${uid.padEnd(8)} ${wide(io, pid)}`
    io.out(`${ids}  0.0  0.0      0     0 ${tty.padEnd(8)} Ss   ${start}   0:00 ${command}\n`)
  }
  return 0
}

function short(io: Io): number {
  head(io, '@PID TTY          TIME CMD')
  for (const { pid, tty, command } of rows(io, 'ps')) {
    const name = (command.split(/:? /)[0] ?? '').replace(/^.*\//, '').slice(0, 15)
    io.out(`${wide(io, pid)} ${tty.padEnd(8)} 00:00:00 ${name}\n`)
  }
  return 0
}
