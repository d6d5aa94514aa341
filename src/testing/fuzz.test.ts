import { expect, test } from 'vitest'
import { must } from '../core/base/assert.ts'
import { type Bytes, read32 } from '../core/base/bytes.ts'
import { makeRng, nextBelow } from '../core/base/prng.ts'
import { MS } from '../core/base/ids.ts'
import { finish, runLine } from '../core/lab/line.ts'
import { startLab } from '../core/lab/load.ts'
import { outsideLab } from '../core/lab/labs/outside.ts'
import type { Host } from '../core/kernel/host.ts'
import { machine } from '../core/sim/machine.ts'
import { createRunner } from '../core/sim/runner.ts'
import { createTrace, type Trace } from '../core/sim/trace.ts'
import { cloneWorld, peekEvent, pushFrame, type World } from '../core/sim/world.ts'
import { ETH_P_ARP, ethType } from '../core/wire/ethernet.ts'
import { fuzzFrame } from './fuzz-frames.ts'
import { loadShell } from '../core/shell/module.ts'

await loadShell()

/** Everything that looks at packets is switched on: balancing in three modes, filters, tracking, tunnels, proxies. */
const SETUP = [
  ['server1', 'ip addr add 172.16.253.100/32 dev lo'],
  ['server2', 'modprobe ipip'],
  ['server2', 'ip addr add 172.16.253.100/32 dev tunl0'],
  ['server2', 'ip link set tunl0 up'],
  ['LB1', 'ip addr add 172.16.253.100/32 dev ens33'],
  ['LB1', 'sysctl -w net.ipv4.vs.conntrack=1'],
  ['LB1', 'ipvsadm -A -t 172.16.253.100:8080 -s rr'],
  ['LB1', 'ipvsadm -a -t 172.16.253.100:8080 -r 172.16.253.130 -g'],
  ['LB1', 'ipvsadm -a -t 172.16.253.100:8080 -r 172.16.253.134 -i'],
  ['LB1', 'ipvsadm -a -t 172.16.253.100:8080 -r 192.168.66.13:80 -m'],
  ['LB1', 'iptables -t nat -A POSTROUTING -j MASQUERADE'],
  ['router', 'iptables -A FORWARD -p icmp -j ACCEPT'],
  ['router', 'sysctl -w net.ipv4.conf.eth0.rp_filter=1 net.ipv4.conf.all.log_martians=1'],
  ['router', 'sysctl -w net.ipv4.conf.all.proxy_arp=1'],
  ['router', 'ip tunnel add tun1 mode ipip local 172.16.253.135 remote 172.16.253.134 ttl 9'],
  ['router', 'ip link set tun1 up'],
  ['router', 'ip rule add from 10.0.0.0/8 to 8.0.0.0/8 prohibit'],
  ['client', 'curl -s http://172.16.253.100:8080'],
  ['client', 'ping -c 1 -s 3000 172.16.253.134'],
] as const

function runningLab(): { world: World; seen: Uint8Array[] } {
  const { timeline, boot } = startLab(outsideLab())
  finish(timeline, boot)
  for (const [host, line] of SETUP) {
    const { status, output } = finish(timeline, runLine(timeline, host, line))
    if (status !== 0) throw new Error(`${line}: ${output}`)
  }
  const seen = timeline.trace.frames.map((frame) => frame.bytes).filter((bytes) => bytes.length >= 34)
  return { world: cloneWorld(timeline.world, machine.cloneHost), seen }
}

test(
  '100,000 frames of all kinds never throw, and each has a consequence or a reason',
  { timeout: 120_000 },
  () => {
    const { world, seen } = runningLab()
    const trace = createTrace()
    const runner = createRunner(world, machine, trace)
    const rng = makeRng(20260101, 'fuzz')
    const ends: Record<string, number> = {}
    const devs = Object.values(world.hosts).flatMap((host) =>
      Object.values(host.devs).map((dev) => ({ host, dev })),
    )
    for (let n = 0; n < 100_000; n++) {
      const { host, dev } = must(devs[nextBelow(rng, devs.length)], 'device')
      const addresses = Object.values(host.devs).flatMap((d) => d.addrs.map((a) => a.ip))
      const bytes = fuzzFrame(rng, { mac: dev.mac, addresses }, seen)
      const id = world.nextFrame++
      trace.records.length = 0
      trace.frames.length = 0
      pushFrame(world, world.now, host.id, -1, dev.name, { id, bytes, parent: 0, event: world.events })
      const until = world.now + (n % 64 === 0 ? 100 * MS : 0)
      for (let next = peekEvent(world); next && next.at <= until; next = peekEvent(world)) runner.step()
      world.now = until
      const end = endOf(trace, id, host, bytes)
      ends[end] = (ends[end] ?? 0) + 1
    }
    expect(Object.keys(ends).filter((end) => end.startsWith('nothing'))).toEqual([])
    // The frames really get everywhere: no single kind of end swallows them all.
    expect(Object.keys(ends).length).toBeGreaterThan(20)
    for (const name of ['answered', 'IP_CSUM', 'TCP_CSUM', 'IP_TTL', 'IP_RPFILTER', 'IP_MARTIAN_SOURCE']) {
      expect(ends[name] ?? 0, name).toBeGreaterThan(100)
    }
  },
)

/** Notes on the way that are no end of a frame. */
const ON_THE_WAY = ['rx', 'hook', 'route', 'ecmp', 'martian', 'conntrack', 'nf.rule', 'ipvs.conn']

/** What became of a frame: the reason of its drop, or that something came of it. */
function endOf(trace: Trace, id: number, host: Host, bytes: Bytes): string {
  const drop = trace.records.find((r) => r.kind === 'drop' && r.frame === id)
  if (drop?.kind === 'drop') return drop.why
  const rx = trace.records.find((r) => r.kind === 'rx' && r.frame === id)
  const after = trace.records.filter((r) => r.event === rx?.event && !ON_THE_WAY.includes(r.kind))
  if (after.length > 0) return 'answered'
  // A neighbour that says again what is known, and a fragment that waits for others, are taken without a word.
  const sender = read32(bytes, 28)
  if (ethType(bytes) === ETH_P_ARP && Object.values(host.neigh).some(({ ip }) => ip === sender))
    return 'known'
  if (host.frags.some((queue) => queue.pieces.some((piece) => piece.frame === id))) return 'waits'
  return `nothing ${bytes[23]} ${host.id} ${trace.records.map((r) => r.kind).join(' ')}`
}
