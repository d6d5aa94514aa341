import type { LineResult } from '../../core/lab/line.ts'
import { controlWords } from './control-words.ts'
import type { GoldenCommand } from './fixture.ts'

/**
 * Are two transcripts of one command equal, but for what is random or a matter of the machine: ports, dates, times, the
 * order of hash tables, states of neighbours that depend on how long a command took, numbers and peers of interfaces.
 */
export function sameWords(
  command: GoldenCommand,
  line: LineResult,
): { same: boolean; sim: string[]; real: string[] } {
  const exit = line.status === 0 ? [] : [`(exit status ${line.status})`]
  const text = line.output.replace(/\n+$/, '')
  const sim = plain(command.line, [...(text === '' ? [] : text.split('\n')), ...exit])
  const real = plain(command.line, command.output)
  return { same: sim.join('\n') === real.join('\n'), sim, real }
}

const EVERYWHERE: readonly (readonly [RegExp, string])[] = [
  [/^< Date: .*$/, '< Date: -'],
  [/\b(\d+\.\d+\.\d+\.\d+):([3-6]\d{4})\b/, '$1:PORT'],
  [/after \d+ (ms|milliseconds)/, 'after N $1'],
  [/\btime=[\d.]+ ms/, 'time=N ms'],
  [/\btime \d+ms/, 'time N'],
  [/^rtt min.*$/, 'rtt -'],
  [/ [\d.]+ ms\b/, ' N ms'],
  [/ {2}[\d.]+ms$/, '  Nms'],
  [/\b(idle|unbalanced)_time [\d.]+/, '$1_time N'],
  [/\s+$/, ''],
]
const NGINX = /^nginx -s/
const NEIGH = /^ip neigh/
const LINKS = /^ip (-[d4] )?(addr|link|a|l)\b/
const CONNS = /^ipvsadm -Lnc/
const CONN_FILE = /^cat \/proc\/net\/ip_vs_conn/
const TRACKED = /^conntrack -[LD]/
const UNORDERED = /^(ip neigh|ipvsadm -Lnc|conntrack -L|ss |cat \/proc\/net\/ip_vs_conn)/

function plain(command: string, lines: readonly string[]): string[] {
  const list = lines.map((line) => {
    let text = line
    for (const [from, to] of EVERYWHERE) text = text.replace(new RegExp(from, 'g'), to)
    if (NGINX.test(command)) text = text.replace(/^[\d/]+ [\d:]+ \[notice\] \d+#\d+:/, 'DATE [notice] P#P:')
    if (NEIGH.test(command)) text = text.replace(/ (REACHABLE|STALE|DELAY|PROBE)$/, ' known')
    if (CONNS.test(command)) text = text.replace(/ \d\d:\d\d {2}/, ' MM:SS  ')
    if (CONN_FILE.test(command))
      text = text.replace(/^(TCP \S+) (?!0000)\S+/, '$1 PORT').replace(/ \d+$/, ' N')
    if (TRACKED.test(command))
      text = text.replace(/^(\w+ +\d+) \d+ /, '$1 N ').replace(/port=[3-6]\d{4}/g, 'port=PORT')
    if (LINKS.test(command))
      text = text
        .replace(/^\d+: /, 'N: ')
        .replace(/@if\d+/, '')
        .replace(/ link-netns(id)? \S+/, '')
        .replace(/ qlen \d+/, '')
        // a virtual cable is pulled at its other end
        .replace('state LOWERLAYERDOWN', 'state DOWN')
    return text.trimEnd()
  })
  const control = controlWords(command, list)
  if (control) return control
  // recorded by the shell, which takes blank lines off the end
  while (list.at(-2) === '' && list.at(-1)?.startsWith('(exit') === true) list.splice(-2, 1)
  return UNORDERED.test(command) ? list.sort() : list
}

/** Commands whose words are not compared, and why. */
export const UNLIKE: readonly (readonly [RegExp, string])[] = [
  [/ls \/sys\//, '/sys is not modelled'],
  [/^cat \/proc\/net\/stat\/rt_cache/, 'the file is not modelled'],
]
