import { type Bytes, bytesOfText, concatBytes, textOfBytes } from '../base/bytes.ts'

/**
 * HTTP/1.1 messages (RFC 9112) with bodies framed by Content-Length or, for a response, by the end of the connection.
 * Chunked bodies are refused: no program here sends them. Text is Latin-1.
 */

/** Bytes of the start line and header fields together; nginx's large_client_header_buffers are 8 kB. */
export const HTTP_HEAD_MAX = 8192
/** Bytes of a body, as nginx's default client_max_body_size. */
export const HTTP_BODY_MAX = 1024 * 1024
const HEADERS_MAX = 100

export interface HttpHeader {
  name: string
  value: string
}

export interface HttpRequest {
  method: string
  target: string
  version: '1.0' | '1.1'
  headers: HttpHeader[]
}

export interface HttpResponse {
  version: '1.0' | '1.1'
  status: number
  reason: string
  headers: HttpHeader[]
}

export type HttpError =
  | 'http.start-line'
  | 'http.header'
  | 'http.head-size'
  | 'http.body-size'
  | 'http.content-length'
  | 'http.chunked'

/** `bodyStart` and `bodyLength` in bytes; what follows the body belongs to the next message. */
export type HttpParsed<H> =
  | { state: 'partial'; head?: H; bodyStart?: number }
  | { state: 'bad'; why: HttpError }
  | { state: 'complete'; head: H; bodyStart: number; bodyLength: number }

/** A request out of the bytes received so far. A request without Content-Length has no body (RFC 9112 6.3). */
export function parseHttpRequest(b: Bytes): HttpParsed<HttpRequest> {
  return parseMessage(b, readRequestLine, () => undefined)
}

/**
 * A response out of the bytes received so far. `closed`: the sender has closed, which ends a body without
 * Content-Length. `bodiless`: the request was HEAD. A 1xx, 204 or 304 has no body either (RFC 9112 6.3).
 */
export function parseHttpResponse(b: Bytes, closed = false, bodiless = false): HttpParsed<HttpResponse> {
  return parseMessage(b, readStatusLine, (head, received) => {
    if (bodiless || head.status < 200 || head.status === 204 || head.status === 304) return 0
    if (httpHeader(head, 'content-length') !== undefined) return undefined
    return closed ? received : Infinity
  })
}

/** Value of the first header of that name (any case). */
export function httpHeader(head: { headers: readonly HttpHeader[] }, name: string): string | undefined {
  const wanted = name.toLowerCase()
  return head.headers.find((header) => header.name.toLowerCase() === wanted)?.value
}

export function emitHttpRequest(head: HttpRequest, body: Bytes = new Uint8Array(0)): Bytes {
  const start = `${head.method} ${head.target} HTTP/${head.version}\r\n`
  return concatBytes([bytesOfText(start + headerText(head.headers)), body])
}

export function emitHttpResponse(head: HttpResponse, body: Bytes = new Uint8Array(0)): Bytes {
  const start = `HTTP/${head.version} ${head.status} ${head.reason}\r\n`
  return concatBytes([bytesOfText(start + headerText(head.headers)), body])
}

function headerText(headers: readonly HttpHeader[]): string {
  return headers.map(({ name, value }) => `${name}: ${value}\r\n`).join('') + '\r\n'
}

type WithHeaders = { headers: HttpHeader[] }

/** `ownLength`: the body's length in bytes where Content-Length does not decide it; Infinity = not known yet. */
function parseMessage<H extends WithHeaders>(
  b: Bytes,
  readStart: (line: string) => H | undefined,
  ownLength: (head: H, received: number) => number | undefined,
): HttpParsed<H> {
  const bodyStart = endOfHead(b)
  if (bodyStart === -1) return b.length >= HTTP_HEAD_MAX ? badHttp('http.head-size') : { state: 'partial' }
  const [startLine = '', ...lines] = textOfBytes(b.subarray(0, bodyStart - 4)).split('\r\n')
  const head = readStart(startLine)
  if (!head) return badHttp('http.start-line')
  if (lines.length > HEADERS_MAX) return badHttp('http.head-size')
  for (const line of lines) {
    const header = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line)
    if (!header) return badHttp('http.header')
    head.headers.push({ name: header[1] ?? '', value: header[2] ?? '' })
  }
  if (httpHeader(head, 'transfer-encoding') !== undefined) return badHttp('http.chunked')
  const said = contentLength(head)
  if (said === undefined) return badHttp('http.content-length')
  const bodyLength = ownLength(head, b.length - bodyStart) ?? said ?? 0
  if (bodyLength > HTTP_BODY_MAX && bodyLength !== Infinity) return badHttp('http.body-size')
  if (b.length < bodyStart + bodyLength) return { state: 'partial', head, bodyStart }
  return { state: 'complete', head, bodyStart, bodyLength }
}

function badHttp(why: HttpError): { state: 'bad'; why: HttpError } {
  return { state: 'bad', why }
}

/** Offset of the first byte after the empty line; -1 while it has not come within the limit. */
function endOfHead(b: Bytes): number {
  const last = Math.min(b.length, HTTP_HEAD_MAX) - 4
  for (let i = 0; i <= last; i++) {
    if (b[i] === 13 && b[i + 1] === 10 && b[i + 2] === 13 && b[i + 3] === 10) return i + 4
  }
  return -1
}

/** null: no such header; undefined: nonsense, or two that disagree (RFC 9112 6.3: must be treated as an error). */
function contentLength(head: WithHeaders): number | null | undefined {
  const values = head.headers.filter((header) => header.name.toLowerCase() === 'content-length')
  const first = values[0]?.value
  if (first === undefined) return null
  if (!/^\d{1,10}$/.test(first) || values.some((header) => header.value !== first)) return undefined
  return Number(first)
}

function readRequestLine(line: string): HttpRequest | undefined {
  const m = /^([A-Z]{1,20}) (\S+) HTTP\/(1\.[01])$/.exec(line)
  if (!m) return undefined
  return { method: m[1] ?? '', target: m[2] ?? '', version: m[3] === '1.0' ? '1.0' : '1.1', headers: [] }
}

function readStatusLine(line: string): HttpResponse | undefined {
  const m = /^HTTP\/(1\.[01]) (\d{3}) ?(.*)$/.exec(line)
  if (!m) return undefined
  return { version: m[1] === '1.0' ? '1.0' : '1.1', status: Number(m[2]), reason: m[3] ?? '', headers: [] }
}
