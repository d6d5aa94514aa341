import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadShell } from '../core/shell/module.ts'
import { loadCommands } from '../core/shell/table.ts'
import { lessonLab } from './lesson-lab.ts'
import { parseSession, playSession, type Typed } from './lesson-play.ts'
import { compareTyped } from './lesson-words.ts'

await loadShell()
await loadCommands()

/** Every command of the lesson's tools (golden A9), typed at its recorded time, and what it printed. */

const session = parseSession(readFileSync(new URL('./fixtures/lesson/a9.txt', import.meta.url), 'utf8'))

/** A seed with which the router's random hash sends what it sent in the recording to the same load balancer. */
const SEED = 3

/** Commands whose text differs, and why. */
const UNLIKE: readonly (readonly [RegExp, string])[] = [
  [/^cat \/etc\/frr\/daemons/, 'the lab holds the lines of the file that count'],
  [/^cat \/var\/log\/(frr\/frr|keepalived)\.log/, 'daemons log to the journal, not to files'],
]

/** Lines that ran beside a recorded one without being recorded, in milliseconds after it began. */
const BESIDE: readonly { after: RegExp; ms: number; host: string; line: string }[] = [
  { after: /tcpdump.*tcp port 8080/, ms: 6000, host: 'router', line: 'curl -s http://172.16.253.100:8080' },
  { after: /tcpdump.*tcp port 8080/, ms: 7100, host: 'router', line: 'curl -s http://172.16.253.100:8080' },
  { after: /tcpdump.*arp/, ms: -100, host: 'router', line: 'ip neigh flush all' },
  {
    after: /tcpdump.*arp/,
    ms: 6000,
    host: 'router',
    line: 'ip neigh flush all; curl -s http://172.16.253.100:8080',
  },
]

/** What the recording's own shell needed around a command is left away. */
function asTyped(line: string): string {
  const m = /^\(sleep 3; :\) & (.*) & sleep 4; .*; wait$/.exec(line)
  return m?.[1] ?? line
}

function withBesides(typed: readonly Typed[]): Pick<Typed, 'at' | 'host' | 'line'>[] {
  const more = typed.flatMap(({ at, line }) =>
    BESIDE.filter(({ after }) => after.test(line)).map(({ ms, host, line: text }) => ({
      at: at + ms,
      host,
      line: text,
    })),
  )
  return [...typed.map(({ at, host, line }) => ({ at, host, line: asTyped(line) })), ...more]
}

const results = playSession(lessonLab, withBesides(session), SEED)
const verdicts = session.map((typed, i) => {
  const found = results[i]
  if (!found) throw new Error(`${typed.line}: not played`)
  // bash's `wait` hides the status of what it waited for
  const result = asTyped(typed.line) === typed.line ? found : { ...found, status: 0 }
  return { typed, ...compareTyped(typed, result) }
})

describe('the commands of the lesson, typed', () => {
  it.each(
    verdicts.map((verdict, i) => ({
      ...verdict,
      title: `${i} ${verdict.typed.host}$ ${verdict.typed.line}`,
    })),
  )('$title', ({ typed, same, sim, real }) => {
    const reason = UNLIKE.find(([pattern]) => pattern.test(typed.line))?.[1]
    if (reason === undefined) expect(sim).toEqual(real)
    else expect(same, `no longer needed: ${reason}`).toBe(false)
  })

  it('at least 95 % are equal', () => {
    expect(verdicts.filter(({ same }) => same).length / verdicts.length).toBeGreaterThanOrEqual(0.95)
  })
})
