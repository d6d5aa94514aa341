import { expect, test } from 'vitest'
import { finish, runLine } from '../core/lab/line.ts'
import { startLab } from '../core/lab/load.ts'
import { outsideDr } from '../core/lab/labs/outside.ts'
import { loadShell } from '../core/shell/module.ts'
import type { Timeline } from '../core/sim/timeline.ts'

await loadShell()

/** Client outside, FULLNAT on LB1. */
function fullnat(): { timeline: Timeline; run: (host: string, line: string) => string } {
  const { timeline, boot } = startLab(outsideDr)
  finish(timeline, boot)
  const run = (host: string, line: string): string => finish(timeline, runLine(timeline, host, line)).output
  run(
    'LB1',
    'ipvsadm -C; ipvsadm -A -t 172.16.253.100:8080 -s rr; ipvsadm -a -t 172.16.253.100:8080 -r 172.16.253.130:8080 -b; ipvsadm -P -t 172.16.253.100:8080 -z 172.16.253.131',
  )
  return { timeline, run }
}

const ASK = "curl -sv http://172.16.253.100:8080 2>&1 | grep -i 'remote-ip'"

test('a server behind FULLNAT sees the load balancer, and with TOA the client, if its kernel reads the option', () => {
  const { run } = fullnat()
  expect(run('client', ASK)).toContain('172.16.253.131')
  run('LB1', 'sysctl -w net.ipv4.vs.toa_entry=1')
  expect(run('client', ASK)).toContain('172.16.253.131')
  run('server1', 'modprobe toa')
  expect(run('client', ASK)).toContain('10.0.0.10')
  run('server1', 'rmmod toa')
  expect(run('client', ASK)).toContain('172.16.253.131')
})
