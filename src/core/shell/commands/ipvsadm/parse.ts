import { type Ip4, parseIp4 } from '../../../base/ids.ts'
import { bad, ok, type Result } from '../../../base/result.ts'
import type { IpvsMode, IpvsServiceKey } from '../../../kernel/ipvs/types.ts'
import { notModelled, type Refusal, refuse } from '../words.ts'
import {
  ALLOWED,
  COMMANDS,
  type IpvsCommand,
  LONG,
  LONG_VALUES,
  type Option,
  OPTIONS,
  PLAIN_FLAGS,
  SCHED_FLAGS,
  TAKES_VALUE,
  USAGE,
} from './options.ts'

/** ipvsadm 1.31's command line: its own checks and texts (ipvsadm.c parse_options, process_options). */

interface End {
  ip: Ip4
  port: number
  noPort: boolean
}

export interface IpvsLine {
  command: IpvsCommand
  given: Set<Option>
  service?: IpvsServiceKey
  scheduler: string
  flags: string[]
  /** Seconds, 0 = not persistent. */
  persistent: number
  netmask: number
  real?: End
  mode: IpvsMode
  weight: number
  upper: number
  lower: number
  local: Ip4
  /** Of --set, seconds. */
  timeouts: number[]
  daemon: 'master' | 'backup'
  dev: string
  syncid: number
}

const TRY_HELP = refuse("Try `ipvsadm -h' or 'ipvsadm --help' for more information.", 255)
const DEFAULT_PERSISTENCE = 360
const INT_MAX = 0x7fffffff

function newLine(command: IpvsCommand): IpvsLine {
  return {
    command,
    given: new Set(),
    scheduler: 'wlc',
    flags: [],
    persistent: 0,
    netmask: 0xffffffff,
    mode: 'dr',
    weight: 1,
    upper: 0,
    lower: 0,
    local: 0 as Ip4,
    timeouts: [],
    daemon: 'master',
    dev: '',
    syncid: 255,
  }
}

/** Read a line; the refusal is the tool's own, or names what is not modelled. No arguments at all list the table. */
export function parseIpvsadm(args: readonly string[]): Result<IpvsLine, Refusal> {
  const first = args[0]
  if (first === undefined) return ok(newLine('list'))
  // The first word may hold more than the command: -Lnc.
  const isCluster = /^-[A-Za-z]./.test(first)
  const word = isCluster ? first.slice(0, 2) : first
  const command = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined
  if (command === undefined) return bad(TRY_HELP)
  if (command === 'help') return bad(refuse(USAGE, 0))
  const line = newLine(command)
  const rest = isCluster ? [`-${first.slice(2)}`, ...args.slice(1)] : args.slice(1)
  const words = splitFlags(rest, takesOf(command))
  const refusal = readArguments(words, line) ?? readOptions(words, line) ?? check(line) ?? settle(line)
  return refusal ? bad(refusal) : ok(line)
}

function takesOf(command: IpvsCommand): string {
  const isService = command === 'add-service' || command === 'edit-service'
  return isService ? `${TAKES_VALUE}b` : TAKES_VALUE
}

/** `-nc` -> `-n -c`, `-w10` -> `-w 10`, `--weight=10` -> `--weight 10` (popt). */
function splitFlags(args: readonly string[], takes: string): string[] {
  const out: string[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    const at = arg.indexOf('=')
    if (arg.startsWith('--')) {
      if (at < 0) out.push(arg)
      else out.push(arg.slice(0, at), arg.slice(at + 1))
      continue
    }
    if (!/^-[A-Za-z]/.test(arg)) {
      out.push(arg)
      continue
    }
    for (let k = 1; k < arg.length; k++) {
      const flag = arg.charAt(k)
      out.push(`-${flag}`)
      if (!takes.includes(flag)) continue
      if (k + 1 < arg.length) out.push(arg.slice(k + 1))
      // The word after it is its value, whatever it looks like.
      else if (flag !== 'p' && i + 1 < args.length) out.push(args[++i] ?? '')
      break
    }
  }
  return out
}

