import { UNITS, type Unit, unitTitle } from '../../apps/unit.ts'
import type { Pid } from '../../base/ids.ts'
import type { Command, Io, Outcome } from '../sys.ts'
import { isFirewalldOn, startFirewalld, stopFirewalld } from './firewalld.ts'
import { frrDaemons, frrStopOrder } from './frr-daemons.ts'
import { afterSignals, signalOf } from './kill.ts'
import { showUnit } from './systemctl-status.ts'
import { notModelled, refuse, tell } from './words.ts'

/**
 * systemd as far as services here need it: nginx, frr, keepalived and the rules of firewalld. A host boots the commands of
 * its lab, then what is enabled by a link under /etc/systemd.
 */
const VERBS =
  'start stop restart reload try-restart reload-or-restart status is-active is-enabled enable disable kill'.split(
    ' ',
  )
const OPTIONS = ['--no-pager', '-l', '--full', '--quiet', '-q', '--now']
const WANTS = '/etc/systemd/system/multi-user.target.wants'

/** How this line was asked: what applies to all of its units. */
interface Ask {
  verb: string
  signal: string
  now: boolean
  quiet: boolean
}

export const systemctl: Command = {
  name: 'systemctl',
  summary: 'start, stop and look at services',
  run: (args, io) => {
    const words: string[] = []
    const ask: Ask = { verb: '', signal: 'TERM', now: false, quiet: false }
    for (let i = 0; i < args.length; i++) {
      const arg = args[i] ?? ''
      const signal = /^--signal=(.*)$/.exec(arg)?.[1] ?? (arg === '-s' ? args[++i] : undefined)
      if (signal !== undefined) ask.signal = signal
      else if (OPTIONS.includes(arg)) {
        ask.now ||= arg === '--now'
        ask.quiet ||= arg === '-q' || arg === '--quiet'
      } else if (arg.startsWith('-')) return tell(io, notModelled(`\`systemctl ${arg}'`))
      else words.push(arg)
    }
    const [verb = '', ...names] = words
    if (verb === 'daemon-reload') return 0
    if (!VERBS.includes(verb)) {
      if (verb === '' || verb.startsWith('list-')) return tell(io, notModelled('listing all units'))
      return tell(io, refuse(`Unknown command verb ${verb}.`, 1))
    }
    if (names.length === 0) return tell(io, refuse('Too few arguments.', 1))
    ask.verb = verb
    const units = names.map((name) => name.replace(/\.service$/, ''))
    return inTurn(units, (name) => one(name, ask, io))
  },
}

/** One after the other; the status is the worst. */
function inTurn<T>(items: readonly T[], what: (item: T) => Outcome, worst = 0): Outcome {
  const [item, ...rest] = items
  if (item === undefined) return worst
  return after(what(item), (status) => inTurn(rest, what, Math.max(worst, status)))
}

/** Go on when `outcome` has its status. */
function after(outcome: Outcome, then: (status: number) => Outcome): Outcome {
  if (typeof outcome === 'number') return then(outcome)
  return { step: outcome.step, then: (status) => after(outcome.then(status), then) }
}

function one(name: string, ask: Ask, io: Io): Outcome {
  if (name === 'firewalld') return firewalld(ask.verb, io)
  const unit = Object.hasOwn(UNITS, name) ? UNITS[name] : undefined
  return unit ? act(name, unit, ask, io) : missing(ask.verb, name, io)
}

