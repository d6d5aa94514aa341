import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { playLab } from '../../testing/play-lab.ts'
import { parseTranscripts } from '../../testing/shell-host.ts'
import { loadShell } from '../shell/module.ts'
import { course } from './labs/course.ts'
import type { Lab } from './schema.ts'

await loadShell()

/** How daemons are started by hand, as on the real side. */
const DAEMONS = [
  '/usr/lib/frr/zebra -d -F traditional -A 127.0.0.1 -s 90000000',
  '/usr/lib/frr/ospfd -d -F traditional -A 127.0.0.1',
  '/usr/lib/frr/staticd -d -F traditional -A 127.0.0.1',
  'vtysh -b',
]

/** The course with no daemon but the router's. */
function routerAlone(): Lab {
  const hosts = Object.entries(course.hosts).map(([id, host]) => {
    const up = 'sysctl -w net.ipv4.ip_forward=1'
    return [id, { ...host, boot: id === 'router' ? [up, ...DAEMONS] : [up] }] as const
  })
  return { ...course, hosts: Object.fromEntries(hosts) }
}

function fixture(name: string): { command: string; output: string }[] {
  return parseTranscripts(
    readFileSync(new URL(`../../testing/fixtures/frr/${name}`, import.meta.url), 'utf8'),
  )
}

/** Times differ, and so do numbers of next-hop objects where several lines were typed at once. */
function plain(text: string): string {
  return text
    .replace(/\d\d:\d\d:\d\d/g, 'TIME')
    .replace(/nhid \d+/g, 'nhid N')
    .trimEnd()
}

describe('commands of zebra, staticd and vtysh, and their mistakes', () => {
  const said = fixture('vtysh.txt')
  const printed = playLab(
    routerAlone(),
    ['sleep 10', ...said.map(({ command }) => command)].map((c) => `router$ ${c}`),
  )
  test.each(said.map((one, i) => ({ ...one, i })))('$i $command', ({ output, i }) => {
    expect(plain(printed[i + 1] ?? '')).toBe(plain(output))
  })
})

/** What depends on when the daemons started and on how fast they were: times, ages, counts of calculations. */
function timeless(text: string): string {
  return plain(text)
    .replace(/\d+h\d\dm\d\ds|\d+m\d\ds|\d+\.\d{3}s|\d+ usecs/g, 'DURATION')
    .replace(/ +DURATION/g, ' DURATION')
    .replace(/^( {2}LS age:) \d+/gm, '$1 AGE')
    .replace(/^([\d.]+ +[\d.]+) +\d+ 0x/gm, '$1 AGE 0x')
    .replace(/\d+( state changes)/, 'N$1')
    .replace(/\d+( state changes)/g, 'N$1')
    .replace(/(multiplier is currently|algorithm executed) \d+/g, '$1 N')
    .replace(/("\w*(?:Msecs?|MsecsDue|DueMsec)":)\d+/g, '$1N')
    .replace(/"(upTime|deadTime)":"[^"]*"/g, '"$1":"DURATION"')
    .replace(/Linux\([^)]*\)/, 'Linux(KERNEL)')
    .replace(/("(?:nexthopGroupId|installedNexthopGroupId)":)\d+/g, '$1N')
}

describe('the course lab converged (golden A9)', () => {
  const sessions = ['router', 'LB1'].flatMap((host) =>
    fixture(`a9-${host}.txt`).map((one) => ({ ...one, host })),
  )
  const printed = playLab(course, [
    'router$ sleep 100',
    ...sessions.map(({ host, command }) => `${host}$ ${command}`),
  ])
  test.each(sessions.map((one, i) => ({ ...one, i })))('$host $command', ({ output, i }) => {
    expect(timeless(printed[i + 1] ?? '')).toBe(timeless(output))
  })
})
