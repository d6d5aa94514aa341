import { expect, test } from 'vitest'
import { course } from './labs/course.ts'
import { finish } from './line.ts'
import { startLab } from './load.ts'
import { runScript } from './run-script.ts'
import { parseScript } from './script.ts'
import { loadShell } from '../shell/module.ts'

await loadShell()

/** Output of each line on server1, its status after it if that is not 0. */
function play(...lines: string[]): string[] {
  const boot = course.hosts['server1']?.boot.filter((line) => !line.includes('nginx')) ?? []
  const lab = {
    ...course,
    hosts: { ...course.hosts, server1: { ...course.hosts['server1'], boot } },
  } as typeof course
  const { timeline, boot: job } = startLab(lab)
  finish(timeline, job)
  const text = lines.map((line) => (line.startsWith('@') ? line : `server1$ ${line}`)).join('\n')
  const steps = parseScript(text, lab)
  if (!steps.ok) throw new Error(steps.error)
  const out: string[] = []
  finish(
    timeline,
    runScript(timeline, steps.value, ({ output, status }) =>
      out.push(output + (status === 0 ? '' : `(${status})`)),
    ),
  )
  return out
}

/** A process number and times are as they come. */
function plain(text: string | undefined): string {
  return (text ?? '').replace(/\b1\d{3}\b/g, 'PID').replace(/\d\d:\d\d:\d\d/g, 'TIME')
}

const GET = "curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:8080"

test('a service is started, looked at and stopped', () => {
  const out = play(
    'systemctl is-active nginx',
    'systemctl start nginx',
    'systemctl start nginx',
    'systemctl is-active nginx',
    GET,
    'systemctl status nginx',
    'systemctl stop nginx',
    'systemctl is-active nginx',
    'systemctl status nginx',
  )
  expect(out.slice(0, 5)).toEqual(['inactive\n(3)', '', '', 'active\n', '200'])
  expect(plain(out[5])).toBe(`● nginx.service - A high performance web server and a reverse proxy server
     Loaded: loaded (/usr/lib/systemd/system/nginx.service; disabled; preset: enabled)
     Active: active (running) since Thu 2026-01-01 TIME UTC; ${/; (\S+) ago/.exec(out[5] ?? '')?.[1]} ago
       Docs: man:nginx(8)
   Main PID: PID (nginx)
      Tasks: 1
     CGroup: /system.slice/nginx.service
             └─PID "nginx: master process /usr/sbin/nginx -g daemon on; master_process on;"

Jan 01 TIME server1 systemd[1]: Starting nginx.service - A high performance web server and a reverse proxy server...
Jan 01 TIME server1 systemd[1]: Started nginx.service - A high performance web server and a reverse proxy server.
`)
  expect(out.slice(6, 8)).toEqual(['', 'inactive\n(3)'])
  expect(out[8]).toContain('Active: inactive (dead) since')
  expect(out[8]).toContain('Stopped nginx.service')
})

test('restart gives a new process; a killed one leaves a failed unit', () => {
  const out = play(
    'systemctl restart nginx',
    'pidof nginx',
    'systemctl restart nginx',
    'pidof nginx',
    'killall -9 nginx',
    'sleep 0.1',
    'systemctl is-active nginx',
    'journalctl -u nginx -n 2 -o cat',
    GET,
  )
  expect(Number(out[3])).toBeGreaterThan(Number(out[1]))
  expect(out.slice(6)).toEqual([
    'failed\n(3)',
    "nginx.service: Main process exited, code=killed, status=9/KILL\nnginx.service: Failed with result 'signal'.\n",
    '000(7)',
  ])
})

test('a process started by hand is no service', () => {
  const out = play(
    'nginx',
    'systemctl is-active nginx',
    'systemctl start nginx',
    'pkill ngin',
    'sleep 0.1',
    'pgrep nginx',
  )
  expect(out[1]).toBe('inactive\n(3)')
  expect(out.at(-1)).toBe('(1)')
})

test('what cannot start says why in the journal', () => {
  const out = play(
    'nginx',
    'systemctl start nginx',
    'sleep 3',
    'systemctl is-active nginx',
    'journalctl -u nginx -o cat',
  )
  expect(out[3]).toBe('failed\n(3)')
  expect(out[4]).toContain('nginx: [emerg] bind() to 0.0.0.0:8080 failed (98: Address already in use)')
})

test('only what is enabled comes back after a power cut', () => {
  const once = play(
    'systemctl start nginx',
    '@poweroff server1',
    '@poweron server1',
    'systemctl is-active nginx',
  )
  expect(once.at(-1)).toBe('inactive\n(3)')
  const enabled = play(
    'systemctl enable --now nginx',
    '@poweroff server1',
    '@poweron server1',
    'systemctl is-active nginx',
    'systemctl is-enabled nginx',
  )
  expect(enabled[0]).toContain('Created symlink /etc/systemd/system/multi-user.target.wants/nginx.service → ')
  expect(enabled.slice(1)).toEqual(['active\n', 'enabled\n'])
})

test('ps lists what runs', () => {
  const [, ps = ''] = play('systemctl start nginx', 'ps -ef')
  const lines = plain(ps).split('\n')
  expect(lines[0]).toBe('UID          PID    PPID  C STIME TTY          TIME CMD')
  expect(lines[2]).toMatch(
    /^root {8}PID {7}1 {2}0 00:0\d \? {8}TIME nginx: master process \/usr\/sbin\/nginx -g daemon on; master_process on;$/,
  )
})

test.each([
  ['kill 99999', 'bash: kill: (99999) - No such process\n(1)'],
  ['kill -FOO 1', 'bash: kill: FOO: invalid signal specification\n(1)'],
  ['killall apache2', 'apache2: no process found\n(1)'],
  ['systemctl frobnicate nginx', 'Unknown command verb frobnicate.\n(1)'],
  ['systemctl reload nginx', 'nginx.service is not active, cannot reload.\n(1)'],
  ['systemctl start keepalived', ''],
  ['journalctl -u nothing', '-- No entries --\n'],
])('%s', (line, says) => {
  expect(play(line)).toEqual([says])
})
