import { type Bytes, bytesOfText } from '../../base/bytes.ts'
import { formatIp4 } from '../../base/ids.ts'
import { httpHeader, type HttpRequest } from '../../wire/http.ts'
import { EPOCH_MS, httpDate } from '../clock.ts'
import type { Sys } from '../sys.ts'
import type { Common, Config, Conn, Location, Return, Server } from './types.ts'
import { evaluate, hostOf, pathOf, requestLine, type Scope } from './variables.ts'

const REASONS: Readonly<Record<number, string>> = {
  ...{ 200: 'OK', 201: 'Created', 202: 'Accepted', 204: 'No Content', 206: 'Partial Content' },
  ...{ 301: 'Moved Permanently', 302: 'Moved Temporarily', 303: 'See Other', 304: 'Not Modified' },
  ...{ 307: 'Temporary Redirect', 308: 'Permanent Redirect' },
  ...{ 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 405: 'Not Allowed' },
  ...{ 413: 'Request Entity Too Large', 414: 'Request-URI Too Large', 429: 'Too Many Requests' },
  ...{
    500: 'Internal Server Error',
    501: 'Not Implemented',
    502: 'Bad Gateway',
    503: 'Service Temporarily Unavailable',
  },
  ...{ 504: 'Gateway Time-out', 505: 'HTTP Version Not Supported' },
}

/** Codes on which add_header works without `always`. */
const HEADER_CODES = new Set([200, 201, 204, 206, 301, 302, 303, 304, 307, 308])
const REDIRECTS = new Set([301, 302, 303, 307, 308])

const TYPES: Readonly<Record<string, string>> = {
  ...{
    html: 'text/html',
    htm: 'text/html',
    txt: 'text/plain',
    css: 'text/css',
    js: 'application/javascript',
  },
  ...{ json: 'application/json', xml: 'text/xml', svg: 'image/svg+xml', png: 'image/png' },
}

export interface Reply {
  bytes: Bytes
  status: number
  /** Keep the connection for another request. */
  keep: boolean
  bodyLength: number
  common: Common
}

/** The server of a connection: by address and port, then by name, else the default one of that port. */
export function serverFor(config: Config, conn: Conn, request: HttpRequest | undefined): Server | undefined {
  const name = request ? hostOf(request) : ''
  let fallback: Server | undefined
  for (const server of config.servers) {
    for (const { ip, port, isDefault } of server.listens) {
      if (port !== conn.lport || (ip !== 0 && ip !== conn.laddr)) continue
      if (name !== '' && server.names.includes(name)) return server
      if (!fallback || isDefault) fallback = server
    }
  }
  return fallback
}

function locationFor(server: Server, path: string): Location | undefined {
  let best: Location | undefined
  for (const location of server.locations) {
    if (location.match === 'exact') {
      if (location.path === path) return location
    } else if (path.startsWith(location.path) && location.path.length >= (best?.path.length ?? 0))
      best = location
  }
  return best
}

interface Content {
  code: number
  type: string
  body: string
  /** Headers that belong to the content, before those of add_header. */
  extra: [string, string][]
  /** 'Location' of a redirect. */
  location?: string
}

/** Answer a request whose head is complete. `close`: the body cannot be skipped, so the connection ends with this. */
export function respond(
  sys: Sys,
  conn: Conn,
  request: HttpRequest,
  server: Server,
  bodyLength: number,
): Reply {
  const path = pathOf(request.target)
  const location = locationFor(server, path)
  const common = location?.common ?? server.common
  const scope: Scope = { sys, conn, request, server, status: 200 }
  let content: Content
  let close = false
  if (request.version === '1.1' && httpHeader(request, 'host') === undefined) {
    content = errorPage(400, sys, common)
    close = true
  } else if (common.maxBody > 0 && bodyLength > common.maxBody) {
    content = errorPage(413, sys, common)
    close = true
  } else content = contentFor(server.answer ?? location?.answer, path, common, scope)
  return assemble(content, common, scope, close)
}

function contentFor(answer: Return | undefined, path: string, common: Common, scope: Scope): Content {
  const { sys, request } = scope
  if (request.method === 'TRACE' || request.method === 'CONNECT') return errorPage(405, sys, common)
  if (answer) {
    const text = answer.text && evaluate(answer.text, scope)
    if (REDIRECTS.has(answer.code) && text !== undefined)
      return { ...errorPage(answer.code, sys, common), location: text }
    if (text === undefined && answer.code >= 300) return errorPage(answer.code, sys, common)
    return { code: answer.code, type: common.defaultType, body: text ?? '', extra: [] }
  }
  return staticFile(path, common, scope)
}

