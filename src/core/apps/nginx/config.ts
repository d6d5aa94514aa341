import { formatIp4, IP_ANY, type Ip4, parseIp4 } from '../../base/ids.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import { checkDirective, type Context, isSingle } from './directives.ts'
import { type Directive, parseNginxConf } from './parse.ts'
import type { Common, Config, Header, Location, Return, Server } from './types.ts'
import { compileTemplate } from './variables.ts'

/** A configuration file made into what the server works with. Errors are nginx's messages without `nginx: [emerg] `. */

export interface Files {
  read: (path: string) => string | undefined
  list: () => string[]
}

class ConfError extends Error {}

function fail(message: string): never {
  throw new ConfError(message)
}

function at(directive: Directive): string {
  return `in ${directive.file}:${directive.line}`
}

const DEFAULTS: Common = {
  headers: [],
  defaultType: 'text/plain',
  keepaliveS: 75,
  keepaliveRequests: 1000,
  serverTokens: true,
  root: '/usr/share/nginx/html',
  index: ['index.html'],
  accessLog: '/var/log/nginx/access.log',
  maxBody: 1024 * 1024,
}

/** Found only after the syntax has been read. */
export const NO_EVENTS = 'no "events" section in configuration'

const MAX_INCLUDES = 50

export function loadConfig(path: string, files: Files): Result<Config> {
  const text = files.read(path)
  if (text === undefined) return bad(`open() "${path}" failed (2: No such file or directory)`)
  const tree = parseNginxConf(text, path)
  if (!tree.ok) return tree
  try {
    return ok(freeze(buildMain(withIncludes(tree.value, files, { left: MAX_INCLUDES }))))
  } catch (error) {
    if (error instanceof ConfError) return bad(error.message)
    throw error
  }
}

function withIncludes(tree: Directive[], files: Files, budget: { left: number }): Directive[] {
  return tree.flatMap((directive) => {
    const block = directive.block && withIncludes(directive.block, files, budget)
    if (directive.name !== 'include' || directive.args.length !== 1)
      return [block ? { ...directive, block } : directive]
    const given = directive.args[0] ?? ''
    const path = given.startsWith('/') ? given : `/etc/nginx/${given}`
    return includedPaths(path, files).flatMap((name) => {
      if (budget.left-- <= 0) fail(`too many includes ${at(directive)}`)
      const text = files.read(name)
      if (text === undefined)
        return fail(`open() "${name}" failed (2: No such file or directory) ${at(directive)}`)
      const inner = parseNginxConf(text, name)
      return inner.ok ? withIncludes(inner.value, files, budget) : fail(inner.error)
    })
  })
}

/** A name with `*` may match nothing, a plain name must exist. */
function includedPaths(path: string, files: Files): string[] {
  if (!path.includes('*')) return [path]
  const pieces = path.split('*').map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  const pattern = new RegExp(`^${pieces.join('[^/]*')}$`)
  return files
    .list()
    .filter((name) => pattern.test(name))
    .sort()
}

function checkAll(tree: readonly Directive[], context: Context): void {
  const seen = new Set<string>()
  for (const directive of tree) {
    const wrong = checkDirective(directive, context)
    if (wrong !== undefined) fail(wrong)
    if (isSingle(directive.name)) {
      if (seen.has(directive.name)) fail(`"${directive.name}" directive is duplicate ${at(directive)}`)
      seen.add(directive.name)
    }
  }
}

function buildMain(tree: readonly Directive[]): Config {
  checkAll(tree, 'main')
  const events = tree.find((d) => d.name === 'events')
  if (!events) fail(NO_EVENTS)
  checkAll(events.block ?? [], 'events')
  const pid = tree.find((d) => d.name === 'pid')?.args[0]
  const daemon = tree.find((d) => d.name === 'daemon')?.args[0] !== 'off'
  const http = tree.find((d) => d.name === 'http')
  const block = http?.block ?? []
  checkAll(block, 'http')
  const common = readCommon(block, DEFAULTS)
  const servers = block.filter((d) => d.name === 'server').map((d) => buildServer(d, common))
  rejectDoubleDefaults(block)
  return { servers, pidFile: pid ?? '/run/nginx.pid', daemon }
}

function rejectDoubleDefaults(http: readonly Directive[]): void {
  const seen = new Set<string>()
  const listens = http
    .flatMap((d) => (d.name === 'server' ? (d.block ?? []) : []))
    .filter((d) => d.name === 'listen')
  for (const directive of listens) {
    for (const { ip, port, isDefault } of readListen(directive)) {
      const key = `${formatIp4(ip)}:${port}`
      if (isDefault && seen.has(key)) fail(`a duplicate default server for ${key} ${at(directive)}`)
      if (isDefault) seen.add(key)
    }
  }
}

function buildServer(directive: Directive, parent: Common): Server {
  const block = directive.block ?? []
  checkAll(block, 'server')
  const common = readCommon(block, parent)
  const listens = block.filter((d) => d.name === 'listen').flatMap(readListen)
  for (const [i, listen] of listens.entries()) {
    const isDouble = listens.findIndex((other) => other.ip === listen.ip && other.port === listen.port) < i
    if (isDouble) fail(`a duplicate listen ${formatIp4(listen.ip)}:${listen.port} ${at(directive)}`)
  }
  const isIpv6Only = listens.length === 0 && block.some((d) => d.name === 'listen')
  const answer = readReturn(block)
  return {
    listens: listens.length > 0 || isIpv6Only ? listens : [{ ip: IP_ANY, port: 80, isDefault: false }],
    names: block
      .filter((d) => d.name === 'server_name')
      .flatMap((d) => d.args.map((name) => name.toLowerCase())),
    common,
    locations: readLocations(block, common),
    ...(answer ? { answer } : {}),
  }
}

