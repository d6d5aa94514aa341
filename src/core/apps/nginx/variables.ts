import { formatIp4 } from '../../base/ids.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import { httpHeader, type HttpRequest } from '../../wire/http.ts'
import { logDate } from '../clock.ts'
import type { Sys } from '../sys.ts'
import type { Conn, Server, Template } from './types.ts'

/** What variables are read from. */
export interface Scope {
  sys: Sys
  conn: Conn
  request: HttpRequest
  server: Server
  status: number
}

const VARIABLES: Readonly<Record<string, (scope: Scope) => string>> = {
  remote_addr: ({ conn }) => formatIp4(conn.peer),
  remote_port: ({ conn }) => String(conn.peerPort),
  server_addr: ({ conn }) => formatIp4(conn.laddr),
  server_port: ({ conn }) => String(conn.lport),
  host: ({ request, server }) => hostOf(request) || (server.names[0] ?? ''),
  hostname: ({ sys }) => sys.hostname,
  server_name: ({ server }) => server.names[0] ?? '',
  request_uri: ({ request }) => request.target,
  uri: ({ request }) => pathOf(request.target),
  document_uri: ({ request }) => pathOf(request.target),
  args: ({ request }) => argsOf(request.target),
  query_string: ({ request }) => argsOf(request.target),
  is_args: ({ request }) => (argsOf(request.target) === '' ? '' : '?'),
  request_method: ({ request }) => request.method,
  request: ({ request }) => requestLine(request),
  scheme: () => 'http',
  server_protocol: ({ request }) => `HTTP/${request.version}`,
  status: ({ status }) => String(status),
  time_local: ({ sys }) => logDate(sys.now),
  connection: ({ conn }) => String(conn.sock),
  connection_requests: ({ conn }) => String(conn.requests),
  nginx_version: ({ sys }) => sys.profile.nginx.split(' ')[0] ?? '',
  pid: ({ sys }) => String(sys.pid),
}

export function requestLine(request: HttpRequest): string {
  return `${request.method} ${request.target} HTTP/${request.version}`
}

/** Path of a request target, query left out; not decoded. */
export function pathOf(target: string): string {
  const end = target.indexOf('?')
  return end < 0 ? target : target.slice(0, end)
}

function argsOf(target: string): string {
  const at = target.indexOf('?')
  return at < 0 ? '' : target.slice(at + 1)
}

/** Host header without port, lower case. */
export function hostOf(request: HttpRequest): string {
  return (httpHeader(request, 'host') ?? '').replace(/:\d*$/, '').toLowerCase()
}

/** Compile text with `$name` and `${name}`; the error is nginx's message. */
export function compileTemplate(text: string): Result<Template> {
  const parts: (string | { variable: string })[] = []
  for (const piece of text.split(/(\$\w+|\$\{\w+\})/)) {
    if (piece === '') continue
    const name = /^\$\{?(\w+)\}?$/.exec(piece)?.[1]
    if (name === undefined) parts.push(piece)
    else if (isVariable(name)) parts.push({ variable: name })
    else return bad(`unknown "${name}" variable`)
  }
  return ok(parts)
}

function isVariable(name: string): boolean {
  return Object.hasOwn(VARIABLES, name) || /^(http|arg)_\w+$/.test(name)
}

export function evaluate(template: Template, scope: Scope): string {
  let text = ''
  for (const part of template) text += typeof part === 'string' ? part : valueOf(part.variable, scope)
  return text
}

function valueOf(name: string, scope: Scope): string {
  const known = Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined
  if (known) return known(scope)
  if (name.startsWith('http_')) return httpHeader(scope.request, name.slice(5).replaceAll('_', '-')) ?? ''
  const wanted = name.slice(4)
  for (const pair of argsOf(scope.request.target).split('&')) {
    const [key = '', ...value] = pair.split('=')
    if (key === wanted) return value.join('=')
  }
  return ''
}
