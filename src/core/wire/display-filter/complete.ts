import { type FieldType, FIELDS, fieldInfo } from './fields.ts'

/** What may stand at a place of a filter, to be put in place of `text.slice(from, to)`. */
export interface Completion {
  from: number
  to: number
  options: readonly { text: string; type: FieldType | 'operator' | 'joint' }[]
}

const OPERATORS: Readonly<Record<FieldType, readonly string[]>> = {
  proto: ['contains', 'matches'],
  mark: [],
  text: ['==', '!=', 'contains', 'matches', 'in'],
  bool: ['== 1', '== 0'],
  mac: ['==', '!=', 'in'],
  ip: ['==', '!=', 'in'],
  uint: ['==', '!=', '>', '<', '>=', '<=', 'in'],
  time: ['>', '<', '>=', '<='],
}
const JOINTS = ['and', 'or'] as const
const LIMIT = 12
const BEFORE_FIELD = /(?:^|[(!]|\b(?:and|or|xor|not)\s|&&|\|\||\^\^)\s*$/i

/** Names that go on with what was typed before the caret; after a field its operators, after a value what joins. */
export function completeDisplayFilter(text: string, caret: number): Completion {
  const before = text.slice(0, caret)
  const typed = /[A-Za-z0-9_.]*$/.exec(before)?.[0] ?? ''
  const from = caret - typed.length
  const to = caret + (/^[A-Za-z0-9_.]*/.exec(text.slice(caret))?.[0].length ?? 0)
  const head = before.slice(0, from)
  if (BEFORE_FIELD.test(head)) return { from, to, options: fieldsLike(typed.toLowerCase()) }
  const field = /([A-Za-z0-9_.]+)\s+$/.exec(head)?.[1]?.toLowerCase() ?? ''
  const info = fieldInfo(field)
  if (info === undefined) return { from, to, options: joints(head, typed) }
  const operators = OPERATORS[info.type].map((one) => ({ text: one, type: 'operator' as const }))
  return {
    from,
    to,
    options: [...operators, ...joints(head, '')].filter((one) => one.text.startsWith(typed)),
  }
}

/** Names that begin so, shorter ones first, then names with the word inside. */
function fieldsLike(typed: string): Completion['options'] {
  const names = Object.keys(FIELDS)
  const begin = names.filter((name) => name.startsWith(typed)).sort((a, b) => depth(a) - depth(b))
  const inside = typed.length < 2 ? [] : names.filter((name) => name.indexOf(typed) > 0)
  const options = [...begin, ...inside].slice(0, LIMIT)
  return options.map((name) => ({ text: name, type: FIELDS[name]?.type ?? 'text' }))
}

function depth(name: string): number {
  return name.split('.').length
}

/** After a finished test, which ends with a space. */
function joints(head: string, typed: string): Completion['options'] {
  if (!/\S\s+$/.test(head) || /(?:[=<>~&{,]|\b(?:contains|matches|in|not|and|or))\s+$/i.test(head)) return []
  return JOINTS.filter((one) => one.startsWith(typed)).map((one) => ({ text: one, type: 'joint' as const }))
}
