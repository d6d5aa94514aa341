/**
 * Routing daemons and health checkers: idle hours, what daemons cost beside other traffic, a ring of routers that finds its
 * ways. Measured on the machine of the README: 2.1 s and 1.3 s an hour, 3 %, 0.8 s for the ring.
 */
import { type HostId, SEC } from '../core/base/ids.ts'
import { frrDaemons } from '../core/lab/labs/course-files.ts'
import { course, courseStandIn } from '../core/lab/labs/course.ts'
import { vrrp } from '../core/lab/labs/vrrp.ts'
import { finish } from '../core/lab/line.ts'
import { startLab } from '../core/lab/load.ts'
import type { Lab, LabHost } from '../core/lab/schema.ts'
import { loadShell } from '../core/shell/module.ts'
import type { Timeline } from '../core/sim/timeline.ts'
import type { Bench } from './bench.ts'
import { exchange } from './course-run.ts'

await loadShell()

const HOUR_NS = 3600 * SEC
const LIMITS = { events: 50_000_000, notes: 20_000_000, frames: 5_000_000 }

/** Seconds of wall time for an hour in which nothing but Hellos, checks and adverts happens; the trace is kept. */
function idleHour(lab: Lab): number {
  const { timeline, boot } = startLab(lab, { limits: LIMITS })
  finish(timeline, boot)
  const start = performance.now()
  timeline.run({ at: timeline.now + HOUR_NS })
  return (performance.now() - start) / 1000
}

export const courseHour: Bench = {
  name: 'an idle hour of the course lab, FRR and keepalived',
  unit: 's',
  target: { atMost: 5 },
  repeat: 3,
  run: () => idleHour(course),
}

export const vrrpHour: Bench = {
  name: 'an idle hour of two balancers with VRRP',
  unit: 's',
  target: { atMost: 5 },
  repeat: 3,
  run: () => idleHour(vrrp),
}

/** Many, so that what booting left behind for the garbage collector does not count. */
const EXCHANGES = 2000

/** Milliseconds of processor time for the exchanges in a lab that has booted: a busy machine must not decide. */
function exchangeCost(lab: Lab): number {
  const { timeline, boot } = startLab(lab, { traced: false, checkpointEvery: Infinity })
  finish(timeline, boot)
  const before = process.cpuUsage()
  for (let i = 0; i < EXCHANGES; i++) exchange(timeline)
  return process.cpuUsage(before).user / 1000
}

export const daemonsBeside: Bench = {
  name: 'what daemons that run beside cost an exchange',
  unit: '%',
  target: { atMost: 20 },
  repeat: 3,
  run: () => 100 * (exchangeCost(course) / exchangeCost(courseStandIn) - 1),
}

const ROUTERS = 32

/** Router i has 10.0.i.0/24 to the next one, 10.0.(i-1).0/24 to the one before, and two /32 of its own: 64 prefixes. */
function ringLab(): Lab {
  const hosts: Record<HostId, LabHost> = {}
  const segments: Lab['segments'] = {}
  for (let i = 0; i < ROUTERS; i++) {
    segments[`s${i}`] = { mtu: 1500, delayUs: 50 }
    hosts[`r${i}`] = ringRouter(i, (i + ROUTERS - 1) % ROUTERS)
  }
  return {
    vipscope: 1,
    id: 'ring',
    title: { en: 'ring', zh: 'ring' },
    seed: 1,
    profile: 'ubuntu-24.04',
    segments,
    hosts,
  }
}

function ringRouter(i: number, before: number): LabHost {
  const timers = ' ip ospf hello-interval 1\n ip ospf dead-interval 4\nexit\n'
  const id = i.toString(16).padStart(2, '0')
  return {
    role: 'router',
    at: [i, 0],
    interfaces: {
      eth0: { segment: `s${i}`, mac: `02:00:00:00:00:${id}`, addresses: [`10.0.${i}.1/24`] },
      eth1: { segment: `s${before}`, mac: `02:00:00:00:01:${id}`, addresses: [`10.0.${before}.2/24`] },
    },
    files: {
      '/etc/frr/daemons': frrDaemons(),
      '/etc/frr/frr.conf':
        `frr version 8.4.4\nfrr defaults traditional\nhostname r${i}\nservice integrated-vtysh-config\n` +
        `interface eth0\n${timers}interface eth1\n${timers}` +
        `router ospf\n ospf router-id 1.1.1.${i + 1}\n network 10.0.0.0/8 area 0\nexit\n`,
    },
    boot: [
      'sysctl -w net.ipv4.ip_forward=1',
      `ip addr add 10.200.${i}.1/32 dev lo`,
      `ip addr add 10.201.${i}.1/32 dev lo`,
      'systemctl restart frr',
    ],
  }
}

/** Whether every router has a route to every address of the others. */
function hasConverged(timeline: Timeline): boolean {
  const want = 2 * (ROUTERS - 1)
  return Object.values(timeline.world.hosts).every(
    (host) => host.main.filter((route) => route.prefix === 32 && route.proto === 'ospf').length >= want,
  )
}

/** Seconds of wall time from the bare hosts until every router has every route. */
function ringSeconds(): number {
  const start = performance.now()
  const { timeline, boot } = startLab(ringLab(), { limits: LIMITS, settleNs: 0 })
  finish(timeline, boot)
  while (!hasConverged(timeline)) {
    if (timeline.now > 120 * SEC) throw new Error('the ring has not converged within 120 s')
    timeline.run({ at: timeline.now + SEC })
  }
  return (performance.now() - start) / 1000
}

export const ring: Bench = {
  name: '32 routers in a ring, 64 prefixes, until all have all routes',
  unit: 's',
  target: { atMost: 2 },
  repeat: 3,
  run: ringSeconds,
}