/** A file under `root`, as the host's file system has it. */
function staticFile(path: string, common: Common, { sys, request }: Scope): Content {
  if (request.method !== 'GET' && request.method !== 'HEAD') return errorPage(405, sys, common)
  const names = path.endsWith('/') ? common.index.map((name) => path + name) : [path]
  for (const name of names) {
    const text = sys.readFile(common.root + name)
    if (text === undefined) continue
    const type = TYPES[/\.(\w+)$/.exec(name)?.[1] ?? ''] ?? common.defaultType
    const tag = `"${(EPOCH_MS / 1000).toString(16)}-${text.length.toString(16)}"`
    const extra: [string, string][] = [
      ['ETag', tag],
      ['Accept-Ranges', 'bytes'],
    ]
    return { code: 200, type, body: text, extra }
  }
  return errorPage(path.endsWith('/') && path !== '/' ? 403 : 404, sys, common)
}

function serverToken(sys: Sys, common: Common): string {
  return common.serverTokens ? `nginx/${sys.profile.nginx}` : 'nginx'
}

/** The page of a 302 has another title than its status line. */
const TITLES: Readonly<Record<number, string>> = { ...REASONS, 302: 'Found' }

function errorPage(code: number, sys: Sys, common: Common): Content {
  const title = `${code} ${TITLES[code] ?? ''}`.trim()
  if (REASONS[code] === undefined || code === 304)
    return { code, type: common.defaultType, body: '', extra: [] }
  const lines = [
    '<html>',
    `<head><title>${title}</title></head>`,
    '<body>',
    `<center><h1>${title}</h1></center>`,
    `<hr><center>${serverToken(sys, common)}</center>`,
    '</body>',
    '</html>',
    '',
  ]
  return { code, type: 'text/html', body: lines.join('\r\n'), extra: [] }
}

/** Reply to something that is no request at all. */
export function respondBad(sys: Sys, conn: Conn, server: Server, code: number): Reply {
  const request: HttpRequest = { method: 'GET', target: '/', version: '1.1', headers: [] }
  const scope: Scope = { sys, conn, request, server, status: code }
  return assemble(errorPage(code, sys, server.common), server.common, scope, true)
}

/** Status line and headers in nginx's order (ngx_http_header_filter_module.c). */
function assemble(content: Content, common: Common, scope: Scope, close: boolean): Reply {
  const { code } = content
  const { request, sys, conn } = scope
  scope.status = code
  const bodiless = request.method === 'HEAD' || code === 204 || code === 304
  let text = `HTTP/1.1 ${code} ${REASONS[code] ?? ''}`.trimEnd() + '\r\n'
  text += `Server: ${serverToken(sys, common)}\r\nDate: ${httpDate(sys.now)}\r\n`
  if (code !== 204) text += `Content-Type: ${content.type}\r\nContent-Length: ${content.body.length}\r\n`
  if (content.extra.length > 0) text += `Last-Modified: ${httpDate(0)}\r\n`
  if (content.location !== undefined) text += `Location: ${absolute(content.location, conn, request)}\r\n`
  const keep =
    !close && wantsKeep(request) && common.keepaliveS > 0 && conn.requests < common.keepaliveRequests
  text += `Connection: ${keep ? 'keep-alive' : 'close'}\r\n`
  for (const [name, value] of content.extra) text += `${name}: ${value}\r\n`
  for (const header of common.headers) {
    if (!header.always && !HEADER_CODES.has(code)) continue
    const value = evaluate(header.value, scope)
    if (value !== '') text += `${header.name}: ${value}\r\n`
  }
  text += '\r\n'
  const bodyLength = bodiless ? 0 : content.body.length
  return { bytes: bytesOfText(bodiless ? text : text + content.body), status: code, keep, bodyLength, common }
}

/** A path becomes a whole URL, with the name the client used and the port it reached (absolute_redirect). */
function absolute(location: string, conn: Conn, request: HttpRequest): string {
  if (!location.startsWith('/')) return location
  const host = hostOf(request) || formatIp4(conn.laddr)
  return `http://${host}${conn.lport === 80 ? '' : `:${conn.lport}`}${location}`
}

function wantsKeep(request: HttpRequest): boolean {
  const connection = (httpHeader(request, 'connection') ?? '').toLowerCase()
  if (request.version === '1.0') return connection === 'keep-alive'
  return connection !== 'close'
}

/** A line of the access log in the format 'combined'. */
export function logLine(
  sys: Sys,
  conn: Conn,
  request: HttpRequest,
  reply: Reply,
  server: Server,
  date: string,
): string {
  const scope: Scope = { sys, conn, request, server, status: reply.status }
  const peer = evaluate([{ variable: 'remote_addr' }], scope)
  const agent = httpHeader(request, 'user-agent') ?? '-'
  const referer = httpHeader(request, 'referer') ?? '-'
  return `${peer} - - [${date}] "${requestLine(request)}" ${reply.status} ${reply.bodyLength} "${referer}" "${agent}"\n`
}
