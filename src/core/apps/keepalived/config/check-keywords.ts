import { parseIp4 } from '../../../base/ids.ts'
import { type Build, newCheck } from './build.ts'
import { readerOf, readFlag, readTimer, readUnsigned, UINT_MAX } from './read.ts'
import type { Checker, CheckUrl, HttpCheck, RealServer } from './types.ts'
import type { At, Keyword } from './walk.ts'

/**
 * The checkers of a real_server (check/check_http.c, check_tcp.c, check_ping.c, check_api.c). SSL_GET, MISC_CHECK, SMTP_CHECK,
 * DNS_CHECK, UDP_CHECK, FILE_CHECK and BFD_CHECK are known as keywords but not modelled: the log says so, and the server counts as
 * unchecked.
 */
export function checkKeywords(): Keyword<Build>[] {
  return [
    { name: 'HTTP_GET', run: (_, at) => addCheck(at, 'http'), sub: [...COMMON, ...HTTP], end: endHttp },
    { name: 'TCP_CHECK', run: (_, at) => addCheck(at, 'tcp'), sub: COMMON },
    { name: 'PING_CHECK', run: (_, at) => addCheck(at, 'ping'), sub: COMMON },
    ...['SSL_GET', 'MISC_CHECK', 'SMTP_CHECK', 'DNS_CHECK', 'UDP_CHECK', 'FILE_CHECK', 'BFD_CHECK'].map(
      (name): Keyword<Build> => ({
        name,
        run: (_, at) => {
          at.error(`${name} is not modelled here - ignoring`)
          at.skipBlock()
        },
        sub: [],
      }),
    ),
  ]
}

/** The real server being read; undefined: its block was refused. */
export function lastServer(at: At<Build>): RealServer | undefined {
  return at.build.config.services.at(-1)?.servers.at(-1)
}

function lastCheck(at: At<Build>): Checker | undefined {
  return lastServer(at)?.checks.at(-1)
}

function addCheck(at: At<Build>, kind: Checker['kind']): void {
  lastServer(at)?.checks.push(newCheck(kind))
}

function check(name: string, change: (check: Checker, words: readonly string[], at: At<Build>) => void) {
  return {
    name,
    run: (words: readonly string[], at: At<Build>) => {
      const current = lastCheck(at)
      if (current) change(current, words, at)
    },
  }
}

function timer(
  name: string,
  key: 'timeoutNs' | 'retryDelayNs' | 'warmupNs' | 'loopNs',
  minUs: number,
  text: string,
) {
  return check(name, (current, words, at) => {
    const value = readTimer(readerOf(at), words[1], minUs)
    if (value === null) at.error(text.replace('%', words[1] ?? ''))
    else current[key] = value
  })
}

function address(name: string, key: 'ip' | 'bindIp') {
  return check(name, (current, words, at) => {
    const ip = parseIp4(words[1] ?? '')
    if (ip === undefined) at.error(`Invalid ${name} address ${words[1] ?? ''} - ignoring`)
    else current[key] = ip
  })
}

function port(name: string, key: 'port' | 'bindPort') {
  return check(name, (current, words, at) => {
    const value = readUnsigned(readerOf(at), words[1], 1, 65535)
    if (value === null) at.error(`Invalid checker ${name} '${words[1] ?? ''}'`)
    else current[key] = value
  })
}

const retry = check('retry', (current, words, at) => {
  const value = readUnsigned(readerOf(at), words[1], 0, UINT_MAX)
  if (value === null) at.error(`Invalid retry connection value '${words[1] ?? ''}'`)
  else current.retry = value
})

