import type { Command } from '../sys.ts'
import { start } from './programs.ts'

/** FRR's shell is a program: it talks to the daemons (core/apps/frr/vtysh). */
export const vtysh: Command = {
  name: 'vtysh',
  summary: 'show and configure FRR: vtysh -c "show ip route"',
  run: (args, io) => start(['vtysh', ...args], io, 'exit'),
}
