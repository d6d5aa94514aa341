import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { courseStandIn } from '../core/lab/labs/course.ts'
import { finish, runLine } from '../core/lab/line.ts'
import { startLab } from '../core/lab/load.ts'
import { makeShellHost } from './shell-host.ts'
import { loadShell } from '../core/shell/module.ts'
import { commandNames, loadCommands } from '../core/shell/table.ts'

await loadShell()
await loadCommands()

/** Whatever stands behind the name of a command: an answer, never an exception or a hang. */

const WORDS = (
  'add del show list set get change replace flush help dev via src proto table from to metric nexthop weight id group type ' +
  'ens33 lo lo:0 nope all any default up down mtu netmask broadcast hw -host -net gw 172.16.253.100 172.16.253.0/24 ' +
  '172.16.253.131:8080 10.0.0.1/33 300.1.1.1 0 1 -1 65535 99999999999 1e9 0x10 net.ipv4.ip_forward net.ipv4.ip_forward=2 ' +
  '-A -D -I -L -n -p -t -u -s -d -j -m -i -o -c -w -v -a -e -l -k -z -x -r --help --version --json -- - / . .. /etc /etc/x ' +
  'state established ( ) and or not dport = :80 http://172.16.253.100:8080/ http:// a=b -Ln --stats INPUT -P ACCEPT nat ' +
  'start stop status reload frr nginx keepalived -c -ef aux -9 1 1000 tcp udp icmp port host src -nn -vv'
).split(' ')

const anyText = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '\x1b[2J',
    '\0',
    '\x7f'.repeat(50),
    '$(',
    '`',
    '"',
    '\\',
    "'",
    'é'.repeat(20),
    'x'.repeat(10_000),
  ),
)
const word = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...WORDS) }, { weight: 1, arbitrary: anyText })
const words = fc.array(word, { maxLength: 7 })

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`).replaceAll('\0', '')}'`
}

/** Programs and what waits are played below, on a lab; `exit` and `sleep` are about the session and time. */
const PLAYED = ['ab', 'nc', 'curl', 'ping', 'traceroute', 'tcpdump', 'arping', 'nginx', 'vtysh', 'keepalived']
const WAITING = [
  'sleep',
  'watch',
  'timeout',
  'wait',
  'netcat',
  'eval',
  'bash',
  'sh',
  'xargs',
  'time',
  'nohup',
  'systemctl',
  'service',
]
const names = commandNames().filter((name) => !PLAYED.includes(name) && !WAITING.includes(name))

describe('random words behind every command', () => {
  test.each(names)('%s', (name) => {
    fc.assert(
      fc.property(words, (args) => {
        const shell = makeShellHost('LB1', '172.16.253.131/24', '00:0c:29:31:01:31')
        const { status } = shell.run(`${name} ${args.map(quoted).join(' ')}`)
        expect(status).toBeGreaterThanOrEqual(0)
        expect(status).toBeLessThan(256)
      }),
      { numRuns: 60 },
    )
  })
})

describe('random words behind every program', () => {
  const { timeline, boot } = startLab(courseStandIn)
  finish(timeline, boot)
  test.each(PLAYED)('%s', (name) => {
    fc.assert(
      fc.property(words, (args) => {
        const line = `timeout 2 ${name} ${args.map(quoted).join(' ')}`
        const { status } = finish(timeline, runLine(timeline, 'router', line))
        expect(status).toBeGreaterThanOrEqual(0)
        expect(status).toBeLessThan(256)
      }),
      { numRuns: 40 },
    )
  })
})

describe('any text as a whole line', () => {
  test('of ten thousand characters', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', minLength: 1, maxLength: 10_000 }),
          fc.array(word, { maxLength: 400 }).map((list) => list.join(' ')),
        ),
        (line) => {
          const shell = makeShellHost('LB1', '172.16.253.131/24', '00:0c:29:31:01:31')
          expect(shell.run(line).status).toBeGreaterThanOrEqual(0)
        },
      ),
      { numRuns: 200 },
    )
  })
})
