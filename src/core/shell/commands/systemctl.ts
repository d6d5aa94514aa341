import type { Command, Io, Outcome } from '../sys.ts'
import { isFirewalldOn, startFirewalld, stopFirewalld } from './firewalld.ts'
import { findProgram, start } from './programs.ts'
import { notModelled, refuse, tell } from './words.ts'

/**
 * systemd as far as services here need it: start, stop, restart, reload, status and is-active of nginx. Units are not
 * enabled at boot: what a host boots is the lab's list of commands.
 */
interface Unit {
  description: string
  program: string
}

const UNITS: Record<string, Unit> = {
  nginx: { description: 'A high performance web server and a reverse proxy server', program: 'nginx' },
}
/** Daemons of the lesson that are not there yet. */
const LATER = ['frr', 'keepalived']
const VERBS = ['start', 'stop', 'restart', 'reload', 'status', 'is-active', 'enable', 'disable']

export const systemctl: Command = {
  name: 'systemctl',
  summary: 'start, stop and look at services',
  run: (args, io) => {
    const [verb = '', ...names] = args.filter((arg) => arg !== '--now' && arg !== '--no-pager')
    if (!VERBS.includes(verb)) {
      if (verb === '') return tell(io, notModelled('listing all units'))
      return tell(io, refuse(`Unknown command verb ${verb}.`, 1))
    }
    const name = names[0]?.replace(/\.service$/, '')
    if (name === undefined) return tell(io, refuse('Too few arguments.', 1))
    if (names.length > 1) return tell(io, notModelled('more than one unit at once'))
    if (name === 'firewalld') return firewalld(verb, io)
    if (LATER.includes(name)) return tell(io, notModelled(`the daemon ${name}`))
    const unit = Object.hasOwn(UNITS, name) ? UNITS[name] : undefined
    return unit ? act(verb, name, unit, io) : missing(verb, name, io)
  },
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
  if (verb === 'enable' || verb === 'disable') {
    return tell(io, refuse(`Failed to ${verb} unit: Unit file ${unit} does not exist.`, 1))
  }
  const loaded = verb === 'stop' ? 'not loaded' : 'not found'
  return tell(io, refuse(`Failed to ${verb} ${unit}: Unit ${unit} ${loaded}.`, 5))
}

function act(verb: string, name: string, unit: Unit, io: Io): Outcome {
  switch (verb) {
    case 'start':
      return findProgram(io, unit.program) ? 0 : startUnit(name, unit, io)
    case 'stop':
      return stopUnit(unit, io, () => 0)
    case 'restart':
      return stopUnit(unit, io, () => startUnit(name, unit, io))
    case 'reload':
      return reload(name, unit, io)
    case 'status':
      return status(name, unit, io)
    case 'is-active': {
      const running = findProgram(io, unit.program) !== undefined
      io.out(running ? 'active\n' : 'inactive\n')
      return running ? 0 : 3
    }
    default:
      return tell(io, notModelled(`\`systemctl ${verb}' (a host boots the commands of its lab)`))
  }
}

function startUnit(name: string, unit: Unit, io: Io): Outcome {
  const outcome = start([unit.program], io, 'started')
  if (typeof outcome === 'number') return outcome
  return {
    step: outcome.step,
    then: (exit) => {
      if (exit === 0) return 0
      return tell(
        io,
        refuse(
          `Job for ${name}.service failed because the control process exited with error code.\n` +
            `See "systemctl status ${name}.service" and "journalctl -xeu ${name}.service" for details.`,
          1,
        ),
      )
    },
  }
}

function stopUnit(unit: Unit, io: Io, then: () => Outcome): Outcome {
  const running = findProgram(io, unit.program)
  if (!running) return then()
  io.sys.signal(running.pid, 'TERM')
  return { step: { kind: 'wait', pid: running.pid, until: 'exit' }, then }
}

function reload(name: string, unit: Unit, io: Io): number {
  const running = findProgram(io, unit.program)
  if (!running) return tell(io, refuse(`${name}.service is not active, cannot reload.`, 1))
  io.sys.signal(running.pid, 'HUP')
  return 0
}

function status(name: string, unit: Unit, io: Io): number {
  const running = findProgram(io, unit.program)
  io.out(
    `${running ? '●' : '○'} ${name}.service - ${unit.description}\n` +
      `     Loaded: loaded (/usr/lib/systemd/system/${name}.service; enabled; preset: enabled)\n` +
      `     Active: ${running ? 'active (running)' : 'inactive (dead)'}\n` +
      (running ? `   Main PID: ${running.pid} (${unit.program})\n` : ''),
  )
  return running ? 0 : 3
}
