import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { courseStandIn } from '../core/lab/labs/course.ts'
import type { Lab, LabHost } from '../core/lab/schema.ts'
import { loadShell } from '../core/shell/module.ts'
import { loadCommands } from '../core/shell/table.ts'
import { parseSession, playSession } from './lesson-play.ts'
import { compareTyped } from './lesson-words.ts'

await loadShell()
await loadCommands()

/** Tools beyond the lesson's (ss, netstat, ip's other forms, ethtool, nc, ab, curl), as Debian 12 has them, on two machines. */

const VIP = '172.16.253.100'
const BOOT: Record<string, string[]> = {
  router: [
    'sysctl -w net.ipv4.ip_forward=1',
    `ip route add ${VIP}/32 proto ospf metric 20 nexthop via 172.16.253.131 dev ens33 nexthop via 172.16.253.130 dev ens33`,
    'ip route add default via 172.16.253.130',
    'ping -c 1 -q 172.16.253.130',
  ],
  server1: ['nginx', `ip addr add ${VIP}/32 dev lo label lo:0`],
}
const hosts = Object.entries(courseStandIn.hosts)
  .filter(([id]) => Object.hasOwn(BOOT, id))
  .map(([id, host]): [string, LabHost] => [id, { ...host, boot: BOOT[id] ?? [] }])
const lab: Lab = { ...courseStandIn, profile: 'debian-12', hosts: Object.fromEntries(hosts) }

const session = parseSession(readFileSync(new URL('./fixtures/lesson/tools.txt', import.meta.url), 'utf8'))
const results = playSession(lab, session)

it.each(session.map((typed, i) => ({ typed, i, title: `${i} ${typed.host}$ ${typed.line}` })))(
  '$title',
  ({ typed, i }) => {
    const result = results[i]
    if (!result) throw new Error('not played')
    const { sim, real } = compareTyped(typed, result)
    expect(sim).toEqual(real)
  },
)
