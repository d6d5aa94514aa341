import { bad, ok, type Result } from '../../base/result.ts'

/** Command line of nc (OpenBSD's, as Debian packages it), as far as it is modelled. */
export interface NcOptions {
  listen: boolean
  /** -k: another one may come when the first has gone. */
  keep: boolean
  udp: boolean
  /** -z: look whether somebody is there, send nothing. */
  scan: boolean
  verbose: boolean
  numeric: boolean
  /** -N: FIN at the end of the input. */
  shutdown: boolean
  /** -d: the input is not read. */
  detached: boolean
  /** Seconds, 0 = none: for connecting, then for silence. */
  waitS: number
  /** Seconds to stay after the end of the input; -1 = until the other end closes. */
  quitS: number
  source: string
  sourcePort: number
  host: string
  ports: number[]
}

export const USAGE =
  'usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]\n' +
  '\t  [-m minttl] [-O length] [-P proxy_username] [-p source_port]\n' +
  '\t  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]\n' +
  '\t  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]\n' +
  '\t  [destination] [port]\n'

const WITH_WORD = 'IiMmOPpqsTVWwXxe'
const NOT_HERE = '6bCDFrStUZIiMmOPTVWXxec'
/** A scan of more ports is no look any more. */
const PORTS_LIMIT = 1000

function blank(): NcOptions {
  return {
    ...{
      listen: false,
      keep: false,
      udp: false,
      scan: false,
      verbose: false,
      numeric: false,
      shutdown: false,
    },
    ...{ detached: false, waitS: 0, quitS: -1, source: '', sourcePort: 0, host: '', ports: [] },
  }
}

const FLAGS: Readonly<Record<string, (o: NcOptions) => unknown>> = {
  l: (o) => (o.listen = true),
  k: (o) => (o.keep = true),
  u: (o) => (o.udp = true),
  z: (o) => (o.scan = true),
  v: (o) => (o.verbose = true),
  n: (o) => (o.numeric = true),
  N: (o) => (o.shutdown = true),
  d: (o) => (o.detached = true),
  '4': () => undefined,
}

/** The error is what nc prints before it ends with status 1. */
export function parseNc(argv: readonly string[]): Result<NcOptions> {
  const o = blank()
  const words: string[] = []
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (!/^-./.test(word)) {
      words.push(word)
      continue
    }
    for (let i = 1; i < word.length; i++) {
      const letter = word.charAt(i)
      if (NOT_HERE.includes(letter)) return bad(`vipscope: \`nc -${letter}' is not modelled\n`)
      if (WITH_WORD.includes(letter)) {
        const value = i + 1 < word.length ? word.slice(i + 1) : argv[++at]
        if (value === undefined) return bad(`nc: option requires an argument -- '${letter}'\n${USAGE}`)
        const wrong = setValue(o, letter, value)
        if (wrong !== undefined) return bad(wrong)
        break
      }
      const flag = Object.hasOwn(FLAGS, letter) ? FLAGS[letter] : undefined
      if (!flag) return bad(`nc: invalid option -- '${letter}'\n${USAGE}`)
      flag(o)
    }
  }
  return readTarget(o, words)
}

function setValue(o: NcOptions, letter: string, value: string): string | undefined {
  const n = /^-?\d{1,9}$/.test(value) ? Number(value) : NaN
  if (letter === 's') o.source = value
  else if (letter === 'p') {
    if (!(n > 0 && n < 65536)) return `nc: port number invalid: ${value}\n`
    o.sourcePort = n
  } else if (letter === 'w') {
    if (!(n >= 0)) return `nc: timeout invalid: ${value}\n`
    o.waitS = n
  } else {
    if (Number.isNaN(n)) return `nc: quit timer invalid: ${value}\n`
    o.quitS = n
  }
  return undefined
}

function readTarget(o: NcOptions, words: readonly string[]): Result<NcOptions> {
  if (o.keep && !o.listen) return bad('nc: must use -l with -k\n')
  if (o.listen && o.scan) return bad('nc: cannot use -z and -l\n')
  const [first, second, third] = words
  if (third !== undefined || first === undefined) {
    if (!(o.listen && first === undefined && o.sourcePort !== 0)) return bad(USAGE)
  }
  if (o.listen) {
    const port = second ?? first ?? String(o.sourcePort)
    o.host = second === undefined ? '' : (first ?? '')
    return readPorts(o, port)
  }
  if (second === undefined) return bad(USAGE)
  o.host = first ?? ''
  return readPorts(o, second)
}

const NAMED: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ssh: 22,
  domain: 53,
  'http-alt': 8080,
}

function readPorts(o: NcOptions, text: string): Result<NcOptions> {
  const named = Object.hasOwn(NAMED, text) ? NAMED[text] : undefined
  const m = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(named === undefined ? text : String(named))
  const from = Number(m?.[1])
  const to = Number(m?.[2] ?? m?.[1])
  if (!m) return bad(`nc: port number invalid: ${text}\n`)
  for (const port of [from, to]) {
    if (port < 1) return bad(`nc: port number too small: ${port}\n`)
    if (port > 65535) return bad(`nc: port number too large: ${port}\n`)
  }
  const [low, high] = from < to ? [from, to] : [to, from]
  if (high - low >= PORTS_LIMIT)
    return bad(`vipscope: nc: more than ${PORTS_LIMIT} ports at a time are not modelled\n`)
  for (let port = low; port <= high; port++) o.ports.push(port)
  return ok(o)
}
