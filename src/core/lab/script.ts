import { type HostId, type Nanos, SEC } from '../base/ids.ts'
import { bad, ok, type Result } from '../base/result.ts'
import { parseLine } from '../shell/parse.ts'
import type { Lab } from './schema.ts'

/** One line of a script; `line` is its number in the file, from 1. */
export type ScriptStep = { line: number } & (
  | { kind: 'command'; host: HostId; text: string; background: boolean }
  | { kind: 'sleep'; forNs: Nanos }
  | { kind: 'cable'; host: HostId; dev: string; plugged: boolean }
)

const LINE_LIMIT = 100_000

/**
 * Read a script: `HOST$ command`, `HOST& command` (start and go on), `@sleep S`, `@unplug HOST DEV`, `@plug HOST DEV`,
 * and `#` comments. The error names the first wrong line by number.
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
  if (name !== '@plug' && name !== '@unplug')
    return bad(`${name} is not known; there are @sleep, @unplug and @plug`)
  const [host = '', dev = ''] = args
  if (args.length !== 2) return bad(`${name} takes a host and an interface`)
  const unknown = unknownHost(host, lab)
  if (unknown !== undefined) return bad(unknown)
  if (!Object.hasOwn(lab.hosts[host]?.interfaces ?? {}, dev)) return bad(`${host} has no interface ${dev}`)
  return ok({ kind: 'cable', line: number, host, dev, plugged: name === '@plug' })
}

function unknownHost(host: string, lab: Lab): string | undefined {
  if (Object.hasOwn(lab.hosts, host)) return undefined
  return `there is no host ${host} in lab ${lab.id}; it has ${Object.keys(lab.hosts).join(', ')}`
}
