import type { Bytes } from '../../core/base/bytes.ts'
import { dissect, type DField, type Layer, type LayerProto } from '../../core/wire/dissect.ts'
import { PROTO_IPIP } from '../../core/wire/ipv4.ts'

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

/** What an outer header is put there for. */
const ADDRESSES: readonly string[] = ['ip.src', 'ip.dst']

/** How many IP headers stand before the innermost packet of a tunnel. */
function tunnelDepth(layers: readonly Layer[]): number {
  let depth = 0
  for (const layer of layers) {
    const isNext = layer.proto === 'ip' && layer.depth === depth
    if (isNext && layer.fields.some(({ name, value }) => name === 'ip.proto' && value === PROTO_IPIP)) depth++
  }
  return depth
}

/**
 * A frame's layers (`raw`: without Ethernet); those of a packet that was wrapped or unwrapped are compared with what they were
 * outside or inside. Each field with what it was in `before` (the same packet as it came in). `decided` names the fields
 * that the decision in question has set.
 */
export function diffFrames(
  bytes: Bytes,
  before: Bytes | undefined,
  decided: readonly string[],
  raw = false,
): LayerRows[] {
  const old = before === undefined ? [] : dissect(before)
  const now = dissect(bytes, raw ? 'ip' : 'eth')
  const wrapped = before === undefined ? 0 : tunnelDepth(now) - tunnelDepth(old)
  return now.map((layer) => {
    const depth = layer.proto === 'eth' ? 0 : layer.depth - wrapped
    const same = old.find((other) => other.proto === layer.proto && other.depth === depth)
    const rows = layer.fields.map((field): FieldRow => {
      const was = same?.fields.find((other) => other.name === field.name)
      if (depth < 0 && ADDRESSES.includes(field.name)) return { field, mark: 'decision' }
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