function readLocations(block: readonly Directive[], common: Common): Location[] {
  const seen = new Set<string>()
  return block
    .filter((d) => d.name === 'location')
    .map((directive) => {
      const location = buildLocation(directive, common)
      const key = `${location.match} ${location.path}`
      if (seen.has(key)) fail(`duplicate location "${location.path}" ${at(directive)}`)
      seen.add(key)
      return location
    })
}

function buildLocation(directive: Directive, parent: Common): Location {
  const block = directive.block ?? []
  checkAll(block, 'location')
  const [first = '', second] = directive.args
  if (second !== undefined && !['=', '^~', '~', '~*'].includes(first)) {
    fail(`invalid location modifier "${first}" ${at(directive)}`)
  }
  if (first === '~' || first === '~*')
    fail(`regular expressions in "location" are not modelled here ${at(directive)}`)
  if (first.startsWith('@')) fail(`named locations are not modelled here ${at(directive)}`)
  if (block.some((d) => d.name === 'location'))
    fail(`nested locations are not modelled here ${at(directive)}`)
  const answer = readReturn(block)
  return {
    match: first === '=' ? 'exact' : 'prefix',
    path: second ?? first,
    common: readCommon(block, parent),
    ...(answer ? { answer } : {}),
  }
}

/** `listen` of IPv6 addresses is left out: there is no IPv6 here. */
function readListen(directive: Directive): Server['listens'][number][] {
  const [where = '', ...options] = directive.args
  if (where.startsWith('[')) return []
  const of = `in "${where}" of the "listen" directive ${at(directive)}`
  const bare = /^\d+$/.test(where)
  const [address = '', portText = '80'] = bare ? ['*', where] : where.split(':')
  const port = Number(portText)
  if (!/^\d+$/.test(portText) || port < 1 || port > 65535) fail(`invalid port ${of}`)
  const ip = address === '*' ? IP_ANY : address === 'localhost' ? (0x7f000001 as Ip4) : parseIp4(address)
  if (ip === undefined) return fail(`host not found ${of}`)
  for (const option of options) {
    if (option === 'ssl') fail(`"ssl" is not modelled here ${at(directive)}`)
    if (!/^(default_server|reuseport|deferred|backlog=\d+|http2|so_keepalive=.*|bind)$/.test(option)) {
      fail(`invalid parameter "${option}" ${at(directive)}`)
    }
  }
  return [{ ip, port, isDefault: options.includes('default_server') }]
}

function readReturn(block: readonly Directive[]): Return | undefined {
  const directive = block.find((d) => d.name === 'return')
  if (!directive) return undefined
  const [first = '', second] = directive.args
  if (/^\d{1,3}$/.test(first)) {
    const code = Number(first)
    return second === undefined ? { code } : { code, text: template(second) }
  }
  if (second === undefined && /^(https?:\/\/|\$)/.test(first)) return { code: 302, text: template(first) }
  return fail(`invalid return code "${first}" ${at(directive)}`)
}

function template(text: string): Header['value'] {
  const compiled = compileTemplate(text)
  // The one message that nginx gives without a place.
  return compiled.ok ? compiled.value : fail(compiled.error)
}

/** Seconds of '65', '65s', '1m', '500ms'. */
function seconds(text: string, directive: Directive): number {
  const m = /^(\d+)(ms|s|m|h|d)?$/.exec(text)
  if (!m) return fail(`"${directive.name}" directive invalid value ${at(directive)}`)
  return Number(m[1]) * ({ ms: 0.001, s: 1, m: 60, h: 3600, d: 86400 }[m[2] ?? 's'] ?? 1)
}

function bytes(text: string, directive: Directive): number {
  const m = /^(\d+)([kKmMgG])?$/.exec(text)
  if (!m) return fail(`"${directive.name}" directive invalid value ${at(directive)}`)
  return Number(m[1]) * ({ k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[(m[2] ?? '').toLowerCase()] ?? 1)
}

/** Values of this level over those of the level above. `add_header` replaces the parent's list as a whole. */
function readCommon(block: readonly Directive[], parent: Common): Common {
  const common = { ...parent }
  const headers: Header[] = []
  for (const directive of block) {
    const [first = '', second = ''] = directive.args
    switch (directive.name) {
      case 'add_header':
        headers.push({
          name: first,
          value: template(second),
          always: directive.args[2] === 'always',
        })
        break
      case 'default_type':
        common.defaultType = first
        break
      case 'keepalive_timeout':
        common.keepaliveS = seconds(first, directive)
        break
      case 'keepalive_requests':
        common.keepaliveRequests = Number(first)
        break
      case 'server_tokens':
        if (!/^(on|off|build)$/.test(first)) fail(`invalid value "${first}" ${at(directive)}`)
        common.serverTokens = first !== 'off'
        break
      case 'root':
        common.root = first
        break
      case 'index':
        common.index = directive.args
        break
      case 'access_log':
        common.accessLog = first === 'off' ? '' : first
        break
      case 'client_max_body_size':
        common.maxBody = bytes(first, directive)
        break
      default:
        break
    }
  }
  if (headers.length > 0) common.headers = headers
  return common
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) freeze(member)
    Object.freeze(value)
  }
  return value
}
