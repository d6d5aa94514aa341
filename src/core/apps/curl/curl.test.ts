import { expect, test } from 'vitest'
import { MS, SEC } from '../../base/ids.ts'
import { makeNet, type Net, type NetSpec } from '../../../testing/net.ts'

const CONF = `events { }
http {
    default_type text/plain;
    access_log off;
    server {
        listen 8080;
        location / {
            add_header X-Remote-IP $remote_addr;
            add_header X-Host server2;
            return 200;
        }
        location /hello { return 200 "hello\\n"; }
        location /gone { return 410 "gone\\n"; }
        location /away { return 302 http://172.16.253.1/; }
        location /moved { return 302 /hello; }
    }
}
`

function net(profile: NonNullable<NetSpec['profile']> = 'debian-12', fate?: NetSpec['fate']): Net {
  const hosts = { router: '172.16.253.135/24', server: '172.16.253.100/24' }
  const made = makeNet({ hosts, profile, ...(fate ? { fate } : {}) })
  made.host('server').files['/etc/nginx/nginx.conf'] = CONF
  made.start('server', 'nginx')
  made.run(MS)
  return made
}

/** Output and exit status, as the transcripts of golden have them. */
function shell(n: Net, line: string, forNs = 200 * SEC): string {
  const pid = n.start('router', line)
  n.run(forNs)
  const status = n.status(pid, 'router')
  return n.output(pid, 'router') + (status === 0 ? '' : `(exit status ${status})\n`)
}

const HEAD = `< HTTP/1.1 200 OK
< Server: nginx/1.22.1
< Date: Thu, 01 Jan 2026 00:00:00 GMT
< Content-Type: text/plain
< Content-Length: 0
< Connection: keep-alive
< X-Remote-IP: 172.16.253.135
< X-Host: server2
< 
`

test('golden A1: curl -v', () => {
  expect(shell(net(), 'curl -v http://172.16.253.100:8080')).toBe(`*   Trying 172.16.253.100:8080...
* Connected to 172.16.253.100 (172.16.253.100) port 8080 (#0)
> GET / HTTP/1.1
> Host: 172.16.253.100:8080
> User-Agent: curl/7.88.1
> Accept: */*
> 
${HEAD}* Connection #0 to host 172.16.253.100 left intact
`)
})

test('curl 8.5.0 does not number its connections', () => {
  const text = shell(net('ubuntu-24.04'), 'curl -v http://172.16.253.100:8080')
  expect(text).toContain('* Connected to 172.16.253.100 (172.16.253.100) port 8080\n> GET')
  expect(text).toContain('> User-Agent: curl/8.5.0\n')
  expect(text).toContain('< Server: nginx/1.24.0 (Ubuntu)\n')
  expect(text).toContain('* Connection #0 to host 172.16.253.100 left intact\n')
})

test('golden A3: --interface with an address', () => {
  const text = shell(net(), 'curl -v http://172.16.253.100:8080 --interface 172.16.253.135')
  expect(text).toContain(`*   Trying 172.16.253.100:8080...
* Name '172.16.253.135' family 2 resolved to '172.16.253.135' family 2
* Local port: 0
* Connected to 172.16.253.100 (172.16.253.100) port 8080 (#0)
`)
})

test('golden A9: refused, no route, timeouts, bind', () => {
  const n = net()
  expect(shell(n, 'curl -v http://172.16.253.100:8081')).toBe(`*   Trying 172.16.253.100:8081...
* connect to 172.16.253.100 port 8081 failed: Connection refused
* Failed to connect to 172.16.253.100 port 8081 after 0 ms: Couldn't connect to server
* Closing connection 0
curl: (7) Failed to connect to 172.16.253.100 port 8081 after 0 ms: Couldn't connect to server
(exit status 7)
`)
  expect(shell(n, 'curl -v --max-time 2 http://172.16.253.77:8080')).toBe(`*   Trying 172.16.253.77:8080...
* Connection timed out after 2000 milliseconds
* Closing connection 0
curl: (28) Connection timed out after 2000 milliseconds
(exit status 28)
`)
  expect(shell(n, 'curl -v --connect-timeout 5 http://172.16.253.77:8080')).toMatch(
    new RegExp(`^\\*   Trying 172.16.253.77:8080...
\\* connect to 172.16.253.77 port 8080 failed: No route to host
\\* Failed to connect to 172.16.253.77 port 8080 after 3\\d\\d\\d ms: Couldn't connect to server
\\* Closing connection 0
curl: \\(7\\) Failed to connect`),
  )
  expect(shell(n, 'curl -v --interface 1.2.3.4 http://172.16.253.100:8080'))
    .toBe(`*   Trying 172.16.253.100:8080...
* Name '1.2.3.4' family 2 resolved to '1.2.3.4' family 2
* bind failed with errno 99: Cannot assign requested address
* Failed to connect to 172.16.253.100 port 8080 after 0 ms: Failed binding local connection end
* Closing connection 0
curl: (45) bind failed with errno 99: Cannot assign requested address
(exit status 45)
`)
  expect(shell(n, 'curl -v http://8.8.8.8:80')).toBe(`*   Trying 8.8.8.8:80...
* Immediate connect fail for 8.8.8.8: Network is unreachable
* Failed to connect to 8.8.8.8 port 80 after 0 ms: Couldn't connect to server
* Closing connection 0
curl: (7) Failed to connect to 8.8.8.8 port 80 after 0 ms: Couldn't connect to server
(exit status 7)
`)
})

