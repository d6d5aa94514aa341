import { describe, expect, test } from 'vitest'
import { must } from '../base/assert.ts'
import { parseFaults } from './fault-words.ts'
import { course } from './labs/course.ts'
import { finish, type LineResult } from './line.ts'
import { startLab } from './load.ts'
import { runScript } from './run-script.ts'
import { parseScript } from './script.ts'
import { loadShell } from '../shell/module.ts'

await loadShell()

function play(text: string): LineResult[] {
  const { timeline, boot } = startLab(course)
  finish(timeline, boot)
  const steps = parseScript(text, course)
  if (!steps.ok) throw new Error(steps.error)
  const results: LineResult[] = []
  finish(
    timeline,
    runScript(timeline, steps.value, (result) => results.push(result)),
  )
  return results
}

describe('scripts with faults', () => {
  test('a request gets through a link that loses, repeats and reorders', () => {
    const results = play(`
      @fault LB1 ens33 in loss 20% duplicate 20% reorder 30%
      @fault router ens33 out loss 20% delay 3ms jitter 1ms
      router$ curl -s -o /dev/null -w '%{http_code}' http://172.16.253.100:8080
    `)
    expect(results.map((r) => r.output)).toEqual(['200'])
  })

  test('a frozen server answers after it thaws; one without power does not, until it has booted again', () => {
    const ping = 'router$ ping -c 1 -W 1 172.16.253.130'
    const results = play(`
      ${ping}
      @freeze server1
      ${ping}
      @thaw server1
      ${ping}
      @poweroff server1
      ${ping}
      @poweron server1
      @sleep 1
      ${ping}
      router$ curl -s -o /dev/null -w '%{http_code}' http://172.16.253.130:8080
    `)
    expect(results.map((r) => r.status)).toEqual([0, 1, 0, 1, 0, 0])
    expect(must(results.at(-1), 'curl').output).toBe('200')
  })

  test.each([
    ['@fault LB1 ens33 in loss 200%', 'loss takes a percentage'],
    ['@fault LB1 ens33 up loss 2%', 'in or out'],
    ['@fault LB1 ens99 in loss 2%', 'has no interface'],
    ['@fault LB1 ens33 in', 'takes faults'],
    ['@fault LB1 ens33 in wobble 2%', 'is no fault'],
    ['@freeze nobody', 'there is no host'],
    ['@poweron', 'takes a host'],
  ])('%s is refused', (line, why) => {
    const steps = parseScript(line, course)
    expect(steps.ok ? '' : steps.error).toContain(why)
  })

  test('`none` takes all faults away, and every kind can be given', () => {
    expect(parseFaults(['none'])).toMatchObject({ ok: true, value: { lossPercent: 0 } })
    const words = 'loss 1% duplicate 2% corrupt 3% reorder 4% delay 5ms jitter 600us'.split(' ')
    expect(parseFaults(words)).toEqual({
      ok: true,
      value: {
        ...{ lossPercent: 1, duplicatePercent: 2, corruptPercent: 3, reorderPercent: 4 },
        ...{ delayNs: 5_000_000, jitterNs: 600_000 },
      },
    })
  })
})
