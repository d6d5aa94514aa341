import { type HostId, type Nanos, SEC } from '../base/ids.ts'
import { bad, ok, type Result } from '../base/result.ts'
import { parseLine } from '../shell/parse.ts'
import type { LinkFaults } from '../kernel/note.ts'
import type { PowerState } from '../sim/power.ts'
import { parseFaults } from './fault-words.ts'
import type { Lab, LabHost } from './schema.ts'

/** One line of a script; `line` is its number in the file, from 1. */
export type ScriptStep = { line: number } & (
  | { kind: 'command'; host: HostId; text: string; background: boolean }
  | { kind: 'sleep'; forNs: Nanos }
  | { kind: 'cable'; host: HostId; dev: string; plugged: boolean }
  | { kind: 'fault'; host: HostId; dev: string; way: 'in' | 'out'; faults: LinkFaults }
  | { kind: 'power'; host: HostId; state: Exclude<PowerState, 'on'> }
  | { kind: 'boot'; host: HostId; spec: LabHost }
)

const LINE_LIMIT = 100_000

/**
 * Read a script: `HOST$ command`, `HOST& command` (start and go on), `@sleep S`, `@unplug HOST DEV`, `@plug HOST DEV`,
 * `@fault HOST DEV in|out loss 10% ...`, `@freeze HOST`, `@thaw HOST`, `@poweroff HOST`, `@poweron HOST` and `#` comments. The error names the first wrong line by number.
 */
export function parseScript(text: string, lab: Lab): Result<ScriptStep[]> {
  const lines = text.split(/\r?\n/)
  if (lines.length > LINE_LIMIT) return bad(`a script has at most ${LINE_LIMIT} lines`)
  const steps: ScriptStep[] = []
  for (const [i, raw] of lines.entries()) {
    const step = parseStep(raw.trim(), i + 1, lab)
    if (!step.ok) return bad(`line ${i + 1}: ${step.error}`)
    if (step.value) steps.push(step.value)
  }
  return ok(steps)
}

function parseStep(line: string, number: number, lab: Lab): Result<ScriptStep | undefined> {
  if (line === '' || line.startsWith('#')) return ok(undefined)
  if (line.startsWith('@')) return parseDirective(line, number, lab)
  const m = /^([A-Za-z][A-Za-z0-9-]*)([$&])\s*(.*)$/.exec(line)
  if (!m)
    return bad(
      `expected "HOST$ command", "HOST& command" or "@sleep", "@unplug", "@plug", not ${JSON.stringify(line)}`,
    )
  const [, host = '', sign, command = ''] = m
  const unknown = unknownHost(host, lab)
  if (unknown !== undefined) return bad(unknown)
  const parsed = parseLine(command)
  if (!parsed.ok) return bad(parsed.error.replaceAll('\n', '; '))
  return ok({ kind: 'command', line: number, host, text: command, background: sign === '&' })
}

function parseDirective(line: string, number: number, lab: Lab): Result<ScriptStep> {
  const [name = '', ...args] = line.replace(/\s+#.*$/, '').split(/\s+/)
  if (name === '@sleep') {
    const [seconds = ''] = args
    if (args.length !== 1 || !/^\d+(\.\d+)?$/.test(seconds)) return bad('@sleep takes a number of seconds')
    return ok({ kind: 'sleep', line: number, forNs: Math.round(Number(seconds) * SEC) })
  }
  if (name === '@poweron' || Object.hasOwn(POWER, name)) return parsePower(name, args, number, lab)
  if (name !== '@plug' && name !== '@unplug' && name !== '@fault')
    return bad(
      `${name} is not known; there are @sleep, @unplug, @plug, @fault, @freeze, @thaw, @poweroff and @poweron`,
    )
  if (name === '@fault') return parseFault(args, number, lab)
  const [host = '', dev = ''] = args
  if (args.length !== 2) return bad(`${name} takes a host and an interface`)
  const unknown = unknownHost(host, lab)
  if (unknown !== undefined) return bad(unknown)
  if (!Object.hasOwn(lab.hosts[host]?.interfaces ?? {}, dev)) return bad(`${host} has no interface ${dev}`)
  return ok({ kind: 'cable', line: number, host, dev, plugged: name === '@plug' })
}

const POWER: Record<string, Exclude<PowerState, 'on'>> = {
  '@freeze': 'frozen',
  '@thaw': 'thawed',
  '@poweroff': 'off',
}

function parsePower(name: string, args: readonly string[], line: number, lab: Lab): Result<ScriptStep> {
  const [host = ''] = args
  if (args.length !== 1) return bad(`${name} takes a host`)
  const spec = Object.hasOwn(lab.hosts, host) ? lab.hosts[host] : undefined
  if (spec === undefined) return bad(unknownHost(host, lab) ?? host)
  const state = POWER[name]
  return ok(state ? { kind: 'power', line, host, state } : { kind: 'boot', line, host, spec })
}

function parseFault(args: readonly string[], line: number, lab: Lab): Result<ScriptStep> {
  const [host = '', dev = '', way = '', ...words] = args
  const unknown = unknownHost(host, lab)
  if (unknown !== undefined) return bad(unknown)
  if (!Object.hasOwn(lab.hosts[host]?.interfaces ?? {}, dev)) return bad(`${host} has no interface ${dev}`)
  if (way !== 'in' && way !== 'out') return bad('@fault takes a host, an interface, in or out, and faults')
  const faults = parseFaults(words)
  return faults.ok ? ok({ kind: 'fault', line, host, dev, way, faults: faults.value }) : bad(faults.error)
}

function unknownHost(host: string, lab: Lab): string | undefined {
  if (Object.hasOwn(lab.hosts, host)) return undefined
  return `there is no host ${host} in lab ${lab.id}; it has ${Object.keys(lab.hosts).join(', ')}`
}
