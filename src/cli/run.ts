import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Nanos, SEC } from '../core/base/ids.ts'
import { bad, ok, type Result } from '../core/base/result.ts'
import { EPOCH_MS } from '../core/apps/clock.ts'
import { captureOf } from '../core/lab/capture.ts'
import { finish, type LineResult } from '../core/lab/line.ts'
import { startLab } from '../core/lab/load.ts'
import { isProfileId, PROFILE_IDS } from '../core/lab/profiles.ts'
import { runScript } from '../core/lab/run-script.ts'
import type { Lab } from '../core/lab/schema.ts'
import { parseScript, type ScriptStep } from '../core/lab/script.ts'
import { countControl } from '../core/sim/control-counts.ts'
import { countTrace } from '../core/sim/counters.ts'
import type { Timeline } from '../core/sim/timeline.ts'
import { pcapFile } from '../core/wire/pcap.ts'
import { readLab, readText, wrongInput } from './input.ts'
import { writeRun } from './replay.ts'
import { loadShell } from '../core/shell/module.ts'

/** A line of a script may name any command. */
await loadShell()

const USAGE = 'usage: vipscope run LAB [--script FILE] [--out DIR] [--seed N] [--profile P] [--settle S]'
/** A run without a page may be long: ten times the limits that keep a browser tab responsive. */
const LIMITS = { events: 50_000_000, notes: 20_000_000, frames: 5_000_000 }
const MS_TO_NS = 1_000_000

interface RunArgs {
  lab: string
  script?: string
  out?: string
  seed?: number
  profile?: Lab['profile']
  settleNs?: Nanos
}

/** `vipscope run`: boots the lab, runs the script, prints the transcript, writes what was asked for under --out. */
export function runLab(args: string[]): number {
  const read = readArgs(args)
  if (!read.ok) return wrongInput(read.error)
  const found = readLab(read.value.lab)
  if (!found.ok) return wrongInput(firstOf(found.error))
  const { seed, profile, settleNs } = read.value
  const lab = { ...found.value, ...(seed !== undefined && { seed }), ...(profile && { profile }) }
  const steps = readScript(read.value.script, lab)
  if (!steps.ok) return wrongInput(steps.error)
  const { timeline, boot } = startLab(lab, { limits: LIMITS, ...(settleNs !== undefined && { settleNs }) })
  for (const warning of finish(timeline, boot)) process.stderr.write(`vipscope: boot: ${warning}\n`)
  const from = timeline.trace.records.length
  let transcript = ''
  const onLine = (result: LineResult, background: boolean): void => {
    const text = formatLine(result, background)
    transcript += text
    process.stdout.write(text)
  }
  finish(timeline, runScript(timeline, steps.value, onLine))
  if (read.value.out === undefined) return 0
  try {
    writeResults(read.value.out, lab, timeline, from, transcript)
    const script = read.value.script === undefined ? '' : readFileSync(read.value.script, 'utf8')
    writeRun(read.value.out, { lab, script, ...(settleNs !== undefined && { settleNs }) })
  } catch (error) {
    return wrongInput(
      `${read.value.out}: cannot be written (${error instanceof Error ? error.message : String(error)})`,
    )
  }
  return 0
}

function firstOf(errors: readonly string[]): string {
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more; see vipscope check)` : ''
  return `${errors[0] ?? 'the lab is wrong'}${more}`
}

function readArgs(args: readonly string[]): Result<RunArgs> {
  const read: Partial<RunArgs> = {}
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    if (!arg.startsWith('--')) {
      if (read.lab !== undefined) return bad(`${arg}: only one lab at a time; ${USAGE}`)
      read.lab = arg
      continue
    }
    const [name, inline] = splitOption(arg)
    const value = inline ?? args[++i]
    if (value === undefined) return bad(`${name} needs a value; ${USAGE}`)
    const problem = setOption(read, name, value)
    if (problem !== undefined) return bad(problem)
  }
  const { lab, ...options } = read
  return lab === undefined ? bad(USAGE) : ok({ ...options, lab })
}

function splitOption(arg: string): [string, string | undefined] {
  const at = arg.indexOf('=')
  return at < 0 ? [arg, undefined] : [arg.slice(0, at), arg.slice(at + 1)]
}

function setOption(read: Partial<RunArgs>, name: string, value: string): string | undefined {
  switch (name) {
    case '--script':
      read.script = value
      return undefined
    case '--out':
      read.out = value
      return undefined
    case '--seed':
      if (!/^\d{1,15}$/.test(value)) return `--seed ${value}: must be a whole number`
      read.seed = Number(value)
      return undefined
    case '--settle':
      if (!/^\d+(\.\d+)?$/.test(value) || Number(value) > 3600)
        return `--settle ${value}: must be seconds, at most 3600`
      read.settleNs = Math.round(Number(value) * SEC)
      return undefined
    case '--profile':
      if (!isProfileId(value)) return `--profile ${value}: must be one of ${PROFILE_IDS.join(', ')}`
      read.profile = value
      return undefined
    default:
      return `${name}: no such option; ${USAGE}`
  }
}

function readScript(path: string | undefined, lab: Lab): Result<ScriptStep[]> {
  if (path === undefined) return ok([])
  const text = readText(path)
  if (!text.ok) return text
  const steps = parseScript(text.value, lab)
  return steps.ok ? steps : bad(`${path}: ${steps.error}`)
}

/** `HOST$ line`, its output, and its status if that is not 0. */
function formatLine({ host, line, output, status }: LineResult, background: boolean): string {
  const end = output === '' || output.endsWith('\n') ? '' : '\n'
  const exit = status === 0 ? '' : `(exit status ${status})\n`
  return `${host}${background ? '&' : '$'} ${line}\n${output}${end}${exit}\n`
}

function writeResults(dir: string, lab: Lab, timeline: Timeline, from: number, transcript: string): void {
  const { trace } = timeline
  mkdirSync(join(dir, 'pcap'), { recursive: true })
  writeFileSync(join(dir, 'transcript.txt'), transcript)
  for (const [host, spec] of Object.entries(lab.hosts)) {
    for (const dev of Object.keys(spec.interfaces)) {
      const file = pcapFile(captureOf(trace, host, dev, from), EPOCH_MS * MS_TO_NS)
      writeFileSync(join(dir, 'pcap', `${host}-${dev}.pcap`), file)
    }
  }
  const records = trace.records.slice(from)
  writeFileSync(join(dir, 'trace.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''))
  const summary = {
    lab: lab.id,
    seed: lab.seed,
    profile: lab.profile,
    simulatedNs: timeline.now,
    events: timeline.events,
    frames: trace.frames.length,
    ...countTrace(trace, from),
    ...countControl(trace, from),
  }
  writeFileSync(join(dir, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`)
}
