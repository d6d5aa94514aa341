import { existsSync, readFileSync } from 'node:fs'
import { bad, ok, type Result } from '../core/base/result.ts'
import { formatLabError, parseLab } from '../core/lab/check.ts'
import { LABS } from '../core/lab/labs/index.ts'
import type { Lab } from '../core/lab/schema.ts'

/** Say what is wrong with the input in one line; exit status 2. */
export function wrongInput(message: string): number {
  process.stderr.write(`vipscope: ${message.replaceAll('\n', ' ')}\n`)
  return 2
}

/** The text of a file; the error names the file and the reason. */
export function readText(path: string): Result<string> {
  try {
    return ok(readFileSync(path, 'utf8'))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return bad(`${path}: no such file`)
    return bad(
      `${path}: cannot be read (${code === 'EISDIR' ? 'it is a folder' : (code ?? 'unknown reason')})`,
    )
  }
}

/** A lab by file or by the name of one that comes with the program. Errors are single lines that say where. */
export function readLab(name: string): Result<Lab, string[]> {
  const builtIn = Object.hasOwn(LABS, name) ? LABS[name] : undefined
  if (builtIn && !existsSync(name)) return ok(builtIn)
  const text = readText(name)
  if (!text.ok) {
    const known = Object.keys(LABS).join(', ')
    return bad([`${text.error}${/[./]/.test(name) ? '' : ` and no lab of that name (there are: ${known})`}`])
  }
  let json: unknown
  try {
    json = JSON.parse(text.value)
  } catch (error) {
    return bad([`${name}: not JSON: ${error instanceof Error ? error.message : String(error)}`])
  }
  const lab = parseLab(json)
  return lab.ok ? lab : bad(lab.error.map((e) => `${name}: ${formatLabError(e)}`))
}