/** What stands after the command itself without an option: three timeouts, or master or backup. */
function readArguments(words: string[], line: IpvsLine): Refusal | undefined {
  if (line.command === 'set') {
    while (words[0] !== undefined && !words[0].startsWith('-') && line.timeouts.length < 3) {
      const text = words.shift() ?? ''
      if (!/^\d+$/.test(text) || Number(text) > INT_MAX) return badTimeout(text)
      line.timeouts.push(Number(text))
    }
    if (words[0]?.startsWith('-')) return refuse(`${words[0]}: unknown option`, 255)
    if (line.timeouts.length < 3) return refuse('--set option requires 3 timeout values', 2)
  } else if (line.command === 'start-daemon' || line.command === 'stop-daemon') {
    const role = words.shift()
    if (role === undefined) return TRY_HELP
    if (role !== 'master' && role !== 'backup') {
      return refuse(`illegal ${line.command} parameter specified`, 2)
    }
    line.daemon = role
  }
  return undefined
}

function badTimeout(text: string): Refusal {
  return refuse(`invalid timeout value \`${text}' specified`, 2)
}

function readOptions(words: readonly string[], line: IpvsLine): Refusal | undefined {
  const takes = takesOf(line.command)
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    if (!word.startsWith('-')) return refuse(`unexpected argument ${word}`, 2)
    if (Object.hasOwn(COMMANDS, word)) return refuse(`invalid option \`${word}'`, 2)
    const flag = Object.hasOwn(LONG, word) ? (LONG[word] ?? word) : word
    let value: string | undefined
    if (LONG_VALUES.includes(word) || (flag.length === 2 && takes.includes(flag.charAt(1)))) {
      const following = words[i + 1]
      const optional = flag === '-p'
      if (following !== undefined && !(optional && following.startsWith('-'))) value = words[++i]
      if (value === undefined && !optional) return refuse(`${word}: missing argument`, 255)
    }
    const refusal = readOption(line, flag, word, value ?? '')
    if (refusal) return refusal
  }
  return undefined
}

/** Options that only have to be noted. */
const SWITCHES: Record<string, Option> = {
  '-n': 'numeric',
  '-c': 'connection',
  '-o': 'ops',
  '--timeout': 'timeout',
  '--daemon': 'daemon',
  '--stats': 'stats',
  '--rate': 'rate',
  '--thresholds': 'thresholds',
  '--persistent-conn': 'persistent-conn',
  '--nosort': 'nosort',
  '--exact': 'exact',
}
const MODES: Record<string, IpvsMode> = { '-g': 'dr', '-m': 'nat', '-i': 'tun', '-b': 'fullnat' }
const UNKNOWN_HERE = [
  '-6',
  '--pe',
  '--sctp-service',
  '--tun-type',
  '--tun-info',
  '--sync-maxlen',
  '--mcast-ttl',
]

function readOption(line: IpvsLine, flag: string, word: string, value: string): Refusal | undefined {
  const simple = SWITCHES[flag]
  if (simple) return give(line, simple)
  if (flag === '-b' && (line.command === 'add-service' || line.command === 'edit-service')) {
    line.flags = value.split(',')
    return give(line, 'sched-flags')
  }
  const mode = MODES[flag]
  if (mode) {
    line.mode = mode
    return give(line, 'forwarding-method')
  }
  if (UNKNOWN_HERE.includes(flag)) return notModelled(`\`ipvsadm ${word}'`)
  return readValue(line, flag, word, value)
}

function readValue(line: IpvsLine, flag: string, word: string, value: string): Refusal | undefined {
  switch (flag) {
    case '-t':
    case '-u':
    case '-f':
      return readService(line, flag, value)
    case '-r': {
      const end = readEnd(value)
      if (!end) return refuse('illegal real server address[:port] specified', 2)
      line.real = end
      return give(line, 'real-server')
    }
    case '-s':
      line.scheduler = value
      return give(line, 'scheduler')
    case '-w':
      return readNumber(value, 'illegal weight specified', (n) => (line.weight = n)) ?? give(line, 'weight')
    case '-x':
      return (
        readNumber(value, 'illegal u_threshold specified', (n) => (line.upper = n)) ??
        give(line, 'u-threshold')
      )
    case '-y':
      return (
        readNumber(value, 'illegal l_threshold specified', (n) => (line.lower = n)) ??
        give(line, 'l-threshold')
      )
    case '-p': {
      const seconds = value === '' ? DEFAULT_PERSISTENCE : Number(value)
      if (!/^\d*$/.test(value) || seconds < 1 || seconds > 31 * 86_400) return badTimeout(value)
      line.persistent = seconds
      return give(line, 'persistent')
    }
    case '-M':
    case '-z': {
      const ip = parseIp4(value)
      if (ip === undefined)
        return refuse(flag === '-M' ? 'illegal netmask specified' : 'illegal local address', 2)
      if (flag === '-M') line.netmask = ip
      else line.local = ip
      return give(line, flag === '-M' ? 'netmask' : 'local-address')
    }
    case '--mcast-interface':
      line.dev = value.slice(0, 15)
      return give(line, 'mcast-interface')
    case '--syncid':
      if (!/^\d+$/.test(value) || Number(value) > 255) return refuse('illegal syncid specified', 2)
      line.syncid = Number(value)
      return give(line, 'syncid')
    case '-F': // the interface DPVS wants with a local address; here routes decide
    case '--sort':
      return undefined
    default:
      return refuse(`${word}: unknown option`, 255)
  }
}

