import { parseIp4, parseMac, SEC } from '../../base/ids.ts'
import type { FieldType } from './fields.ts'
import type { FieldValue } from './frame.ts'
import type { Token } from './tokens.ts'

/** What a field is compared with: from `low` to `high`, both included; a single value is both. */
export interface Literal {
  low: FieldValue
  high: FieldValue
}

/** Reads a word as a value of a type; undefined when it is none. */
export function literalOf(token: Token, type: FieldType): Literal | undefined {
  const { text } = token
  switch (type) {
    case 'ip':
      return addressLiteral(text)
    case 'mac':
      return single(parseMac(text.toLowerCase().replaceAll('-', ':')))
    case 'uint':
    case 'mark':
    case 'proto':
      return single(numberOf(text))
    case 'bool':
      return single(booleanOf(text))
    case 'time':
      return /^\d+(\.\d+)?$/.test(text) ? single(Math.round(Number(text) * SEC)) : undefined
    case 'text':
      return single(text)
  }
}

/** How a value of a type is written, for errors. */
export const EXAMPLES: Readonly<Record<FieldType, string>> = {
  ip: '172.16.253.100 | 172.16.0.0/16',
  mac: '00:0c:29:30:01:30',
  uint: '8080 | 0x1f90',
  bool: '1 | 0',
  time: '0.25',
  text: '"GET"',
  mark: '',
  proto: '',
}

function single(value: FieldValue | undefined): Literal | undefined {
  return value === undefined ? undefined : { low: value, high: value }
}

function numberOf(text: string): number | undefined {
  if (/^0x[0-9a-f]{1,12}$/i.test(text)) return Number(text)
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8)
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

function booleanOf(text: string): number | undefined {
  const small = text.toLowerCase()
  if (small === 'true') return 1
  if (small === 'false') return 0
  const number = numberOf(text)
  return number === undefined ? undefined : Math.min(number, 1)
}

function addressLiteral(text: string): Literal | undefined {
  const [address = '', length, more] = text.split('/')
  const ip = parseIp4(address)
  if (ip === undefined || more !== undefined) return undefined
  if (length === undefined) return { low: ip, high: ip }
  if (!/^\d{1,2}$/.test(length) || Number(length) > 32) return undefined
  const size = 2 ** (32 - Number(length))
  const low = Math.floor(ip / size) * size
  return { low, high: low + size - 1 }
}
