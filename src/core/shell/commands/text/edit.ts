import { absolutePath } from '../../env.ts'
import { openToWrite } from '../../redirect.ts'
import type { Command, Io } from '../../sys.ts'
import { badOption, byLine, readOptions, textCommand } from './filter.ts'
import { makeRegExp } from './grep.ts'
import { readHostFile } from '../proc-files.ts'

/** sed, awk and tee, the two languages only as far as one-liners of every day go; more is refused by name. */

type Opened = ReturnType<Parameters<typeof textCommand>[2]>

interface SedStep {
  from: number
  /** Infinity = `$` or no end. */
  to: number
  match: RegExp | null
  run: 'p' | 'd' | 'q' | { found: RegExp; text: string; print: boolean }
}

/** `s/a/b/g`, `2,5p`, `/x/d`, `3q`, several joined by `;`. */
function parseSed(script: string, extended: boolean): SedStep[] | undefined {
  const steps: SedStep[] = []
  let rest = script.trim()
  while (rest !== '') {
    const address = /^(?:(\d+|\$)(?:,(\d+|\$))?|\/((?:[^/\\]|\\.)*)\/)?\s*/.exec(rest)
    rest = rest.slice(address?.[0].length ?? 0)
    const line = (text: string | undefined, otherwise: number): number =>
      text === undefined ? otherwise : text === '$' ? Infinity : Number(text)
    const from = line(address?.[1], 1)
    const to = line(address?.[2], address?.[1] === undefined ? Infinity : from)
    const match =
      address?.[3] === undefined ? null : makeRegExp(address[3], extended ? 'extended' : 'basic', '')
    if (match === undefined) return undefined
    const kind = rest.charAt(0)
    if (kind === 's') {
      const mark = rest.charAt(1)
      const parts = splitBy(rest.slice(2), mark)
      if (mark === '' || !parts) return undefined
      const flags = /^[gpiI]*/.exec(parts.rest)?.[0] ?? ''
      const found = makeRegExp(
        parts.first,
        extended ? 'extended' : 'basic',
        `${flags.includes('g') ? 'g' : ''}${/i/i.test(flags) ? 'i' : ''}`,
      )
      if (!found) return undefined
      const text = parts.second
        .replace(/\$/g, '$$$$')
        .replace(/(?<!\\)&/g, '$$&')
        .replace(/\\(\d)/g, '$$$1')
        .replace(/\\([/&])/g, '$1')
        .replace(/\\n/g, '\n')
      steps.push({ from, to, match, run: { found, text, print: flags.includes('p') } })
      rest = parts.rest.slice(flags.length)
    } else if (kind === 'p' || kind === 'd' || kind === 'q') {
      steps.push({ from, to, match, run: kind })
      rest = rest.slice(1)
    } else return undefined
    rest = rest.trimStart()
    if (rest !== '' && !rest.startsWith(';')) return undefined
    rest = rest.slice(1).trimStart()
  }
  return steps
}

function splitBy(text: string, mark: string): { first: string; second: string; rest: string } | undefined {
  const parts: string[] = []
  let part = ''
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i)
    if (c === '\\' && text.charAt(i + 1) === mark) part += text.charAt(++i)
    else if (c === '\\') part += c + text.charAt(++i)
    else if (c === mark) {
      parts.push(part)
      part = ''
      if (parts.length === 2)
        return { first: parts[0] ?? '', second: parts[1] ?? '', rest: text.slice(i + 1) }
    } else part += c
  }
  return undefined
}

function sedFilter(
  steps: readonly SedStep[],
  silent: boolean,
  out: (text: string) => void,
): ReturnType<typeof byLine> {
  let number = 0
  /** The line before is held back, since only then is it known whether it was the last. */
  let held: string | undefined
  const run = (line: string, isLast: boolean): boolean => {
    number++
    let text = line
    for (const step of steps) {
      const last = step.from === Infinity
      const isIn = last ? isLast : number >= step.from && (number <= step.to || step.to === Infinity)
      if (!isIn || (step.match && !step.match.test(text))) continue
      if (step.run === 'd') return true
      if (step.run === 'p') out(`${text}\n`)
      else if (step.run === 'q') {
        if (!silent) out(`${text}\n`)
        return false
      } else {
        const before = text
        text = text.replace(step.run.found, step.run.text)
        if (step.run.print && text !== before) out(`${text}\n`)
      }
    }
    if (!silent) out(`${text}\n`)
    return true
  }
  return byLine({
    line: (line) => {
      const go = held === undefined || run(held, false)
      held = go ? line : undefined
      return go
    },
    end: () => {
      if (held !== undefined) run(held, true)
      return 0
    },
  })
}

