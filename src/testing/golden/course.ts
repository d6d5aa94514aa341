import { courseStandIn as course } from '../../core/lab/labs/course.ts'
import type { Lab } from '../../core/lab/schema.ts'
import type { GoldenScenario } from './scenario.ts'
import { at, STALL } from './words.ts'

/** The scenarios of the course lab. */

const HEALTH = [
  ['172.16.253.131', '172.16.253.130'],
  ['172.16.253.129', '172.16.253.134'],
] as const
const CHECK1 = 'LB1$ curl -s http://172.16.253.130:8080'
const CHECK2 = 'LB2$ curl -s http://172.16.253.134:8080'
const CURL = 'router$ curl -v http://172.16.253.100:8080'
function served(pattern: string): string[] {
  return [...pattern].map((digit) => `server${digit}`)
}

/** Requests with pauses before them, in seconds. */
function requests(pauses: readonly number[], line: (i: number) => string): string {
  return pauses.map((pause, i) => `@sleep ${pause}\n${line(i)}`).join('\n')
}

function fromAddress(last: number): string {
  return `${CURL} --interface 172.16.253.${last}`
}

const A3_FIRST = [200, 201, 202, 200, 201, 202]
const A3_REST = [203, 204, 205, 206, 207, 208, 209, 210]
const A3_ALIASES = Array.from(
  { length: 11 },
  (_, i) => `router$ ifconfig lo:${i + 1} 172.16.253.${200 + i} netmask 255.255.255.255 up`,
).join('\n')

/** What was typed without a transcript before each request: the router forgets its neighbours. */
const A6_FLUSH = /^(curl|arping) /

/** Without OSPF: the router has no route to the virtual address but the connected one. */
function withoutOspf(boot: Record<string, readonly string[]> = {}): Lab {
  const hosts = Object.fromEntries(
    Object.entries(course.hosts).map(([id, host]) => {
      const kept = host.boot.filter((line) => !line.includes('proto ospf'))
      return [id, { ...host, boot: [...kept, ...(boot[id] ?? [])] }]
    }),
  )
  return { ...course, hosts }
}

function onServers(line: string): string {
  return `server1$ ${line}\nserver2$ ${line}`
}
const HIDE = 'sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2'

export const COURSE_SCENARIOS: readonly GoldenScenario[] = [
  {
    id: 'A1',
    shows: 'the course lab, hash policy 0: one address pair stays on one load balancer',
    lab: course,
    seed: 1,
    health: HEALTH,
    takes: [
      {
        name: '',
        script: `@sleep 0.54\n${CHECK1}\n@sleep 0.14\n${CHECK2}\n${requests([1, 1.2, 1.2, 1.2, 1.2, 1.4], () => CURL)}`,
        served: served('222222'),
      },
    ],
  },
  {
    id: 'A2',
    shows: 'hash policy 1: connections are spread by their ports',
    lab: course,
    seed: 2919,
    health: HEALTH,
    takes: [
      {
        name: '',
        before: 'router$ sysctl -w net.ipv4.fib_multipath_hash_policy=1',
        script: requests([0.5, 1.2, 0.9, 1.1, 1.3, 1.2, 1.2, 0.9, 1.2, 1.5, 1.1, 0.8], () => CURL),
        served: served('222221211121'),
      },
    ],
  },
  {
    id: 'A3',
    shows: 'hash policy 0, requests from other source addresses',
    lab: course,
    seed: 1828,
    health: HEALTH,
    takes: [
      {
        name: '',
        before: A3_ALIASES,
        warm: CHECK2,
        script: [
          requests([0.5, 1.4, 1.5, 1.4], (i) => fromAddress(A3_FIRST[i] ?? 0)),
          `@sleep 1.2\n${CHECK1}`,
          requests([0.7, 1.2], (i) => fromAddress(A3_FIRST[4 + i] ?? 0)),
          requests([2.7, 1.9, 1.3, 1.6, 1.9, 1.6, 0.9, 1.2], (i) => fromAddress(A3_REST[i] ?? 0)),
        ].join('\n'),
        served: served('22222221222221'),
      },
    ],
  },
  {
    id: 'A6',
    shows: 'no OSPF: who answers ARP for the virtual address, and whose answer is kept',
    lab: withoutOspf(),
    health: HEALTH,
    takes: [
      { name: 'course-lo-only', flushBefore: A6_FLUSH },
      { name: 'servers-all', before: onServers(HIDE), flushBefore: A6_FLUSH },
      { name: 'servers-and-lbs-all', before: `LB1$ ${HIDE}\nLB2$ ${HIDE}`, flushBefore: A6_FLUSH },
    ],
  },
  {
    id: 'A8',
    shows: 'DR with the virtual address missing on server1: forwarded, dropped, or sent in a circle',
    lab: withoutOspf({
      router: ['ip route add 172.16.253.100/32 via 172.16.253.131'],
      server1: ['route del -host 172.16.253.100 dev lo:0', 'ifconfig lo:0 down'],
    }),
    health: HEALTH,
    takes: [
      { name: 'forward1', except: at('router-ens33 server1-ens33 sw-br0', STALL) },
      { name: 'forward0', before: 'server1$ sysctl -w net.ipv4.ip_forward=0' },
      {
        name: 'forward1-no-other-vip-owner',
        unlike: {
          'ipvsadm -Ln --stats': 'LB2 has lost its server: keepalived, which takes it out, is stood in for',
        },
        except: at('router-ens33 server1-ens33 sw-br0', STALL),
        before:
          'server1$ sysctl -w net.ipv4.ip_forward=1\nLB2$ ip link set ens33 down\nserver2$ ip link set ens33 down',
      },
    ],
  },
]
