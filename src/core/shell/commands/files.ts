import { absolutePath } from '../env.ts'
import type { Command, Io } from '../sys.ts'
import { isFolder, readHostFile, SYS_NET, sysNetNames } from './proc-files.ts'
import { notModelled, refuse, tell } from './words.ts'

/** Files of the host: ls, cd, pwd, rm, cp, mv, touch, mkdir. Folders are there as soon as something lies in them. */

function split(args: readonly string[]): { options: string; paths: string[] } {
  const isOption = (arg: string): boolean => arg.length > 1 && arg.startsWith('-')
  return {
    options: args.filter(isOption).join(''),
    paths: args.filter((arg) => !isOption(arg)),
  }
}

/** Names directly in a folder, sorted; those of folders with a slash at the end. */
function entries(folder: string, io: Io): string[] {
  if (folder.startsWith(SYS_NET)) return sysNetNames(io.sys.host(), folder) ?? []
  const prefix = folder === '/' ? '/' : `${folder}/`
  const names = new Set<string>()
  for (const path of Object.keys(io.sys.host().files)) {
    if (!path.startsWith(prefix)) continue
    const rest = path.slice(prefix.length)
    const slash = rest.indexOf('/')
    names.add(slash < 0 ? rest : rest.slice(0, slash + 1))
  }
  return [...names].sort()
}

export const ls: Command = {
  name: 'ls',
  summary: 'files of the host',
  run: (args, io) => {
    const { options, paths } = split(args)
    const targets = paths.length > 0 ? paths : [io.env.cwd]
    let status = 0
    for (const target of targets) {
      const path = absolutePath(io.env, target)
      if (isFolder(path, io)) {
        const names = entries(path, io).map((name) => name.replace(/\/$/, ''))
        if (targets.length > 1) io.out(`${target}:\n`)
        const shown = options.includes('l')
          ? [`total ${names.length * 4}`, ...names.map((name) => long(`${path}/${name}`, name, io))]
          : names
        if (shown.length > 0) io.out(`${shown.join('\n')}\n`)
      } else if (readHostFile(path, io) !== undefined)
        io.out(`${options.includes('l') ? long(path, target, io) : target}\n`)
      else {
        io.err(`ls: cannot access '${target}': No such file or directory\n`)
        status = 2
      }
    }
    return status
  },
}

function long(path: string, name: string, io: Io): string {
  const text = readHostFile(path, io)
  const size = String(text?.length ?? 4096).padStart(6)
  return `${text === undefined ? 'drwxr-xr-x 2' : '-rw-r--r-- 1'} root root ${size} Jan  1 00:00 ${name}`
}

export const cd: Command = {
  name: 'cd',
  summary: 'change the working folder',
  run: (args, io) => {
    const target = args[0] ?? '/root'
    const path = absolutePath(io.env, target === '-' ? (io.env.vars['OLDPWD'] ?? '/root') : target)
    if (!isFolder(path, io)) {
      const what = readHostFile(path, io) === undefined ? 'No such file or directory' : 'Not a directory'
      return tell(io, refuse(`bash: cd: ${target}: ${what}`, 1))
    }
    io.env.vars['OLDPWD'] = io.env.cwd
    io.env.cwd = io.env.vars['PWD'] = path
    return 0
  },
}

export const pwd: Command = {
  name: 'pwd',
  summary: 'the working folder',
  run: (_args, io) => {
    io.out(`${io.env.cwd}\n`)
    return 0
  },
}

export const rm: Command = {
  name: 'rm',
  summary: 'remove files',
  run: (args, io) => {
    const { options, paths } = split(args)
    let status = 0
    for (const target of paths) {
      const path = absolutePath(io.env, target)
      const { files } = io.sys.host()
      const inside = Object.keys(files).filter((name) => name.startsWith(`${path}/`))
      if (Object.hasOwn(files, path)) io.sys.apply({ op: 'file.remove', path })
      else if (inside.length > 0 && /r/i.test(options))
        for (const name of inside) io.sys.apply({ op: 'file.remove', path: name })
      else if (!options.includes('f')) {
        const what = isFolder(path, io) ? 'Is a directory' : 'No such file or directory'
        io.err(`rm: cannot remove '${target}': ${what}\n`)
        status = 1
      }
    }
    return status
  },
}

function copyTo(name: 'cp' | 'mv', args: readonly string[], io: Io): number {
  const { paths } = split(args)
  const [from, to, ...more] = paths
  if (from === undefined) return tell(io, refuse(`${name}: missing file operand`, 1))
  if (to === undefined)
    return tell(io, refuse(`${name}: missing destination file operand after '${from}'`, 1))
  if (more.length > 0) return tell(io, notModelled(`\`${name}' of several files`))
  const source = absolutePath(io.env, from)
  const text = readHostFile(source, io)
  if (text === undefined)
    return tell(io, refuse(`${name}: cannot stat '${from}': No such file or directory`, 1))
  const target = absolutePath(io.env, to)
  const path = isFolder(target, io) ? `${target}/${source.slice(source.lastIndexOf('/') + 1)}` : target
  io.sys.apply({ op: 'file.write', path, text })
  if (name === 'mv' && path !== source) io.sys.apply({ op: 'file.remove', path: source })
  return 0
}

export const cp: Command = { name: 'cp', summary: 'copy a file', run: (args, io) => copyTo('cp', args, io) }
export const mv: Command = { name: 'mv', summary: 'rename a file', run: (args, io) => copyTo('mv', args, io) }

export const touch: Command = {
  name: 'touch',
  summary: 'make an empty file',
  run: (args, io) => {
    for (const target of split(args).paths) {
      const path = absolutePath(io.env, target)
      if (!Object.hasOwn(io.sys.host().files, path)) io.sys.apply({ op: 'file.write', path, text: '' })
    }
    return 0
  },
}

/** Folders need no making here; the command succeeds as on a real machine. */
export const mkdir: Command = { name: 'mkdir', summary: 'make a folder', run: () => 0 }
