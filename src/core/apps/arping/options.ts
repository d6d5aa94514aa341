import { type Ip4, parseIp4 } from '../../base/ids.ts'
import { bad, ok, type Result } from '../../base/result.ts'

export interface ArpingOptions {
  target: Ip4
  dev: string
  /** 0 = until told to stop. */
  count: number
  /** 0 = none. */
  deadlineS: number
  source: Ip4 | undefined
  broadcastOnly: boolean
  /** Stop at the first answer. */
  first: boolean
  /** Is the address taken? Asked without one of our own. */
  dad: boolean
  quiet: boolean
}

/** iputils' options; the error is the text for the terminal. */
export function parseArping(argv: readonly string[]): Result<ArpingOptions> {
  const options: ArpingOptions = {
    ...{ target: 0 as Ip4, dev: '', count: 0, deadlineS: 0, source: undefined },
    ...{ broadcastOnly: false, first: false, dad: false, quiet: false },
  }
  let target: string | undefined
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? ''
    if (word === '-b') options.broadcastOnly = true
    else if (word === '-f') options.first = true
    else if (word === '-q') options.quiet = true
    else if (word === '-D') options.dad = options.first = true
    else if (/^-[cwIs]/.test(word)) {
      const value = word.slice(2) || argv[++i]
      if (value === undefined) return bad(`arping: option requires an argument -- '${word.charAt(1)}'\n`)
      const wrong = setOption(options, word.charAt(1), value)
      if (wrong !== undefined) return bad(wrong)
    } else if (word.startsWith('-')) return bad(`vipscope: arping ${word} is not modelled yet\n`)
    else target = word
  }
  const ip = target === undefined ? undefined : parseIp4(target)
  if (target === undefined) return bad('arping: destination address required\n')
  if (ip === undefined) return bad(`arping: ${target}: Name or service not known\n`)
  return ok({ ...options, target: ip })
}

function setOption(options: ArpingOptions, letter: string, value: string): string | undefined {
  if (letter === 'I') options.dev = value
  else if (letter === 's') {
    options.source = parseIp4(value)
    if (options.source === undefined) return `arping: invalid source ${value}\n`
  } else {
    if (!/^\d{1,9}$/.test(value) || Number(value) < 1) return `arping: invalid argument: '${value}'\n`
    if (letter === 'c') options.count = Number(value)
    else options.deadlineS = Number(value)
  }
  return undefined
}
