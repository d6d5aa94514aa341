import { expect, test } from 'vitest'
import { formatIp4, SEC } from '../../base/ids.ts'
import { textOfBytes } from '../../base/bytes.ts'
import { makeNet } from '../../../testing/script-net.ts'
import { md5Hex } from './health/md5.ts'

function nginxConf(status = 200): string {
  return `events {}\nhttp {\n server {\n listen 8080;\n location / {\n return ${status};\n }\n }\n}\n`
}

function httpGet(more = '', path = '/'): string {
  return `HTTP_GET {
            url {
                path ${path}
                ${more}
            }
            connect_timeout 2
            retry 1
            delay_before_retry 1
        }`
}

function service(body: string, ...servers: string[]): string {
  return `virtual_server 10.0.0.100 8080 {
    delay_loop 5
    lvs_sched rr
    lvs_method DR
    protocol TCP
    ${body}
    ${servers.join('\n    ')}
}
`
}

function server(last: number, body: string): string {
  return `real_server 10.0.0.${last} 8080 {\n        weight 1\n        ${body}\n    }`
}

const A7 = service('', server(11, httpGet('status_code 200'))).replace('weight 1\n', 'weight 10\n')

function makeLab(config: string) {
  const hosts = { LB1: '10.0.0.1/24', s1: '10.0.0.11/24', s2: '10.0.0.12/24', sorry: '10.0.0.13/24' }
  const net = makeNet({ hosts, profile: 'debian-12' })
  const { files } = net.host('LB1')
  files['/etc/keepalived/keepalived.conf'] = config
  const pids = new Map<string, number>()
  const nginx = (id: 's1' | 's2', status = 200): void => {
    net.host(id).files['/etc/nginx/nginx.conf'] = nginxConf(status)
    pids.set(id, net.start(id, 'nginx'))
  }
  const stopNginx = (id: 's1' | 's2'): void => net.runner.signal(id, pids.get(id) ?? 0, 'TERM')
  nginx('s1')
  nginx('s2')
  net.run(SEC)
  let seen = 0
  /** What has been written in the journal since the last call. */
  const said = (): string[] => {
    const lines = net
      .host('LB1')
      .journal.slice(seen)
      .map((line) => line.text)
    seen += lines.length
    return lines
  }
  const dests = (): string[] =>
    net
      .host('LB1')
      .ipvs.services.flatMap((vs) =>
        vs.dests.map((dest) => `${formatIp4(dest.ip)}:${dest.port} ${dest.mode} ${dest.weight}`).sort(),
      )
  const parent = net.start('LB1', 'keepalived -n -D')
  const reload = (text: string): void => {
    files['/etc/keepalived/keepalived.conf'] = text
    net.runner.signal('LB1', parent, 'HUP')
  }
  const child = (): number =>
    Object.values(net.host('LB1').procs).find((proc) => proc.ppid === parent)?.pid ?? 0
  return { ...net, files, nginx, stopNginx, said, dests, parent, reload, child }
}

const RS1 = '[10.0.0.11]:tcp:8080'
const RS2 = '[10.0.0.12]:tcp:8080'
const VS = '[10.0.0.100]:tcp:8080'

test('golden A7: a check passes, fails, recovers after two good ones', () => {
  const lab = makeLab(A7)
  lab.run(10 * SEC)
  expect(lab.said().slice(5)).toEqual([
    'NOTICE: setting config option max_auto_priority should result in better keepalived performance',
    `Starting Healthcheck child process, pid=${lab.parent + 1}`,
    'Initializing ipvs',
    `Gained quorum 1+0=1 <= 10 for VS ${VS}`,
    'Startup complete',
    `Activating healthchecker for service ${RS1} for VS ${VS}`,
    'Activating BFD healthchecker',
    `Remote Web server ${RS1} succeed on service.`,
  ])
  expect(lab.dests()).toEqual(['10.0.0.11:8080 dr 10'])
  lab.stopNginx('s1')
  lab.run(8 * SEC)
  expect(lab.said()).toEqual([
    `HTTP_CHECK on service ${RS1} failed after 1 retries.`,
    `Removing service ${RS1} from VS ${VS}`,
    `Lost quorum 1-0=1 > 0 for VS ${VS}`,
  ])
  expect(lab.dests()).toEqual([])
  lab.nginx('s1')
  lab.run(11 * SEC)
  expect(lab.said()).toEqual([
    `HTTP status code success to ${RS1} url(/)`,
    `HTTP status code success to ${RS1} url(/)`,
    `Remote Web server ${RS1} succeed on service.`,
    `Adding service ${RS1} to VS ${VS}`,
    `Gained quorum 1+0=1 <= 10 for VS ${VS}`,
  ])
  expect(lab.dests()).toEqual(['10.0.0.11:8080 dr 10'])
})

