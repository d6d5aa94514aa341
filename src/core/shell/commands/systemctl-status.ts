import type { Unit } from '../../apps/unit.ts'
import { dateTime, shortDate } from '../../apps/clock.ts'
import { type Nanos, SEC } from '../../base/ids.ts'
import type { Host, Proc, UnitState } from '../../kernel/host.ts'
import type { JournalLine } from '../../kernel/net-change.ts'
import type { Io } from '../sys.ts'
import { titleOf } from './process-title.ts'

/**
 * `systemctl status` as systemd 252 and 255 print it, and lines of the journal. Left out: memory, processor time, limit of tasks.
 */
const LINES = 10

export function showUnit(name: string, unit: Unit, enabled: boolean, io: Io): number {
  const host = io.sys.host()
  const now = io.sys.now()
  const state = host.units[name]
  const dot = state?.state === 'active' ? '●' : state?.state === 'failed' ? '×' : '○'
  const folder = host.profile.id === 'debian-12' ? '/lib' : '/usr/lib'
  const [doc = '', ...docs] = unit.documentation
  const lines = [
    `${dot} ${name}.service - ${unit.description}`,
    `     Loaded: loaded (${folder}/systemd/system/${name}.service; ${enabled ? 'enabled' : 'disabled'}; preset: enabled)`,
    `     Active: ${activeWords(state, now)}`,
    `       Docs: ${doc}`,
    ...docs.map((text) => `             ${text}`),
    ...processLines(name, state, host),
  ]
  const log = host.journal.filter((line) => line.unit === name).slice(-LINES)
  if (log.length > 0) lines.push('', ...log.map((line) => journalText(line, host.id)))
  io.out(`${lines.join('\n')}\n`)
  return state?.state === 'active' ? 0 : 3
}

function activeWords(state: UnitState | undefined, now: Nanos): string {
  if (!state) return 'inactive (dead)'
  const how =
    state.state === 'active'
      ? 'active (running)'
      : state.state === 'failed'
        ? `failed (Result: ${state.status > 128 ? 'signal' : 'exit-code'})`
        : 'inactive (dead)'
  return `${how} since ${dateTime(state.sinceNs)}; ${timeSpan(now - state.sinceNs)} ago`
}

function processLines(name: string, state: UnitState | undefined, host: Host): string[] {
  const procs = Object.values(host.procs).filter((proc) => proc.unit === name)
  if (!state) return []
  if (procs.length === 0) {
    const { status } = state
    const code =
      status > 128
        ? 'code=killed, signal=' + (SIGNAL[status - 128] ?? '')
        : `code=exited, status=${status}${status === 0 ? '/SUCCESS' : '/FAILURE'}`
    return [`   Main PID: ${state.mainPid} (${code})`]
  }
  const main = host.procs[state.mainPid] ?? procs[0]
  return [
    `   Main PID: ${state.mainPid} (${main?.program ?? ''})`,
    `      Tasks: ${procs.length}`,
    `     CGroup: /system.slice/${name}.service`,
    ...procs.map((proc, i) => {
      const branch = i === procs.length - 1 ? '└─' : '├─'
      return `             ${branch}${proc.pid} ${commandLine(proc)}`
    }),
  ]
}

const SIGNAL: Readonly<Record<number, string>> = { 1: 'HUP', 2: 'INT', 9: 'KILL', 15: 'TERM' }

/** systemd puts words that hold blanks in quotes; a title that a daemon wrote is one word. */
function commandLine(proc: Proc): string {
  const title = titleOf(proc)
  const words = title === proc.argv.join(' ') ? proc.argv : [title]
  return words.map((word) => (/\s/.test(word) ? `"${word}"` : word)).join(' ')
}

/** '5s', '1min 30s', '2h 5min', as `systemctl status` says how long ago (format_timestamp_relative). */
function timeSpan(ns: Nanos): string {
  const s = Math.floor(ns / SEC)
  if (s >= 3600)
    return `${Math.floor(s / 3600)}h${s % 3600 >= 60 ? ` ${Math.floor((s % 3600) / 60)}min` : ''}`
  if (s >= 300) return `${Math.floor(s / 60)}min`
  if (s >= 60) return `${Math.floor(s / 60)}min${s % 60 > 0 ? ` ${s % 60}s` : ''}`
  return s > 0 ? `${s}s` : `${Math.floor(ns / 1_000_000)}ms`
}

/** 'Nov 22 07:35:29 LB1 ospfd[34]: text'. */
export function journalText({ at, ident, pid, text }: JournalLine, host: string): string {
  const who = pid === 0 ? ident : `${ident}[${pid}]`
  return `${shortDate(at)} ${host} ${who}: ${text}`
}
