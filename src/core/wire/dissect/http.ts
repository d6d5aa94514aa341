import { type Bytes, textOfBytes } from '../../base/bytes.ts'
import { HTTP_HEAD_MAX } from '../http.ts'
import { addField, closeLayer, type Dissected, openLayer, type Part } from './layer.ts'

const START = /^(?:(GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|CONNECT|TRACE) |HTTP\/1\.[01] \d)/

/** By content, on any port: the start of a request or status line. A segment further on in a body is data. */
export function looksLikeHttp(b: Bytes, at: number, end: number): boolean {
  return end - at >= 10 && START.test(textOfBytes(b.subarray(at, Math.min(end, at + 16))))
}

/** The head line by line, and the part of the body that is in this segment. A head cut off by the segment's end is shown so far. */
export function dissectHttp(b: Bytes, part: Part): Dissected {
  const r = openLayer(b, part, 'HTTP')
  const text = textOfBytes(b.subarray(part.at, Math.min(r.end, part.at + HTTP_HEAD_MAX)))
  let from = 0
  for (let n = 0; from < text.length; n++) {
    const crlf = text.indexOf('\r\n', from)
    const to = crlf === -1 ? text.length : crlf
    const length = crlf === -1 ? to - from : to + 2 - from
    const line = text.slice(from, to)
    const at = part.at + from
    from += length
    if (line === '') {
      addField(r, { name: 'http.head_end', at, length, value: '', text: '' })
      break
    }
    const name = n === 0 ? (line.startsWith('HTTP/') ? 'http.response' : 'http.request') : headerId(line)
    addField(r, {
      name,
      at,
      length,
      value: n === 0 ? line : line.slice(line.indexOf(':') + 1).trim(),
      text: line,
      ...(crlf === -1 ? { note: 'truncated' as const } : {}),
    })
  }
  const body: Part = { ...part, proto: 'data', at: part.at + from }
  return { layer: closeLayer(r, from), next: [body] }
}

/** 'http.user_agent' for 'User-Agent: curl/8.5.0', as tshark names the headers it knows. */
function headerId(line: string): string {
  const name = line.slice(0, Math.max(0, line.indexOf(':')))
  return `http.${name.toLowerCase().replaceAll('-', '_') || 'header'}`
}
