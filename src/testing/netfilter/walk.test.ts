import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { read8 } from '../../core/base/bytes.ts'
import { formatIp4 } from '../../core/base/ids.ts'
import type { HookDef } from '../../core/kernel/ctx.ts'
import type { HookPoint } from '../../core/kernel/note.ts'
import { L2 } from '../../core/kernel/skb.ts'
import { ipDst, ipHeaderLength, ipProto, ipSrc, ipTtl } from '../../core/wire/ipv4.ts'
import { makeLab } from './lab.ts'

/**
 * Which hooks a packet meets, at which priorities, and what its header is there: a request and its answer in every mode of
 * IPVS, equal to what log chains wrote on Linux 6.1 (golden N1; the SYN and the SYN-ACK of each).
 */
const fixture = new URL('../fixtures/walks.tsv', import.meta.url)
const recorded = readFileSync(fixture, 'utf8').split('\n').slice(1)

const PRIORITIES: Record<HookPoint, number[]> = {
  PREROUTING: [-500, -150, 500],
  LOCAL_IN: [-500, 97, 101, 500],
  FORWARD: [-500, 98, 101, 500],
  LOCAL_OUT: [-500, -101, -97, 500],
  POSTROUTING: [-500, 99, 500],
}
const NAMES: Record<HookPoint, string> = {
  PREROUTING: 'prerouting',
  LOCAL_IN: 'input',
  FORWARD: 'forward',
  LOCAL_OUT: 'output',
  POSTROUTING: 'postrouting',
}
const VIP = '172.16.253.100'

/** Put a log function at every recorded place. It writes one line per packet. */
function walkOn(lab: ReturnType<typeof makeLab>, lines: string[]): void {
  lab.act('client', (_host, ctx) => {
    for (const [name, priorities] of Object.entries(PRIORITIES)) {
      const point = name as HookPoint
      const probes = priorities.map((priority) => probe(point, priority, lines))
      // Where priorities are equal the log chain was registered before the others.
      const all = [...probes, ...ctx.stack.hooks[point]].sort((a, b) => a.priority - b.priority)
      ctx.stack.hooks[point] = all
    }
  })
}

function probe(point: HookPoint, priority: number, lines: string[]): HookDef {
  const run: HookDef['run'] = (host, { data, dev, dst }) => {
    const proto = ipProto(data, L2)
    if (proto !== 1 && proto !== 4 && proto !== 6) return 'ACCEPT'
    const name = proto === 6 ? 'TCP' : proto === 1 ? 'ICMP' : '4'
    const input = point === 'LOCAL_OUT' ? '' : dev
    const output = point === 'PREROUTING' || point === 'LOCAL_IN' ? '' : (dst?.dev ?? '')
    const flags = proto === 6 ? flagNames(read8(data, L2 + ipHeaderLength(data, L2) + 13)) : ''
    const ends = [formatIp4(ipSrc(data, L2)), formatIp4(ipDst(data, L2)), ipTtl(data, L2)]
    lines.push([host.id, NAMES[point], priority, input, output, ...ends, name, flags].join('\t'))
    return 'ACCEPT'
  }
  return { point, priority, name: 'probe', run }
}

function flagNames(flags: number): string {
  const names: [number, string][] = [
    [2, 'SYN'],
    [16, 'ACK'],
    [4, 'RST'],
  ]
  return names.flatMap(([bit, text]) => ((flags & bit) !== 0 ? [text] : [])).join(' ')
}

const VIP_ON_LO = (host: string): [string, string] => [host, `ip addr add ${VIP}/32 dev lo`]
const SERVICE: [string, string] = ['LB1', `ipvsadm -A -t ${VIP}:8080 -s rr`]
const real = (server: string, how: string): [string, string] => [
  'LB1',
  `ipvsadm -a -t ${VIP}:8080 -r ${server}:8080 ${how}`,
]
const tunnel = (host: string): [string, string][] => [
  [host, 'modprobe ipip'],
  [host, `ip addr add ${VIP}/32 dev tunl0`],
  [host, 'ip link set tunl0 up'],
]

const VARIANTS: Record<string, [host: string, line: string][]> = {
  DR: [
    VIP_ON_LO('server1'),
    ['server1', 'sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2'],
    SERVICE,
    real('172.16.253.130', '-g'),
  ],
  NAT: [['server1', 'ip route replace default via 172.16.253.131'], SERVICE, real('172.16.253.130', '-m')],
  FULLNAT: [
    SERVICE,
    real('172.16.253.130', '-m'),
    ['LB1', 'sysctl -qw net.ipv4.vs.conntrack=1'],
    ['LB1', `iptables -t nat -A POSTROUTING -m ipvs --vaddr ${VIP}/32 -j MASQUERADE`],
  ],
  TUN: [...tunnel('server1'), SERVICE, real('172.16.253.130', '-i')],
  'TUN-other-subnet': [...tunnel('server3'), SERVICE, real('192.168.66.13', '-i')],
  'no-service': [],
  'ping-vip': [],
}

describe('the walk of a request and its answer', () => {
  test.each(Object.entries(VARIANTS))('%s', (name, setup) => {
    const lab = makeLab()
    for (const [host, line] of setup) lab.set(host, line)
    const lines: string[] = []
    walkOn(lab, lines)
    if (name === 'ping-vip') lab.ping('client', VIP)
    else lab.connectOnly(VIP, 8080)
    lab.run(20_000_000)
    const expected = recorded
      .filter((line) => line.startsWith(`${name}\t`))
      .map((line) => line.slice(name.length + 1))
    expect(lines.slice(0, expected.length)).toEqual(expected)
    expect(expected.length).toBeGreaterThan(20)
  })
})
