import { SEC } from '../../base/ids.ts'
import type { Command, Outcome } from '../sys.ts'
import { notModelled, refuse, tell } from './words.ts'
import { formatIp4, isLoopback } from '../../base/ids.ts'

/** Small tools that need nothing but the host's files and tables. */

const SLEEP_UNITS: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600, d: 86400 }
/** One hour: a simulated host has nothing to wait for that takes longer. */
const SLEEP_LIMIT_S = 3600

export const sleep: Command = {
  name: 'sleep',
  summary: 'let simulated time pass',
  run: (args, io): Outcome => {
    if (args.length === 0)
      return tell(io, refuse("sleep: missing operand\nTry 'sleep --help' for more information.", 1))
    let seconds = 0
    for (const arg of args) {
      const m = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(arg)
      if (!m) {
        return tell(
          io,
          refuse(`sleep: invalid time interval ‘${arg}’\nTry 'sleep --help' for more information.`, 1),
        )
      }
      seconds += Number(m[1]) * (SLEEP_UNITS[m[2] ?? ''] ?? 1)
    }
    if (seconds > SLEEP_LIMIT_S)
      return tell(io, refuse('vipscope: sleeping for more than an hour is refused', 1))
    return { step: { kind: 'sleep', until: io.sys.now() + Math.round(seconds * SEC) }, then: () => 0 }
  },
}

export const echo: Command = {
  name: 'echo',
  summary: 'print its words',
  run: (args, io) => {
    let at = 0
    let newline = true
    let escapes = false
    for (; /^-[neE]+$/.test(args[at] ?? ''); at++) {
      const flags = args[at] ?? ''
      if (flags.includes('n')) newline = false
      if (flags.includes('e')) escapes = true
      if (flags.includes('E')) escapes = false
    }
    const text = args.slice(at).join(' ')
    io.out((escapes ? unescape(text) : text) + (newline ? '\n' : ''))
    return 0
  },
}

function unescape(text: string): string {
  const table: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', '\\': '\\' }
  return text.replace(/\\([ntrab\\])/g, (_, c: string) => table[c] ?? c)
}

export const hostname: Command = {
  name: 'hostname',
  summary: 'the name of the host',
  run: (args, io) => {
    const host = io.sys.host()
    const [option] = args
    if (option === undefined || option === '-s' || option === '-f') io.out(`${host.id}\n`)
    else if (option === '-I' || option === '--all-ip-addresses') {
      const addresses = Object.values(host.devs)
        .filter((dev) => dev.up)
        .flatMap((dev) => dev.addrs.filter((a) => !isLoopback(a.ip)).map((a) => `${formatIp4(a.ip)} `))
      io.out(`${addresses.join('')}\n`)
    } else return tell(io, notModelled(`\`hostname ${option}'`))
    return 0
  },
}

export const uname: Command = {
  name: 'uname',
  summary: 'the version of the kernel that the host shows',
  run: (args, io) => {
    const { id, profile } = io.sys.host()
    const option = args[0] ?? '-s'
    if (option === '-s') io.out('Linux\n')
    else if (option === '-r') io.out(`${profile.kernel}\n`)
    else if (option === '-n') io.out(`${id}\n`)
    else if (option === '-v') io.out(`${profile.build}\n`)
    else if (option === '-o') io.out('GNU/Linux\n')
    else if (option === '-m') io.out('x86_64\n')
    else if (option === '-a') io.out(`Linux ${id} ${profile.kernel} ${profile.build} x86_64 GNU/Linux\n`)
    else {
      return tell(
        io,
        refuse(
          `uname: invalid option -- '${option.slice(1, 2)}'\nTry 'uname --help' for more information.`,
          1,
        ),
      )
    }
    return 0
  },
}

export const yes: Command = { name: 'true', summary: 'status 0', run: () => 0 }
export const no: Command = { name: 'false', summary: 'status 1', run: () => 1 }
export const colon: Command = { name: ':', summary: 'nothing, status 0', run: () => 0 }
