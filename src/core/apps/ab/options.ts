import { bad, ok, type Result } from '../../base/result.ts'
import { parseUrl } from '../curl/url.ts'

/** Command line of ApacheBench, as far as it is modelled. */
export interface AbOptions {
  requests: number
  concurrency: number
  /** Seconds after which no request is begun, 0 = no limit. */
  timeLimitS: number
  keepAlive: boolean
  quiet: boolean
  head: boolean
  headers: string[]
  /** Seconds for which an answer is waited for. */
  timeoutS: number
  host: string
  port: number
  path: string
}

/** More would keep a page busy for minutes; the real one takes any number. */
const REQUEST_LIMIT = 20_000
const CONCURRENCY_LIMIT = 1000
/** `-t` alone stands for that many requests. */
const TIMED_REQUESTS = 50_000

export const USAGE = `Usage: ab [options] [http[s]://]hostname[:port]/path
Options are:
    -n requests     Number of requests to perform
    -c concurrency  Number of multiple requests to make at a time
    -t timelimit    Seconds to max. to spend on benchmarking
                    This implies -n 50000
    -s timeout      Seconds to max. wait for each response
                    Default is 30 seconds
    -b windowsize   Size of TCP send/receive buffer, in bytes
    -B address      Address to bind to when making outgoing connections
    -p postfile     File containing data to POST. Remember also to set -T
    -u putfile      File containing data to PUT. Remember also to set -T
    -T content-type Content-type header to use for POST/PUT data, eg.
                    'application/x-www-form-urlencoded'
                    Default is 'text/plain'
    -v verbosity    How much troubleshooting info to print
    -w              Print out results in HTML tables
    -i              Use HEAD instead of GET
    -x attributes   String to insert as table attributes
    -y attributes   String to insert as tr attributes
    -z attributes   String to insert as td or th attributes
    -C attribute    Add cookie, eg. 'Apache=1234'. (repeatable)
    -H attribute    Add Arbitrary header line, eg. 'Accept-Encoding: gzip'
                    Inserted after all normal header lines. (repeatable)
    -A attribute    Add Basic WWW Authentication, the attributes
                    are a colon separated username and password.
    -P attribute    Add Basic Proxy Authentication, the attributes
                    are a colon separated username and password.
    -X proxy:port   Proxyserver and port number to use
    -V              Print version number and exit
    -k              Use HTTP KeepAlive feature
    -d              Do not show percentiles served table.
    -S              Do not show confidence estimators and warnings.
    -q              Do not show progress when doing more than 150 requests
    -l              Accept variable document length (use this for dynamic pages)
    -g filename     Output collected data to gnuplot format file.
    -e filename     Output CSV file with percentages served
    -r              Don't exit on socket receive errors.
    -m method       Method name
    -h              Display usage information (this message)
    -I              Disable TLS Server Name Indication (SNI) extension
    -Z ciphersuite  Specify SSL/TLS cipher suite (See openssl ciphers)
    -f protocol     Specify SSL/TLS protocol
                    (SSL2, TLS1, TLS1.1, TLS1.2, TLS1.3 or ALL)
    -E certfile     Specify optional client certificate chain and private key
`

/** Options that take a word, and those that stand alone, in the real tool. */
const WITH_WORD = 'nctbTpuvmyzxCHPAXgesBEZf'
const ALONE = 'lrkiwhVdSqI'

/** `version` and `usage` ask for text alone; the error is what goes to the terminal, with status 22 as ab has it. */
export function parseAb(argv: readonly string[]): Result<AbOptions | 'version' | 'usage'> {
  const o = {
    requests: 1,
    concurrency: 1,
    timeLimitS: 0,
    keepAlive: false,
    quiet: false,
    head: false,
    timeoutS: 30,
  }
  const headers: string[] = []
  let at = 1
  for (; /^-./.test(argv[at] ?? ''); at++) {
    const word = argv[at] ?? ''
    for (let i = 1; i < word.length; i++) {
      const letter = word.charAt(i)
      if (letter === 'V') return ok('version')
      if (letter === 'h') return ok('usage')
      if (letter === 'k') o.keepAlive = true
      else if (letter === 'q') o.quiet = true
      else if (letter === 'i') o.head = true
      else if (WITH_WORD.includes(letter)) {
        const value = i + 1 < word.length ? word.slice(i + 1) : argv[++at]
        if (value === undefined) return bad(`ab: option requires an argument -- ${letter}\n${USAGE}`)
        const wrong = setValue(o, headers, letter, value)
        if (wrong !== undefined) return bad(wrong)
        break
      } else if (ALONE.includes(letter)) return bad(notModelled(letter))
      else return bad(`ab: invalid option -- ${letter}\n${USAGE}`)
    }
  }
  if (argv.length - at !== 1) return bad(`ab: wrong number of arguments\n${USAGE}`)
  const url = readUrl(argv[at] ?? '')
  if (!url.ok) return url
  if (o.concurrency < 0 || o.concurrency > CONCURRENCY_LIMIT)
    return bad(`ab: Invalid Concurrency [Range 0..20000]\n${USAGE}`)
  if (o.concurrency > o.requests)
    return bad(`ab: Cannot use concurrency level greater than total number of requests\n${USAGE}`)
  return ok({ ...o, headers, ...url.value })
}

type Numbers = Omit<AbOptions, 'headers' | 'host' | 'port' | 'path'>

function setValue(o: Numbers, headers: string[], letter: string, value: string): string | undefined {
  const n = Number.parseInt(value, 10) || 0
  switch (letter) {
    case 'n':
      if (n <= 0) return 'Invalid number of requests\n'
      if (n > REQUEST_LIMIT) return `vipscope: ab: more than ${REQUEST_LIMIT} requests are not modelled\n`
      o.requests = n
      return undefined
    case 'c':
      o.concurrency = n
      return undefined
    case 't':
      o.timeLimitS = n
      if (o.requests === 1) o.requests = TIMED_REQUESTS
      return undefined
    case 's':
      o.timeoutS = n
      return undefined
    case 'H':
      headers.push(value)
      return undefined
    default:
      return notModelled(letter)
  }
}

function notModelled(letter: string): string {
  return `vipscope: \`ab -${letter}' is not modelled\n`
}

/** Unlike curl, ab wants a path. */
function readUrl(text: string): Result<{ host: string; port: number; path: string }> {
  const url = parseUrl(text, 7)
  const slash = text.replace(/^[a-z]+:\/\//i, '').indexOf('/')
  if (!url.ok || slash < 1) return bad(`ab: invalid URL\n${USAGE}`)
  return ok({ host: url.value.host, port: url.value.port, path: url.value.target })
}
