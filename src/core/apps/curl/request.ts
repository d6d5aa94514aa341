import { type Bytes, bytesOfText } from '../../base/bytes.ts'
import { base64 } from './follow.ts'
import type { CurlOptions } from './options.ts'
import type { CurlUrl } from './url.ts'

/** Request head and body as curl sends them: Host, User-Agent, Accept, then the user's headers, then those of the body. */
export function buildRequest(
  options: CurlOptions,
  url: CurlUrl,
  version: string,
): { head: string; body: Bytes } {
  const given = options.headers.map((text) => /^([^:;]+)[:;]\s*(.*)$/.exec(text))
  const own = (name: string): boolean => given.some((m) => m?.[1]?.toLowerCase() === name.toLowerCase())
  const lines: string[] = []
  const add = (name: string, value: string): void => {
    if (!own(name)) lines.push(`${name}: ${value}`)
  }
  const host = url.port === 80 ? url.host : `${url.host}:${url.port}`
  // A Host of the user's takes the place of curl's own.
  const ownHost = given.find((m) => m?.[1]?.toLowerCase() === 'host')
  if (!ownHost) lines.push(`Host: ${host}`)
  else if (ownHost[2] !== '') lines.push(`Host: ${ownHost[2] ?? ''}`)
  if (options.user !== '') add('Authorization', `Basic ${base64(options.user)}`)
  if (options.range !== '') add('Range', `bytes=${options.range}`)
  add('User-Agent', options.agent === '' ? `curl/${version}` : options.agent)
  add('Accept', '*/*')
  if (options.compressed) add('Accept-Encoding', 'deflate, gzip, br, zstd')
  if (options.referer !== '') add('Referer', options.referer)
  if (options.cookie !== '') add('Cookie', options.cookie)
  for (const m of given) {
    const name = m?.[1] ?? ''
    if (m && m[2] !== '' && name.toLowerCase() !== 'host') lines.push(`${name}: ${m[2] ?? ''}`)
  }
  const body = bytesOfText(options.data ?? '')
  if (options.data !== undefined) {
    add('Content-Length', String(body.length))
    add('Content-Type', 'application/x-www-form-urlencoded')
  }
  const start = `${methodOf(options)} ${url.target} HTTP/${options.http10 ? '1.0' : '1.1'}`
  return { head: [start, ...lines, '', ''].join('\r\n'), body }
}

export function methodOf(options: CurlOptions): string {
  if (options.method !== '') return options.method
  if (options.head) return 'HEAD'
  return options.data === undefined ? 'GET' : 'POST'
}
