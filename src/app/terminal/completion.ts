import { optionsOf, WORDS_AFTER } from './completion-words.ts'

/** What there is on a host that a line may name. */
export interface Known {
  commands: readonly string[]
  /** Interfaces of this host; addresses of all. */
  devs: readonly string[]
  addresses: readonly string[]
  sysctls: readonly string[]
  vars: readonly string[]
  /** Absolute paths of files. */
  files: readonly string[]
  cwd: string
}

export interface Completion {
  /** Where the word that is completed begins, in characters. */
  from: number
  /** Whole words that could stand there, sorted. A folder ends with a slash. */
  words: readonly string[]
  /** What can be typed on: the part all words have in common, with a blank after an only one. */
  common: string
}

/** What may be typed at the cursor, as bash-completion would offer it. */
export function complete(line: string, known: Known): Completion {
  const from = line.length - (/[^\s|;&<>()'"$=]*$/.exec(line)?.[0].length ?? 0)
  const word = line.slice(from)
  const words = candidates(line.slice(0, from), word, known)
  const fitting = [...new Set(words)].filter((one) => one.startsWith(word)).sort()
  return { from, words: fitting, common: commonOf(fitting, word) }
}

/** What stands before the word, up to the beginning of its own command. */
function candidates(before: string, word: string, known: Known): readonly string[] {
  if (before.endsWith('$')) return known.vars
  const command = /[^|;&()]*$/.exec(before)?.[0] ?? ''
  const words = command.split(/\s+/).filter((one) => one !== '' && !/^\w+=/.test(one))
  if (/[<>]\s*$/.test(command)) return paths(word, known)
  while (WRAPPERS.has(words[0] ?? '') && words.length > 0) words.shift()
  const [name, ...args] = words
  if (name === undefined) return word.includes('/') ? paths(word, known) : known.commands
  if (word.startsWith('-')) return optionsOf(name, args)
  return operands(name, args, word, known)
}

const WRAPPERS = new Set([
  'sudo',
  'watch',
  'xargs',
  'nohup',
  'command',
  'builtin',
  'exec',
  'do',
  'then',
  'time',
])

function operands(name: string, args: readonly string[], word: string, known: Known): readonly string[] {
  const last = args.at(-1) ?? ''
  const own = WORDS_AFTER[name]
  const listed = (last === '' ? undefined : own?.[last]) ?? (args.length === 0 ? own?.[''] : undefined)
  if (listed) return listed
  if (DEV_AFTER.has(last) || (name === 'tcpdump' && last === '-i')) return [...known.devs, ...anyDev(name)]
  if (ADDRESS_AFTER.has(last)) return known.addresses
  if (name === 'sysctl' && !last.startsWith('-p')) return known.sysctls
  if (name === 'ifconfig' || name === 'ethtool') return known.devs
  if (TAKES_ADDRESS.has(name)) return [...known.addresses, ...(name === 'curl' ? urls(known) : [])]
  if (TAKES_COMMAND.has(name)) return known.commands
  return word === '' && NO_FILES.has(name) ? [] : paths(word, known)
}

const DEV_AFTER = new Set(['dev', '-I', '--interface', 'oif', 'iif', '-o', 'master'])
const ADDRESS_AFTER = new Set(['via', 'to', 'src', '-s', '-d', '-t', '-u', '-r', 'host', 'from', 'gw', 'get'])
const TAKES_ADDRESS = new Set(['ping', 'traceroute', 'arping', 'curl', 'nc', 'netcat', 'ab', 'arp'])
const TAKES_COMMAND = new Set(['which', 'man', 'type'])
const NO_FILES = new Set([
  'ip',
  'ipvsadm',
  'iptables',
  'systemctl',
  'ss',
  'conntrack',
  'sysctl',
  'echo',
  'sleep',
])

function anyDev(name: string): readonly string[] {
  return name === 'tcpdump' ? ['any'] : []
}

function urls({ addresses }: Known): string[] {
  return addresses.map((address) => `http://${address}`)
}

/** Files and folders that begin as the word does, one step deep. */
function paths(word: string, { files, cwd }: Known): readonly string[] {
  const slash = word.lastIndexOf('/') + 1
  const typed = word.slice(0, slash)
  const folder = typed.startsWith('/')
    ? typed
    : typed.startsWith('~/')
      ? `/root${typed.slice(1)}`
      : `${cwd}/${typed}`
  const inside = `/${folder.split('/').filter(Boolean).join('/')}/`.replace('//', '/')
  const found = files
    .filter((path) => path.startsWith(inside))
    .map((path) => /^[^/]*\/?/.exec(path.slice(inside.length))?.[0] ?? '')
  return found.filter((name) => name !== '').map((name) => typed + name)
}

function commonOf(words: readonly string[], word: string): string {
  const [first, ...others] = words
  if (first === undefined) return ''
  if (others.length === 0) return first.slice(word.length) + (/[/=]$/.test(first) ? '' : ' ')
  let length = first.length
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length--
  return first.slice(word.length, length)
}
