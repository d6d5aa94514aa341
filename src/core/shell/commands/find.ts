import { absolutePath } from '../env.ts'
import type { Command, Io } from '../sys.ts'
import { isFolder, readHostFile } from './proc-files.ts'
import { notModelled, refuse, tell } from './words.ts'

/** find(1) over the files of the host: -name, -iname, -type f|d, -maxdepth; what else it tests is refused. */
export const find: Command = {
  name: 'find',
  summary: 'files below a folder',
  run: (args, io) => {
    const at = args.findIndex((arg) => arg.startsWith('-'))
    const roots = at < 0 ? [...args] : args.slice(0, at)
    const tests: ((path: string, folder: boolean) => boolean)[] = []
    let deepest = Infinity
    for (let i = at < 0 ? args.length : at; i < args.length; i += 2) {
      const [test = '', value] = [args[i], args[i + 1]]
      if (test === '-print') {
        i--
        continue
      }
      if (!['-name', '-iname', '-type', '-maxdepth'].includes(test)) {
        return /^-[a-z]/.test(test)
          ? tell(io, notModelled(`\`find ${test}'`))
          : tell(io, refuse(`find: paths must precede expression: \`${test}'`, 1))
      }
      if (value === undefined) return tell(io, refuse(`find: missing argument to \`${test}'`, 1))
      if (test === '-maxdepth') deepest = Number(value) || 0
      else if (test === '-type')
        tests.push((_path, folder) => folder === (value === 'd') && /^[fd]$/.test(value))
      else {
        const pattern = globPattern(value, test === '-iname')
        tests.push((path) => pattern.test(path.replace(/^.*\//, '')))
      }
    }
    let status = 0
    for (const root of roots.length > 0 ? roots : ['.']) {
      const found = below(root, deepest, io)
      if (!found) {
        io.err(`find: ‘${root}’: No such file or directory\n`)
        status = 1
      }
      for (const [path, folder] of found ?? [])
        if (tests.every((test) => test(path, folder))) io.out(`${path}\n`)
    }
    return status
  },
}

/** A shell pattern for a whole name. */
function globPattern(glob: string, ignoreCase: boolean): RegExp {
  const source = glob
    .replace(/[.+^${}()|\\[\]]/g, '\\$&')
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, ignoreCase ? 'i' : '')
}

/** What lies there, folders before what is in them; as it would be written below `root`. */
function below(root: string, deepest: number, io: Io): [string, boolean][] | undefined {
  const base = absolutePath(io.env, root)
  if (!isFolder(base, io)) return readHostFile(base, io) === undefined ? undefined : [[root, false]]
  const shown = new Map<string, boolean>([[root, true]])
  const inside = base === '/' ? '/' : `${base}/`
  for (const path of Object.keys(io.sys.host().files).sort()) {
    if (!path.startsWith(inside)) continue
    const parts = path.slice(inside.length).split('/')
    for (let depth = 1; depth <= Math.min(parts.length, deepest); depth++)
      shown.set(`${root.replace(/\/$/, '')}/${parts.slice(0, depth).join('/')}`, depth < parts.length)
  }
  return [...shown]
}
