import type { Proc } from '../../kernel/host.ts'
import type { Command, Io, Outcome } from '../sys.ts'

/** Commands that are programs of their own: they run in simulated time (apps). */

/** Start a program and wait until it ends, or, for a daemon, until it has gone to the background. */
export function start(argv: string[], io: Io, until: 'exit' | 'started'): Outcome {
  const output = (text: string, err: boolean): void => {
    if (err) io.err(text)
    else io.out(text)
  }
  const isSeen = io.out === io.screen?.out && io.err === io.screen.err
  const pid = isSeen ? io.sys.spawn(argv) : io.sys.spawn(argv, { output })
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

export const tcpdump: Command = {
  name: 'tcpdump',
  summary: 'show packets that pass an interface',
  run: (args, io) => start(['tcpdump', ...args], io, 'exit'),
}

export const traceroute: Command = {
  name: 'traceroute',
  summary: 'show the routers on the way',
  run: (args, io) => start(['traceroute', ...args], io, 'exit'),
}

export function findProgram(io: Io, program: string): Proc | undefined {
  return Object.values(io.sys.host().procs).find((proc) => proc.program === program)
}

/**
 * Goes to the background by itself. Its errors come with its start; only of a port that is taken does it say so later,
 * after five tries.
 */
export const nginx: Command = {
  name: 'nginx',
  summary: 'the web server: start, -t, -s stop|quit|reload',
  run: (args, io) => start(['nginx', ...args], io, 'started'),
}
