import type { Command } from '../sys.ts'
import { start } from './programs.ts'

/** Daemons started by hand: in the background if they are told to go there, else the line waits until they end. */

export function frrDaemon(name: string): Command {
  const path = `/usr/lib/frr/${name}`
  return {
    name: path,
    summary: `FRR's ${name}`,
    run: (args, io) => {
      const goes = args.some((arg) => arg === '--daemon' || /^-[a-z]*d$/.test(arg))
      return start([path, ...args], io, goes ? 'started' : 'exit')
    },
  }
}

export const keepalived: Command = {
  name: 'keepalived',
  summary: 'health checks of real servers, and VRRP',
  run: (args, io) => {
    const stays = args.some((arg) => arg === '--dont-fork' || /^-[A-Za-z]*n/.test(arg))
    const ends = args.some((arg) => /^(-t|-v|-h|--config-test|--version|--help)/.test(arg))
    return start(['keepalived', ...args], io, stays || ends ? 'exit' : 'started')
  },
}
