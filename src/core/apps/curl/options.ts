import { bad, ok, type Result } from '../../base/result.ts'

/** curl's command line, as far as it is modelled. */
export interface CurlOptions {
  urls: string[]
  verbose: boolean
  silent: boolean
  showError: boolean
  include: boolean
  head: boolean
  fail: boolean
  http10: boolean
  method: string
  headers: string[]
  /** What is sent, once the files among `dataParts` have been read. */
  data: string | undefined
  dataParts: DataPart[]
  agent: string
  /** -u, -e, -b, -r as given, '' = none. */
  user: string
  referer: string
  cookie: string
  range: string
  compressed: boolean
  /** -G: what -d gives goes into the URL. */
  get: boolean
  /** -L. */
  location: boolean
  /** --resolve HOST:PORT:ADDRESS. */
  resolve: string[]
  /** The n-th is for the n-th URL; what has none goes to standard output. */
  outputs: string[]
  writeOut: string
  interface: string
  localPort: [number, number] | undefined
  /** Seconds, 0 = no limit. */
  maxTimeS: number
  connectTimeoutS: number
  /** Least time from the start of one transfer to that of the next, in ms. */
  msPerTransfer: number
  version: boolean
}

/** One `-d`: text as it stands, or a file, without its line ends unless binary. */
export type DataPart = { text: string } | { path: string; binary: boolean }

type Take = 'none' | 'text' | 'number' | 'port'

/** Long name, short letter, argument. Names whose meaning does not matter here (no TLS, no IPv6) are taken and ignored. */
const OPTIONS: readonly [string, string, Take][] = [
  ['verbose', 'v', 'none'],
  ['silent', 's', 'none'],
  ['show-error', 'S', 'none'],
  ['include', 'i', 'none'],
  ['head', 'I', 'none'],
  ['fail', 'f', 'none'],
  ['http1.0', '0', 'none'],
  ['http1.1', '', 'none'],
  ['ipv4', '4', 'none'],
  ['insecure', 'k', 'none'],
  ['no-buffer', 'N', 'none'],
  ['no-progress-meter', '', 'none'],
  ['disable', 'q', 'none'],
  ['version', 'V', 'none'],
  ['location', 'L', 'none'],
  ['get', 'G', 'none'],
  ['compressed', '', 'none'],
  ['user', 'u', 'text'],
  ['cookie', 'b', 'text'],
  ['referer', 'e', 'text'],
  ['range', 'r', 'text'],
  ['resolve', '', 'text'],
  ['request', 'X', 'text'],
  ['header', 'H', 'text'],
  ['data', 'd', 'text'],
  ['data-raw', '', 'text'],
  ['data-ascii', '', 'text'],
  ['data-binary', '', 'text'],
  ['user-agent', 'A', 'text'],
  ['output', 'o', 'text'],
  ['write-out', 'w', 'text'],
  ['interface', '', 'text'],
  ['url', '', 'text'],
  ['noproxy', '', 'text'],
  ['local-port', '', 'port'],
  ['max-time', 'm', 'number'],
  ['connect-timeout', '', 'number'],
  ['rate', '', 'text'],
]

/** Real options that would change what happens and are not modelled. */
const REFUSED: readonly [string, string][] = [
  ['ipv6', '6'],
  ['proxy', 'x'],
  ['retry', ''],
  ['cookie-jar', 'c'],
  ['form', 'F'],
  ['upload-file', 'T'],
  ['remote-name', 'O'],
  ['connect-to', ''],
  ['http2', ''],
  ['json', ''],
  ['keepalive-time', ''],
  ['no-keepalive', ''],
  ['limit-rate', ''],
  ['parallel', 'Z'],
  ['trace', ''],
  ['trace-ascii', ''],
  ['dns-servers', ''],
  ['unix-socket', ''],
  ['tcp-nodelay', ''],
  ['tcp-fastopen', ''],
  ['quote', 'Q'],
  ['config', 'K'],
  ['dump-header', 'D'],
  ['url-query', ''],
]

export function parseOptions(argv: readonly string[]): Result<CurlOptions> {
  const options = defaults()
  let onlyUrls = false
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? ''
    if (onlyUrls || !word.startsWith('-') || word === '-') {
      options.urls.push(word)
      continue
    }
    if (word === '--') {
      onlyUrls = true
      continue
    }
    const used = word.startsWith('--')
      ? takeLong(options, word, argv[i + 1])
      : takeShort(options, word, argv[i + 1])
    if (!used.ok) return used
    i += used.value
  }
  return ok(options)
}

function defaults(): CurlOptions {
  return {
    urls: [],
    verbose: false,
    silent: false,
    showError: false,
    include: false,
    head: false,
    fail: false,
    http10: false,
    method: '',
    headers: [],
    data: undefined,
    dataParts: [],
    agent: '',
    user: '',
    referer: '',
    cookie: '',
    range: '',
    compressed: false,
    get: false,
    location: false,
    resolve: [],
    outputs: [],
    writeOut: '',
    interface: '',
    localPort: undefined,
    maxTimeS: 0,
    connectTimeoutS: 0,
    msPerTransfer: 0,
    version: false,
  }
}

/** Number of further words that were used, or curl's complaint. */
function takeLong(options: CurlOptions, word: string, next: string | undefined): Result<number> {
  const name = word.slice(2)
  const negated =
    name.startsWith('no-') && OPTIONS.some(([known, , take]) => known === name.slice(3) && take === 'none')
  const found = OPTIONS.find(([known]) => known === (negated ? name.slice(3) : name))
  if (!found)
    return unknown(
      word,
      REFUSED.some(([known]) => known === name),
    )
  if (found[2] === 'none') return apply(options, found[0], negated ? 'no' : '', word, 0)
  if (next === undefined) return bad(`option ${word}: requires parameter`)
  return apply(options, found[0], next, word, 1)
}

