import { isGroupMac } from '../../core/base/ids.ts'
import { ethDst } from '../../core/wire/ethernet.ts'
import { isQuiet } from '../control/traffic.ts'
import type { LadderFrame } from '../../view/ladder/model.ts'
import type { CapturedFrame } from '../packets/capture.ts'
import type { RunClock } from '../session/clock.ts'
import type { RunData } from '../session/run-data.ts'
import { type Flow, type Flows, isArp } from './flows.ts'

export interface LadderChoice {
  run: RunData
  /** What every link has seen. */
  captured: readonly CapturedFrame[]
  flows: Flows
  /** Undefined = all. */
  flow: Flow | undefined
}

/** Frames of a flow, with the ARP frames that were on their way meanwhile; or all but quietened chatter. */
export function framesOfFlow({ run, captured, flows, flow }: LadderChoice): CapturedFrame[] {
  if (flow === undefined) return captured.filter(({ record }) => !isQuiet(run, record))
  const early = firstCause(run, flow.first)
  return captured.filter(({ record }) => {
    const note = run.records[record]
    if (note?.kind !== 'flight') return false
    if (flows.ofFrame(note.frame) === flow.number) return true
    return record >= early && record <= flow.last && isArp(run, note.frame)
  })
}

/** Where the command that opened a flow was typed: what was asked for before the first frame belongs to it. */
function firstCause(run: RunData, first: number): number {
  for (let i = first; i > run.bootRecord; i--) if (run.records[i]?.kind === 'proc.start') return i
  return first
}

/** Hosts that sent or took one of these frames, in the lab's order. Who merely hears a broadcast has not met it. */
export function hostsMet(frames: readonly CapturedFrame[], hosts: readonly string[]): string[] {
  const met = new Set<string>()
  for (const frame of frames) {
    met.add(frame.host)
    if (!isToAll(frame)) for (const host of frame.to) met.add(host)
  }
  return hosts.filter((host) => met.has(host))
}

export function isToAll({ bytes, raw }: CapturedFrame): boolean {
  return !raw && isGroupMac(ethDst(bytes))
}

/** The rows of the ladder. Times count from the first frame. */
export function ladderFrames(
  run: RunData,
  frames: readonly CapturedFrame[],
  clock: RunClock,
  columns: readonly string[],
): LadderFrame[] {
  const first = frames[0]?.at ?? 0
  return frames.flatMap((frame): LadderFrame[] => {
    const note = run.records[frame.record]
    const from = columns.indexOf(frame.host)
    if (note?.kind !== 'flight' || from < 0) return []
    const to = frame.to.map((host) => columns.indexOf(host)).filter((column) => column >= 0)
    const span = clock.span(frame.record) ?? [clock.at(frame.record), clock.at(frame.record)]
    return [
      {
        id: frame.record,
        at: note.t0,
        until: note.t1,
        span: [span[0], span[1]],
        from,
        to,
        toAll: isToAll(frame),
        time: millis(note.t0 - first),
        again: frame.tcp?.marks.includes('tcp.analysis.retransmission') ?? false,
        lost: note.lost !== undefined,
      },
    ]
  })
}

/** '2.195', from 100 s on without the microseconds. */
function millis(ns: number): string {
  const ms = ns / 1e6
  return ms < 100_000 ? ms.toFixed(3) : ms.toFixed(0)
}
