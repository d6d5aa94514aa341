import type { Line } from './lines.ts'

/**
 * The keyword tree and the walk over it (lib/parser.c process_stream, alloc_value_block). An unknown keyword is reported
 * and skipped; its '{' is "unexpected", its contents are unknown too, and its '}' ends the block around it.
 */
export interface Keyword<B> {
  name: string
  run?: (words: readonly string[], at: At<B>) => void
  /** Keywords of the block. */
  sub?: readonly Keyword<B>[]
  /** At the end of the block. */
  end?: (at: At<B>) => void
  /** The block is a list of lines, not of keywords: called for each; `run` before them, `end` after. */
  value?: (words: readonly string[], at: At<B>) => void
  /** Another process's business: the block is skipped after `seen`. */
  passive?: boolean
  seen?: (at: At<B>) => void
}

/** What a handler sees: the object being built, the place for complaints, and the way to skip the block that follows. */
export interface At<B> {
  build: B
  error: (text: string) => void
  skipBlock: () => void
}

export interface ConfigError {
  /** 0 = about the file as a whole. */
  line: number
  text: string
}

interface Walk<B> {
  lines: readonly Line[]
  next: number
  depth: number
  /** Opened and not closed, whatever for. */
  braces: number
  /** -1: a block to be skipped may begin; above 0: so many braces still to be closed. */
  skip: number
  errors: ConfigError[]
  build: B
}

export function walkConfig<B>(
  lines: readonly Line[],
  keywords: readonly Keyword<B>[],
  build: B,
): ConfigError[] {
  const walk: Walk<B> = { lines, next: 0, depth: 0, braces: 0, skip: 0, errors: [], build }
  walkBlock(walk, keywords, false)
  if (walk.braces > 0) {
    walk.errors.push({ line: 0, text: `There are ${walk.braces} missing '}'s or extra '{'s` })
  }
  return walk.errors
}

/** Keywords that read a command line of their own (alloc_strvec_quoted_escaped). */
const COMMANDS = /^(quorum_(up|down)|notify.*|script)$/

function complain<B>(walk: Walk<B>, text: string): void {
  walk.errors.push({ line: walk.lines[walk.next - 1]?.line ?? 0, text })
}

/** True: the block was skipped, its end handler must not run. */
function walkBlock<B>(walk: Walk<B>, keywords: readonly Keyword<B>[], needBrace: boolean): boolean {
  for (let line = walk.lines[walk.next]; line; line = walk.lines[walk.next]) {
    walk.next++
    const word = line.words[0] ?? ''
    walk.braces += word === '{' ? 1 : word === '}' ? -1 : 0
    if (walk.skip === -1) {
      if (word === '{') {
        walk.skip = 1
        needBrace = false
        continue
      }
      walk.skip = 0
    }
    if (walk.skip > 0) {
      if (word === '{') walk.skip++
      else if (word === '}' && --walk.skip === 0 && walk.depth > 0) return true
      continue
    }
    if (needBrace) {
      needBrace = false
      if (word === '{' && walk.depth > 0) continue
      complain(walk, "Missing '{' at beginning of configuration block")
    } else if (word === '{') {
      complain(walk, "Unexpected '{' - ignoring")
      continue
    }
    if (word === '}' && walk.depth > 0) return false
    if (word === '}' && walk.braces < 0) {
      complain(walk, "Extra '}' found")
      walk.braces = 0
    }
    const keyword = keywords.find((k) => k.name === word)
    if (keyword && line.unclosed !== undefined && COMMANDS.test(word)) {
      complain(walk, `String '${line.unclosed}': missing terminating "`)
    } else if (keyword) runKeyword(walk, keyword, line.words)
    else complain(walk, `Unknown keyword '${word}'`)
  }
  return false
}

function runKeyword<B>(walk: Walk<B>, keyword: Keyword<B>, words: readonly string[]): void {
  const at: At<B> = {
    build: walk.build,
    error: (text) => complain(walk, text),
    skipBlock: () => {
      walk.skip = -1
    },
  }
  if (keyword.passive === true) {
    walk.skip = -1
    keyword.seen?.(at)
  } else {
    keyword.run?.(words, at)
    if (keyword.value) {
      readValues(walk, keyword, words, at)
      keyword.end?.(at)
    }
  }
  if (!keyword.sub) return
  walk.depth++
  const skipped = walkBlock(walk, keyword.sub, walk.skip === 0)
  walk.depth--
  if (!skipped && keyword.passive !== true) keyword.end?.(at)
}

/** Lines up to the closing brace. */
function readValues<B>(walk: Walk<B>, keyword: Keyword<B>, words: readonly string[], at: At<B>): void {
  let needBrace = true
  for (let line = walk.lines[walk.next]; line; line = walk.lines[walk.next]) {
    walk.next++
    const word = line.words[0]
    walk.braces += word === '{' ? 1 : word === '}' ? -1 : 0
    if (needBrace) {
      needBrace = false
      if (word === '{') continue
      complain(walk, `'{' missing from beginning of block ${words[0] ?? ''}`)
    }
    if (word === '}') return
    keyword.value?.(line.words, at)
  }
}
