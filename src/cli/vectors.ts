/**
 * Files of choice vectors: what a real kernel chose, as JSON with `groups`, `columns` and `rows`, and optionally
 * `fullhash_columns` and `fullhash_rows`. Columns are found by name. Errors say where in the file, as a JSON path.
 */
import { parseIp4 } from '../core/base/ids.ts'
import { bad, ok, type Result } from '../core/base/result.ts'
import type { HashInput } from '../core/kernel/route/multipath-hash.ts'

export type GroupKind = 'legacy' | 'mpath' | 'resilient'

export interface VectorGroup {
  kind: GroupKind
  weights: number[]
  /** Resilient groups only, else 0. */
  buckets: number
}

export interface VectorRow {
  input: HashInput
  group: VectorGroup
  chosen: number
  /** Undefined if the file does not tell. */
  hash32: number | undefined
}

export interface Vectors {
  rows: VectorRow[]
  hashes: { input: HashInput; hash31: number }[]
}

/** Wrong input; the message begins with the JSON path. */
class BadFile extends Error {}

const INPUT_COLUMNS = ['seed', 'policy', 'fields', 'path', 'proto', 'src', 'dst', 'sport', 'dport']

type Json = Record<string, unknown>

/** Read a parsed JSON value as a file of vectors. */
export function parseVectors(json: unknown): Result<Vectors> {
  try {
    return ok(vectorsOf(json))
  } catch (error) {
    if (error instanceof BadFile) return bad(error.message)
    throw error
  }
}

function vectorsOf(json: unknown): Vectors {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new BadFile('$: not an object')
  const file = json as Json
  const groups = listAt(file, 'groups').map((group, i) => groupOf(group, `groups[${i}]`))
  const rows = table(file, 'columns', 'rows', [...INPUT_COLUMNS, 'group', 'chosen']).map((cell) => {
    const at = cell.number('group', 0, Number.MAX_SAFE_INTEGER)
    const group = groups[at]
    if (!group) throw new BadFile(`${cell.path('group')}: no group ${at}`)
    const chosen = cell.number('chosen', 0, group.weights.length - 1)
    const hash32 = cell.has('hash32') ? cell.number('hash32', 0, 0xffffffff) : undefined
    return { input: inputOf(cell), group, chosen, hash32 }
  })
  if (rows.length === 0) throw new BadFile('rows: empty')
  if (file['fullhash_rows'] === undefined) return { rows, hashes: [] }
  const hashes = table(file, 'fullhash_columns', 'fullhash_rows', [...INPUT_COLUMNS, 'hash31'])
  return {
    rows,
    hashes: hashes.map((cell) => ({ input: inputOf(cell), hash31: cell.number('hash31', 0, 0x7fffffff) })),
  }
}

function listAt(object: Json, key: string, where = ''): unknown[] {
  const value = object[key]
  if (value === undefined) throw new BadFile(`${where}${key}: missing`)
  if (!Array.isArray(value)) throw new BadFile(`${where}${key}: not a list`)
  return value as unknown[]
}

function groupOf(json: unknown, path: string): VectorGroup {
  if (typeof json !== 'object' || json === null) throw new BadFile(`${path}: not an object`)
  const group = json as Json
  const { kind } = group
  if (kind === undefined) throw new BadFile(`${path}.kind: missing`)
  if (kind !== 'legacy' && kind !== 'mpath' && kind !== 'resilient') {
    throw new BadFile(`${path}.kind: ${JSON.stringify(kind)} is none of legacy, mpath, resilient`)
  }
  const weights = listAt(group, 'weights', `${path}.`).map((weight, i) =>
    integer(weight, 1, 65535, `${path}.weights[${i}]`),
  )
  if (weights.length === 0) throw new BadFile(`${path}.weights: empty`)
  const buckets = kind === 'resilient' ? integer(group['buckets'], 1, 65535, `${path}.buckets`) : 0
  return { kind, weights, buckets }
}

function integer(value: unknown, min: number, max: number, path: string): number {
  if (value === undefined) throw new BadFile(`${path}: missing`)
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value
  throw new BadFile(`${path}: ${JSON.stringify(value)} is no number from ${min} to ${max}`)
}

/** One row, its cells by column name. */
interface Cells {
  has: (column: string) => boolean
  value: (column: string) => unknown
  path: (column: string) => string
  number: (column: string, min: number, max: number) => number
}

function table(file: Json, columnsKey: string, rowsKey: string, needed: readonly string[]): Cells[] {
  const columns = listAt(file, columnsKey)
  for (const name of needed) {
    if (!columns.includes(name)) throw new BadFile(`${columnsKey}: no column "${name}"`)
  }
  return listAt(file, rowsKey).map((row, i) => {
    if (!Array.isArray(row)) throw new BadFile(`${rowsKey}[${i}]: not a list`)
    const value = (column: string): unknown => row[columns.indexOf(column)]
    const path = (column: string): string => `${rowsKey}[${i}][${columns.indexOf(column)}] (${column})`
    return {
      has: (column) => columns.includes(column),
      value,
      path,
      number: (column, min, max) => integer(value(column), min, max, path(column)),
    }
  })
}

function inputOf(cell: Cells): HashInput {
  const path = cell.value('path')
  if (path !== 'fwd' && path !== 'get' && path !== 'local') {
    throw new BadFile(`${cell.path('path')}: ${JSON.stringify(path)} is none of fwd, get, local`)
  }
  const address = (column: string) => {
    const text = cell.value(column)
    const ip = typeof text === 'string' ? parseIp4(text) : undefined
    if (ip === undefined)
      throw new BadFile(`${cell.path(column)}: ${JSON.stringify(text)} is no IPv4 address`)
    return ip
  }
  return {
    policy: cell.number('policy', 0, 3),
    fields: cell.number('fields', 0, 0xfff),
    seed: cell.number('seed', 1, 0xffffffff),
    path: path === 'local' ? 'local' : 'fwd',
    outer: {
      src: address('src'),
      dst: address('dst'),
      proto: cell.number('proto', 0, 255),
      sport: cell.number('sport', 0, 0xffff),
      dport: cell.number('dport', 0, 0xffff),
    },
  }
}
