import { absolutePath } from '../env.ts'
import type { Command, Io } from '../sys.ts'
import { isFolder, readHostFile } from './proc-files.ts'
import { notModelled, refuse, tell } from './words.ts'

/** diff(1) of two files: normal form and -u (without times in the head), -q. Status 1 = they differ. */
export const diff: Command = {
  name: 'diff',
  summary: 'lines in which two files differ',
  run: (args, io) => {
    const options = args.filter((arg) => /^-./.test(arg))
    const names = args.filter((arg) => !/^-./.test(arg))
    const later = options.find((option) => !/^-[uqNs]+$|^--brief$|^--unified$/.test(option))
    if (later !== undefined) return tell(io, notModelled(`\`diff ${later}'`))
    const [first, second, third] = names
    if (first === undefined || second === undefined) {
      const after = first === undefined ? 'diff' : first
      return tell(
        io,
        refuse(`diff: missing operand after '${after}'\ndiff: Try 'diff --help' for more information.`, 2),
      )
    }
    if (third !== undefined) return tell(io, refuse(`diff: extra operand '${third}'`, 2))
    const left = linesOf(first, io)
    const right = linesOf(second, io)
    if (!left || !right) return 2
    if (left.length * right.length > LIMIT) return tell(io, notModelled("`diff' of files that long"))
    const hunks = changes(left, right)
    if (hunks.length === 0) return 0
    if (options.some((option) => /q|brief/.test(option))) io.out(`Files ${first} and ${second} differ\n`)
    else if (options.some((option) => /u/.test(option)))
      io.out(`--- ${first}\n+++ ${second}\n${unified(left, right, hunks)}`)
    else io.out(hunks.map((hunk) => normal(left, right, hunk)).join(''))
    return 1
  },
}

const LIMIT = 4_000_000
const CONTEXT = 3

function linesOf(name: string, io: Io): string[] | undefined {
  const path = absolutePath(io.env, name)
  const text = name === '-' ? (io.input?.text ?? '') : readHostFile(path, io)
  if (text !== undefined) return text === '' ? [] : text.replace(/\n$/, '').split('\n')
  io.err(`diff: ${name}: ${isFolder(path, io) ? 'Is a directory' : 'No such file or directory'}\n`)
  return undefined
}

/** Lines [from, to) of the left that became lines [from, to) of the right. */
interface Hunk {
  a: [number, number]
  b: [number, number]
}

/** Longest common subsequence, by its lengths from every pair of places to the ends. */
function changes(a: readonly string[], b: readonly string[]): Hunk[] {
  const width = b.length + 1
  const common = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const at = i * width + j
      common[at] =
        a[i] === b[j]
          ? (common[at + width + 1] ?? 0) + 1
          : Math.max(common[at + width] ?? 0, common[at + 1] ?? 0)
    }
  }
  const hunks: Hunk[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++
      j++
      continue
    }
    const from: [number, number] = [i, j]
    while ((i < a.length || j < b.length) && !(i < a.length && j < b.length && a[i] === b[j])) {
      const down = i < a.length ? (common[(i + 1) * width + j] ?? 0) : -1
      const along = j < b.length ? (common[i * width + j + 1] ?? 0) : -1
      if (down >= along) i++
      else j++
    }
    hunks.push({ a: [from[0], i], b: [from[1], j] })
  }
  return hunks
}

function normal(left: readonly string[], right: readonly string[], { a, b }: Hunk): string {
  const [gone, come] = [left.slice(...a), right.slice(...b)]
  const range = ([from, to]: [number, number]): string =>
    to - from > 1 ? `${from + 1},${to}` : String(to === from ? from : from + 1)
  const letter = gone.length === 0 ? 'a' : come.length === 0 ? 'd' : 'c'
  const middle = letter === 'c' ? '---\n' : ''
  return `${range(a)}${letter}${range(b)}\n${marked('< ', gone)}${middle}${marked('> ', come)}`
}

function marked(mark: string, lines: readonly string[]): string {
  return lines.map((line) => `${mark}${line}\n`).join('')
}

/** Changes with three lines around them; those whose surroundings meet are shown together. */
function unified(left: readonly string[], right: readonly string[], hunks: readonly Hunk[]): string {
  const groups: Hunk[][] = []
  for (const hunk of hunks) {
    const last = groups.at(-1)
    const before = last?.at(-1)
    if (last && before && hunk.a[0] - before.a[1] <= 2 * CONTEXT) last.push(hunk)
    else groups.push([hunk])
  }
  return groups.map((group) => unifiedGroup(left, right, group)).join('')
}

function unifiedGroup(left: readonly string[], right: readonly string[], group: readonly Hunk[]): string {
  const [first] = group
  const last = group.at(-1)
  if (!first || !last) return ''
  const from = Math.max(0, first.a[0] - CONTEXT)
  const to = Math.min(left.length, last.a[1] + CONTEXT)
  const fromB = first.b[0] - (first.a[0] - from)
  const toB = last.b[1] + (to - last.a[1])
  let text = ''
  let at = from
  for (const { a, b } of group) {
    text += marked(' ', left.slice(at, a[0])) + marked('-', left.slice(...a)) + marked('+', right.slice(...b))
    at = a[1]
  }
  text += marked(' ', left.slice(at, to))
  const range = (start: number, end: number): string =>
    end - start === 1 ? String(start + 1) : `${end === start ? start : start + 1},${end - start}`
  return `@@ -${range(from, to)} +${range(fromB, toB)} @@\n${text}`
}
