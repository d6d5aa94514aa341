import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseTranscripts } from '../../testing/shell-host.ts'
import { loadCommands } from '../shell/table.ts'
import { course } from './labs/course.ts'
import { finish } from './line.ts'
import { startLab } from './load.ts'
import { runScript } from './run-script.ts'
import type { Lab } from './schema.ts'
import { parseScript } from './script.ts'

await loadCommands()

/** The router of the course with its daemons started by hand, as on the real side, and LB1 without any. */
const DAEMONS = [
  '/usr/lib/frr/zebra -d -F traditional -A 127.0.0.1 -s 90000000',
  '/usr/lib/frr/ospfd -d -F traditional -A 127.0.0.1',
  '/usr/lib/frr/staticd -d -F traditional -A 127.0.0.1',
  'vtysh -b',
]

function lab(): Lab {
  const { router, LB1 } = course.hosts
  if (!router || !LB1) throw new Error('the course has a router and LB1')
  const up = 'sysctl -w net.ipv4.ip_forward=1'
  return {
    ...course,
    hosts: { ...course.hosts, router: { ...router, boot: [up, ...DAEMONS] }, LB1: { ...LB1, boot: [up] } },
  }
}

/** What each line prints on the router, with its exit status as transcripts have it. */
export function play(lines: readonly string[]): string[] {
  const { timeline, boot } = startLab(lab())
  finish(timeline, boot)
  const steps = parseScript(lines.map((line) => `router$ ${line}`).join('\n'), lab())
  if (!steps.ok) throw new Error(steps.error)
  const out: string[] = []
  finish(
    timeline,
    runScript(timeline, steps.value, ({ output, status }) =>
      out.push(output + (status === 0 ? '' : `(exit status ${status})\n`)),
    ),
  )
  return out
}

/** Times differ, and so do numbers of next-hop objects where several lines were typed at once. */
function plain(text: string): string {
  return text
    .replace(/\d\d:\d\d:\d\d/g, 'TIME')
    .replace(/nhid \d+/g, 'nhid N')
    .trimEnd()
}

const fixture = readFileSync(new URL('../../testing/fixtures/frr/vtysh.txt', import.meta.url), 'utf8')
const said = parseTranscripts(fixture)

const printed = play(['sleep 10', ...said.map(({ command }) => command)]).slice(1)

test.each(said.map(({ command, output }, i) => ({ command, output, i })))('$i $command', ({ output, i }) => {
  expect(plain(printed[i] ?? '')).toBe(plain(output))
})
