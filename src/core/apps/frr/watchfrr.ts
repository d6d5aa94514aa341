/**
 * watchfrr: starts daemons that have ended (watchfrr/watchfrr.c). It hears at once when a daemon's socket closes and
 * restarts it after 5 s, later ones of the same daemon after longer (min 60 s, max 600 s as the package sets them), as
 * `watchfrr.sh restart` does: the daemon, then `vtysh -b`.
 *
 * Simplified: daemons do not hang, so no echo is sent.
 */
import { type Nanos, type Pid, SEC } from '../../base/ids.ts'
import type { Program } from '../program.ts'
import type { Sys } from '../sys.ts'

const FIRST_NS: Nanos = 5 * SEC
const MIN_NS: Nanos = 60 * SEC
const MAX_NS: Nanos = 600 * SEC

interface Watched {
  name: string
  argv: readonly string[]
  pid: Pid
  lastRestart: Nanos
  interval: Nanos
}

export interface WatchfrrState {
  daemons: Watched[]
}

/** How the package starts each daemon (tools/frrcommon.sh with /etc/frr/daemons). */
function argvOf(sys: Sys, name: string): readonly string[] {
  const file = sys.readFile('/etc/frr/daemons') ?? ''
  const options = new RegExp(`^${name}_options="?([^"\\n]*)"?`, 'm').exec(file)?.[1] ?? '-A 127.0.0.1'
  return [
    `/usr/lib/frr/${name}`,
    '-d',
    '-F',
    'traditional',
    ...options.split(/\s+/).filter((word) => word !== ''),
  ]
}

export const watchfrr: Program<WatchfrrState> = {
  name: 'watchfrr',
  handles: ['TERM', 'INT'],
  init: () => ({ daemons: [] }),
  run: (sys, st, event) => {
    if (event.kind === 'start') start(sys, st)
    else if (event.kind === 'message' && event.what === 'gone') lost(sys, st, event.from)
    else if (event.kind === 'timer') onTimer(sys, st, event.name)
    else if (event.kind === 'signal') sys.exit(0)
  },
}

function start(sys: Sys, st: WatchfrrState): void {
  const names = sys.argv.slice(1).filter((word) => /^(zebra|ospfd|staticd)$/.test(word))
  st.daemons = names.map((name) => ({ name, argv: argvOf(sys, name), pid: 0, lastRestart: 0, interval: 0 }))
  sys.log('watchfrr', `watchfrr ${sys.profile.frr} starting: vty@0`)
  const missing = st.daemons.filter(({ name }) => sys.pidsOf(name).length === 0)
  if (missing.length > 0) restartAll(sys, missing)
  look(sys, st)
}

/** `watchfrr.sh restart all`: those that do not run, in the order of the command line, then their configuration. */
function restartAll(sys: Sys, missing: readonly Watched[]): void {
  for (const { name } of missing)
    sys.log('watchfrr', `${name} state -> down : initial connection attempt failed`)
  const command = '/usr/lib/frr/watchfrr.sh restart all'
  sys.log('watchfrr', `[EC 100663303] Forked background command [pid ${sys.pid}]: ${command}`)
  for (const { argv } of missing) sys.spawn([...argv])
  sys.spawn(['vtysh', '-b'])
}

/** Daemons that run are watched. */
function look(sys: Sys, st: WatchfrrState): void {
  for (const daemon of st.daemons) {
    const [pid] = sys.pidsOf(daemon.name)
    if (pid === undefined || pid === daemon.pid || !sys.watch(pid)) continue
    daemon.pid = pid
    sys.log('watchfrr', `${daemon.name} state -> up : connect succeeded`)
  }
  if (st.daemons.some((daemon) => daemon.pid === 0)) sys.sleep('look', SEC)
  else sys.log('watchfrr', 'all daemons up, doing startup-complete notify')
}

function lost(sys: Sys, st: WatchfrrState, pid: Pid): void {
  const daemon = st.daemons.find((one) => one.pid === pid)
  if (!daemon) return
  daemon.pid = 0
  sys.log('watchfrr', `[EC 268435457] ${daemon.name} state -> down : read returned EOF`)
  const since = sys.now - daemon.lastRestart
  const isFirst = daemon.lastRestart === 0
  sys.sleep(`restart ${daemon.name}`, isFirst ? FIRST_NS : Math.max(FIRST_NS, daemon.interval - since))
}

function onTimer(sys: Sys, st: WatchfrrState, name: string): void {
  if (name === 'look' || name === 'again') return look(sys, st)
  const daemon = st.daemons.find((one) => `restart ${one.name}` === name)
  if (!daemon || sys.pidsOf(daemon.name).length > 0) return look(sys, st)
  daemon.lastRestart = sys.now
  daemon.interval = daemon.interval === 0 ? MIN_NS : Math.min(MAX_NS, daemon.interval * 2)
  sys.log(
    'watchfrr',
    `[EC 100663303] Forked background command [pid ${sys.pid}]: /usr/lib/frr/watchfrr.sh restart ${daemon.name}`,
  )
  sys.spawn([...daemon.argv])
  sys.spawn(['vtysh', '-b'])
  sys.sleep('again', SEC)
}
