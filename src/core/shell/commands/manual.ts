import type { Command, Io } from '../sys.ts'
import { notModelled, refuse, tell } from './words.ts'

/** What tells about commands: man, type, alias, history; and apt, which would bring more of them. */

/** How a tool is asked for its own list of options. */
const ASK: Readonly<Record<string, string>> = {
  ...{ ip: 'help', ipvsadm: '--help', iptables: '-h', sysctl: '--help', ss: '--help', netstat: '--help' },
  ...{
    nc: '-h',
    ab: '-h',
    ethtool: '-h',
    bridge: 'help',
    route: '--help',
    ifconfig: '--help',
    arp: '--help',
  },
  ...{ arping: '-h', curl: '--help' },
}

/** `man NAME`: what the tool is for and, where it has one, its own list of what it takes. */
export function man(find: (name: string) => Command | undefined): Command {
  return {
    name: 'man',
    summary: 'what a command does',
    run: (args, io) => {
      const name = args.find((arg) => !/^(-.*|\d)$/.test(arg))
      if (name === undefined)
        return tell(io, refuse("What manual page do you want?\nFor example, try 'man man'.", 1))
      const command = find(name)
      if (!command) return tell(io, refuse(`No manual entry for ${name}`, 16))
      const title = `${name.toUpperCase()}(8)`
      const middle = 'VipScope'
      io.out(`${title.padEnd(30)}${middle.padEnd(30)}${title}\n\nNAME\n       ${name} - ${command.summary}\n`)
      const ask = Object.hasOwn(ASK, name) ? ASK[name] : undefined
      if (ask !== undefined && !name.includes('curl')) {
        const text = captured(command, [ask], io)
        io.out(`\nSYNOPSIS\n${text.replace(/^/gm, '       ').trimEnd()}\n`)
      }
      io.out(
        '\nDESCRIPTION\n       As the tool of this name prints and does on Linux. What is not modelled here is refused\n',
      )
      io.out('       in a line that begins with "vipscope:"; `help\' lists all commands.\n')
      return 0
    },
  }
}

function captured(command: Command, args: string[], io: Io): string {
  let text = ''
  const keep = (more: string): void => void (text += more)
  command.run(args, { ...io, out: keep, err: keep })
  return text
}

const BUILTINS = new Set(
  'alias bg break cd continue echo eval exec exit export false fg history jobs kill printf pwd read set shift source test true type unalias unset wait [ . :'.split(
    ' ',
  ),
)
const KEYWORDS = new Set('if then else elif fi for while until do done case esac in { } ! [['.split(' '))

/** bash's `type`: what a name stands for. */
export function type(isCommand: (name: string) => boolean): Command {
  return {
    name: 'type',
    summary: 'what a name stands for',
    run: (args, io) => {
      let status = 0
      for (const name of args.filter((arg) => !/^-[atpPf]+$/.test(arg))) {
        const alias = Object.hasOwn(io.env.aliases, name) ? io.env.aliases[name] : undefined
        if (alias !== undefined) io.out(`${name} is aliased to \`${alias}'\n`)
        else if (KEYWORDS.has(name)) io.out(`${name} is a shell keyword\n`)
        else if (BUILTINS.has(name)) io.out(`${name} is a shell builtin\n`)
        else if (isCommand(name)) io.out(`${name} is /usr/sbin/${name}\n`)
        else {
          io.err(`bash: type: ${name}: not found\n`)
          status = 1
        }
      }
      return status
    },
  }
}

export const alias: Command = {
  name: 'alias',
  summary: 'give a command line a short name',
  run: (args, io) => {
    const { aliases } = io.env
    const line = (name: string): string =>
      `alias ${name}='${(aliases[name] ?? '').replaceAll("'", "'\\''")}'\n`
    if (args.length === 0) for (const name of Object.keys(aliases).sort()) io.out(line(name))
    let status = 0
    for (const arg of args) {
      const at = arg.indexOf('=')
      if (at > 0 && /^[\w.:+-]+$/.test(arg.slice(0, at))) aliases[arg.slice(0, at)] = arg.slice(at + 1)
      else if (at > 0) {
        io.err(`bash: alias: \`${arg.slice(0, at)}': invalid alias name\n`)
        status = 1
      } else if (Object.hasOwn(aliases, arg)) io.out(line(arg))
      else {
        io.err(`bash: alias: ${arg}: not found\n`)
        status = 1
      }
    }
    return status
  },
}

