import type { HostId } from '../../core/base/ids.ts'
import { bad } from '../../core/base/result.ts'
import { startLine } from '../../core/shell/shell.ts'
import type { ShellSys } from '../../core/shell/sys.ts'
import type { makeLan } from '../lan.ts'
import { loadCommands } from '../../core/shell/table.ts'

await loadCommands()

/** Command lines on the hosts of a small network. Programs do not run there, so a line must not wait for one. */
export function withShell(lan: ReturnType<typeof makeLan>) {
  /** What the line prints; '' when it works in silence. */
  const sh = (id: HostId, line: string): string => {
    let output = ''
    const sys: ShellSys = {
      now: () => lan.world.now,
      host: () => lan.host(id),
      apply: (op) => lan.op(id, op),
      spawn: () => bad('no programs here'),
      signal: () => undefined,
      print: (text) => void (output += text),
    }
    const step = startLine(line).next(sys, 0)
    if (step.kind !== 'done') throw new Error(`waits: ${line}`)
    return output
  }
  /** Lines that must say nothing. */
  const set = (id: HostId, ...lines: string[]): void => {
    for (const line of lines) {
      const said = sh(id, line)
      if (said !== '') throw new Error(`${line}: ${said}`)
    }
  }
  return { sh, set }
}
