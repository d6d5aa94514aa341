import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { frrDaemons } from '../core/lab/labs/course-files.ts'
import { finish, runLine } from '../core/lab/line.ts'
import { startLab } from '../core/lab/load.ts'
import type { Lab } from '../core/lab/schema.ts'
import { loadShell } from '../core/shell/module.ts'
import type { Timeline } from '../core/sim/timeline.ts'

await loadShell()

/** Wrong files and what FRR 8.4.4, keepalived 2.2.7 and nginx 1.22 said of them on a real machine; the last line is `rc=STATUS`. */
interface Wrong {
  program: 'frr' | 'keepalived' | 'nginx'
  conf: string[]
  /** Of a check that starts nothing. */
  check: string[]
  /** FRR: of `vtysh -b`, and the configuration that runs after it. */
  boot?: string[]
  running?: string[]
}

const CASES = JSON.parse(
  readFileSync(new URL('fixtures/wrong-configs.json', import.meta.url), 'utf8'),
) as Wrong[]
const PATH = '/etc/wrong.conf'
const CHECK: Record<Wrong['program'], string> = {
  frr: `vtysh -C -f ${PATH}`,
  keepalived: `keepalived -t -f ${PATH}`,
  nginx: `nginx -t -c ${PATH}`,
}

function hostWith({ program, conf }: Wrong): Timeline {
  const text = `${conf.join('\n')}\n`
  const lab: Lab = {
    ...{ vipscope: 1, id: 'wrong', title: { en: 'wrong', zh: 'wrong' }, seed: 1, profile: 'debian-12' },
    segments: { lan: { mtu: 1500, delayUs: 50 } },
    hosts: {
      router: {
        role: 'router',
        at: [0, 0],
        interfaces: {
          ens33: { segment: 'lan', mac: '00:0c:29:35:01:35', addresses: ['172.16.253.135/24'] },
        },
        files: { [PATH]: text, '/etc/frr/frr.conf': text, '/etc/frr/daemons': frrDaemons() },
        boot: program === 'frr' ? ['systemctl restart frr'] : [],
      },
    },
  }
  const { timeline, boot } = startLab(lab)
  finish(timeline, boot)
  return timeline
}

function said(timeline: Timeline, line: string): string[] {
  const { output } = finish(timeline, runLine(timeline, 'router', `${line}; echo rc=$?`))
  return output.replace(/\n$/, '').split('\n')
}

describe('a wrong configuration: the program’s own words, with file and line, and its own behaviour', () => {
  test.each(CASES.map((one, i) => [`${one.program} ${i + 1}`, one] as const))('%s', (_, one) => {
    const timeline = hostWith(one)
    expect(said(timeline, CHECK[one.program])).toEqual(one.check)
    if (one.boot) expect(said(timeline, 'vtysh -b')).toEqual(one.boot)
    if (one.running) expect(said(timeline, "vtysh -c 'show running-config'")).toEqual(one.running)
  })
})

test('FRR goes on with what is right, keepalived starts and says so, nginx does not start', () => {
  const byProgram = (program: Wrong['program']): Timeline =>
    hostWith(CASES.find((one) => one.program === program) ?? { program, conf: [], check: [] })
  const pids = (timeline: Timeline, name: string): number =>
    Object.values(timeline.world.hosts['router']?.procs ?? {}).filter((proc) => proc.program === name).length
  const frr = byProgram('frr')
  expect(pids(frr, 'ospfd')).toBe(1)
  const keepalived = byProgram('keepalived')
  said(keepalived, `keepalived -f ${PATH}`)
  expect(pids(keepalived, 'keepalived')).toBe(2)
  const nginx = byProgram('nginx')
  said(nginx, `nginx -c ${PATH}`)
  expect(pids(nginx, 'nginx')).toBe(0)
})
