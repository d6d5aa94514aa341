import { isFolder, readHostFile, setSysctlByPath } from './commands/proc-files.ts'
import { absolutePath } from './env.ts'
import { expandText, type Expander, type Waits } from './expand.ts'
import type { Io } from './sys.ts'
import type { Redirection } from './syntax.ts'

/**
 * Redirections (POSIX.1-2017, XCU 2.7). A file gets its text when the command has ended; files of /proc/sys are settings.
 */

type Writer = (text: string) => void

interface Led {
  io: Io
  close: () => void
}

/** Files given to a command; null: one cannot be opened, which has been said and is the status of the line. */
export function* redirect(redirections: readonly Redirection[], io: Io, how: Expander): Waits<Led | null> {
  if (redirections.length === 0) return { io, close: () => undefined }
  const closers: (() => void)[] = []
  let { out, err, input } = io
  for (const redirection of redirections) {
    if (redirection.kind === 'text') {
      input = { text: yield* expandText(redirection.body, how) }
      continue
    }
    const target = yield* expandText(redirection.target, how)
    if (redirection.kind === 'copy') {
      if (redirection.fd === 2 && target === '1') err = out
      else if (redirection.fd === 1 && target === '2') out = err
      else if (target === '-') {
        if (redirection.fd === 1) out = drop
        else if (redirection.fd === 2) err = drop
      } else if (redirection.fd !== Number(target)) return refuse(io, `${target}: Bad file descriptor`)
      continue
    }
    if (target === '') return refuse(io, ': No such file or directory')
    const path = absolutePath(io.env, target)
    if (redirection.kind === 'read') {
      const text = path === '/dev/null' ? '' : readHostFile(path, io)
      if (text === undefined) return refuse(io, `${target}: No such file or directory`)
      input = { text }
      continue
    }
    const append = redirection.kind === 'append' || (redirection.kind === 'both' && redirection.append)
    const opened = openToWrite(path, append, { ...io, out, err })
    if (typeof opened === 'string') return refuse(io, `${target}: ${opened}`)
    closers.push(opened.close)
    if (redirection.kind === 'both') out = err = opened.write
    else if (redirection.fd === 2) err = opened.write
    else if (redirection.fd === 1) out = opened.write
    else return refuse(io, `${redirection.fd}: this descriptor is not modelled`)
  }
  return {
    io: { ...io, out, err, input },
    close: () => {
      for (const close of closers) close()
    },
  }
}

function drop(): void {
  // nobody reads it
}

function refuse(io: Io, text: string): null {
  io.err(`bash: ${text}\n`)
  io.env.status = 1
  return null
}

/** Where the text goes; an error is in bash's words. */
export function openToWrite(
  path: string,
  append: boolean,
  io: Io,
): { write: Writer; close: () => void } | string {
  const nothing = (): void => undefined
  if (path === '/dev/null') return { write: drop, close: nothing }
  if (path === '/dev/stdout' || path === '/dev/tty') return { write: io.out, close: nothing }
  if (path === '/dev/stderr') return { write: io.err, close: nothing }
  const { files } = io.sys.host()
  if (isFolder(path, io)) return 'Is a directory'
  let text = ''
  const write = (more: string): void => void (text += more)
  if (path.startsWith('/proc/')) {
    if (readHostFile(path, io) === undefined) return 'No such file or directory'
    if (!path.startsWith('/proc/sys/')) return 'Permission denied'
    return {
      write,
      close: () => {
        const mistake = setSysctlByPath(path, text.trim(), io)
        if (mistake === undefined) return
        io.err(`bash: echo: write error: ${mistake}\n`)
        io.env.status = 1
      },
    }
  }
  const before = append && Object.hasOwn(files, path) ? (files[path] ?? '') : ''
  return {
    write,
    close: () => void io.sys.apply({ op: 'file.write', path, text: before + text }),
  }
}
