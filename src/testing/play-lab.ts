import { finish } from '../core/lab/line.ts'
import { startLab } from '../core/lab/load.ts'
import { runScript } from '../core/lab/run-script.ts'
import type { Lab } from '../core/lab/schema.ts'
import { parseScript } from '../core/lab/script.ts'

/** What each line of a script prints on a lab that has booted, with its exit status as transcripts have it. */
export function playLab(lab: Lab, lines: readonly string[]): string[] {
  const { timeline, boot } = startLab(lab)
  finish(timeline, boot)
  const steps = parseScript(lines.join('\n'), lab)
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
