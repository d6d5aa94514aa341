import type { Ctx } from '../kernel/ctx.ts'
import type { Host, Proc, UnitState } from '../kernel/host.ts'
import { writeJournal } from '../kernel/journal.ts'

/**
 * Services as far as processes make them: one begins with its first process and has ended when the last one is gone;
 * systemd says so in the journal. Simplified: nothing is restarted by systemd (Restart=), no watchdog, no limits.
 */
export interface Unit {
  description: string
  documentation: readonly string[]
  /** ExecStart=, which systemd runs; the service has started when this process has handled its start. */
  start: readonly string[]
  /** A file that has to be there and not empty (ConditionFileNotEmpty=), '' = none. */
  needs: string
}

/** As the packages of Debian 12 and Ubuntu 24.04 have them. */
export const UNITS: Readonly<Record<string, Unit>> = {
  nginx: {
    description: 'A high performance web server and a reverse proxy server',
    documentation: ['man:nginx(8)'],
    start: ['/usr/sbin/nginx', '-g', 'daemon on; master_process on;'],
    needs: '',
  },
  frr: {
    description: 'FRRouting',
    documentation: ['https://frrouting.readthedocs.io/en/latest/setup.html'],
    start: ['/usr/lib/frr/watchfrr', '-d', '-F', 'traditional'],
    needs: '',
  },
  keepalived: {
    description: 'Keepalive Daemon (LVS and VRRP)',
    documentation: [
      'man:keepalived(8)',
      'man:keepalived.conf(5)',
      'man:genhash(1)',
      'https://keepalived.org',
    ],
    start: ['/usr/sbin/keepalived', '--dont-fork'],
    needs: '/etc/keepalived/keepalived.conf',
  },
}

/** 'frr.service - FRRouting', as systemd names a unit in its messages. */
export function unitTitle(name: string): string {
  const unit = UNITS[name]
  return unit ? `${name}.service - ${unit.description}` : `${name}.service`
}

/** A line of systemd's own about a unit. */
export function systemdLog(host: Host, unit: string, text: string, ctx: Ctx): void {
  writeJournal(host, { ident: 'systemd', pid: 1, text, unit }, ctx)
}

function setUnit(host: Host, name: string, state: UnitState): void {
  host.units = { ...host.units, [name]: state }
}

/** A process of a service has been made. */
export function joinUnit(host: Host, proc: Proc, ctx: Ctx): void {
  if (host.units[proc.unit]?.state === 'active') return
  setUnit(host, proc.unit, { state: 'active', sinceNs: ctx.now, mainPid: proc.pid, status: 0 })
  systemdLog(host, proc.unit, `Starting ${unitTitle(proc.unit)}...`, ctx)
}

/** The first process of a service has begun its work, or has ended at once. */
export function unitStarted(host: Host, proc: Proc, ctx: Ctx): void {
  const unit = host.units[proc.unit]
  if (unit?.mainPid !== proc.pid) return
  if (unit.state === 'active') systemdLog(host, proc.unit, `Started ${unitTitle(proc.unit)}.`, ctx)
}

/** A process of a service has ended with `status` and is gone already. A status above 128 names a signal. */
export function leaveUnit(host: Host, proc: Proc, status: number, ctx: Ctx): void {
  const unit = host.units[proc.unit]
  if (!unit) return
  const isMain = proc.pid === unit.mainPid
  const wrong = isWrong(status)
  if (isMain && wrong) {
    const how = status > 128 ? `killed, status=${status - 128}/${SIGNALS[status - 128] ?? ''}` : ''
    const exit = how === '' ? `exited, status=${status}/${status === 1 ? 'FAILURE' : 'n/a'}` : how
    systemdLog(host, proc.unit, `${proc.unit}.service: Main process exited, code=${exit}`, ctx)
  }
  const left = Object.values(host.procs).find((p) => p.unit === proc.unit)
  const worst = isMain && wrong ? status : unit.status
  if (left)
    return setUnit(host, proc.unit, { ...unit, mainPid: isMain ? left.pid : unit.mainPid, status: worst })
  const failed = isWrong(worst)
  setUnit(host, proc.unit, {
    state: failed ? 'failed' : 'inactive',
    sinceNs: ctx.now,
    mainPid: proc.pid,
    status: worst,
  })
  const name = `${proc.unit}.service`
  if (failed) {
    const result = worst > 128 ? 'signal' : 'exit-code'
    systemdLog(host, proc.unit, `${name}: Failed with result '${result}'.`, ctx)
  } else systemdLog(host, proc.unit, `${name}: Deactivated successfully.`, ctx)
}

const SIGNALS: Readonly<Record<number, string>> = { 1: 'HUP', 2: 'INT', 9: 'KILL', 15: 'TERM' }

/** HUP, INT, TERM and PIPE are clean ends for systemd (exit-status.c). */
function isWrong(status: number): boolean {
  return status !== 0 && ![129, 130, 141, 143].includes(status)
}
