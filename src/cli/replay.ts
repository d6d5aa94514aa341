import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HostId, Nanos } from '../core/base/ids.ts'
import { captureOf } from '../core/lab/capture.ts'
import { parseLab } from '../core/lab/check.ts'
import { finish } from '../core/lab/line.ts'
import { startLab } from '../core/lab/load.ts'
import { runScript } from '../core/lab/run-script.ts'
import { seedsLike } from '../core/lab/same-draws.ts'
import type { Lab } from '../core/lab/schema.ts'
import { parseScript } from '../core/lab/script.ts'
import type { PcapRecord } from '../core/wire/pcap.ts'
import { loadShell } from '../core/shell/module.ts'

await loadShell()

const FILE = 'run.json'
/** A choice that is another one may lead to further choices. */
const ROUNDS = 4

/** What a run was made from. */
interface Run {
  lab: Lab
  script: string
  settleNs?: Nanos
}

type Points = Map<string, PcapRecord[]>

export interface Replay {
  points: Points
  /** Seed of the multipath hash by host. */
  seeds: Record<HostId, number>
}

/** Keep with the results of a run what it takes to run it again. */
export function writeRun(dir: string, run: Run): void {
  writeFileSync(join(dir, FILE), `${JSON.stringify(run)}\n`)
}

/**
 * The run of `dir` once more, with seeds of the multipath hash by which equal next hops are chosen as in `real`: a kernel draws its
 * seed anew at each boot. undefined: the choices were the same, or the folder does not say what was run, or there are no such seeds.
 */
export function replayLike(dir: string, real: Points): Replay | undefined {
  const run = readRun(dir)
  if (!run) return undefined
  let seeds: Record<HostId, number> = {}
  let points: Points | undefined
  for (let round = 0; round < ROUNDS; round++) {
    const played = play(run, seeds)
    if (!played) return undefined
    const better = seedsLike(run.lab, played.timeline.trace, played.from, real)
    if (round > 0) points = played.points()
    if (!better) break
    seeds = { ...seeds, ...better }
  }
  return points && { points, seeds }
}

function readRun(dir: string): Run | undefined {
  const file = join(dir, FILE)
  if (!existsSync(file)) return undefined
  const run = JSON.parse(readFileSync(file, 'utf8')) as Run
  return parseLab(run.lab).ok ? run : undefined
}

function play({ lab, script, settleNs }: Run, seeds: Record<HostId, number>) {
  const steps = parseScript(script, lab)
  if (!steps.ok) return undefined
  const { timeline, boot } = startLab(lab, settleNs === undefined ? {} : { settleNs })
  for (const [host, seed] of Object.entries(seeds)) {
    const found = timeline.world.hosts[host]
    if (found) found.sysctl.ipv4['fib_multipath_hash_seed'] = seed
  }
  finish(timeline, boot)
  const from = timeline.trace.records.length
  finish(
    timeline,
    runScript(timeline, steps.value, () => undefined),
  )
  const points = (): Points => {
    const pairs = Object.entries(lab.hosts).flatMap(([host, spec]) =>
      Object.keys(spec.interfaces).map((dev) => [host, dev] as const),
    )
    return new Map(pairs.map(([host, dev]) => [`${host}-${dev}`, captureOf(timeline.trace, host, dev, from)]))
  }
  return { timeline, from, points }
}
