import type { Command } from '../sys.ts'
import { journalText } from './systemctl-status.ts'
import { notModelled, refuse, tell } from './words.ts'

/** journalctl: -u UNIT, -t IDENT, -n N, -e, -x, -r, --no-pager, -o cat. It does not follow (-f), and keeps only the newest 1000 lines. */
export const journalctl: Command = {
  name: 'journalctl',
  summary: 'what services and the system wrote in the journal',
  run: (args, io) => {
    const units: string[] = []
    const idents: string[] = []
    let last = Infinity
    let reverse = false
    let bare = false
    const words = args.flatMap(split)
    for (let i = 0; i < words.length; i++) {
      const word = words[i] ?? ''
      const value = words[i + 1]
      if (['--no-pager', '-q', '-x', '--no-hostname', '-a', '-b'].includes(word)) continue
      if (word === '-e') last = Math.min(last, 1000)
      else if (word === '-r') reverse = true
      else if (word === '-f') return tell(io, notModelled('following the journal (-f)'))
      else if (value === undefined && ['-u', '-t', '-n', '-o'].includes(word)) {
        if (word !== '-n')
          return tell(io, refuse(`journalctl: option requires an argument -- '${word[1] ?? ''}'`, 1))
        last = 10
      } else if (word === '-u') units.push(words[++i] ?? '')
      else if (word === '-t') idents.push(words[++i] ?? '')
      else if (word === '-o') bare = words[++i] === 'cat'
      else if (word === '-n') {
        if (/^\d+$/.test(value ?? '')) last = Number(words[++i])
        else last = 10
      } else return tell(io, notModelled(`\`journalctl ${word}'`))
    }
    const names = units.map((unit) => unit.replace(/\.service$/, ''))
    const host = io.sys.host()
    const lines = host.journal.filter(
      (line) =>
        (names.length === 0 || names.includes(line.unit)) &&
        (idents.length === 0 || idents.includes(line.ident)),
    )
    const shown = last === 0 ? [] : lines.slice(-last)
    if (shown.length === 0) io.out('-- No entries --\n')
    if (reverse) shown.reverse()
    for (const line of shown) io.out(`${bare ? line.text : journalText(line, host.id)}\n`)
    return 0
  },
}

/** `--unit=frr`, `-ufrr`, `-n5` and `-xeu frr` in the words of the short options. */
function split(word: string): string[] {
  const long = /^--(unit|identifier|lines|output)(?:=(.*))?$/.exec(word)
  if (long) {
    const short = { unit: '-u', identifier: '-t', lines: '-n', output: '-o' }[long[1] ?? ''] ?? word
    return long[2] === undefined ? [short] : [short, long[2]]
  }
  if (word === '--reverse') return ['-r']
  if (word === '--follow') return ['-f']
  if (!/^-[a-z]{2,}|^-[unto]./.test(word) || word.startsWith('--')) return [word]
  const out: string[] = []
  for (let i = 1; i < word.length; i++) {
    const letter = word[i] ?? ''
    out.push(`-${letter}`)
    if (!'unto'.includes(letter)) continue
    if (i + 1 < word.length) out.push(word.slice(i + 1))
    break
  }
  return out
}
