import type { Bytes } from '../base/bytes.ts'
import type { Trace, TraceRecord } from './trace.ts'

/**
 * What goes into a fingerprint, so that a failure says what moved: 't' times, 'f' bytes of frames that were sent, 'n'
 * kinds of notes and where they happened, 'p' all parameters of the notes.
 */
export type Ingredients = string

/** Hash of records [from, to), e.g. '1b31f887-76ce0a21/tfn'. Equal runs have equal ones on every machine. */
export function fingerprint(
  trace: Trace,
  ingredients: Ingredients = 'tfn',
  from = 0,
  to = trace.records.length,
): string {
  const hash = { a: 0x811c9dc5, b: 0x9e3779b9 }
  for (let i = from; i < to; i++) {
    const record = trace.records[i]
    if (record !== undefined) mixRecord(hash, trace, record, ingredients)
  }
  return `${hex(hash.a)}-${hex(hash.b)}/${ingredients}`
}

interface Hash {
  a: number
  b: number
}

function mixRecord(hash: Hash, trace: Trace, record: TraceRecord, ingredients: Ingredients): void {
  for (const ingredient of ingredients) {
    if (ingredient === 't') mixText(hash, String(record.at))
    else if (ingredient === 'n') mixText(hash, `${record.host} ${record.kind}`)
    else if (ingredient === 'p') mixText(hash, JSON.stringify(record))
    else if (ingredient === 'f' && record.kind === 'flight') {
      mixBytes(hash, trace.frames[record.frame - 1]?.bytes ?? new Uint8Array(0))
    }
  }
}

/** Two lanes of FNV-1a; the second has its own offset and turns its bits, so that they fail apart. */
function mix(hash: Hash, value: number): void {
  hash.a = Math.imul(hash.a ^ value, 0x01000193) >>> 0
  const turned = ((hash.b << 5) | (hash.b >>> 27)) >>> 0
  hash.b = Math.imul(turned ^ value, 0x85ebca6b) >>> 0
}

function mixText(hash: Hash, text: string): void {
  for (let i = 0; i < text.length; i++) mix(hash, text.charCodeAt(i))
  mix(hash, text.length)
}

function mixBytes(hash: Hash, bytes: Bytes): void {
  for (const byte of bytes) mix(hash, byte)
  mix(hash, bytes.length)
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0')
}
