import type { Command, Filter, Io } from '../../sys.ts'
import { absolutePath } from '../../env.ts'
import { isFolder, readHostFile } from '../proc-files.ts'

/** Common ground of tools that read their input line by line, from a pipe or from files. */

interface LineTool {
  /** One line without its end; false: nothing more is wanted. */
  line: (line: string) => boolean
  end: () => number
}

/** Cut a stream into lines. The last one need not end. */
export function byLine(tool: LineTool): Filter {
  let rest = ''
  let done = false
  const feed = (line: string): void => {
    if (!done && !tool.line(line)) done = true
  }
  return {
    write: (text) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) feed(line)
    },
    end: () => {
      if (rest !== '') feed(rest)
      rest = ''
      return tool.end()
    },
    isDone: () => done,
  }
}

/** All of the input at once. */
export function whole(end: (text: string) => number): Filter {
  let text = ''
  return { write: (more) => void (text += more), end: () => end(text) }
}

/** A command that reads the files it is given, or else its input. `open` gets the options and says what is a file. */
export function textCommand(
  name: string,
  summary: string,
  open: (args: readonly string[], io: Io) => { filter: Filter; files: string[] } | number,
): Command {
  return {
    name,
    summary,
    filter: (args, io) => {
      const opened = open(args, io)
      if (typeof opened === 'number') return opened
      return opened.files.length === 0 ? opened.filter : fromFiles(name, opened, io)
    },
    run: (args, io) => {
      const opened = open(args, io)
      if (typeof opened === 'number') return opened
      if (opened.files.length > 0) return fromFiles(name, opened, io).end()
      if (io.input === null) {
        io.err(`vipscope: ${name}: nothing is led into it; give a file or put it behind a pipe\n`)
        return 1
      }
      const { text } = io.input
      io.input.text = ''
      opened.filter.write(text)
      return opened.filter.end()
    },
  }
}

/** Its files are there already: what comes through the pipe is not read. */
function fromFiles(name: string, opened: { filter: Filter; files: string[] }, io: Io): Filter {
  return {
    write: () => undefined,
    isDone: () => true,
    end: () => {
      let failed = false
      for (const file of opened.files) {
        const path = absolutePath(io.env, file)
        const text = file === '-' ? (io.input?.text ?? '') : readHostFile(path, io)
        if (text === undefined) {
          io.err(`${name}: ${file}: ${isFolder(path, io) ? 'Is a directory' : 'No such file or directory'}\n`)
          failed = true
        } else opened.filter.write(text)
      }
      const status = opened.filter.end()
      return failed ? Math.max(status, name === 'grep' ? 2 : 1) : status
    },
  }
}

/** Options of a tool: single letters may be joined, those in `valued` take a value. A string is what was not understood. */
export function readOptions(
  args: readonly string[],
  flags: string,
  valued: string,
): { has: (flag: string) => boolean; value: (flag: string) => string | undefined; rest: string[] } | string {
  const set = new Set<string>()
  const values = new Map<string, string>()
  const rest: string[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    if (arg === '--') {
      rest.push(...args.slice(i + 1))
      break
    }
    if (!arg.startsWith('-') || arg === '-') {
      rest.push(arg)
      continue
    }
    for (let k = 1; k < arg.length; k++) {
      const letter = arg.charAt(k)
      if (valued.includes(letter)) {
        const value = arg.slice(k + 1) || args[++i]
        if (value === undefined) return letter
        values.set(letter, value)
        break
      }
      if (!flags.includes(letter)) return arg.startsWith('--') ? arg : letter
      set.add(letter)
    }
  }
  return { has: (flag) => set.has(flag), value: (flag) => values.get(flag), rest }
}

export function badOption(name: string, option: string, io: Io): number {
  const what = option.startsWith('--') ? `unrecognized option '${option}'` : `invalid option -- '${option}'`
  io.err(`${name}: ${what}\n`)
  return name === 'grep' ? 2 : 1
}
