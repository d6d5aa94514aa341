import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesOfText, textOfBytes } from '../../base/bytes.ts'
import { type Ip4, MS, SEC } from '../../base/ids.ts'
import { tcpClose, tcpConnect, tcpReceive, tcpSend } from '../../kernel/tcp/socket.ts'
import { makeNet, type Net } from '../../../testing/net.ts'
import { loadConfig } from './config.ts'

const PATH = '/etc/nginx/nginx.conf'

function net(conf: string, files: Record<string, string> = {}): Net {
  const made = makeNet({ hosts: { c: '10.0.0.1/24', s: '10.0.0.2/24' } })
  Object.assign(made.host('s').files, { [PATH]: conf, ...files })
  return made
}

function served(http: string, files: Record<string, string> = {}): Net {
  const made = net(`events { }\nhttp { ${http} }\n`, files)
  const pid = made.start('s', 'nginx')
  made.run(MS)
  if (made.status(pid, 's') !== undefined) throw new Error(made.output(pid, 's'))
  return made
}

/** A raw client: what the server has sent, and whether it has closed. */
function talk(n: Net, pieces: readonly string[], port = 80, forNs = SEC): { text: string; closed: boolean } {
  let sock = 0
  n.act('c', (host, ctx) => {
    const to = tcpConnect(host, { pid: 1, dst: 0x0a000002 as Ip4, dport: port }, ctx)
    if (to.ok) sock = to.value
  })
  n.run(MS)
  let text = ''
  let closed = false
  for (const piece of [...pieces, '']) {
    n.act('c', (host, ctx) => {
      if (piece !== '') tcpSend(host, sock, bytesOfText(piece), ctx)
    })
    n.run(forNs)
    n.act('c', (host, ctx) => {
      const got = tcpReceive(host, sock, ctx)
      if (got.ok) text += textOfBytes(got.value.bytes)
      if (!got.ok || got.value.eof) closed = true
    })
  }
  n.act('c', (host, ctx) => tcpClose(host, sock, ctx))
  n.run(SEC)
  return { text, closed }
}