function readNumber(text: string, complaint: string, take: (n: number) => void): Refusal | undefined {
  if (!/^\d+$/.test(text) || Number(text) > INT_MAX) return refuse(complaint, 2)
  take(Number(text))
  return undefined
}

function give(line: IpvsLine, option: Option): Refusal | undefined {
  if (line.given.has(option)) return refuse(`multiple '${option}' options specified`, 2)
  line.given.add(option)
  return undefined
}

function readEnd(text: string): End | undefined {
  const [address = '', port, more] = text.split(':')
  const ip = parseIp4(address)
  if (ip === undefined || more !== undefined) return undefined
  if (port === undefined) return { ip, port: 0, noPort: true }
  return /^\d{1,5}$/.test(port) && Number(port) < 65536
    ? { ip, port: Number(port), noPort: false }
    : undefined
}

function readService(line: IpvsLine, flag: string, value: string): Refusal | undefined {
  const twice = give(line, 'service-address')
  if (twice) return twice
  if (flag === '-f') {
    const mark = Number(value)
    if (!/^\d+$/.test(value) || mark < 1 || mark > INT_MAX) {
      return refuse(`invalid fwmark value \`${value}' specified`, 2)
    }
    line.service = { proto: 0, vip: 0 as Ip4, port: 0, fwmark: mark }
    return undefined
  }
  const end = readEnd(value)
  if (!end) return refuse('illegal virtual server address[:port] specified', 2)
  line.service = { proto: flag === '-t' ? 6 : 17, vip: end.ip, port: end.port, fwmark: 0 }
  return undefined
}

/** Which option goes with which command (generic_opt_check). */
function check(line: IpvsLine): Refusal | undefined {
  const allowed = ALLOWED[line.command]
  let one: Option | undefined
  for (const option of OPTIONS) {
    const rule = allowed[option]
    if (!line.given.has(option)) {
      if (rule === '+') {
        return refuse(`You need to supply the '${option}' option for the '${line.command}' command`, 2)
      }
      continue
    }
    if (rule === undefined) return refuse(`Illegal '${option}' option with the '${line.command}' command`, 2)
    if (rule !== '1') continue
    if (one) {
      const pair = `The option '${option}' conflicts with the '${one}' option`
      return refuse(`${pair} in the '${line.command}' command`, 2)
    }
    one = option
  }
  const { given } = line
  const isTable = given.has('stats') || given.has('rate') || given.has('thresholds')
  if (given.has('connection') && isTable) return refuse('options conflicts in the list command', 2)
  return undefined
}

/** What ipvsadm itself knows to be wrong, and what it fills in. */
function settle(line: IpvsLine): Refusal | undefined {
  const { service, command, real, given } = line
  if (command === 'add-service' || command === 'edit-service') {
    if (service?.fwmark === 0 && service.port === 0 && line.persistent === 0) {
      return refuse('Zero port specified for non-persistent service', 2)
    }
    if (given.has('ops')) {
      if (service?.fwmark === 0 && service.proto !== 17) {
        return refuse('One-Packet Scheduling is only for UDP virtual services', 2)
      }
    }
    const names = SCHED_FLAGS[line.scheduler] ?? PLAIN_FLAGS
    const wrong = line.flags.find((flag) => !names.includes(flag) && !PLAIN_FLAGS.includes(flag))
    if (wrong !== undefined) return refuse(`invalid scheduler flag \`${wrong}'`, 2)
    line.flags = names.filter((name, i) => [name, PLAIN_FLAGS[i] ?? ''].some((n) => line.flags.includes(n)))
    if (given.has('ops')) line.flags.push('ops')
  }
  if (real && service && service.fwmark === 0) {
    // Only NAT can change the port; a port that is not given is the service's.
    const { noPort } = real
    const keeps = line.mode === 'dr' || line.mode === 'tun'
    if (noPort || (keeps && command !== 'delete-server')) real.port = service.port
  }
  return undefined
}
