import { bad, ok, type Result } from '../../base/result.ts'

export interface TraceOptions {
  host: string
  method: 'udp' | 'icmp' | 'tcp'
  numeric: boolean
  maxHops: number
  firstHop: number
  probes: number
  /** Longest wait for an answer, in seconds. */
  waitS: number
  /**
   * An answer is waited for no longer than `here` times what another probe of the same hop needed, or `near` times what one
   * of a later hop needed; 0: always `waitS`, as with -w and one number.
   */
  here: number
  near: number
  /** Probes on the way at once. */
  atOnce: number
  /** 0 = the method's own: 33434 upwards for UDP, 80 for TCP. */
  port: number
}

const FLAGS: Record<string, Partial<TraceOptions>> = {
  n: { numeric: true },
  I: { method: 'icmp' },
  T: { method: 'tcp' },
  U: { method: 'udp' },
  '4': {},
}
const NUMBERS: Record<
  string,
  { key: 'maxHops' | 'firstHop' | 'probes' | 'waitS' | 'port' | 'atOnce'; most: number }
> = {
  m: { key: 'maxHops', most: 255 },
  f: { key: 'firstHop', most: 255 },
  q: { key: 'probes', most: 10 },
  w: { key: 'waitS', most: 60 },
  p: { key: 'port', most: 65535 },
  N: { key: 'atOnce', most: 1024 },
}

const DEFAULTS: Omit<TraceOptions, 'host'> = {
  method: 'udp',
  numeric: false,
  maxHops: 30,
  firstHop: 1,
  probes: 3,
  waitS: 5,
  here: 3,
  near: 10,
  atOnce: 16,
  port: 0,
}

/** Options of traceroute 2.1 that are modelled; the error is the text for the terminal. */
export function parseTrace(argv: readonly string[]): Result<TraceOptions> {
  const options: TraceOptions = { host: '', ...DEFAULTS }
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? ''
    const letter = word.charAt(1)
    if (!word.startsWith('-')) {
      if (options.host === '') options.host = word
      continue
    }
    const flag = word.length === 2 ? FLAGS[letter] : undefined
    const number = NUMBERS[letter]
    if (flag) Object.assign(options, flag)
    else if (number) {
      const value = word.slice(2) || argv[++i]
      const read = Number(value)
      if (value === undefined || !(read > 0) || read > number.most)
        return bad(`Cannot handle "-${letter}" option with arg \`${value ?? ''}' (argc ${i})\n`)
      options[number.key] = number.key === 'waitS' ? read : Math.floor(read)
      if (letter === 'w') Object.assign(options, { here: 0, near: 0 })
    } else return bad(`Bad option \`${word}' (argc ${i})\n`)
  }
  if (options.host === '')
    return bad(
      'Usage: traceroute [ -nITU ] [ -f first_ttl ] [ -m max_ttl ] [ -N squeries ] [ -p port ] [ -q nqueries ] [ -w MAX ] host\n',
    )
  return ok(options)
}