/** The packet filter of the lesson's machines: no process, its rules are all there is of it. */
function firewalld(verb: string, io: Io): number {
  const on = isFirewalldOn(io)
  switch (verb) {
    case 'start':
      return startFirewalld(io)
    case 'stop':
      return stopFirewalld(io)
    case 'restart':
    case 'reload':
      if (verb === 'reload' && !on) {
        return tell(io, refuse('firewalld.service is not active, cannot reload.', 1))
      }
      stopFirewalld(io)
      return startFirewalld(io)
    case 'enable':
    case 'disable':
      // Nothing is started at boot here; the command itself succeeds as on a real machine.
      return 0
    case 'is-active':
      io.out(on ? 'active\n' : 'inactive\n')
      return on ? 0 : 3
    default:
      io.out(
        `${on ? '●' : '○'} firewalld.service - firewalld - dynamic firewall daemon\n` +
          '     Loaded: loaded (/usr/lib/systemd/system/firewalld.service; disabled; preset: enabled)\n' +
          `     Active: ${on ? 'active (running)' : 'inactive (dead)'}\n`,
      )
      return on ? 0 : 3
  }
}

/** A unit that is not installed. */
function missing(verb: string, name: string, io: Io): number {
  const unit = `${name}.service`
  if (verb === 'status') return tell(io, refuse(`Unit ${unit} could not be found.`, 4))
  if (verb === 'is-active') {
    io.out('inactive\n')
    return 4
  }
  if (verb === 'is-enabled') {
    return tell(io, refuse(`Failed to get unit file state for ${unit}: No such file or directory`, 1))
  }
  if (verb === 'enable' || verb === 'disable') {
    return tell(io, refuse(`Failed to ${verb} unit: Unit file ${unit} does not exist.`, 1))
  }
  if (verb === 'kill') return tell(io, refuse(`Failed to kill unit ${unit}: Unit ${unit} not loaded.`, 1))
  const loaded = verb === 'stop' ? 'not loaded' : 'not found'
  return tell(io, refuse(`Failed to ${verb} ${unit}: Unit ${unit} ${loaded}.`, 5))
}

function act(name: string, unit: Unit, ask: Ask, io: Io): Outcome {
  const active = isActive(name, io)
  switch (ask.verb) {
    case 'start':
      return active ? 0 : start(name, unit, io)
    case 'stop':
      return stop(name, io)
    case 'restart':
      return after(stop(name, io), () => start(name, unit, io))
    case 'try-restart':
      return active ? after(stop(name, io), () => start(name, unit, io)) : 0
    case 'reload-or-restart':
      return active ? reload(name, io) : start(name, unit, io)
    case 'reload':
      return reload(name, io)
    case 'status':
      return showUnit(name, unit, isEnabled(name, io), io)
    case 'is-active': {
      const state = io.sys.host().units[name]?.state ?? 'inactive'
      if (!ask.quiet) io.out(`${state}\n`)
      return active ? 0 : 3
    }
    case 'is-enabled': {
      const enabled = isEnabled(name, io)
      if (!ask.quiet) io.out(enabled ? 'enabled\n' : 'disabled\n')
      return enabled ? 0 : 1
    }
    case 'kill':
      return kill(name, ask.signal, io)
    default:
      enable(name, ask.verb === 'enable', io)
      if (!ask.now) return 0
      return act(name, unit, { ...ask, verb: ask.verb === 'enable' ? 'start' : 'stop', now: false }, io)
  }
}

function isActive(name: string, io: Io): boolean {
  return io.sys.host().units[name]?.state === 'active'
}

function start(name: string, unit: Unit, io: Io): Outcome {
  const { files } = io.sys.host()
  if (unit.needs !== '' && (files[unit.needs] ?? '') === '') {
    const why = `was skipped because of an unmet condition check (ConditionFileNotEmpty=${unit.needs}).`
    io.sys.apply({ op: 'journal', ident: 'systemd', unit: name, text: `${unitTitle(name)} ${why}` })
    return 0
  }
  const daemons = name === 'frr' ? frrDaemons(files) : []
  if (daemons === undefined) return failed(name, io)
  const pid = io.sys.spawn([...unit.start, ...daemons], { unit: name })
  if (!pid.ok) return tell(io, refuse(pid.error, 1))
  return {
    step: { kind: 'wait', pid: pid.value, until: 'started' },
    then: (status) => (status === 0 ? 0 : failed(name, io)),
  }
}

