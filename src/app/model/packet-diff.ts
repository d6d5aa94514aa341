import type { Bytes } from '../../core/base/bytes.ts'
import { dissect, type DField, type LayerProto } from '../../core/wire/dissect.ts'

/** What changed a field: the decision taken, or merely this hop. */
export type Mark = 'decision' | 'hop'

export interface FieldRow {
  field: DField
  /** The value it came in with, where that differs. */
  was?: DField
  mark?: Mark
}

export interface LayerRows {
  proto: LayerProto
  depth: number
  title: string
  at: number
  length: number
  rows: FieldRow[]
}

/** Fields that every hop writes anew. */
const HOP_FIELDS: readonly string[] = ['eth.src', 'eth.dst', 'ip.ttl', 'ip.checksum']

/**
 * A frame's layers, each field with what it was in `before` (the same packet as it came in). `decided` names the fields
 * that the decision in question has set.
 */
export function diffFrames(bytes: Bytes, before: Bytes | undefined, decided: readonly string[]): LayerRows[] {
  const old = before === undefined ? [] : dissect(before)
  return dissect(bytes).map((layer) => {
    const same = old.find((other) => other.proto === layer.proto && other.depth === layer.depth)
    const rows = layer.fields.map((field): FieldRow => {
      const was = same?.fields.find((other) => other.name === field.name)
      if (was === undefined || was.value === field.value) return { field }
      const byDecision = decided.includes(field.name) || !HOP_FIELDS.includes(field.name)
      return { field, was, mark: byDecision ? 'decision' : 'hop' }
    })
    return {
      proto: layer.proto,
      depth: layer.depth,
      title: layer.title,
      at: layer.at,
      length: layer.length,
      rows,
    }
  })
}
