/** `vipscope compare SIM_DIR REAL_DIR`: do two runs of one lab show the same packets at every capture point? */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bad, ok, type Result } from '../core/base/result.ts'
import {
  comparePoint,
  findHealthLegs,
  findHealthPairs,
  findOspfPairs,
  reducePoint,
  type ReduceOptions,
} from '../core/wire/compare.ts'
import { parsePcap, type PcapRecord } from '../core/wire/pcap.ts'
import { replayLike } from './replay.ts'

const USAGE = 'usage: vipscope compare SIM_DIR REAL_DIR [--with health]'
const PCAP = '.pcap'

/** One capture point's line, and whether both runs show the same there. */
export interface PointLine {
  point: string
  same: boolean
  line: string
}

export interface Comparison {
  lines: PointLine[]
  /** Hosts that were run again with this seed of the multipath hash, see `replayLike`. */
  seeds: Record<string, number>
}

export interface CompareOptions {
  /** Compare keepalived's own checks, too. */
  withHealth: boolean
}

/**
 * Compares the two folders named in `args`. Prints a line per capture point and last
 * `compared P points, S same, D different`. Exit status: 0 all the same, 1 some differ, 2 wrong input (one line on stderr).
 */
export function runCompare(args: string[]): number {
  const [simDir, realDir, ...rest] = args
  const withHealth = rest.length === 2 && rest[0] === '--with' && rest[1] === 'health'
  const isUnderstood = rest.length === 0 || withHealth
  if (simDir === undefined || realDir === undefined || simDir.startsWith('-') || !isUnderstood)
    return refuse(USAGE)
  const result = compareDirs(simDir, realDir, { withHealth })
  if (!result.ok) return refuse(result.error)
  const { lines, seeds } = result.value
  const same = lines.filter((line) => line.same).length
  const last = `compared ${lines.length} points, ${same} same, ${lines.length - same} different`
  // Which of equal next hops a flow gets is drawn at each boot: no difference between the two.
  const drawn = Object.entries(seeds).map(
    ([host, seed]) =>
      `${host}: chooses among equal next hops as in ${realDir} with hash seed ${seed}: run so`,
  )
  process.stdout.write([...drawn, ...lines.map((line) => line.line), last].join('\n') + '\n')
  return same === lines.length ? 0 : 1
}

/**
 * The points `DIR/pcap/HOST-IFACE.pcap` of two runs, by name. A point that only one run has counts as different; but a
 * host that one run did not capture at all (a bridge of the real lab) is passed over. Errors: text for one line.
 */
export function compareDirs(simDir: string, realDir: string, options: CompareOptions): Result<Comparison> {
  const sim = readPoints(simDir)
  if (!sim.ok) return sim
  const real = readPoints(realDir)
  if (!real.ok) return real
  const names = [...new Set([...sim.value.keys(), ...real.value.keys()])].sort()
  const shared = names.filter((name) => hasHost(sim.value, name) && hasHost(real.value, name))
  if (shared.length === 0) return bad(`${simDir} and ${realDir} have no capture point in common`)
  const lines = compareAll([sim.value, simDir], [real.value, realDir], shared, options)
  if (lines.every(({ same }) => same)) return ok({ lines, seeds: {} })
  const again = replayLike(simDir, real.value)
  if (!again) return ok({ lines, seeds: {} })
  const { seeds } = again
  return ok({ lines: compareAll([again.points, simDir], [real.value, realDir], shared, options), seeds })
}

type Side = readonly [points: Points, dir: string]

function compareAll(
  [sim, simDir]: Side,
  [real, realDir]: Side,
  shared: readonly string[],
  options: CompareOptions,
): PointLine[] {
  const healthPairs = new Set([...pairsOf(sim), ...pairsOf(real)])
  const simOptions = { ...reduceOptions(sim, options), healthPairs }
  const realOptions = { ...reduceOptions(real, options), healthPairs }
  return shared.map((name) => {
    const [simFrames, realFrames] = [sim.get(name), real.get(name)]
    if (!simFrames) return { point: name, same: false, line: `${name}  only in ${realDir}` }
    if (!realFrames) return { point: name, same: false, line: `${name}  only in ${simDir}` }
    return pointLine(name, reducePoint(simFrames, simOptions), reducePoint(realFrames, realOptions))
  })
}

type Points = Map<string, PcapRecord[]>

function pointLine(
  point: string,
  sim: ReturnType<typeof reducePoint>,
  real: ReturnType<typeof reducePoint>,
): PointLine {
  const result = comparePoint(sim, real)
  if ('same' in result) return { point, same: true, line: `${point}  same ${result.same} packets` }
  const show = (packet: { text: string } | undefined): string => packet?.text ?? '(nothing)'
  const texts = `sim: ${show(result.sim)}  <>  real: ${show(result.real)}`
  return { point, same: false, line: `${point}  differs at packet ${result.at + 1}  ${texts}` }
}

/** Checks are found in all capture points together: a point may see only one packet of one. */
function reduceOptions(points: Points, { withHealth }: CompareOptions): ReduceOptions {
  return withHealth ? { withHealth } : { healthLegs: findHealthLegs([...points.values()].flat()) }
}

function pairsOf(points: Points): Set<string> {
  const frames = [...points.values()].flat()
  return new Set([...findHealthPairs(frames), ...findOspfPairs(frames)])
}

/** 'LB1-ens33' is of host LB1. */
function hasHost(points: Points, name: string): boolean {
  const host = name.slice(0, name.lastIndexOf('-') + 1)
  return [...points.keys()].some((point) => point.slice(0, point.lastIndexOf('-') + 1) === host)
}

function readPoints(dir: string): Result<Points> {
  const folder = join(dir, 'pcap')
  let files: string[]
  try {
    files = readdirSync(folder).filter((file) => file.endsWith(PCAP))
  } catch (error) {
    return bad(`${folder}: ${reasonOf(error)}`)
  }
  if (files.length === 0) return bad(`${folder}: no capture files`)
  const points: Points = new Map()
  for (const file of files.sort()) {
    const path = join(folder, file)
    const records = readCapture(path)
    if (!records.ok) return bad(`${path}: ${records.error}`)
    points.set(file.slice(0, -PCAP.length), records.value)
  }
  return ok(points)
}

function readCapture(path: string): Result<PcapRecord[]> {
  try {
    return parsePcap(new Uint8Array(readFileSync(path)))
  } catch (error) {
    return bad(reasonOf(error))
  }
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOENT' ? 'no such folder' : `cannot be read (${code ?? String(error)})`
}

function refuse(message: string): number {
  process.stderr.write(`vipscope compare: ${message}\n`)
  return 2
}
