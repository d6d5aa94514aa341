import { type Bytes, textOfBytes } from '../../../base/bytes.ts'
import { formatIp4 } from '../../../base/ids.ts'
import type { CheckUrl } from '../config/types.ts'
import { md5Hex } from './md5.ts'
import type { Check } from './types.ts'

/** HTTP as check/check_http.c speaks it: one request a connection, the end of the answer is the end of the connection. */

/** The request; golden A7 has its bytes. */
export function requestText(check: Check, serverHost: string): string {
  const { spec } = check
  const url = spec.urls[check.url]
  const host = url?.virtualHost || spec.virtualHost || serverHost || `${formatIp4(spec.ip)}:${spec.port}`
  const close = spec.protocol === '1.0' ? '' : 'Connection: close\r\n'
  const version = spec.protocol === '1.1' ? '1.1' : '1.0'
  return `GET ${url?.path ?? '/'} HTTP/${version}\r\nUser-Agent: KeepAliveClient\r\n${close}Host: ${host}\r\n\r\n`
}

export interface Verdict {
  /** '' = good, else what is logged. */
  failure: string
  /** Whatever the answer was judged by. */
  success: string
  /** Content-Length and its difference to what came; 0 = none. */
  said: number
  mismatch: number
}

/** http_handle_response: first that there is an answer, then its status, then the digest of its body. */
export function judgeResponse(bytes: Bytes, url: Readonly<CheckUrl>): Verdict {
  const verdict: Verdict = { failure: '', success: 'HTTP status code', said: 0, mismatch: 0 }
  const bodyAt = endOfHead(bytes)
  if (bodyAt < 0) return { ...verdict, failure: 'Read, no data received from ' }
  const head = textOfBytes(bytes.subarray(0, bodyAt))
  const status = Number(/^HTTP\/\d\.\d (\d{3})/.exec(head)?.[1] ?? 0)
  if (!url.status.some(({ from, to }) => status >= from && status <= to)) {
    return { ...verdict, failure: 'HTTP status code error to' }
  }
  const length = /\r?\nContent-Length:[ \t]*(\d+)/i.exec(head)?.[1]
  const came = bytes.length - bodyAt
  if (length !== undefined) {
    verdict.said = Number(length)
    verdict.mismatch = verdict.said - came
  }
  if (url.digest === '') return verdict
  const body = bytes.subarray(
    bodyAt,
    length === undefined ? bytes.length : bodyAt + Math.min(came, Number(length)),
  )
  if (md5Hex(body) !== url.digest) return { ...verdict, failure: 'MD5 digest error to' }
  return { ...verdict, success: 'MD5 digest' }
}

/** Where the body begins; -1: no empty line yet. */
function endOfHead(b: Bytes): number {
  for (let i = 0; i + 1 < b.length; i++) {
    if (b[i] !== 10) continue
    if (b[i + 1] === 10) return i + 2
    if (b[i + 1] === 13 && b[i + 2] === 10) return i + 3
  }
  return -1
}
