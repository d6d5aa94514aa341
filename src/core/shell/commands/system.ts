import { SEC } from '../../base/ids.ts'
import type { Host } from '../../kernel/host.ts'
import type { Command } from '../sys.ts'
import { dateText } from './date.ts'
import { notModelled, refuse, tell } from './words.ts'

/** Who one is and what the machine is doing. Everybody is root; programs here take neither processor time nor memory. */

export const whoami: Command = {
  name: 'whoami',
  summary: 'the user',
  run: (_args, io) => {
    io.out('root\n')
    return 0
  },
}

export const groups: Command = { ...whoami, name: 'groups', summary: 'the groups of the user' }

export const id: Command = {
  name: 'id',
  summary: 'numbers of the user',
  run: (args, io) => {
    const [option] = args
    if (option === '-u' || option === '-g') io.out('0\n')
    else if (option === '-un' || option === '-gn') io.out('root\n')
    else if (option === undefined || option === 'root') io.out('uid=0(root) gid=0(root) groups=0(root)\n')
    else if (option.startsWith('-')) return tell(io, notModelled(`\`id ${option}'`))
    else return tell(io, refuse(`id: ‘${option}’: no such user`, 1))
    return 0
  },
}

/** ' 12:48:39 up 1 min,  0 user,  load average: 0.00, 0.00, 0.00': there is no load to speak of. */
export const uptime: Command = {
  name: 'uptime',
  summary: 'how long the simulation has run',
  run: (args, io) => {
    if (args.length > 0) return tell(io, notModelled(`\`uptime ${args[0] ?? ''}'`))
    const now = io.sys.now()
    const minutes = Math.floor(now / (60 * SEC))
    const hours = Math.floor(minutes / 60)
    const up = hours > 0 ? `${hours}:${String(minutes % 60).padStart(2, '0')}` : `${minutes} min`
    io.out(` ${dateText(now).slice(11, 19)} up ${up},  0 user,  load average: 0.00, 0.00, 0.00\n`)
    return 0
  },
}

export const free: Command = {
  name: 'free',
  summary: 'memory (not modelled)',
  run: (_args, io) => tell(io, notModelled('memory')),
}

/** Modules that are loaded: those whose work a host shows. Sizes as on the 6.1 kernel of Debian 12. */
export const lsmod: Command = {
  name: 'lsmod',
  summary: 'kernel modules in use',
  run: (_args, io) => {
    io.out('Module                  Size  Used by\n')
    for (const [name, size, by] of modulesOf(io.sys.host()))
      io.out(
        `${name.padEnd(19)} ${String(size).padStart(8)}  ${by.length}${by.length > 0 ? ` ${by.join(',')}` : ''}\n`,
      )
    return 0
  },
}

function modulesOf(host: Host): [string, number, string[]][] {
  const found: [string, number, string[]][] = []
  if (host.tcp.toa) found.push(['toa', 16384, []])
  if (Object.values(host.devs).some((dev) => dev.tunnel)) {
    found.push(['ipip', 20480, []], ['tunnel4', 16384, ['ipip']], ['ip_tunnel', 32768, ['ipip']])
  }
  const schedulers = [...new Set(host.ipvs.services.map((service) => `ip_vs_${service.scheduler}`))]
  for (const name of schedulers) found.push([name, 16384, []])
  if (schedulers.length > 0) found.push(['ip_vs', 188416, schedulers], ['nf_conntrack', 188416, ['ip_vs']])
  return found
}