const COMMON: Keyword<Build>[] = [
  address('connect_ip', 'ip'),
  port('connect_port', 'port'),
  address('bindto', 'bindIp'),
  port('bind_port', 'bindPort'),
  { name: 'bind_if' },
  timer('connect_timeout', 'timeoutNs', 1, 'connect_timeout % invalid - ignoring'),
  { name: 'fwmark' },
  retry,
  timer('delay_before_retry', 'retryDelayNs', 0, "Invalid delay_before_retry connection value '%'"),
  timer('warmup', 'warmupNs', 0, "Invalid warmup connection value '%'"),
  timer('delay_loop', 'loopNs', 1, "delay_loop '%' is invalid - ignoring"),
  check('alpha', (current, words, at) => {
    current.alpha = readFlag(at, words, 'Invalid alpha parameter') ?? current.alpha
  }),
  check('log_all_failures', (current, words, at) => {
    current.logAll = readFlag(at, words, 'Invalid log_all_failures parameter') ?? current.logAll
  }),
]

function http(name: string, change: (check: HttpCheck, words: readonly string[], at: At<Build>) => void) {
  return check(name, (current, words, at) => {
    if (current.kind === 'http') change(current, words, at)
  })
}

function url(name: string, change: (url: CheckUrl, words: readonly string[], at: At<Build>) => void) {
  return http(name, (current, words, at) => {
    const last = current.urls.at(-1)
    if (last) change(last, words, at)
  })
}

const URL: Keyword<Build>[] = [
  url('path', (last, words) => void (last.path = words[1] ?? '')),
  url('digest', (last, words, at) => {
    const digest = (words[1] ?? '').toLowerCase()
    if (/^[0-9a-f]{32}$/.test(digest)) last.digest = digest
    else if (digest.length === 32) at.error(`Unable to interpret hex digit in '${digest}' at offset 0/1`)
    else at.error(`digest '${words[1] ?? ''}' character length should be 32 rather than ${digest.length}`)
  }),
  url('status_code', readStatus),
  url('virtualhost', (last, words) => void (last.virtualHost = words[1] ?? '')),
]

function readStatus(last: CheckUrl, words: readonly string[], at: At<Build>): void {
  for (const word of words.slice(1)) {
    const range = /^(\d+)(?:-(\d+))?$/.exec(word)
    const from = Number(range?.[1] ?? 0)
    const to = Number(range?.[2] ?? from)
    if (range && from >= 100 && to <= 599 && from <= to) last.status.push({ from, to })
    else at.error(`Invalid HTTP_GET status code '${word}'`)
  }
}

const HTTP: Keyword<Build>[] = [
  {
    name: 'nb_get_retry',
    run: (words, at) => {
      at.error("nb_get_retry is deprecated - please use 'retry'")
      retry.run(words, at)
    },
  },
  http('virtualhost', (current, words) => void (current.virtualHost = words[1] ?? '')),
  http('http_protocol', (current, words, at) => {
    const word = words[1] ?? ''
    if (word === '1.0' || word === '1.0C' || word === '1.0c')
      current.protocol = word === '1.0' ? '1.0' : '1.0C'
    else if (word === '1.1') current.protocol = '1.1'
    else at.error(`Invalid http_protocol ${word}`)
  }),
  http('fast_recovery', (current, words, at) => {
    current.fastRecovery = readFlag(at, words, 'Invalid fast_recovery parameter') ?? current.fastRecovery
  }),
  {
    ...http(
      'url',
      (current) => void current.urls.push({ path: '', status: [], digest: '', virtualHost: '' }),
    ),
    sub: URL,
    end: endUrl,
  },
]

/** Without a status code any from 200 to 299 will do. */
function endUrl(at: At<Build>): void {
  const current = lastCheck(at)
  if (current?.kind !== 'http') return
  const last = current.urls.at(-1)
  if (!last) return
  if (last.path === '') {
    at.error('HTTP/SSL_GET checker url has no path - ignoring')
    current.urls.pop()
  } else if (last.status.length === 0) last.status.push({ from: 200, to: 299 })
}

function endHttp(at: At<Build>): void {
  const current = lastCheck(at)
  if (current?.kind !== 'http' || current.urls.length > 0) return
  at.error('HTTP/SSL_GET checker has no urls specified - ignoring')
  lastServer(at)?.checks.pop()
}