/** Letters in one word; the first that wants an argument takes the rest of the word, or the next word. */
function takeShort(options: CurlOptions, word: string, next: string | undefined): Result<number> {
  for (let i = 1; i < word.length; i++) {
    const letter = word[i] ?? ''
    const found = OPTIONS.find(([, known]) => known === letter)
    if (!found)
      return unknown(
        word,
        REFUSED.some(([, known]) => known === letter),
      )
    if (found[2] === 'none') {
      const done = apply(options, found[0], '', word, 0)
      if (!done.ok) return done
      continue
    }
    const rest = word.slice(i + 1)
    if (rest !== '') return apply(options, found[0], rest, word, 0)
    if (next === undefined) return bad(`option ${word}: requires parameter`)
    return apply(options, found[0], next, word, 1)
  }
  return ok(0)
}

function unknown(word: string, isReal: boolean): Result<number> {
  return bad(isReal ? `option ${word}: is not modelled here` : `option ${word}: is unknown`)
}

/** `-d`: text as it stands; `@` names a file, its line ends left out unless binary. */
function addData(options: CurlOptions, value: string, binary: boolean): void {
  options.dataParts.push(value.startsWith('@') ? { path: value.slice(1), binary } : { text: value })
}

/** What each option changes. For switches `on` is false after `--no-`. Options that are not here change nothing. */
const SETTERS: Readonly<Record<string, (options: CurlOptions, value: string, on: boolean) => void>> = {
  verbose: (options, _, on) => void (options.verbose = on),
  silent: (options, _, on) => void (options.silent = on),
  'show-error': (options, _, on) => void (options.showError = on),
  include: (options, _, on) => void (options.include = on),
  head: (options, _, on) => void (options.head = on),
  fail: (options, _, on) => void (options.fail = on),
  'http1.0': (options) => void (options.http10 = true),
  version: (options) => void (options.version = true),
  request: (options, value) => void (options.method = value),
  header: (options, value) => void options.headers.push(value),
  data: (options, value) => addData(options, value, false),
  'data-raw': (options, value) => void options.dataParts.push({ text: value }),
  'data-ascii': (options, value) => addData(options, value, false),
  'data-binary': (options, value) => addData(options, value, true),
  'user-agent': (options, value) => void (options.agent = value),
  location: (options, _, on) => void (options.location = on),
  get: (options, _, on) => void (options.get = on),
  compressed: (options, _, on) => void (options.compressed = on),
  user: (options, value) => void (options.user = value),
  cookie: (options, value) => void (options.cookie = value),
  referer: (options, value) => void (options.referer = value),
  range: (options, value) => void (options.range = value),
  resolve: (options, value) => void options.resolve.push(value),
  output: (options, value) => void options.outputs.push(value),
  'write-out': (options, value) => void (options.writeOut = value),
  interface: (options, value) => void (options.interface = value),
  url: (options, value) => void options.urls.push(value),
}

function apply(
  options: CurlOptions,
  name: string,
  value: string,
  word: string,
  used: number,
): Result<number> {
  if (name === 'local-port') return takePorts(options, value, word, used)
  if (name === 'max-time' || name === 'connect-timeout') return takeSeconds(options, name, value, word, used)
  if (name === 'rate') return takeRate(options, value, word, used)
  SETTERS[name]?.(options, value, value !== 'no')
  return ok(used)
}

function takePorts(options: CurlOptions, value: string, word: string, used: number): Result<number> {
  const m = /^(\d{1,5})(?: *- *(\d{1,5}))?$/.exec(value)
  const first = Number(m?.[1])
  const last = Number(m?.[2] ?? m?.[1])
  if (!m || first < 1 || last > 65535 || last < first) return bad(`option ${word}: is badly used here`)
  options.localPort = [first, last]
  return ok(used)
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `--rate N/s`, `/m`, `/h` (if none is given) or `/d`: set_rate of curl's tool_getparam.c. */
function takeRate(options: CurlOptions, value: string, word: string, used: number): Result<number> {
  const m = /^(\d{1,9})(?:\/([smhd]))?$/.exec(value)
  if (!m || Number(m[1]) === 0) return bad(`option ${word}: is badly used here`)
  options.msPerTransfer = Math.floor((UNIT_MS[m[2] ?? 'h'] ?? 0) / Number(m[1]))
  return ok(used)
}

function takeSeconds(
  options: CurlOptions,
  name: string,
  value: string,
  word: string,
  used: number,
): Result<number> {
  if (!/^\d+(\.\d*)?$|^\.\d+$/.test(value))
    return bad(`option ${word}: expected a proper numerical parameter`)
  if (name === 'max-time') options.maxTimeS = Number(value)
  else options.connectTimeoutS = Number(value)
  return ok(used)
}

/** The body of all `-d` together. The error is the path of a file that is not there. */
export function readData(
  parts: readonly DataPart[],
  readFile: (path: string) => string | undefined,
): Result<string | undefined> {
  const texts: string[] = []
  for (const part of parts) {
    if ('text' in part) texts.push(part.text)
    else {
      const text = readFile(part.path)
      if (text === undefined) return bad(part.path)
      texts.push(part.binary ? text : text.replace(/[\r\n]/g, ''))
    }
  }
  return ok(texts.length === 0 ? undefined : texts.join('&'))
}
