import type { HostId } from '../../core/base/ids.ts'
import type { RunData } from '../session/run-data.ts'

const STAMP = /^(?:\d\d:\d\d:\d\d\.\d{6}|\d+\.\d{6})\b/

/** Whether a line looks like one of tcpdump's. */
export function isCaptured(line: string): boolean {
  return STAMP.test(line) && line.includes(' > ')
}

/**
 * Note of the packet that a line of tcpdump tells of: tcpdump prints it in the event in which it passes the interface, so
 * it is the frame that came or went then on this host.
 */
export function packetOfLine(
  run: RunData,
  prints: readonly number[],
  { host, line, k }: { host: HostId; line: string; k: number },
): number | undefined {
  const text = line.trimEnd()
  for (let i = prints.length - 1; i >= 0; i--) {
    const note = prints[i] ?? -1
    const record = run.records[note]
    if (note > k || record?.kind !== 'stdout' || record.host !== host || !record.text.includes(text)) continue
    return frameBefore(run, host, note)
  }
  return undefined
}

function frameBefore(run: RunData, host: HostId, note: number): number | undefined {
  const event = run.records[note]?.event
  for (let i = note; i >= 0 && run.records[i]?.event === event; i--) {
    const record = run.records[i]
    if (record?.host !== host) continue
    if (record.kind === 'flight') return i
    if (record.kind === 'rx' || record.kind === 'tx') return run.flightOf[record.frame] ?? i
  }
  return undefined
}
