import { type Bytes, bytesOfHex, textOfBytes } from '../../base/bytes.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import { type FieldValue, type FilterFrame, type Reading, stretchesOf, valuesOf } from './frame.ts'
import type { Literal } from './literals.ts'
import { type Node, type Operand, parseDisplayFilter, type Relation } from './parse.ts'
import { type FilterProblem, Refused } from './tokens.ts'

/**
 * Display filters of Wireshark (wireshark-filter(4), version 4.0) over the dissector's fields. Not modelled: slices,
 * functions, sums, names of values in quotes, byte strings except after `contains`. Regular expressions are JavaScript's, not PCRE2.
 */
export type DisplayFilter = (frame: FilterFrame) => boolean

/** An empty text lets everything pass. The error names what is wrong and where. */
export function compileDisplayFilter(text: string): Result<DisplayFilter, FilterProblem> {
  try {
    const node = parseDisplayFilter(text)
    if (node === undefined) return ok(() => true)
    return ok((frame: FilterFrame) => holds(node, { frame, layers: undefined }))
  } catch (error) {
    if (error instanceof Refused) return bad(error.problem)
    throw error
  }
}

function holds(node: Node, reading: Reading): boolean {
  switch (node.op) {
    case 'and':
      return holds(node.left, reading) && holds(node.right, reading)
    case 'or':
      return holds(node.left, reading) || holds(node.right, reading)
    case 'xor':
      return holds(node.left, reading) !== holds(node.right, reading)
    case 'not':
      return !holds(node.of, reading)
    case 'present':
      return isPresent(node.field, reading)
    case 'compare':
      return compares(node.field, node.how, node.with, reading)
    case 'in':
      return read(node.field, reading).some((value) => node.set.some((one) => isWithin(value, one)))
    case 'contains':
      return textsOf(node.field, reading).some((text) => text.includes(bytesAsText(node)))
    case 'matches':
      return textsOf(node.field, reading).some((text) => node.pattern.test(text))
  }
}

/** `tcp.flags & 2` alone asks whether a bit is set; any other field alone whether it is there. */
function isPresent(field: Operand, reading: Reading): boolean {
  const values = read(field, reading)
  return field.mask === 0 ? values.length > 0 : values.some((value) => value !== 0)
}

function read(field: Operand, reading: Reading): FieldValue[] {
  const values = valuesOf(reading, field.name, field.nth)
  if (field.mask === 0) return values
  return values.map((value) => (Number(value) & field.mask) >>> 0)
}

function compares(field: Operand, how: Relation, against: Literal | Operand, reading: Reading): boolean {
  const values = read(field, reading)
  const others =
    'low' in against
      ? [against]
      : read(against, reading).map((value): Literal => ({ low: value, high: value }))
  if (values.length === 0 || others.length === 0) return false
  const pairs = values.flatMap((value) => others.map((other) => [value, other] as const))
  switch (how) {
    case '==':
      return pairs.some(([value, other]) => isWithin(value, other))
    case '!=':
      return !pairs.some(([value, other]) => isWithin(value, other))
    case '===':
      return pairs.every(([value, other]) => isWithin(value, other))
    case '!==':
      return !pairs.every(([value, other]) => isWithin(value, other))
    case '>':
      return pairs.some(([value, other]) => value > other.high)
    case '<':
      return pairs.some(([value, other]) => value < other.low)
    case '>=':
      return pairs.some(([value, other]) => value >= other.low)
    case '<=':
      return pairs.some(([value, other]) => value <= other.high)
  }
}

function isWithin(value: FieldValue, { low, high }: Literal): boolean {
  return value >= low && value <= high
}

/** Texts to search: of a field its values, of a protocol its bytes and all that it carries. */
function textsOf(field: Operand, reading: Reading): string[] {
  if (field.type === 'text') return read(field, reading).map(String)
  return stretchesOf(reading, field.name, field.nth).map((bytes: Bytes) => textOfBytes(bytes))
}

const HEX = /^[0-9a-f]{2}(?:[:-][0-9a-f]{2})+$/i

/** `frame contains 47:45:54` searches for bytes. */
function bytesAsText(node: { field: Operand; text: string }): string {
  const isHex = node.field.type === 'proto' && HEX.test(node.text)
  return isHex ? textOfBytes(bytesOfHex(node.text.replace(/[:-]/g, ''))) : node.text
}
