import type { Nanos } from '../../../base/ids.ts'
import type { Profile } from '../../../kernel/host.ts'
import type { Sys } from '../../sys.ts'
import type { Daemon } from '../cli/command.ts'
import { mergeConfig, sharedLines, zebraLines } from '../config/running.ts'
import { ospfLines } from '../config/ospf-lines.ts'
import { staticLine } from '../config/static.ts'
import type { Ospf } from '../ospfd/types.ts'
import type { StaticState } from '../staticd/staticd.ts'
import type { ZebraState } from '../zebra/types.ts'

/** What vtysh can see: the memories of the daemons that run. On Linux each daemon prints its own; here one reads them. */
export interface View {
  now: Nanos
  hostname: string
  profile: Profile
  zebra: ZebraState | undefined
  ospf: Ospf | undefined
  statics: StaticState | undefined
  watchfrr: boolean
  forwarding: boolean
  file: (path: string) => string | undefined
}

const PROGRAMS: readonly Daemon[] = ['zebra', 'ospfd', 'staticd']

/** Daemons that run, in vtysh's order. */
export function running(sys: Sys): Daemon[] {
  return PROGRAMS.filter((name) => sys.pidsOf(name).length > 0)
}

export function viewOf(sys: Sys): View {
  const stateOf = (program: string): unknown => {
    const [pid] = sys.pidsOf(program)
    return pid === undefined ? undefined : sys.stateOf(pid)
  }
  const ospfd = stateOf('ospfd') as { o: Ospf } | undefined
  return {
    now: sys.now,
    hostname: sys.hostname,
    profile: sys.profile,
    zebra: stateOf('zebra') as ZebraState | undefined,
    ospf: ospfd?.o,
    statics: stateOf('staticd') as StaticState | undefined,
    watchfrr: sys.pidsOf('watchfrr').length > 0,
    forwarding: sys.sysctl('net.ipv4.ip_forward') !== '0',
    file: (path) => sys.readFile(path),
  }
}

/** Lines of `show running-config` from `frr version` on; `only` = of one daemon. */
export function runningConfig(view: View, only?: Daemon): string[] {
  const { zebra, ospf, statics, forwarding } = view
  const shared = zebra ? sharedLines(zebra.config) : []
  const parts: [Daemon, string[]][] = []
  if (zebra) parts.push(['zebra', [...shared, ...zebraLines(zebra.config, forwarding)]])
  if (ospf) parts.push(['ospfd', [...shared, ...ospfLines(ospf.conf)]])
  if (statics) parts.push(['staticd', [...shared, ...statics.routes.map(staticLine)]])
  const wanted = parts.filter(([name]) => only === undefined || name === only).map(([, lines]) => lines)
  const hostname = zebra?.config.hostname ?? ''
  const own = view.file('/etc/frr/vtysh.conf')?.includes('no service integrated')
    ? []
    : ['service integrated-vtysh-config']
  const named = hostname === '' ? [[`hostname ${view.hostname}`]] : []
  const head = [`frr version ${view.profile.frr}`, 'frr defaults traditional']
  return [...head, ...mergeConfig([...wanted, ...named], own)]
}
