import { formatIp4, formatMac } from '../core/base/ids.ts'
import type { Part, Sentence } from './parts.ts'

/** A sentence as plain text, for copying, screen readers and tests. */
export function textOf(sentence: Sentence): string {
  return sentence.map(textOfPart).join('')
}

function textOfPart(part: Part): string {
  if (typeof part === 'string') return part
  if (part.t === 'ip')
    return part.port === undefined ? formatIp4(part.ip) : `${formatIp4(part.ip)}:${part.port}`
  if (part.t === 'mac') return formatMac(part.mac)
  if (part.t === 'host') return part.host
  return part.text
}