test('a check is one HTTP/1.0 GET, and the server closes first', () => {
  const lab = makeLab(A7)
  lab.run(7 * SEC)
  const texts = lab.trace.frames.map((frame) => textOfBytes(frame.bytes))
  const request = 'GET / HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: 10.0.0.11:8080\r\n\r\n'
  expect(request.length).toBe(74 - '172.16.253.130'.length + '10.0.0.11'.length)
  expect(texts.some((text) => text.endsWith(request))).toBe(true)
  const fins = lab.trace.frames
    .filter(({ bytes }) => bytes[23] === 6 && ((bytes[47] ?? 0) & 1) === 1)
    .map(({ bytes }) => bytes[29])
  expect(fins.slice(0, 2)).toEqual([11, 1])
})

test('the first check comes a second and at most one delay_loop after the start, not for all at once', () => {
  const servers = [11, 12].map((last) => server(last, httpGet()))
  const lab = makeLab(service('', ...servers))
  lab.run(8 * SEC)
  const first = [11, 12].map(
    (last) =>
      lab.trace.records.find((r) => r.kind === 'tcp.state' && r.host === 'LB1' && (r.raddr & 255) === last)
        ?.at ?? 0,
  )
  for (const at of first) {
    expect(at).toBeGreaterThanOrEqual(2 * SEC)
    expect(at).toBeLessThan(7.1 * SEC)
  }
  expect(Math.abs((first[0] ?? 0) - (first[1] ?? 0))).toBeGreaterThan(SEC / 100)
})

const TCP_CHECK = 'TCP_CHECK {\n connect_timeout 2\n retry 2\n delay_before_retry 1\n }'
const BIG = service(
  'quorum 2\n sorry_server 10.0.0.13 8080\n quorum_down "sysctl -w net.ipv4.ip_forward=1"',
  server(11, `${TCP_CHECK}\n notify_down "ip addr add 10.0.0.99/32 dev lo"`),
  server(12, `inhibit_on_failure\n ${httpGet()}`),
)

test('quorum, sorry server and inhibit_on_failure, as a real keepalived did it', () => {
  const lab = makeLab(BIG)
  lab.run(10 * SEC)
  lab.said()
  lab.stopNginx('s1')
  lab.run(12 * SEC)
  expect(lab.said()).toEqual([
    `TCP_CHECK on service ${RS1} failed after 2 retries.`,
    `Removing service ${RS1} from VS ${VS}`,
    `Lost quorum 2-0=2 > 1 for VS ${VS}`,
    `Adding sorry server [10.0.0.13]:tcp:8080 to VS ${VS}`,
    `Removing alive servers from the pool for VS ${VS}`,
  ])
  expect(lab.dests()).toEqual(['10.0.0.12:8080 dr 0', '10.0.0.13:8080 dr 1'])
  expect(lab.host('LB1').sysctl.conf['all']?.forwarding ?? 0).toBe(1)
  expect(lab.host('LB1').devs['lo']?.addrs.map((addr) => formatIp4(addr.ip))).toContain('10.0.0.99')
  lab.nginx('s1')
  lab.run(7 * SEC)
  expect(lab.said()).toEqual([
    `TCP connection to ${RS1} success.`,
    `Adding service ${RS1} to VS ${VS}`,
    `Gained quorum 2+0=2 <= 2 for VS ${VS}`,
    `Removing sorry server [10.0.0.13]:tcp:8080 from VS ${VS}`,
    `Adding alive servers to the pool for VS ${VS}`,
  ])
  expect(lab.dests()).toEqual(['10.0.0.11:8080 dr 1', '10.0.0.12:8080 dr 1'])
})

test('a server that answers with another status is down; nothing at all times out', () => {
  const lab = makeLab(BIG)
  lab.run(10 * SEC)
  lab.said()
  lab.runner.op('s1', { op: 'link.set', dev: 'eth0', up: false })
  lab.stopNginx('s2')
  lab.run(SEC / 10)
  lab.nginx('s2', 503)
  lab.run(16 * SEC)
  const said = lab.said()
  expect(said).toContain(`TCP_CHECK on service ${RS1} failed after 2 retries.`)
  expect(said).toContain(`HTTP_CHECK on service ${RS2} failed after 1 retries.`)
  expect(said).toContain(`Disabling service ${RS2} of VS ${VS}`)
})

test('alpha: down until the first good check, and one bad one is enough', () => {
  const lab = makeLab(service('alpha', server(11, TCP_CHECK), server(14, TCP_CHECK)))
  lab.run(SEC / 2)
  expect(lab.dests()).toEqual([])
  lab.run(12 * SEC)
  expect(lab.dests()).toEqual(['10.0.0.11:8080 dr 1'])
  expect(lab.said()).toContain('TCP_CHECK on service [10.0.0.14]:tcp:8080 failed.')
})

test('the digest of the body counts', () => {
  expect(md5Hex(new Uint8Array(0))).toBe('d41d8cd98f00b204e9800998ecf8427e')
  expect(md5Hex(Uint8Array.from('a'.repeat(100), (c) => c.charCodeAt(0)))).toBe(
    '36a92cc94a9e0fa21f625f8bfb007adf',
  )
  const digest = (text: string) => service('', server(11, httpGet(`digest ${text}`)))
  const good = makeLab(digest('d41d8cd98f00b204e9800998ecf8427e'))
  const wrong = makeLab(digest('ff20ad2481f97b1754ef3e12ecd3a9cc'))
  for (const lab of [good, wrong]) lab.run(10 * SEC)
  expect(good.dests()).toEqual(['10.0.0.11:8080 dr 1'])
  expect(wrong.dests()).toEqual([])
})

