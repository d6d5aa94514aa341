import { bad, ok, type Result } from '../../base/result.ts'

export interface PingOptions {
  host: string
  /** 0 = until told to stop. */
  count: number
  intervalS: number
  /** Seconds to wait for an answer when none has come at all. */
  lingerS: number
  deadlineS: number
  source: string
  size: number
  ttl: number
  quiet: boolean
  /** `-b`: the destination may be a broadcast address. */
  broadcast: boolean
  /** `-M`: whether routers, or this host itself, may cut the packets. */
  pmtu: 'do' | 'want' | 'dont'
}

const USAGE = '\nUsage\n  ping [options] <destination>\n'
const FLAGS = 'nqbdDU4'
const WITH_VALUE = 'ciWwIstMpQSl'

/** iputils' options; the error is the text for the terminal. */
export function parsePing(argv: readonly string[]): Result<PingOptions> {
  const options: PingOptions = {
    ...{
      host: '',
      count: 0,
      intervalS: 1,
      lingerS: 10,
      deadlineS: 0,
      source: '',
      size: 56,
      ttl: 64,
      quiet: false,
      broadcast: false,
      pmtu: 'want',
    },
  }
  const hosts: string[] = []
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? ''
    if (!word.startsWith('-') || word === '-') {
      hosts.push(word)
      continue
    }
    for (let j = 1; j < word.length; j++) {
      const letter = word[j] ?? ''
      if (FLAGS.includes(letter)) {
        if (letter === 'q') options.quiet = true
        if (letter === 'b') options.broadcast = true
        continue
      }
      if (!WITH_VALUE.includes(letter)) return bad(`ping: invalid option -- '${letter}'\n${USAGE}`)
      const value = word.slice(j + 1) || argv[++i]
      if (value === undefined) return bad(`ping: option requires an argument -- '${letter}'\n${USAGE}`)
      const wrong = setOption(options, letter, value)
      if (wrong !== undefined) return bad(`ping: ${wrong}\n`)
      break
    }
  }
  const host = hosts[0]
  if (host === undefined) return bad('ping: usage error: Destination address required\n')
  if (hosts.length > 1) return bad('ping: source routes are not modelled here\n')
  options.host = host
  return ok(options)
}

function setOption(options: PingOptions, letter: string, value: string): string | undefined {
  const number = Number(value)
  const isWhole = /^\d+$/.test(value)
  const range = (least: number, most: number): string | undefined => {
    if (!isWhole) return `invalid argument: '${value}'`
    return number < least || number > most
      ? `invalid argument: '${value}': out of range: ${least} <= value <= ${most}`
      : undefined
  }
  switch (letter) {
    case 'c':
      options.count = number
      return range(1, Number.MAX_SAFE_INTEGER)
    case 'i':
      options.intervalS = number
      return /^\d*\.?\d+$/.test(value) ? undefined : `bad timing interval: '${value}'`
    case 'W':
      options.lingerS = number
      return /^\d*\.?\d+$/.test(value) ? undefined : `bad linger time: '${value}'`
    case 'w':
      options.deadlineS = number
      return range(0, 2147483647)
    case 's':
      options.size = number
      return range(0, 65507)
    case 't':
      options.ttl = number
      return range(0, 255)
    case 'M':
      if (value !== 'do' && value !== 'want' && value !== 'dont') return `invalid -M argument: ${value}`
      options.pmtu = value
      return undefined
    case 'I':
      options.source = value
      return undefined
    default:
      return undefined
  }
}