test('curl 8 names its own end of a refused connection', () => {
  const text = shell(net('ubuntu-24.04'), 'curl -v http://172.16.253.100:81')
  expect(text).toMatch(
    /\* connect to 172\.16\.253\.100 port 81 from 172\.16\.253\.135 port \d+ failed: Connection refused\n/,
  )
  expect(text).toContain('* Closing connection\ncurl: (7) ')
})

test('no answer at all: the kernel gives up after 127 s in the coarse ticks of its timer wheel, status 28', () => {
  const n = net('debian-12', (to, frame) =>
    to === 'server' && frame.bytes[12] === 8 && frame.bytes[13] === 0 ? 'lose' : 'pass',
  )
  const text = shell(n, 'curl http://172.16.253.100:8080')
  expect(text).toMatch(
    /^curl: \(28\) Failed to connect to 172\.16\.253\.100 port 8080 after 131\d\d\d ms: Couldn't connect to server\n/,
  )
})

test('an answer that never comes', () => {
  let open = true
  const n = net('debian-12', (to) => (to === 'router' && !open ? 'lose' : 'pass'))
  const pid = n.start('router', 'curl -m 3 http://172.16.253.100:8080')
  n.run(230_000)
  open = false
  n.run(10 * SEC)
  expect(n.output(pid, 'router')).toBe(
    'curl: (28) Operation timed out after 3000 milliseconds with 0 bytes received\n',
  )
  expect(n.status(pid, 'router')).toBe(28)
})

test('bodies, heads and files', () => {
  const n = net()
  expect(shell(n, 'curl http://172.16.253.100:8080/hello')).toBe('hello\n')
  expect(shell(n, 'curl http://172.16.253.100:8080')).toBe('')
  expect(shell(n, 'curl -I http://172.16.253.100:8080/hello')).toContain(
    'HTTP/1.1 200 OK\nServer: nginx/1.22.1\n',
  )
  expect(shell(n, 'curl -i http://172.16.253.100:8080/hello')).toMatch(/Content-Length: 6\n[^]*\n\nhello\n$/)
  expect(
    shell(n, 'curl -o /dev/null -s -w %{http_code}:%{size_download}\\n http://172.16.253.100:8080/hello'),
  ).toBe('200:6\n')
  shell(n, 'curl -s -o /tmp/x http://172.16.253.100:8080/hello')
  expect(n.host('router').files['/tmp/x']).toBe('hello\n')
  expect(shell(n, 'curl http://172.16.253.100:8080/gone')).toBe('gone\n')
  expect(shell(n, 'curl -f http://172.16.253.100:8080/gone')).toBe(
    'curl: (22) The requested URL returned error: 410\n(exit status 22)\n',
  )
  expect(shell(n, 'curl -s -w %{http_code} http://172.16.253.100:81')).toBe('000(exit status 7)\n')
})

test('method, headers and data as given', () => {
  const n = net()
  const text = shell(n, 'curl -v -d a=1 -H X-A:b -H Accept: http://172.16.253.100:8080/hello?q')
  expect(text).toContain(`> POST /hello?q HTTP/1.1
> Host: 172.16.253.100:8080
> User-Agent: curl/7.88.1
> X-A: b
> Content-Length: 3
> Content-Type: application/x-www-form-urlencoded
> 
`)
  expect(shell(n, 'curl -v -X DELETE -H Host:x http://172.16.253.100:8080')).toContain(
    '> DELETE / HTTP/1.1\n> Host: x\n> User-Agent',
  )
})

test('local ports', () => {
  const n = net()
  expect(shell(n, 'curl -v --local-port 4000 http://172.16.253.100:8080', SEC)).toContain(
    '* Local port: 4000\n',
  )
  // The first one rests in TIME_WAIT.
  expect(shell(n, 'curl -v --local-port 4000-4001 http://172.16.253.100:8080', SEC)).toContain(
    '* Bind to local port 4000 failed, trying next\n* Local port: 4001\n',
  )
  expect(shell(n, 'curl --local-port 4000 http://172.16.253.100:8080', SEC)).toBe(
    'curl: (45) bind failed with errno 98: Address already in use\n(exit status 45)\n',
  )
})

