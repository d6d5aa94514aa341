import type { Errno, NetlinkOp } from '../../../kernel/netlink.ts'
import type { Command, Io } from '../../sys.ts'
import { notModelled, type Refusal, refuse, strerror, tell } from '../words.ts'
import { connectionTable, saveLines, serviceTable } from './list.ts'
import { type IpvsCommand, type IpvsLine, parseIpvsadm } from './parse.ts'

/**
 * ipvsadm 1.31. Not modelled, and refused by name: every forwarding but -g, every scheduler but rr, UDP and firewall
 * marks, persistence, counters (--stats, --rate), timeouts and the sync daemon.
 */
export const ipvsadm: Command = {
  name: 'ipvsadm',
  summary: 'the table of virtual servers (IPVS)',
  run: (args, io) => {
    if (args.length === 1 && (args[0] === '-v' || args[0] === '--version')) {
      io.out(`ipvsadm ${io.sys.host().profile.ipvsadm}\n`)
      return 0
    }
    const line = parseIpvsadm(args)
    if (!line.ok) {
      if (line.error.status !== 0) return tell(io, line.error)
      io.out(`${line.error.text}\n`)
      return 0
    }
    return run(line.value, io)
  },
}

function run(line: IpvsLine, io: Io): number {
  const { command } = line
  if (command === 'list') return list(line, io)
  if (command === 'save') {
    io.out(saveLines(io.sys.host(), line.given.has('numeric')))
    return 0
  }
  if (command === 'restore') return tell(io, notModelled("standard input, which `ipvsadm -R' reads,"))
  const op = toOp(line)
  if (!op) return 0
  const done = io.sys.apply(op)
  return done.ok ? 0 : tell(io, wordError(command, done.error))
}

function list(line: IpvsLine, io: Io): number {
  const { given, service } = line
  const host = io.sys.host()
  const numeric = given.has('numeric')
  if (given.has('timeout')) io.out('Timeout (tcp tcpfin udp): 900 120 300\n')
  else if (given.has('connection')) io.out(connectionTable(host, io.sys.now(), numeric))
  else if (!given.has('daemon')) {
    const text = serviceTable(host, {
      numeric,
      sorted: !given.has('nosort'),
      ...(service && { only: service }),
    })
    if (text === undefined) return tell(io, refuse('No such service', 1))
    io.out(text)
  }
  return 0
}

function toOp({ command, service, scheduler, real, weight }: IpvsLine): NetlinkOp | undefined {
  if (command === 'flush') return { op: 'ipvs.clear' }
  if (!service) return undefined
  if (command === 'add-service') return { op: 'ipvs.service.add', ...service, scheduler }
  if (command === 'edit-service') return { op: 'ipvs.service.edit', ...service, scheduler }
  if (command === 'delete-service') return { op: 'ipvs.service.del', ...service }
  if (!real) return undefined
  const key = { ...service, ip: real.ip, dport: real.port }
  if (command === 'delete-server') return { op: 'ipvs.dest.del', ...key }
  return { op: command === 'add-server' ? 'ipvs.dest.add' : 'ipvs.dest.edit', ...key, weight, mode: 'dr' }
}

/** libipvs' words for what the kernel refuses (libipvs.c ipvs_strerror). */
function wordError(command: IpvsCommand, errno: Errno): Refusal {
  const forService = command === 'add-service' || command === 'edit-service'
  if (errno === 'EEXIST') {
    return refuse(forService ? 'Service already exists' : 'Destination already exists', 255)
  }
  if (errno === 'ESRCH') {
    const byServer = command === 'add-server' || command === 'edit-server' || command === 'delete-server'
    return refuse(byServer ? 'Service not defined' : 'No such service', 255)
  }
  if (errno === 'ENOENT') {
    return refuse(forService ? 'Scheduler or persistence engine not found' : 'No such destination', 255)
  }
  return refuse(strerror(errno), 255)
}
