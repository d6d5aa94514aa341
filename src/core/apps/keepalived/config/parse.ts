import { type Build, emptyConfig } from './build.ts'
import { globalKeywords } from './global.ts'
import { groupKeywords } from './group-keywords.ts'
import { readLines } from './lines.ts'
import { serviceKeywords } from './service-keywords.ts'
import type { Config } from './types.ts'
import { instanceKeyword } from './vrrp-keywords.ts'
import { type ConfigError, type Keyword, walkConfig } from './walk.ts'

/** Who reads: the parent looks at global_defs, the children at their own blocks, global_defs again only at a reload. */
export type Role = 'parent' | 'checkers' | 'vrrp' | 'bfd'

export interface Source {
  path: string
  readFile: (path: string) => string | undefined
  hasDev: (name: string) => boolean
  role: Role
  reload: boolean
  /** `keepalived -t`. */
  testing: boolean
}

interface Parsed {
  config: Config
  errors: ConfigError[]
}

/** keepalived.conf as one of the processes reads it (init_data in lib/parser.c). Errors in order; nothing makes it fail. */
export function parseConfig(source: Source): Parsed {
  const read = readLines(source.path, source.readFile)
  const build: Build = { config: emptyConfig(), testing: source.testing, hasDev: source.hasDev }
  const { role } = source
  // Children have the parent's global_defs from before the fork.
  if (role !== 'parent' && !source.reload) walkConfig(read.lines, keywords('globals'), build)
  const errors = walkConfig(read.lines, keywords(role, source.reload), build)
  return { config: build.config, errors: inOrder(read.errors, errors) }
}

/** A line is read, and complained about, before its keyword is; what is about the whole file comes last. */
function inOrder(reading: readonly ConfigError[], walking: readonly ConfigError[]): ConfigError[] {
  const at = ({ line }: ConfigError): number => (line === 0 ? Infinity : line)
  if (reading.length === 0) return [...walking]
  return [...reading, ...walking].sort((a, b) => (at(a) === at(b) ? 0 : at(a) - at(b)))
}

function keywords(role: Role | 'globals', reload = false): Keyword<Build>[] {
  return [
    ...globalKeywords(role !== 'parent' && role !== 'globals' && !reload),
    ...serviceKeywords(role !== 'checkers'),
    ...groupKeywords(role !== 'vrrp'),
    instanceKeyword(role !== 'vrrp'),
    { name: 'bfd_instance', passive: true, sub: [] },
    { name: 'vrrp_track_file', passive: true, sub: [] },
    { name: 'track_file', passive: true, sub: [] },
  ]
}