test('wrong command lines are refused in curl’s words', () => {
  const n = net()
  const hint = "curl: try 'curl --help' or 'curl --manual' for more information\n(exit status 2)\n"
  expect(shell(n, 'curl --foo http://1.2.3.4')).toBe(`curl: option --foo: is unknown\n${hint}`)
  expect(shell(n, 'curl -m abc http://1.2.3.4')).toBe(
    `curl: option -m: expected a proper numerical parameter\n${hint}`,
  )
  expect(shell(n, 'curl --interface')).toBe(`curl: option --interface: requires parameter\n${hint}`)
  expect(shell(n, 'curl --local-port a http://1.2.3.4')).toBe(
    `curl: option --local-port: is badly used here\n${hint}`,
  )
  expect(shell(n, 'curl')).toBe(hint)
  expect(shell(n, 'curl foo://1.2.3.4')).toBe(
    'curl: (1) Protocol "foo" not supported or disabled in libcurl\n(exit status 1)\n',
  )
  expect(shell(n, 'curl http://')).toBe(
    'curl: (3) URL using bad/illegal format or missing URL\n(exit status 3)\n',
  )
  expect(shell(n, 'curl nosuch.invalid')).toBe(
    'curl: (6) Could not resolve host: nosuch.invalid\n(exit status 6)\n',
  )
  expect(shell(n, 'curl -sS -T x http://1.2.3.4')).toBe(`curl: option -T: is not modelled here\n${hint}`)
})

test('requests are noted on both sides, and nothing is left of the processes', () => {
  const n = net()
  shell(n, 'curl http://172.16.253.100:8080/hello')
  const notes = n.trace.records.flatMap((r) =>
    r.kind === 'request' ? [{ host: r.host, role: r.role, status: r.status, path: r.path }] : [],
  )
  expect(notes).toEqual([
    { host: 'server', role: 'server', status: 200, path: '/hello' },
    { host: 'router', role: 'client', status: 200, path: '/hello' },
  ])
  expect(n.host('router').procs).toEqual({})
  expect(n.host('router').tcp.socks).toEqual({})
})

test('a killed curl closes its connection', () => {
  const n = net('debian-12', (to) => (to === 'router' ? { laterNs: SEC } : 'pass'))
  const pid = n.start('router', 'curl http://172.16.253.100:8080')
  n.run(100 * MS)
  n.runner.signal('router', pid, 'INT')
  n.run(100 * SEC)
  expect(n.status(pid, 'router')).toBe(130)
  expect(n.host('router').tcp.socks).toEqual({})
})

test('several URLs share a connection that is kept; -o is for the first; the status is the last one’s', () => {
  const n = net()
  const url = 'http://172.16.253.100:8080'
  const format = '%{http_code}:%{num_connects}:%{size_download}\\n'
  expect(
    shell(n, `curl -s -o /dev/null -w ${format} ${url}/hello ${url}/gone http://172.16.253.100:81 ${url}/`),
  ).toBe('200:1:6\ngone\n410:0:5\n000:0:0\n200:0:0\n')
  expect(shell(n, `curl -sS ${url}/hello http://172.16.253.100:81/`)).toMatch(
    /^hello\ncurl: \(7\) [^]*status 7/,
  )
  expect(shell(n, `curl -s -0 -w ${format} ${url}/hello ${url}/hello`)).toBe(
    'hello\n200:1:6\nhello\n200:1:6\n',
  )
})

test('a redirect to a path names the whole URL; its page has the title of the standard', () => {
  const text = shell(net(), 'curl -i http://172.16.253.100:8080/moved')
  expect(text).toContain('HTTP/1.1 302 Moved Temporarily\n')
  expect(text).toContain('\nLocation: http://172.16.253.100:8080/hello\n')
  expect(text).toContain('<title>302 Found</title>')
})

test('--rate: one connection for all requests, a new one when the server has closed it meanwhile', () => {
  const url = 'http://172.16.253.100:8080/hello'
  const n = net()
  expect(shell(n, `curl -s --rate 2/s -w %{num_connects}@%{time_total}\\n ${url} ${url} ${url}`)).toMatch(
    /^hello\n1@0\.0\d+\nhello\n0@0\.0\d+\nhello\n0@0\.0\d+\n$/,
  )
  const pid = n.start('router', `curl -v --rate 1/m ${url} ${url}`)
  n.run(30 * SEC)
  const nginx = Object.values(n.host('server').procs).find((proc) => proc.program === 'nginx')
  n.runner.signal('server', nginx?.pid ?? 0, 'TERM')
  n.run(SEC)
  n.start('server', 'nginx')
  n.run(60 * SEC)
  expect(n.output(pid, 'router')).toContain('* Connection 0 seems to be dead\n* Closing connection 0\n')
  expect(n.status(pid, 'router')).toBe(0)
  expect(shell(n, `curl --rate 0/s ${url}`)).toContain('curl: option --rate: is badly used here')
})
