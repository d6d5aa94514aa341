import { SEC, type HostId } from '../../core/base/ids.ts'
import type { RunData } from '../session/run-data.ts'

const STAMP = /^(?:\d\d:\d\d:\d\d|\d{9,})\.(\d{6})\b/

/** Whether a line looks like one of tcpdump's. */
export function isCaptured(line: string): boolean {
  return STAMP.test(line) && line.includes(' > ')
}

/**
 * Note of the packet that a line of tcpdump tells of. tcpdump prints it a little after it has passed: it is the last one
 * before, on this host, that came or went at the line's fraction of a second.
 */
export function packetOfLine(
  run: RunData,
  prints: readonly number[],
  { host, line, k }: { host: HostId; line: string; k: number },
): number | undefined {
  const micros = Number(STAMP.exec(line)?.[1] ?? -1)
  const text = line.trimEnd()
  for (let i = prints.length - 1; i >= 0; i--) {
    const note = prints[i] ?? -1
    const record = run.records[note]
    if (note > k || record?.kind !== 'stdout' || record.host !== host || !record.text.includes(text)) continue
    return packetBefore(run, host, { note, micros })
  }
  return undefined
}

/** tcpdump looks at what it has captured at least this often. */
const LATEST_NS = SEC

function packetBefore(run: RunData, host: HostId, { note, micros }: { note: number; micros: number }) {
  const printedAt = run.records[note]?.at ?? 0
  for (let i = note; i >= 0; i--) {
    const record = run.records[i]
    if (record === undefined || record.at < printedAt - LATEST_NS) return undefined
    if (record.host !== host || Math.floor(record.at / 1000) % 1_000_000 !== micros) continue
    if (record.kind === 'flight') return i
    if (record.kind === 'rx') return run.flightOf[record.frame] ?? i
  }
  return undefined
}
