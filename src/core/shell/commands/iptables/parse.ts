import { bad, ok, type Result } from '../../../base/result.ts'
import type { RuleSpec, TableName } from '../../../kernel/netfilter/tables/types.ts'
import { Reader, readWord, type Verb } from './reader.ts'
import { type Mistake, model, usage } from './words.ts'

/** The command line of iptables (iptables/xshared.c do_parse). */

export interface Line {
  verb: Verb
  table: TableName
  chain: string
  /** Number of the rule, 0 = not given. */
  at: number
  /** New name (-E) or policy (-P). */
  second: string
  /** Given rule; several sources or destinations make several. */
  rules: RuleSpec[]
  hasRule: boolean
  numeric: boolean
  verbose: boolean
  exact: boolean
  lineNumbers: boolean
  /** -Z beside -L or -S. */
  zero: boolean
  count?: { packets: number; bytes: number }
}

const TABLES: readonly string[] = ['raw', 'mangle', 'nat', 'filter']

/** Read the words after `iptables`. 'help' and 'version' stand for -h and -V. */
export function parseIptables(words: readonly string[]): Result<Line | 'help' | 'version', Mistake> {
  const r = new Reader(words)
  let not = false
  while (r.at < words.length) {
    const word = words[r.at++] ?? ''
    if (word === '!') {
      not = true
      continue
    }
    if (word === '-h' || word === '--help') return ok('help')
    if (word === '-V' || word === '--version') return ok('version')
    const wrong = readWord(r, word, not)
    if (wrong) return bad(wrong)
    not = false
  }
  return finish(r)
}

function finish(r: Reader): Result<Line | 'help' | 'version', Mistake> {
  if (r.flags.has('h')) return ok('help')
  if (r.flags.has('V')) return ok('version')
  if (r.verb === '') return bad(usage('no command specified'))
  if (r.table === 'security') return bad(model('table security'))
  if (!TABLES.includes(r.table)) {
    return bad({ text: `table '${r.table}' does not exist`, kind: 'table' })
  }
  for (const { kind, match } of r.matches) {
    const wrong = kind.check(match)
    if (wrong) return bad(wrong)
  }
  const wrong = r.target?.kind.check(r.target.target) ?? wrongUse(r, r.verb)
  if (wrong) return bad(wrong)
  const { verb, chain, number, second, flags } = r
  return ok({
    verb,
    table: r.table as TableName,
    chain,
    at: number,
    second,
    rules: rulesOf(r),
    hasRule: hasRule(r),
    numeric: flags.has('n'),
    verbose: flags.has('v'),
    exact: flags.has('x'),
    lineNumbers: flags.has('0'),
    zero: flags.has('zero'),
    ...(r.count && { count: r.count }),
  })
}

function hasRule(r: Reader): boolean {
  return r.seen.size > 0 || r.matches.length > 0
}

/** Options that do not go with the command or the chain. */
function wrongUse(r: Reader, verb: Verb): Mistake | undefined {
  const takesRule =
    verb === 'A' || verb === 'C' || verb === 'I' || verb === 'R' || (verb === 'D' && r.number === 0)
  if (!takesRule && r.seen.size > 0) {
    const first = 'jg'.split('').find((l) => r.seen.has(l)) ?? [...r.seen][0]
    return usage(`Illegal option \`-${first ?? 'j'}' with this command`)
  }
  if (!takesRule) return undefined
  if (r.spec.out && (r.chain === 'INPUT' || r.chain === 'PREROUTING'))
    return usage(`Can't use -o with ${r.chain}\n`)
  if (r.spec.in && (r.chain === 'OUTPUT' || r.chain === 'POSTROUTING'))
    return usage(`Can't use -i with ${r.chain}\n`)
  return undefined
}

/** One rule for every pair of source and destination. */
function rulesOf(r: Reader): RuleSpec[] {
  const base: RuleSpec = {
    ...r.spec,
    matches: r.matches.map(({ match }) => match),
    target: r.target?.target ?? r.spec.target,
  }
  const sources = r.sources.length > 0 ? r.sources : [undefined]
  const destinations = r.destinations.length > 0 ? r.destinations : [undefined]
  const any = (address: RuleSpec['src']): boolean =>
    address === undefined || (address.mask === 0 && !address.not)
  return sources.flatMap((src) =>
    destinations.map((dst) => ({
      ...base,
      ...(!any(src) && src && { src }),
      ...(!any(dst) && dst && { dst }),
    })),
  )
}
