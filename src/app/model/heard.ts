import type { HostId } from '../../core/base/ids.ts'
import type { TraceRecord } from '../../engine/engine.ts'

/** What one host did with an ARP question: the note that tells, if it told anything. */
export interface Heard {
  host: HostId
  note: TraceRecord
}

const AHEAD = 400

/**
 * What everyone who heard an ARP question did with it: answered, was forbidden to, or was not asked. `i` = number of the
 * question's note; nothing after note `until` is told.
 */
export function heardBy(records: readonly TraceRecord[], i: number, until = Infinity): Heard[] {
  const led = new Map<number, HostId>([[i, records[i]?.host ?? '']])
  const heard: Heard[] = []
  for (let j = i + 1; j < records.length && j <= until && j < i + AHEAD; j++) {
    const record = records[j]
    if (record === undefined || !led.has(record.cause)) continue
    const told = record.kind === 'arp.ignored' || record.kind === 'arp.reply' || record.kind === 'drop'
    if (told) heard.push({ host: record.host, note: record })
    else if (record.kind !== 'neigh.resolved') led.set(j, record.host)
  }
  return heard
}
