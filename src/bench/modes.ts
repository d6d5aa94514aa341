/** curl exchanges from a client outside through one load balancer, in each of the four modes. */
import { OUTSIDE_VIP, outsideLab } from '../core/lab/labs/outside.ts'
import { finish } from '../core/lab/line.ts'
import { startLab } from '../core/lab/load.ts'
import { loadShell } from '../core/shell/module.ts'
import type { Timeline, TimelineOptions } from '../core/sim/timeline.ts'
import type { Bench } from './bench.ts'

await loadShell()

const EXCHANGES = 500
const SERVICE = `-t ${OUTSIDE_VIP}:8080`
const SERVERS = ['172.16.253.130', '172.16.253.134']
const DIRECTOR = '172.16.253.131'
const VIP_ON_LO = `ip addr add ${OUTSIDE_VIP}/32 dev lo label lo:0`
const QUIET_ARP = ['sysctl -w net.ipv4.conf.all.arp_ignore=1', 'sysctl -w net.ipv4.conf.all.arp_announce=2']

/** Boot lines of the servers, the flag of the director, and the servers' gateway if it is not the router. */
const MODES: Record<string, { flag: string; server: string[]; gateway?: string; director?: string }> = {
  DR: { flag: '-g', server: [...QUIET_ARP, VIP_ON_LO] },
  NAT: { flag: '-m', server: [], gateway: DIRECTOR },
  FULLNAT: { flag: '-b', server: [], director: `ipvsadm -P ${SERVICE} -z ${DIRECTOR}` },
  TUN: { flag: '-i', server: [...QUIET_ARP, VIP_ON_LO, 'modprobe ipip', 'ip link set tunl0 up'] },
}

function bootMode(name: string, options: TimelineOptions): Timeline {
  const mode = MODES[name]
  if (!mode) throw new Error(`there is no mode ${name}`)
  const { flag, server, gateway, director } = mode
  const add = SERVERS.map((ip) => `ipvsadm -a ${SERVICE} -r ${ip}:8080 ${flag}`)
  const { timeline, boot } = startLab(
    outsideLab({
      gateways: gateway === undefined ? {} : { server1: gateway, server2: gateway },
      boot: {
        router: [`ip route add ${OUTSIDE_VIP}/32 via ${DIRECTOR}`],
        server1: server,
        server2: server,
        LB1: [`ipvsadm -A ${SERVICE} -s rr`, ...add, ...(director === undefined ? [] : [director])],
      },
    }),
    options,
  )
  finish(timeline, boot)
  return timeline
}

function exchanges(name: string): number {
  const timeline = bootMode(name, { traced: false, checkpointEvery: Infinity })
  const start = performance.now()
  for (let i = 0; i < EXCHANGES; i++) {
    const pid = timeline.spawn('client', ['curl', '-s', '-o', '/dev/null', `http://${OUTSIDE_VIP}:8080`])
    if (!pid.ok) throw new Error(pid.error)
    timeline.run({ exit: { host: 'client', pid: pid.value } })
    timeline.run({ idle: true })
  }
  const ms = performance.now() - start
  const served = timeline.world.hosts['LB1']?.ipvs.count ?? 0
  if (served !== EXCHANGES) throw new Error(`${served} of ${EXCHANGES} connections were made`)
  return (EXCHANGES * 1000) / ms
}

/** The course lab's exchange has no router on its way, so that one of these costs about half as much again. */
function modeBench(name: string): Bench {
  return {
    name: `curl exchanges from outside, ${name}, without notes`,
    unit: '/s',
    target: { atLeast: 3000 },
    run: () => exchanges(name),
  }
}

export const dr = modeBench('DR')
export const nat = modeBench('NAT')
export const fullnat = modeBench('FULLNAT')
export const tun = modeBench('TUN')

const CONNECTIONS = 10_000

/** Connections that are all open at once, asked for by many curls in the same moment. */
function stormMegabytes(): number {
  const timeline = bootMode('NAT', { traced: false, checkpointEvery: Infinity })
  const before = process.memoryUsage().rss
  let most = before
  for (let i = 0; i < CONNECTIONS; i++) {
    const pid = timeline.spawn('client', [
      'curl',
      '-s',
      '--max-time',
      '5',
      '-o',
      '/dev/null',
      `http://${OUTSIDE_VIP}:8080`,
    ])
    if (!pid.ok) timeline.run({ at: timeline.now + 200_000 })
    if (i % 500 === 0) most = Math.max(most, process.memoryUsage().rss)
  }
  timeline.run({ at: timeline.now + 10e9 })
  most = Math.max(most, process.memoryUsage().rss)
  if ((timeline.world.hosts['LB1']?.ipvs.count ?? 0) < CONNECTIONS * 0.9)
    throw new Error('too few connections were made')
  return (most - before) / 1e6
}

export const storm: Bench = {
  name: `memory of ${CONNECTIONS} connections at once`,
  unit: 'MB',
  target: { atMost: 512 },
  repeat: 1,
  run: stormMegabytes,
}