export const unalias: Command = {
  name: 'unalias',
  summary: 'forget short names',
  run: (args, io) => {
    for (const name of args) {
      if (name === '-a') io.env.aliases = {}
      else if (Object.hasOwn(io.env.aliases, name)) delete io.env.aliases[name]
      else return tell(io, refuse(`bash: unalias: ${name}: not found`, 1))
    }
    return 0
  },
}

export const history: Command = {
  name: 'history',
  summary: 'lines of this session',
  run: (args, io) => {
    const { history: lines } = io.env
    const [option] = args
    if (option === '-c') {
      lines.length = 0
      return 0
    }
    if (option !== undefined && !/^\d{1,6}$/.test(option)) {
      const text = /^-/.test(option) ? undefined : `bash: history: ${option}: numeric argument required`
      return tell(io, text === undefined ? notModelled(`\`history ${option}'`) : refuse(text, 1))
    }
    const from = option === undefined ? 0 : Math.max(0, lines.length - Number(option))
    lines.slice(from).forEach((line, i) => io.out(`${String(from + i + 1).padStart(5)}  ${line}\n`))
    return 0
  },
}

/** Packages of what hosts here have; the version where a host says one. */
const PACKAGES: Readonly<Record<string, 'nginx' | 'frr' | 'ipvsadm' | 'curl' | ''>> = {
  ...{ nginx: 'nginx', frr: 'frr', ipvsadm: 'ipvsadm', curl: 'curl', keepalived: '', 'frr-pythontools': '' },
  ...{ tcpdump: '', iproute2: '', 'net-tools': '', iptables: '', conntrack: '', procps: '', traceroute: '' },
  ...{ 'iputils-ping': '', 'iputils-arping': '', 'apache2-utils': '', 'netcat-openbsd': '', ethtool: '' },
  ...{
    bridge: '',
    kmod: '',
    grep: '',
    coreutils: '',
    gawk: '',
    sed: '',
    bash: '',
    systemd: '',
    firewalld: '',
  },
}

function runApt(name: string, args: readonly string[], io: Io): number {
  const [verb, ...rest] = args.filter((arg) => !arg.startsWith('-'))
  if (verb === undefined) return tell(io, refuse(`${name} (amd64)\nUsage: ${name} [options] command`, 1))
  if (verb === 'update' || verb === 'upgrade') {
    const done =
      'Reading package lists... Done\nBuilding dependency tree... Done\nReading state information... Done\n'
    io.out(`${done}${verb === 'update' ? 'All packages are up to date.\n' : SUMMARY}`)
    return 0
  }
  if (verb !== 'install') {
    const known = ['remove', 'purge', 'search', 'show', 'list', 'autoremove', 'policy']
    return tell(
      io,
      known.includes(verb) ? notModelled(`\`${name} ${verb}'`) : refuse(`E: Invalid operation ${verb}`, 100),
    )
  }
  io.out(
    'Reading package lists... Done\nBuilding dependency tree... Done\nReading state information... Done\n',
  )
  const missing = rest.filter((one) => !Object.hasOwn(PACKAGES, one))
  if (missing.length > 0) {
    for (const one of missing) io.err(`E: Unable to locate package ${one}\n`)
    io.err('vipscope: nothing can be fetched here; the tools that are modelled are installed\n')
    return 100
  }
  const { profile } = io.sys.host()
  for (const one of rest) {
    const key = PACKAGES[one] ?? ''
    const version = key === '' ? '' : ` (${profile[key]})`
    io.out(`${one} is already the newest version${version}.\n`)
  }
  io.out(SUMMARY)
  return 0
}

const SUMMARY = '0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n'

export const apt: Command = {
  name: 'apt',
  summary: 'install packages (all of them are there)',
  run: (args, io) => runApt('apt', args, io),
}

export const aptGet: Command = { ...apt, name: 'apt-get', run: (args, io) => runApt('apt-get', args, io) }

/** These machines are Debian's kin. */
function ofOthers(name: string): Command {
  return {
    name,
    summary: 'packages of other distributions',
    run: (_args, io) =>
      tell(
        io,
        refuse(
          `bash: ${name}: command not found\nvipscope: this machine has apt, and its tools are installed`,
          127,
        ),
      ),
  }
}
export const yum = ofOthers('yum')
export const dnf = ofOthers('dnf')
