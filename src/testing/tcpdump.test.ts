import { expect, test } from 'vitest'
import { parseScript } from '../core/lab/script.ts'
import { courseStandIn as course } from '../core/lab/labs/course.ts'
import { finish, type LineResult } from '../core/lab/line.ts'
import { startLab } from '../core/lab/load.ts'
import { runScript } from '../core/lab/run-script.ts'
import { loadShell } from '../core/shell/module.ts'

await loadShell()

/** Outputs of the lines of a script over the course lab. */
function play(script: string): string[] {
  const { timeline, boot } = startLab(course)
  finish(timeline, boot)
  const steps = parseScript(script, course)
  if (!steps.ok) throw new Error(steps.error)
  const results: LineResult[] = []
  finish(
    timeline,
    runScript(timeline, steps.value, (result) => results.push(result)),
  )
  return results.map(({ output }) => output)
}

test('a capture shows what passes the interface, in the words of the real one', () => {
  const [, dump = ''] = play(
    [
      "router& timeout 2 tcpdump -nn -e -i ens33 'arp or icmp'",
      '@sleep 0.1',
      'router$ ping -c 1 172.16.253.131',
    ].join('\n'),
  )
  const lines = dump.split('\n')
  expect(lines.slice(0, 2)).toEqual([
    'tcpdump: verbose output suppressed, use -v[v]... for full protocol decode',
    'listening on ens33, link-type EN10MB (Ethernet), snapshot length 262144 bytes',
  ])
  expect(lines[2]).toMatch(
    /^\d\d:\d\d:\d\d\.\d{6} 00:0c:29:35:01:35 > ff:ff:ff:ff:ff:ff, ethertype ARP \(0x0806\), length 42: Request who-has 172\.16\.253\.131 tell 172\.16\.253\.135, length 28$/,
  )
  expect(lines.slice(-5, -1)).toEqual([
    '',
    '4 packets captured',
    '4 packets received by filter',
    '0 packets dropped by kernel',
  ])
})

test('it stops by itself after a count, writes a file and reads it again', () => {
  const outputs = play(
    [
      'router& tcpdump -i ens33 -c 2 -w /tmp/x.pcap arp',
      '@sleep 0.1',
      'router$ ping -c 1 172.16.253.131',
      'router$ tcpdump -t -r /tmp/x.pcap arp 2>/dev/null',
    ].join('\n'),
  )
  expect(outputs[1]).toBe(
    'ARP, Request who-has 172.16.253.131 tell 172.16.253.135, length 28\nARP, Reply 172.16.253.131 is-at 00:0c:29:31:01:31, length 28\n',
  )
})

test('verbose tells the headers and judges checksums', () => {
  const [, , dump = ''] = play(
    [
      'router& timeout 1 tcpdump -ni any -v -c 1 tcp',
      '@sleep 0.1',
      'router$ curl -s http://172.16.253.131:81',
      'router$ curl -s http://172.16.253.130:8080',
    ].join('\n'),
  )
  expect(dump).toMatch(
    /ens33 Out IP \(tos 0x0, ttl 64, id \d+, offset 0, flags \[DF\], proto TCP \(6\), length 60\)\n {4}172\.16\.253\.135\.\d+ > 172\.16\.253\.131\.81: Flags \[S\], cksum 0x[0-9a-f]{4} \(correct\), seq /,
  )
})

test('mistakes are told as the real one tells them', () => {
  expect(play('router$ tcpdump -i nosuch\nrouter$ tcpdump -i ens33 tcp and\nrouter$ tcpdump -c x')).toEqual([
    'tcpdump: nosuch: No such device exists\n(No such device exists)\n',
    "tcpdump: can't parse filter expression: syntax error\n",
    'tcpdump: invalid packet count x\n',
  ])
})
