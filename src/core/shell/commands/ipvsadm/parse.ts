import { type Ip4, parseIp4 } from '../../../base/ids.ts'
import { bad, ok, type Result } from '../../../base/result.ts'
import { notModelled, type Refusal, refuse } from '../words.ts'

/** ipvsadm 1.31's command line: its own option tables, checks and texts (ipvsadm.c). */

export type IpvsCommand =
  | 'add-service'
  | 'edit-service'
  | 'delete-service'
  | 'flush'
  | 'list'
  | 'add-server'
  | 'edit-server'
  | 'delete-server'
  | 'restore'
  | 'save'

/** Options by the names the tool's complaints use, in the order of its checks. */
const OPTIONS = [
  'numeric',
  'connection',
  'service-address',
  'scheduler',
  'real-server',
  'forwarding-method',
  'weight',
  'timeout',
  'daemon',
  'nosort',
  'exact',
] as const
type Option = (typeof OPTIONS)[number]

export interface ServiceKey {
  proto: number
  vip: Ip4
  port: number
}

export interface IpvsLine {
  command: IpvsCommand
  given: Set<Option>
  service?: ServiceKey
  scheduler: string
  real?: { ip: Ip4; port: number }
  weight: number
}

const COMMANDS: Record<string, IpvsCommand | 'set' | 'start-daemon' | 'stop-daemon' | 'zero' | 'help'> = {
  '-A': 'add-service',
  '--add-service': 'add-service',
  '-E': 'edit-service',
  '--edit-service': 'edit-service',
  '-D': 'delete-service',
  '--delete-service': 'delete-service',
  '-C': 'flush',
  '--clear': 'flush',
  '-L': 'list',
  '-l': 'list',
  '--list': 'list',
  '-a': 'add-server',
  '--add-server': 'add-server',
  '-e': 'edit-server',
  '--edit-server': 'edit-server',
  '-d': 'delete-server',
  '--delete-server': 'delete-server',
  '-R': 'restore',
  '--restore': 'restore',
  '-S': 'save',
  '--save': 'save',
  '-Z': 'zero',
  '--zero': 'zero',
  '--set': 'set',
  '--start-daemon': 'start-daemon',
  '--stop-daemon': 'stop-daemon',
  '-h': 'help',
  '--help': 'help',
}

/** + must be given, blank may be given; what is missing here is illegal with that command. */
const ALLOWED: Record<IpvsCommand, Partial<Record<Option, '+' | ' '>>> = {
  'add-service': { 'service-address': '+', scheduler: ' ' },
  'edit-service': { 'service-address': '+', scheduler: ' ' },
  'delete-service': { 'service-address': '+' },
  flush: {},
  list: {
    numeric: ' ',
    connection: ' ',
    'service-address': ' ',
    timeout: ' ',
    daemon: ' ',
    nosort: ' ',
    exact: ' ',
  },
  'add-server': { 'service-address': '+', 'real-server': '+', 'forwarding-method': ' ', weight: ' ' },
  'edit-server': { 'service-address': '+', 'real-server': '+', 'forwarding-method': ' ', weight: ' ' },
  'delete-server': { 'service-address': '+', 'real-server': '+' },
  restore: {},
  save: { numeric: ' ' },
}

/** Long options; `=` stands for a value. Those without an Option name are known to the tool but not modelled. */
const LONG: Record<string, string> = {
  '--tcp-service': '-t',
  '--udp-service': '-u',
  '--fwmark-service': '-f',
  '--sctp-service': '--sctp-service',
  '--scheduler': '-s',
  '--persistent': '-p',
  '--netmask': '-M',
  '--real-server': '-r',
  '--gatewaying': '-g',
  '--masquerading': '-m',
  '--ipip': '-i',
  '--weight': '-w',
  '--u-threshold': '-x',
  '--l-threshold': '-y',
  '--numeric': '-n',
  '--connection': '-c',
  '--ipv6': '-6',
  '--ops': '-o',
  '--sched-flags': '-b',
}
const TAKES_VALUE = 'tufspMrwxyb'
const TRY_HELP = refuse("Try `ipvsadm -h' or 'ipvsadm --help' for more information.", 255)

