import { formatIp4, type Ip4 } from '../../core/base/ids.ts'
import { finish, type LineResult } from '../../core/lab/line.ts'
import { startLab } from '../../core/lab/load.ts'
import { runScript } from '../../core/lab/run-script.ts'
import { parseScript } from '../../core/lab/script.ts'
import { captureOf } from '../../core/lab/capture.ts'
import type { Timeline } from '../../core/sim/timeline.ts'
import {
  findHealthLegs,
  findHealthPairs,
  type PointFrame,
  reducePoint,
  type Reduced,
} from '../../core/wire/compare.ts'
import type { GoldenCommand } from '../golden/fixture.ts'
import type { OwnLab } from './lab.ts'
import { loadShell } from '../../core/shell/module.ts'

await loadShell()

/** An own lab played in the simulator as `vipscope run` does. */
export interface OwnRun {
  timeline: Timeline
  /** First trace record of the captures. */
  from: number
  lines: LineResult[]
  withHealth: boolean
  /** 'ARP A asks for B' between the two ends of a check, both ways: when a check falls decides who asks. */
  checked: ReadonlySet<string>
  healthLegs: ReadonlySet<string>
}

export function playOwn({ lab, script, withoutHealth }: OwnLab): OwnRun {
  const { timeline, boot } = startLab({ ...lab, profile: 'debian-12' })
  const complaints = finish(timeline, boot)
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
  const steps = parseScript(script, lab)
  if (!steps.ok) throw new Error(steps.error)
  const from = timeline.trace.records.length
  const lines: LineResult[] = []
  finish(
    timeline,
    runScript(timeline, steps.value, (line) => lines.push(line)),
  )
  const frames = Object.entries(lab.hosts).flatMap(([id, host]) =>
    Object.keys(host.interfaces).flatMap((dev) => captureOf(timeline.trace, id, dev)),
  )
  const checks = { checked: checkedKinds(frames), healthLegs: findHealthLegs(frames) }
  return { timeline, from, lines, withHealth: withoutHealth !== true, ...checks }
}

function checkedKinds(frames: readonly PointFrame[]): Set<string> {
  const kinds = [...findHealthPairs(frames)].flatMap((pair) => {
    const [a = '', b = ''] = pair.split(' ').map((number) => formatIp4(Number(number) as Ip4))
    return [`ARP ${a} asks for ${b}`, `ARP ${b} asks for ${a}`]
  })
  return new Set(kinds)
}

/** Without ARP that goes with the checks, unless these are compared. */
export function withoutChecks({ withHealth, checked }: OwnRun, list: readonly Reduced[]): Reduced[] {
  return list.filter(({ kind }) => withHealth || !checked.has(kind))
}

export function ownPoint({ timeline, from, withHealth, healthLegs }: OwnRun, point: string): Reduced[] {
  const [host = '', dev = ''] = point.split('-')
  return reducePoint(captureOf(timeline.trace, host, dev, from), { withHealth, healthLegs })
}

/** The transcript of `play`, line by line. */
export function readTranscript(text: string): GoldenCommand[] {
  const commands: GoldenCommand[] = []
  for (const line of text.split('\n')) {
    const m = /^([A-Za-z][A-Za-z0-9-]*)[$&] (.*)$/.exec(line)
    if (m) commands.push({ at: commands.length, host: m[1] ?? '', line: m[2] ?? '', output: [] })
    else commands.at(-1)?.output.push(line)
  }
  for (const { output } of commands) while (output.at(-1) === '') output.pop()
  return commands
}