test('a ping check', () => {
  const lab = makeLab(service('', server(11, 'PING_CHECK {\n }')))
  lab.run(8 * SEC)
  expect(lab.said()).toContain(`ICMP connection to ${RS1} success.`)
  lab.runner.op('s1', { op: 'link.set', dev: 'eth0', up: false })
  lab.run(20 * SEC)
  expect(lab.said()).toContain(`ICMP CHECK on service ${RS1} of ${VS} failed after 1 retries.`)
  expect(lab.dests()).toEqual([])
})

test('reload: what is the same keeps its state, new weights and schedulers count, what is gone goes', () => {
  const lab = makeLab(service('', server(11, httpGet()), server(12, httpGet())))
  lab.stopNginx('s1')
  lab.run(12 * SEC)
  expect(lab.dests()).toEqual(['10.0.0.12:8080 dr 1'])
  lab.said()
  const changed = service('', server(11, httpGet()), server(12, httpGet())).replaceAll('weight 1', 'weight 5')
  lab.reload(changed.replace('lvs_sched rr', 'lvs_sched wlc'))
  lab.run(SEC / 2)
  expect(lab.said()).toEqual([
    'Reloading ...',
    "Opening file '/etc/keepalived/keepalived.conf'.",
    'Configuration file /etc/keepalived/keepalived.conf',
    'Reloading',
    'Reinitializing ipvs',
    `Changing weight from 1 to 5 for inactive service ${RS1} of VS ${VS}`,
    `Changing weight from 1 to 5 for active service ${RS2} of VS ${VS}`,
    'Reload complete',
    `Activating healthchecker for service ${RS1} for VS ${VS}`,
    `Activating healthchecker for service ${RS2} for VS ${VS}`,
    'Activating BFD healthchecker',
  ])
  expect(lab.dests()).toEqual(['10.0.0.12:8080 dr 5'])
  expect(lab.host('LB1').ipvs.services[0]?.scheduler).toBe('wlc')
  lab.reload(service('', server(11, httpGet())))
  lab.run(SEC / 2)
  expect(lab.said()).toContain(`service ${RS2} no longer exist`)
  expect(lab.dests()).toEqual([])
})

test('TERM takes everything out of the kernel, KILL leaves it, and the next start says so', () => {
  const lab = makeLab(A7)
  lab.run(8 * SEC)
  lab.said()
  lab.runner.signal('LB1', lab.parent, 'TERM')
  lab.run(SEC)
  expect(lab.said()).toEqual([
    'Stopping',
    `Shutting down service ${RS1} from VS ${VS}`,
    'Stopped - used 0.000000 user time, 0.000000 system time',
    'CPU usage (self/children) user: 0.000000/0.000000 system: 0.000000/0.000000',
    'Stopped Keepalived v2.2.7 (01/16,2022)',
  ])
  expect(lab.host('LB1').ipvs.services).toEqual([])
  const again = lab.start('LB1', 'keepalived -n')
  lab.run(SEC)
  for (const pid of [again, again + 1]) lab.runner.signal('LB1', pid, 'KILL')
  lab.run(SEC)
  expect(lab.dests()).toEqual(['10.0.0.11:8080 dr 10'])
  lab.start('LB1', 'keepalived -n')
  lab.said()
  lab.run(SEC)
  expect(lab.said()).toContain(
    'IPVS cmd IP_VS_SO_SET_ADD(1154) error: Service already exists(17) (10.0.0.100:tcp:8080)',
  )
})

test('a child that is killed is started again; without its parent it ends in order', () => {
  const lab = makeLab(A7)
  lab.run(8 * SEC)
  const first = lab.child()
  lab.runner.signal('LB1', first, 'KILL')
  lab.run(SEC)
  expect(lab.said()).toContain(`Healthcheck child process(${first}) died: Respawning`)
  expect(lab.child()).toBeGreaterThan(first)
  lab.runner.signal('LB1', lab.parent, 'KILL')
  lab.run(SEC)
  expect(lab.host('LB1').ipvs.services).toEqual([])
  expect(Object.keys(lab.host('LB1').procs)).toEqual([])
})

test('groups and firewall marks are services of their own in the kernel', () => {
  const group = `virtual_server_group G {\n 10.0.0.100 8080\n 10.0.0.100 8081\n fwmark 7\n}\n`
  const vs = service('', server(11, '')).replace('virtual_server 10.0.0.100 8080', 'virtual_server group G')
  const lab = makeLab(`${group}${vs}`.replace('lvs_method DR', 'lvs_method TUN'))
  lab.run(SEC)
  expect(lab.dests()).toEqual(['10.0.0.11:8080 tun 1', '10.0.0.11:8081 tun 1', '10.0.0.11:0 tun 1'])
  expect(lab.said()).toContain('Gained quorum 1+0=1 <= 1 for VS [G]:0')
})
