import { finish, type LineResult } from '../core/lab/line.ts'
import { startLab } from '../core/lab/load.ts'
import { runScript } from '../core/lab/run-script.ts'
import type { Lab } from '../core/lab/schema.ts'
import type { ScriptStep } from '../core/lab/script.ts'

/** Plays what was typed on a real lab on the simulated one, each line at its recorded time. */

export interface Typed {
  /** Milliseconds since the lab began. */
  at: number
  host: string
  line: string
  /** What it printed, with `(exit status N)` if that was not 0. */
  output: string[]
}

/** A recorded session: `[t=134.173 router]`, `$ line`, what it printed, an empty line. */
export function parseSession(text: string): Typed[] {
  const list: Typed[] = []
  for (const block of text.split(/^(?=\[t=\d+\.\d+ \w+\]\n\$ )/m)) {
    const m = /^\[t=(\d+)\.(\d+) (\w+)\]\n\$ (.*)\n([^]*)$/.exec(block)
    if (!m) continue
    const [, seconds, ms, host = '', line = '', rest = ''] = m
    const output = rest.replace(/\n## [^]*$/, '\n').replace(/\n+$/, '')
    list.push({
      at: Number(seconds) * 1000 + Number(ms),
      host,
      line,
      output: output === '' ? [] : output.split('\n'),
    })
  }
  return list
}

/** Results in the order of `typed`; lines run beside each other where they did on the real machines. */
export function playSession(
  lab: Lab,
  typed: readonly Pick<Typed, 'at' | 'host' | 'line'>[],
  seed = 1,
): LineResult[] {
  const { timeline, boot } = startLab({ ...lab, seed })
  const complaints = finish(timeline, boot)
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
  const results: LineResult[] = []
  let group: ScriptStep[] = []
  const begin = typed[0]?.at ?? 0
  timeline.run({ at: Math.max(timeline.now, begin * 1e6) })
  const startMs = timeline.now / 1e6
  const places = new Map<string, number>()
  typed.forEach(({ at, host, line }, i) => {
    const text = `sleep ${((at - startMs) / 1000).toFixed(3)}; ${line}`
    places.set(`${host} ${text}`, i)
    group.push({ kind: 'command', line: i + 1, host, text, background: true })
  })
  finish(
    timeline,
    runScript(
      timeline,
      group,
      (result) => {
        const place = places.get(`${result.host} ${result.line}`)
        if (place !== undefined) results[place] = result
      },
      0,
    ),
  )
  group = []
  return results
}