function failed(name: string, io: Io): number {
  return tell(
    io,
    refuse(
      `Job for ${name}.service failed because the control process exited with error code.\n` +
        `See "systemctl status ${name}.service" and "journalctl -xeu ${name}.service" for details.`,
      1,
    ),
  )
}

/** Its processes are asked to end, and waited for: frr's one after the other as its script does, the others all at once. */
function stop(name: string, io: Io): Outcome {
  if (!isActive(name, io)) return 0
  io.sys.apply({ op: 'journal', ident: 'systemd', unit: name, text: `Stopping ${unitTitle(name)}...` })
  const stopped = (): Outcome => {
    io.sys.apply({ op: 'journal', ident: 'systemd', unit: name, text: `Stopped ${unitTitle(name)}.` })
    return 0
  }
  const groups = name === 'frr' ? frrStopOrder(procsOf(name, io)) : [procsOf(name, io).map(({ pid }) => pid)]
  return after(
    inTurn(groups, (pids) => endAll(pids, name === 'frr' ? 'INT' : 'TERM', io)),
    stopped,
  )
}

function endAll(pids: readonly Pid[], signal: 'INT' | 'TERM', io: Io): Outcome {
  for (const pid of pids) io.sys.signal(pid, signal)
  return inTurn(pids, (pid) => {
    if (!io.sys.host().procs[pid]) return 0
    return { step: { kind: 'wait', pid, until: 'exit' }, then: () => 0 }
  })
}

function procsOf(name: string, io: Io) {
  return Object.values(io.sys.host().procs).filter((proc) => proc.unit === name)
}

function reload(name: string, io: Io): Outcome {
  const unit = io.sys.host().units[name]
  if (unit?.state !== 'active') return tell(io, refuse(`${name}.service is not active, cannot reload.`, 1))
  if (name === 'frr')
    return tell(io, notModelled("frr-reload.py (`vtysh -b' applies a file that was changed)"))
  io.sys.apply({ op: 'journal', ident: 'systemd', unit: name, text: `Reloading ${unitTitle(name)}...` })
  io.sys.signal(unit.mainPid, 'HUP')
  io.sys.apply({ op: 'journal', ident: 'systemd', unit: name, text: `Reloaded ${unitTitle(name)}.` })
  return 0
}

/** To every process of the service (--kill-whom=all). */
function kill(name: string, typed: string, io: Io): Outcome {
  const signal = signalOf(typed)
  if (signal === undefined) return tell(io, refuse(`Failed to parse signal string ${typed}.`, 1))
  const procs = procsOf(name, io)
  for (const { pid } of procs) if (signal !== 'TEST') io.sys.signal(pid, signal)
  if (procs.length > 0) return afterSignals(io, 0)
  return tell(io, refuse(`Failed to kill unit ${name}.service: No main process to kill`, 1))
}

function isEnabled(name: string, io: Io): boolean {
  return io.sys.host().files[`${WANTS}/${name}.service`] !== undefined
}

/** A link on Linux; here a file with the place it would lead to. */
function enable(name: string, on: boolean, io: Io): void {
  const script = '/lib/systemd/systemd-sysv-install'
  const folder = io.sys.host().profile.id === 'debian-12' ? '/lib' : '/usr/lib'
  const full = folder === '/lib' ? script : `/usr${script}`
  io.err(`Synchronizing state of ${name}.service with SysV service script with ${full}.\n`)
  io.err(`Executing: ${full} ${on ? 'enable' : 'disable'} ${name}\n`)
  const path = `${WANTS}/${name}.service`
  if (isEnabled(name, io) === on) return
  const target = `${folder}/systemd/system/${name}.service`
  if (on) {
    io.sys.apply({ op: 'file.write', path, text: `${target}\n` })
    io.err(`Created symlink ${path} → ${target}.\n`)
  } else {
    io.sys.apply({ op: 'file.remove', path })
    io.err(`Removed "${path}".\n`)
  }
}
