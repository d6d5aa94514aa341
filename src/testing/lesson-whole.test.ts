import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { course } from '../core/lab/labs/course.ts'
import type { Lab } from '../core/lab/schema.ts'
import { loadShell } from '../core/shell/module.ts'
import { loadCommands } from '../core/shell/table.ts'
import { parseSession, playSession, type Typed } from './lesson-play.ts'
import { compareTyped } from './lesson-words.ts'

await loadShell()
await loadCommands()

/**
 * The whole lesson by hand, from stopping the firewall to the last request with a source address of its own, on machines that
 * have their files and addresses and nothing else. What a real machine printed was recorded (golden A3, A9); nothing was
 * recorded of systemctl, for which it is said what has to be in the answer.
 */

const lab: Lab = {
  ...course,
  profile: 'debian-12',
  hosts: Object.fromEntries(Object.entries(course.hosts).map(([id, host]) => [id, { ...host, boot: [] }])),
}
const recorded = ['a9', 'a3'].flatMap((name) =>
  parseSession(readFileSync(new URL(`./fixtures/lesson/${name}.txt`, import.meta.url), 'utf8')),
)

const VIP = '172.16.253.100'
const HOSTS = ['router', 'LB1', 'LB2', 'server1', 'server2']
const ROUTERS = ['router', 'LB1', 'LB2']
const SERVERS = ['server1', 'server2']
const CURL = `curl -v http://${VIP}:8080`

/** `recorded`: as a real machine printed it; a list: these texts are in it, '' = nothing is printed. */
type Step = [hosts: string[], line: string, expected: 'recorded' | string[]]

const POLICY = 'net.ipv4.fib_multipath_hash_policy'
const STEPS: Step[] = [
  [HOSTS, 'systemctl stop firewalld', ['']],
  [HOSTS, 'systemctl disable firewalld', ['']],
  [HOSTS, 'sysctl -p', ['net.ipv4.ip_forward = 1']],
  [SERVERS, 'systemctl start nginx', ['']],
  [SERVERS, 'nginx -s reload', ['signal process started']],
  [['server1'], 'curl http://127.0.0.1:8080 -v', 'recorded'],
  [SERVERS, 'sysctl -w net.ipv4.conf.lo.arp_ignore=1', ['net.ipv4.conf.lo.arp_ignore = 1']],
  [SERVERS, 'sysctl -w net.ipv4.conf.lo.arp_announce=2', ['net.ipv4.conf.lo.arp_announce = 2']],
  [SERVERS, `ifconfig lo:0 ${VIP} broadcast ${VIP} netmask 255.255.255.255 up`, ['']],
  [SERVERS, `route add -host ${VIP} dev lo:0`, ['']],
  [['server1'], 'ifconfig', 'recorded'],
  [['server1'], 'route -n', 'recorded'],
  [['LB1', 'LB2'], 'systemctl restart keepalived', ['']],
  [['LB1', 'LB2'], `ifconfig lo:0 ${VIP} netmask 255.255.255.255 up`, ['']],
  [ROUTERS, 'systemctl restart frr', ['']],
  [['router'], 'sleep 60', ['']],
  [
    ['LB1'],
    'systemctl status keepalived',
    [
      'Active: active (running)',
      'Gained quorum 1+0=1 <= 10 for VS [172.16.253.100]:tcp:8080',
      'Activating healthchecker for service [172.16.253.130]:tcp:8080 for VS [172.16.253.100]:tcp:8080',
    ],
  ],
  [['router'], 'ps -ef | grep ospf', ['/usr/lib/frr/ospfd -d -F traditional -A 127.0.0.1']],
  [['router'], 'vtysh -c "show version"', 'recorded'],
  [ROUTERS, 'vtysh -c "show ip ospf neighbor"', 'recorded'],
  [ROUTERS, 'vtysh -c "show ip route ospf"', 'recorded'],
  [['router'], 'vtysh -c "show running-config"', 'recorded'],
  [['LB1'], 'ipvsadm -L --timeout', 'recorded'],
  [['router'], `sysctl ${POLICY}`, 'recorded'],
  ...[1, 2, 3].map((): Step => [['router'], CURL, 'recorded']),
  [['router'], `sysctl -w ${POLICY}=1`, [`${POLICY} = 1`]],
  ...Array.from({ length: 8 }, (): Step => [['router'], CURL, 'recorded']),
  [['router'], `sysctl -w ${POLICY}=0`, [`${POLICY} = 0`]],
  ...[1, 2, 3].map((n): Step => [
    ['router'],
    `ifconfig lo:${n} 172.16.253.${199 + n} netmask 255.255.255.255 up`,
    [''],
  ]),
  ...[200, 201, 202].map((last): Step => [['router'], `${CURL} --interface 172.16.253.${last}`, 'recorded']),
]

/** A second and a half between lines; so long until routers know each other, beginning with the line that asks for it. */
const PAUSE_MS = 60_000
let clock = 0
const typed = STEPS.flatMap(([hosts, line, expected]) =>
  hosts.map((host) => {
    clock += 1500
    const at = clock
    if (line.startsWith('sleep')) clock += PAUSE_MS
    return { host, line, expected, at }
  }),
)
const results = playSession(lab, typed, 3)

/** The recording of the same line; only one source address was kept. */
function recordingOf(host: string, line: string): Typed {
  const [wanted, last] = /^(.*--interface 172\.16\.253\.)(\d+)$/.exec(line)?.slice(1) ?? [line, '']
  const found = recorded.find((one) => one.host === host && one.line.startsWith(wanted ?? line))
  if (!found) throw new Error(`${host}: ${line}: not recorded`)
  const output = found.output.map((text) =>
    last === '' ? text : text.replaceAll('172.16.253.200', `172.16.253.${last ?? ''}`),
  )
  return { ...found, line, output }
}

/** Which server answers is the hash's choice. */
function anyServer(words: readonly string[]): string[] {
  return words.map((text) => text.replace(/X-Host: server[12]/, 'X-Host: server'))
}

function servedBy(from: number, to: number): string[] {
  return typed
    .map(({ line }, i) =>
      line.startsWith(CURL) ? /X-Host: (\w+)/.exec(results[i]?.output ?? '')?.[1] : undefined,
    )
    .filter((server) => server !== undefined)
    .slice(from, to)
}

describe('the lesson by hand', () => {
  it.each(typed.map((step, i) => ({ ...step, title: `${i} ${step.host}$ ${step.line}`, i })))(
    '$title',
    ({ host, line, expected, i }) => {
      const result = results[i]
      if (!result) throw new Error('not played')
      if (expected === 'recorded') {
        const { sim, real } = compareTyped(recordingOf(host, line), result)
        return expect(anyServer(sim)).toEqual(anyServer(real))
      }
      if (expected[0] === '') expect(result.output).toBe('')
      for (const text of expected) expect(result.output).toContain(text)
      expect(result.status).toBe(0)
    },
  )

  it('one server answers under policy 0, both under policy 1', () => {
    expect(new Set(servedBy(0, 3)).size).toBe(1)
    expect(new Set(servedBy(3, 11)).size).toBe(2)
  })
})