const MODELLED_SCHEDULERS = ['rr']
const KNOWN_SCHEDULERS = 'rr wrr lc wlc lblc lblcr dh sh sed nq fo ovf mh twos'.split(' ')

/** Read a line; the refusal is the tool's own, or names what is not modelled. No arguments at all list the table. */
export function parseIpvsadm(args: readonly string[]): Result<IpvsLine, Refusal> {
  const words = splitFlags(args)
  const first = words[0]
  if (first === undefined) return ok({ command: 'list', given: new Set(), scheduler: '', weight: 1 })
  const command = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined
  if (command === undefined) return bad(TRY_HELP)
  if (command === 'set' || command === 'zero' || command === 'start-daemon' || command === 'stop-daemon') {
    return bad(notModelled(`\`ipvsadm ${first}'`))
  }
  if (command === 'help') return bad(refuse(USAGE, 0))
  const line: IpvsLine = { command, given: new Set(), scheduler: 'wlc', weight: 1 }
  const refusal = readOptions(words.slice(1), line) ?? check(line)
  return refusal ? bad(refusal) : ok(line)
}

/** `-Lnc` -> `-L -n -c`, `-w10` -> `-w 10`, `--weight=10` -> `--weight 10` (popt). */
function splitFlags(args: readonly string[]): string[] {
  return args.flatMap((arg) => {
    if (arg.startsWith('--')) {
      const at = arg.indexOf('=')
      return at < 0 ? [arg] : [arg.slice(0, at), arg.slice(at + 1)]
    }
    if (!/^-[A-Za-z0-9]/.test(arg)) return [arg]
    const out: string[] = []
    for (let i = 1; i < arg.length; i++) {
      const flag = arg.charAt(i)
      out.push(`-${flag}`)
      if (TAKES_VALUE.includes(flag) && i + 1 < arg.length) {
        out.push(arg.slice(i + 1))
        break
      }
    }
    return out
  })
}

function readOptions(words: readonly string[], line: IpvsLine): Refusal | undefined {
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    if (!word.startsWith('-')) return refuse(`unexpected argument ${word}`, 2)
    const flag = Object.hasOwn(LONG, word) ? (LONG[word] ?? word) : word
    let value: string | undefined
    if (flag.length === 2 && TAKES_VALUE.includes(flag.charAt(1))) {
      const optional = flag === '-p'
      const following = words[i + 1]
      if (following !== undefined && !(optional && following.startsWith('-'))) value = words[++i]
      if (value === undefined && !optional) return refuse(`${word}: missing argument`, 255)
    }
    const refusal = readOption(line, flag, word, value ?? '')
    if (refusal) return refusal
  }
  return undefined
}

function readOption(line: IpvsLine, flag: string, word: string, value: string): Refusal | undefined {
  if (Object.hasOwn(COMMANDS, word)) return refuse(`invalid option \`${word}'`, 2)
  switch (flag) {
    case '-t':
      return readService(line, value)
    case '-r':
      return readReal(line, value)
    case '-s':
      line.scheduler = value
      return give(line, 'scheduler', word)
    case '-w':
      if (!/^\d{1,5}$/.test(value) || Number(value) > 65535) return refuse('illegal weight specified', 2)
      line.weight = Number(value)
      return give(line, 'weight', word)
    case '-g':
      return give(line, 'forwarding-method', word)
    case '-m':
      return notModelled('forwarding by NAT (-m)')
    case '-i':
      return notModelled('forwarding by tunnel (-i)')
    case '-b':
      return notModelled("`ipvsadm -b'")
    case '-n':
      return give(line, 'numeric', word)
    case '-c':
      return give(line, 'connection', word)
    case '--timeout':
      return give(line, 'timeout', word)
    case '--daemon':
      return give(line, 'daemon', word)
    case '--exact':
      return give(line, 'exact', word)
    case '--sort':
    case '--nosort':
      return flag === '--sort' ? undefined : give(line, 'nosort', word)
    case '-u':
      return notModelled('a UDP service (-u)')
    case '-f':
      return notModelled('a firewall-mark service (-f)')
    case '-p':
      return notModelled('persistence (-p)')
    case '-x':
    case '-y':
    case '-M':
    case '-o':
    case '-6':
    case '--pe':
    case '--stats':
    case '--rate':
    case '--thresholds':
    case '--persistent-conn':
    case '--sctp-service':
    case '--tun-type':
      return notModelled(`\`ipvsadm ${word}'`)
    default:
      return refuse(`${word}: unknown option`, 255)
  }
}

