import type { Proc } from '../../kernel/host.ts'
import type { Command, Io, Outcome } from '../sys.ts'

/** Commands that are programs of their own: they run in simulated time (apps). */

/** Start a program and wait until it ends, or, for a daemon, until it has gone to the background. */
export function start(argv: string[], io: Io, until: 'exit' | 'started'): Outcome {
  const pid = io.sys.spawn(argv)
  if (!pid.ok) {
    io.err(pid.error.endsWith('\n') ? pid.error : `${pid.error}\n`)
    return 1
  }
  return { step: { kind: 'wait', pid: pid.value, until }, then: (status) => status }
}

export const curl: Command = {
  name: 'curl',
  summary: 'send an HTTP request',
  run: (args, io) => start(['curl', ...args], io, 'exit'),
}

export const ping: Command = {
  name: 'ping',
  summary: 'send ICMP echo requests',
  run: (args, io) => start(['ping', ...args], io, 'exit'),
}

export function findProgram(io: Io, program: string): Proc | undefined {
  return Object.values(io.sys.host().procs).find((proc) => proc.program === program)
}

/** nginx itself goes to the background; -s talks to the one that runs, -t and the rest are up to the program. */
export const nginx: Command = {
  name: 'nginx',
  summary: 'the web server: start, -t, -s stop|quit|reload',
  run: (args, io) => {
    const [option, value = ''] = args
    if (option === '-v') {
      io.err(`nginx version: nginx/${io.sys.host().profile.nginx}\n`)
      return 0
    }
    if (option === '-s') return signalNginx(value, io)
    return start(['nginx', ...args], io, option === '-t' ? 'exit' : 'started')
  },
}

function signalNginx(signal: string, io: Io): Outcome {
  if (!['stop', 'quit', 'reload', 'reopen'].includes(signal)) {
    io.err(`nginx: invalid option: "-s ${signal}"\n`)
    return 1
  }
  const running = findProgram(io, 'nginx')
  if (!running) {
    io.err('nginx: [error] open() "/run/nginx.pid" failed (2: No such file or directory)\n')
    return 1
  }
  if (signal === 'reopen') return 0
  io.sys.signal(running.pid, signal === 'reload' ? 'HUP' : 'TERM')
  if (signal === 'reload') return 0
  return { step: { kind: 'wait', pid: running.pid, until: 'exit' }, then: () => 0 }
}