const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: h\r\n${more}\r\n`
const statusOf = (text: string): string[] => [...text.matchAll(/HTTP\/1\.1 (\d+) /g)].map((m) => m[1] ?? '')
const bodyOf = (text: string): string => text.slice(text.indexOf('\r\n\r\n') + 4)

describe('configuration errors are nginx’s own', () => {
  const cases: [string, string][] = [
    ['events { }\nhttp {\n  foo bar;\n}\n', `unknown directive "foo" in ${PATH}:3`],
    ['events { }\nhttp {\n  listen 80;\n}\n', `"listen" directive is not allowed here in ${PATH}:3`],
    ['events { }\nhttp {\n  server {\n    listen 80\n  }\n}\n', `unexpected "}" in ${PATH}:5`],
    [
      `events { }\nhttp {\n  server { return 200 "${'x'.repeat(4095)}"; }\n}\n`,
      `too long parameter, probably missing terminating """ character in ${PATH}:3`,
    ],
    ['events { }\nhttp {\n  server {\n', `unexpected end of file, expecting "}" in ${PATH}:4`],
    ['events { }\n}\n', `unexpected "}" in ${PATH}:2`],
    [
      'events { }\nhttp { server { listen 99999; } }\n',
      `invalid port in "99999" of the "listen" directive in ${PATH}:2`,
    ],
    [
      'events { }\nhttp { server { listen foo:80; } }\n',
      `host not found in "foo:80" of the "listen" directive in ${PATH}:2`,
    ],
    [
      'events { }\nhttp { server { location / { return abc; } } }\n',
      `invalid return code "abc" in ${PATH}:2`,
    ],
    ['events { }\nhttp { server { return 200 "$nope"; } }\n', 'unknown "nope" variable'],
    [
      'events { }\nhttp { server { location / { return; } } }\n',
      `invalid number of arguments in "return" directive in ${PATH}:2`,
    ],
    [
      'events { }\nhttp { keepalive_timeout x; }\n',
      `"keepalive_timeout" directive invalid value in ${PATH}:2`,
    ],
    [
      'events { }\nhttp { default_type a; default_type b; }\n',
      `"default_type" directive is duplicate in ${PATH}:2`,
    ],
    ['events { }\nhttp { server { listen 80; listen 80; } }\n', `a duplicate listen 0.0.0.0:80 in ${PATH}:2`],
    [
      'events { }\nhttp { server { location / { } location / { } } }\n',
      `duplicate location "/" in ${PATH}:2`,
    ],
    ['events { }\nhttp { default_type "a"b;\n }\n', `unexpected "b" in ${PATH}:2`],
    [
      'events { }\nhttp { default_type "a;\n }\n',
      `unexpected end of file, expecting ";" or "}" in ${PATH}:4`,
    ],
    ['events;\nhttp { }\n', `directive "events" has no opening "{" in ${PATH}:1`],
    ['events { }\nhttp { server { location ! / { } } }\n', `invalid location modifier "!" in ${PATH}:2`],
    ['http { }\n', 'no "events" section in configuration'],
    [
      'events { }\nhttp { include /nofile; }\n',
      `open() "/nofile" failed (2: No such file or directory) in ${PATH}:2`,
    ],
    [
      'events { }\nhttp { server { location / { proxy_pass http://x; } } }\n',
      `directive "proxy_pass" is not modelled here in ${PATH}:2`,
    ],
  ]
  test.each(cases)('%s', (conf, message) => {
    const n = net(conf)
    const pid = n.start('s', 'nginx')
    n.run(SEC)
    expect(n.output(pid, 's')).toBe(`nginx: [emerg] ${message}\n`)
    expect(n.status(pid, 's')).toBe(1)
    expect(n.host('s').tcp.listeners).toEqual([])
  })
})

test('reading any text as configuration ends in a value, never in an exception', () => {
  const words = fc.constantFrom(
    'http',
    'server',
    '{',
    '}',
    ';',
    'listen',
    '80',
    '"',
    "'",
    '#',
    '\n',
    ' ',
    '$',
    '\\',
    'events',
    'location',
    '/',
    'return',
    'é',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ maxLength: 300 }),
        fc.array(words, { maxLength: 60 }).map((w) => w.join(' ')),
      ),
      (text) => {
        const loaded = loadConfig('x', { read: () => text, list: () => [] })
        expect(typeof loaded.ok).toBe('boolean')
      },
    ),
    { numRuns: 2000, seed: 1 },
  )
})

test('nginx -t, a missing file, -s without a server, -v, a bad option', () => {
  const n = net('events { }\nhttp { }\n')
  const say = (line: string): string => {
    const pid = n.start('s', line)
    n.run(SEC)
    return n.output(pid, 's') + String(n.status(pid, 's'))
  }
  const ok = `nginx: the configuration file ${PATH} syntax is ok\nnginx: configuration file ${PATH} test is successful\n0`
  expect(say('nginx -t')).toBe(ok)
  expect(say('nginx -v')).toBe('nginx version: nginx/1.22.1\n0')
  expect(say('nginx -s reload').replace(/\d+#\d+/, 'P#P')).toBe(
    '2026/01/01 00:00:02 [notice] P#P: signal process started\n' +
      'nginx: [error] open() "/run/nginx.pid" failed (2: No such file or directory)\n1',
  )
  expect(say('nginx -x')).toBe('nginx: invalid option: "x"\n1')
  expect(say('nginx -c /none')).toBe('nginx: [emerg] open() "/none" failed (2: No such file or directory)\n1')
})

test('a port in use is tried five times', () => {
  const n = served('server { listen 80; }')
  const pid = n.start('s', 'nginx')
  n.run(5 * SEC)
  const line = 'nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)\n'
  expect(n.output(pid, 's')).toBe(`${line.repeat(5)}nginx: [emerg] still could not bind()\n`)
  expect(n.status(pid, 's')).toBe(1)
})

test('reload takes the new configuration, stop closes the door', () => {
  const n = served('server { listen 80; return 200 one; }')
  expect(bodyOf(talk(n, [get('/')]).text)).toBe('one')
  n.host('s').files[PATH] = 'events { }\nhttp { server { listen 81; return 200 two; } }\n'
  n.start('s', 'nginx -s reload')
  n.run(SEC)
  expect(bodyOf(talk(n, [get('/')], 81).text)).toBe('two')
  expect(talk(n, [get('/')], 80)).toEqual({ text: '', closed: true })
  n.start('s', 'nginx -s stop')
  n.run(SEC)
  expect(n.host('s').procs).toEqual({})
  expect(n.host('s').tcp.listeners).toEqual([])
  expect(n.host('s').files['/run/nginx.pid']).toBeUndefined()
})

test('location: exact before longest prefix; headers of the inner level replace those of the outer', () => {
  const n = served(`add_header X-Outer 1;
    server {
      listen 80;
      location / { return 200 root; }
      location /a { add_header X-Inner 2; return 200 prefix; }
      location = /a { return 200 exact; }
      location /a/b { return 404 none; }
    }`)
  expect(bodyOf(talk(n, [get('/')]).text)).toBe('root')
  expect(bodyOf(talk(n, [get('/a')]).text)).toBe('exact')
  const inner = talk(n, [get('/a/x')]).text
  expect(bodyOf(inner)).toBe('prefix')
  expect(inner).toContain('X-Inner: 2')
  expect(inner).not.toContain('X-Outer')
  const missing = talk(n, [get('/a/b')]).text
  expect(statusOf(missing)).toEqual(['404'])
  expect(missing).not.toContain('X-Outer')
})

test('servers by name and port, variables', () => {
  const n =
    served(`server { listen 80; server_name one; return 200 "1 $host $remote_addr $server_port $request_uri $arg_q $http_x_y"; }
    server { listen 80 default_server; server_name two; return 200 2; }
    server { listen 10.0.0.2:81; return 200 "$hostname $uri $request_method"; }`)
  expect(bodyOf(talk(n, ['GET /p?q=7 HTTP/1.1\r\nHost: one:80\r\nX-Y: z\r\n\r\n']).text)).toBe(
    '1 one 10.0.0.1 80 /p?q=7 7 z',
  )
  expect(bodyOf(talk(n, [get('/')]).text)).toBe('2')
  expect(bodyOf(talk(n, [get('/p?x')], 81).text)).toBe('s /p GET')
})

test('keep-alive, pipelining, requests in pieces, end after keepalive_timeout', () => {
  const n = served('keepalive_timeout 5s; server { listen 80; return 200 "$request_uri "; }')
  const two = talk(n, [get('/1') + get('/2')])
  expect(statusOf(two.text)).toEqual(['200', '200'])
  expect(two.closed).toBe(false)
  const pieces = talk(n, ['GET /a HT', 'TP/1.1\r\nHos', 't: h\r\n\r', '\n'])
  expect(statusOf(pieces.text)).toEqual(['200'])
  expect(talk(n, [get('/'), ''], 80, 6 * SEC).closed).toBe(true)
  const bye = talk(n, [get('/', 'Connection: close\r\n')])
  expect(bye.text).toContain('Connection: close')
  expect(bye.closed).toBe(true)
  const old = talk(n, ['GET / HTTP/1.0\r\n\r\n'])
  expect(statusOf(old.text)).toEqual(['200'])
  expect(old.closed).toBe(true)
  expect(Object.keys(n.host('s').tcp.socks)).toHaveLength(1)
})

test('bad requests', () => {
  const n = served('server { listen 80; client_max_body_size 10; return 200; }')
  expect(statusOf(talk(n, ['hello\r\n\r\n']).text)).toEqual(['400'])
  expect(statusOf(talk(n, ['GET / HTTP/1.1\r\n\r\n']).text)).toEqual(['400'])
  expect(statusOf(talk(n, ['TRACE / HTTP/1.1\r\nHost: h\r\n\r\n']).text)).toEqual(['405'])
  expect(
    statusOf(talk(n, ['POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\nhello world']).text),
  ).toEqual(['413'])
  const body = 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n'
  expect(statusOf(talk(n, [body, 'hel', `lo${get('/')}`]).text)).toEqual(['200', '200'])
  const page = talk(n, ['nonsense\r\n\r\n']).text
  expect(page).toContain('<center><h1>400 Bad Request</h1></center>\r\n<hr><center>nginx/1.22.1</center>')
})

test('files under root, the log, includes', () => {
  const files = {
    '/var/www/index.html': '<p>hi</p>\n',
    '/etc/nginx/conf.d/a.conf': 'server { listen 80; root /var/www; }',
  }
  const n = served('include /etc/nginx/conf.d/*.conf; include none*.conf;', files)
  const page = talk(n, [get('/')]).text
  expect(page).toContain('Content-Type: text/html')
  expect(bodyOf(page)).toBe('<p>hi</p>\n')
  expect(statusOf(talk(n, [get('/nope')]).text)).toEqual(['404'])
  expect(statusOf(talk(n, [get('/d/')]).text)).toEqual(['403'])
  expect(n.host('s').files['/var/log/nginx/access.log']?.split('\n')[0]).toBe(
    '10.0.0.1 - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 10 "-" "-"',
  )
})