function give(line: IpvsLine, option: Option, word: string): Refusal | undefined {
  if (line.given.has(option)) return refuse(`multiple "${word}" options specified`, 2)
  line.given.add(option)
  return undefined
}

function readEnd(text: string): { ip: Ip4; port: number } | undefined {
  const [address = '', port, more] = text.split(':')
  const ip = parseIp4(address)
  if (ip === undefined || more !== undefined) return undefined
  if (port === undefined) return { ip, port: 0 }
  return /^\d{1,5}$/.test(port) && Number(port) < 65536 ? { ip, port: Number(port) } : undefined
}

function readService(line: IpvsLine, value: string): Refusal | undefined {
  const end = readEnd(value)
  if (!end) return refuse('illegal virtual server address[:port] specified', 2)
  line.service = { proto: 6, vip: end.ip, port: end.port }
  return give(line, 'service-address', '-t')
}

function readReal(line: IpvsLine, value: string): Refusal | undefined {
  const end = readEnd(value)
  if (!end) return refuse('illegal real server address[:port] specified', 2)
  line.real = end
  return give(line, 'real-server', '-r')
}

/** Which option goes with which command, then what ipvsadm itself knows to be wrong. */
function check(line: IpvsLine): Refusal | undefined {
  const allowed = ALLOWED[line.command]
  for (const option of OPTIONS) {
    if (!line.given.has(option) && allowed[option] === '+') {
      return refuse(`You need to supply the '${option}' option for the '${line.command}' command`, 2)
    }
    if (line.given.has(option) && allowed[option] === undefined) {
      return refuse(`Illegal '${option}' option with the '${line.command}' command`, 2)
    }
  }
  const isService = line.command === 'add-service' || line.command === 'edit-service'
  if (isService && line.service?.port === 0)
    return refuse('Zero port specified for non-persistent service', 2)
  const known = KNOWN_SCHEDULERS.includes(line.scheduler) && !MODELLED_SCHEDULERS.includes(line.scheduler)
  if (isService && known) {
    return refuse(
      `vipscope: the scheduler ${line.scheduler} is not modelled yet (there is ${MODELLED_SCHEDULERS.join(', ')})`,
      1,
    )
  }
  // direct routing cannot change the port: the service's is meant
  if (line.real && line.service) line.real.port = line.service.port
  return undefined
}

const USAGE = `ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)
Usage:
  ipvsadm -A|E virtual-service [-s scheduler]
  ipvsadm -D virtual-service
  ipvsadm -C
  ipvsadm -S [-n]
  ipvsadm -a|e virtual-service -r server-address [options]
  ipvsadm -d virtual-service -r server-address
  ipvsadm -L|l [virtual-service] [options]
  ipvsadm -h

virtual-service:
  --tcp-service|-t  service-address   service-address is host[:port]
Options:
  --scheduler    -s scheduler         one of ${MODELLED_SCHEDULERS.join('|')}
  --real-server  -r server-address    server-address is host (and port)
  --gatewaying   -g                   gatewaying (direct routing) (default)
  --weight       -w weight            capacity of real server
  --connection   -c                   output of current IPVS connections
  --timeout                           output of timeout (tcp tcpfin udp)
  --numeric      -n                   numeric output of addresses and ports`
