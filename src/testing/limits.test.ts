import { expect, test } from 'vitest'
import { parseIp4, SEC } from '../core/base/ids.ts'
import { must } from '../core/base/assert.ts'
import { finish, runLine } from '../core/lab/line.ts'
import { startLab } from '../core/lab/load.ts'
import { courseStandIn as course } from '../core/lab/labs/course.ts'
import { loadShell } from '../core/shell/module.ts'

await loadShell()

/** Storms come to an end by themselves: by the TTL, by answers that fail, by the limits of a run. */

function booted(limits: Parameters<typeof startLab>[1] = {}) {
  const { timeline, boot } = startLab(course, limits)
  finish(timeline, boot)
  const run = (host: string, line: string) => finish(timeline, runLine(timeline, host, line))
  return { timeline, run }
}

test('a packet between two routers that send it to each other lives 64 hops', () => {
  const { timeline, run } = booted()
  for (const [host, via] of [
    ['LB1', '172.16.253.129'],
    ['LB2', '172.16.253.131'],
  ] as const) {
    run(host, 'sysctl -w net.ipv4.ip_forward=1')
    run(host, `ip route add 203.0.113.0/24 via ${via}`)
  }
  run('router', 'ip route add 203.0.113.0/24 via 172.16.253.131')
  const done = run('router', 'ping -c 1 -W 1 203.0.113.9')
  expect(done.output).toContain('Redirect Host(New nexthop: 172.16.253.129)')
  const dst = must(parseIp4('203.0.113.9'), 'address')
  const hops = timeline.trace.records.filter((r) => r.kind === 'forward').length
  expect(hops).toBe(63)
  expect(timeline.trace.records.some((r) => r.kind === 'redirect.sent' && r.dst === dst)).toBe(true)
  expect(timeline.trace.records.some((r) => r.kind === 'drop' && r.why === 'IP_TTL')).toBe(true)
  // The redirect has used up the credit for ICMP errors to this host (golden A8: redirects, no time exceeded).
  expect(done.output).not.toContain('Time to live exceeded')
})

test('a host that duplicates every frame both ways reaches the limits with a note, and does not hang', () => {
  const { timeline } = booted({ limits: { events: 20_000, frames: 100_000, queue: 5_000, notes: 200_000 } })
  const all = {
    lossPercent: 0,
    duplicatePercent: 100,
    corruptPercent: 0,
    reorderPercent: 0,
    delayNs: 0,
    jitterNs: 0,
  }
  for (const host of ['LB1', 'LB2', 'router']) {
    timeline.op(host, { op: 'sysctl', key: 'net.ipv4.ip_forward', value: '1' })
    timeline.fault(host, 'ens33', 'in', all)
    timeline.fault(host, 'ens33', 'out', all)
  }
  const route = (host: string, via: string) =>
    finish(timeline, runLine(timeline, host, `ip route add 203.0.113.0/24 via ${via}`))
  route('LB1', '172.16.253.129')
  route('LB2', '172.16.253.131')
  route('router', '172.16.253.131')
  timeline.spawn('router', ['ping', '-c', '1', '203.0.113.9'])
  const end = timeline.run({ at: timeline.now + 10 * SEC })
  expect(end).toBe('limit')
  expect(timeline.trace.records.at(-1)?.kind).toBe('limit')
})
