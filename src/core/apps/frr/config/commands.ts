import { type CliCommand, command } from '../cli/command.ts'
import { OSPF_COMMANDS } from './ospf.ts'
import { STATIC_COMMANDS } from './static.ts'
import { ZEBRA_COMMANDS } from './zebra.ts'

/** Lines that vtysh itself keeps, or that say nothing here. */
const OWN: readonly CliCommand[] = [
  command('config', [], 'frr version LINE...'),
  command('config', [], 'frr defaults <traditional|datacenter>'),
  command('config', [], '[no] service integrated-vtysh-config'),
  command('config', [], '[no] username WORD nopassword'),
]

function absent(daemon: string, pattern: string): CliCommand {
  return { ...command('config', [], pattern), absent: daemon }
}

/** Other protocols of FRR; vtysh says that their daemons do not run. */
const ABSENT: readonly CliCommand[] = [
  absent('bgpd', 'router bgp [(1-4294967295)]'),
  absent('ripd', 'router rip'),
  absent('ospf6d', 'router ospf6'),
  absent('isisd', 'router isis WORD'),
  absent('eigrpd', 'router eigrp (1-65535)'),
]

/** All commands of configuration. */
export const CONFIG_COMMANDS: readonly CliCommand[] = [
  ...OWN,
  ...ZEBRA_COMMANDS,
  ...STATIC_COMMANDS,
  ...OSPF_COMMANDS,
  ...ABSENT,
]
