import type { Errno, NetlinkOp } from '../../../kernel/netlink.ts'
import type { Command, Io } from '../../sys.ts'
import { notModelled, type Refusal, refuse, strerror, tell } from '../words.ts'
import { connectionTable, daemonLines, type Format, localTable, saveLines, serviceTable } from './list.ts'
import type { IpvsCommand } from './options.ts'
import { type IpvsLine, parseIpvsadm } from './parse.ts'

/**
 * ipvsadm 1.31, and the words of FULLNAT's ipvsadm for what the mainline kernel does not have: `-a ... -b`, `-P`, `-Q`,
 * `-G`. Not modelled, and refused by name: IPv6, SCTP, persistence engines, tunnels other than ipip.
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
  const { command, given } = line
  const numeric = given.has('numeric')
  switch (command) {
    case 'list':
      return list(line, io)
    case 'get-laddr':
      return show(io, localTable(io.sys.host(), numeric, line.service))
    case 'save':
      io.out(saveLines(io.sys.host(), numeric))
      return 0
    case 'restore':
      return restore(io)
    default:
      return change(line, io)
  }
}

/** `-R`: lines as `-S` prints them, up to the first that fails. */
function restore(io: Io): number {
  if (io.input === null)
    return tell(io, notModelled("typing what `ipvsadm -R' reads; lead a file into it by <"))
  for (const text of io.input.text.split('\n')) {
    const words = text.split('#')[0]?.trim().split(/\s+/) ?? []
    if (words[0] === '') continue
    const status = ipvsadm.run(words[0] === 'ipvsadm' ? words.slice(1) : words, io)
    if (typeof status !== 'number' || status !== 0) return 2
  }
  return 0
}

function change(line: IpvsLine, io: Io): number {
  const op = toOp(line)
  if (!op) return 0
  const done = io.sys.apply(op)
  return done.ok ? 0 : tell(io, wordError(line.command, done.error))
}

function show(io: Io, text: string | undefined): number {
  if (text === undefined) return tell(io, refuse('No such service', 1))
  io.out(text)
  return 0
}

function list(line: IpvsLine, io: Io): number {
  const { given, service } = line
  const host = io.sys.host()
  const numeric = given.has('numeric')
  if (given.has('timeout')) {
    const { tcp, tcpfin, udp } = host.ipvs.timeouts
    io.out(`Timeout (tcp tcpfin udp): ${tcp} ${tcpfin} ${udp}\n`)
    return 0
  }
  if (given.has('connection')) {
    io.out(connectionTable(host, io.sys.now(), numeric))
    return 0
  }
  if (given.has('daemon')) {
    io.out(daemonLines(host))
    return 0
  }
  return show(
    io,
    serviceTable(host, {
      numeric,
      sorted: !given.has('nosort'),
      format: formatOf(line),
      exact: given.has('exact'),
      now: io.sys.now(),
      ...(service && { only: service }),
    }),
  )
}

function formatOf({ given }: IpvsLine): Format {
  if (given.has('stats')) return 'stats'
  if (given.has('rate')) return 'rate'
  if (given.has('thresholds')) return 'thresholds'
  return given.has('persistent-conn') ? 'persistent' : 'table'
}

function toOp(line: IpvsLine): NetlinkOp | undefined {
  const { command, service, real } = line
  switch (command) {
    case 'flush':
      return { op: 'ipvs.clear' }
    case 'set': {
      const [tcp = 0, tcpfin = 0, udp = 0] = line.timeouts
      return { op: 'ipvs.timeouts', tcp, tcpfin, udp }
    }
    case 'start-daemon':
      return { op: 'ipvs.daemon.start', state: line.daemon, dev: line.dev, id: line.syncid }
    case 'stop-daemon':
      return { op: 'ipvs.daemon.stop', state: line.daemon }
    case 'zero':
      return service ? { op: 'ipvs.zero', key: service } : { op: 'ipvs.zero' }
    default:
      return service && (real ? destOp(line, service, real) : serviceOp(line, service))
  }
}

type Key = NonNullable<IpvsLine['service']>

function serviceOp(line: IpvsLine, service: Key): NetlinkOp | undefined {
  const { command, scheduler, flags, persistent, netmask, local } = line
  const spec = { ...service, scheduler, flags, persistent, netmask }
  if (command === 'add-service') return { op: 'ipvs.service.add', ...spec }
  if (command === 'edit-service') return { op: 'ipvs.service.edit', ...spec }
  if (command === 'delete-service') return { op: 'ipvs.service.del', ...service }
  if (command === 'add-laddr') return { op: 'ipvs.laddr.add', ...service, lip: local }
  if (command === 'del-laddr') return { op: 'ipvs.laddr.del', ...service, lip: local }
  return undefined
}

function destOp(line: IpvsLine, service: Key, real: { ip: Key['vip']; port: number }): NetlinkOp {
  const { weight, mode, upper, lower, command } = line
  const key = { ...service, ip: real.ip, dport: real.port }
  if (command === 'delete-server') return { op: 'ipvs.dest.del', ...key }
  const op = command === 'add-server' ? 'ipvs.dest.add' : 'ipvs.dest.edit'
  return { op, ...key, weight, mode, upper, lower }
}

/** libipvs' words for what the kernel refuses (libipvs.c ipvs_strerror). */
function wordError(command: IpvsCommand, errno: Errno): Refusal {
  const forService = command === 'add-service' || command === 'edit-service'
  const forDaemon = command === 'start-daemon' || command === 'stop-daemon'
  const forLocal = command === 'add-laddr' || command === 'del-laddr'
  const byServer = command === 'add-server' || command === 'edit-server' || command === 'delete-server'
  switch (errno) {
    case 'EEXIST':
      if (forDaemon) return refuse('Daemon has already run', 255)
      if (forLocal) return refuse('Local address already exists', 255)
      return refuse(forService ? 'Service already exists' : 'Destination already exists', 255)
    case 'ESRCH':
      if (forDaemon) return refuse('No daemon is running', 255)
      return refuse(byServer ? 'Service not defined' : 'No such service', 255)
    case 'ENOENT':
      if (forLocal) return refuse('No such local address', 255)
      return refuse(forService ? 'Scheduler or persistence engine not found' : 'No such destination', 255)
    case 'EINVAL':
      return refuse('Invalid operation.  Possibly wrong module version, address not unicast, ...', 255)
    default:
      return refuse(strerror(errno), 255)
  }
}

export const ipvsadmSave: Command = {
  name: 'ipvsadm-save',
  summary: 'print all services as ipvsadm-restore reads them',
  run: (args, io) => ipvsadm.run(['-S', ...args], io),
}

/** A script of the package: it clears the table first. */
export const ipvsadmRestore: Command = {
  name: 'ipvsadm-restore',
  summary: 'set all services from what ipvsadm-save printed',
  run: (_args, io) => {
    if (io.input !== null) io.sys.apply({ op: 'ipvs.clear' })
    return restore(io)
  },
}