function openSed(args: readonly string[], io: Io): Opened {
  const read = readOptions(args, 'nErsi', 'e')
  if (typeof read === 'string') return badOption('sed', read, io)
  const script = read.value('e') ?? read.rest.shift()
  const steps = script === undefined ? undefined : parseSed(script, read.has('E') || read.has('r'))
  if (script === undefined || steps === undefined) {
    io.err(
      script === undefined
        ? 'Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n'
        : `vipscope: sed: \`${script}' is not modelled; s/a/b/g, Np, N,Md, /x/d and Nq are\n`,
    )
    return 1
  }
  if (!read.has('i')) return { filter: sedFilter(steps, read.has('n'), io.out), files: read.rest }
  return sedInPlace(read.rest, steps, read.has('n'), io)
}

function sedInPlace(files: readonly string[], steps: readonly SedStep[], silent: boolean, io: Io): number {
  for (const file of files) {
    const path = absolutePath(io.env, file)
    const before = readHostFile(path, io)
    if (before === undefined) {
      io.err(`sed: can't read ${file}: No such file or directory\n`)
      return 2
    }
    let text = ''
    const filter = sedFilter(steps, silent, (more) => void (text += more))
    filter.write(before)
    filter.end()
    io.sys.apply({ op: 'file.write', path, text })
  }
  return 0
}

/** `awk [-F c] '[/pattern/] {print $1, "text", $NF}'`. */
function openAwk(args: readonly string[], io: Io): Opened {
  const read = readOptions(args, '', 'F')
  if (typeof read === 'string') return badOption('awk', read, io)
  const program = read.rest.shift() ?? ''
  const m =
    /^\s*(?:\/((?:[^/\\]|\\.)*)\/|NR\s*==\s*(\d+))?\s*(?:\{\s*print\s*([^{};]*?)\s*;?\s*\})?\s*$/.exec(
      program,
    )
  const pattern = m?.[1] === undefined ? null : makeRegExp(m[1], 'extended', '')
  const parts = m?.[3] === undefined || m[3] === '' ? ['$0'] : awkParts(m[3])
  if (!m || pattern === undefined || !parts || program.trim() === '') {
    io.err(`vipscope: awk: \`${program}' is not modelled; /pattern/ {print $1, $NF} is\n`)
    return 2
  }
  const separator = read.value('F')
  let number = 0
  const filter = byLine({
    line: (line) => {
      number++
      if ((pattern && !pattern.test(line)) || (m[2] !== undefined && Number(m[2]) !== number)) return true
      const fields = separator === undefined ? line.trim().split(/\s+/) : line.split(separator)
      const value = (part: string): string => {
        if (part.startsWith('"')) return part.slice(1, -1).replace(/\\t/g, '\t').replace(/\\n/g, '\n')
        if (part === ',') return ' '
        if (part === '$0') return line
        if (part === 'NR') return String(number)
        if (part === 'NF') return String(fields.length)
        return fields[part === '$NF' ? fields.length - 1 : Number(part.slice(1)) - 1] ?? ''
      }
      io.out(`${parts.map(value).join('')}\n`)
      return true
    },
    end: () => 0,
  })
  return { filter, files: read.rest }
}

function awkParts(text: string): string[] | undefined {
  const parts = text.match(/"(?:[^"\\]|\\.)*"|\$NF|\$\d+|\bN[RF]\b|,|\s+/g) ?? []
  if (parts.join('').length !== text.length) return undefined
  return parts.filter((part) => part.trim() !== '')
}

export const sed = textCommand('sed', 'change lines', openSed)
export const awk = textCommand('awk', 'print fields of lines', openAwk)

export const tee: Command = {
  name: 'tee',
  summary: 'copy the input to files and onwards',
  filter: (args, io) => {
    const append = args.includes('-a')
    const writers: { write: (text: string) => void; close: () => void }[] = []
    for (const file of args.filter((arg) => !arg.startsWith('-'))) {
      const opened = openToWrite(absolutePath(io.env, file), append, io)
      if (typeof opened === 'string') io.err(`tee: ${file}: ${opened}\n`)
      else writers.push(opened)
    }
    return {
      write: (text) => {
        io.out(text)
        for (const writer of writers) writer.write(text)
      },
      end: () => {
        for (const writer of writers) writer.close()
        return 0
      },
    }
  },
  run: (args, io) => {
    const filter = tee.filter?.(args, io)
    if (typeof filter !== 'object') return 1
    filter.write(io.input?.text ?? '')
    return filter.end()
  },
}
