import { writeFileSync } from 'node:fs'
import { EXPORTERS, isExportTarget } from '../core/lab/export/export.ts'
import { readLab, wrongInput } from './input.ts'

const USAGE = `usage: vipscope export LAB --to ${Object.keys(EXPORTERS).join('|')} [--out FILE]`

/** `vipscope export`: the lab as text that builds it on a real machine, to --out or standard output. */
export function runExport(args: string[]): number {
  const words: string[] = []
  const options = new Map<string, string>()
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    if (!arg.startsWith('--')) {
      words.push(arg)
      continue
    }
    const [name = '', inline] = arg.split(/=(.*)/s)
    const value = inline ?? args[++i]
    if (name !== '--to' && name !== '--out') return wrongInput(`${name}: no such option; ${USAGE}`)
    if (value === undefined || value === '') return wrongInput(`${name} needs a value; ${USAGE}`)
    options.set(name, value)
  }
  const [name] = words
  const target = options.get('--to')
  if (name === undefined || words.length > 1 || target === undefined) return wrongInput(USAGE)
  if (!isExportTarget(target))
    return wrongInput(`--to ${target}: must be one of ${Object.keys(EXPORTERS).join(', ')}`)
  const lab = readLab(name)
  if (!lab.ok) return wrongInput(lab.error[0] ?? 'the lab is wrong')
  return write(options.get('--out'), EXPORTERS[target](lab.value))
}

function write(path: string | undefined, text: string): number {
  if (path === undefined) {
    process.stdout.write(text)
    return 0
  }
  try {
    writeFileSync(path, text, { mode: 0o755 })
  } catch (error) {
    return wrongInput(
      `${path}: cannot be written (${error instanceof Error ? error.message : String(error)})`,
    )
  }
  return 0
}
