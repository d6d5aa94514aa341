import { formatIp4, formatMac, parseMac } from '../../../base/ids.ts'
import type { Dev } from '../../../kernel/host.ts'
import type { NetlinkOp } from '../../../kernel/netlink.ts'
import type { Tunnel } from '../../../kernel/tunnel/types.ts'
import type { Io } from '../../sys.ts'
import {
  findKeyword,
  garbage,
  noDevice,
  notModelled,
  readWords,
  type Refusal,
  refuse,
  rtnetlink,
  tell,
  wrong,
} from '../words.ts'
import { type IpOptions, LINK_USAGE } from './options.ts'
import { readTunnel } from './tunnel.ts'

const VERBS = ['add', 'set', 'change', 'replace', 'delete', 'show', 'list', 'lst', 'xstats', 'help'] as const
/** Smallest and largest MTU of an Ethernet device (net/ethernet/eth.c; veth's upper limit). */
const MTU_MIN = 68
const MTU_MAX = 65535

/** `ip link show` and `ip link set`. */
export function ipLink(args: readonly string[], options: IpOptions, io: Io): number {
  const [word = 'show', ...rest] = args
  const verb = findKeyword(word, VERBS)
  switch (verb) {
    case 'show':
    case 'list':
    case 'lst':
      return show(rest, options, io)
    case 'set':
    case 'change':
      return set(rest, io)
    case 'add':
      return add(rest, io)
    case 'delete':
      return remove(rest, io)
    case 'help':
      return tell(io, refuse(LINK_USAGE, 255))
    case undefined:
      return tell(io, refuse(`Command "${word}" is unknown, try "ip link help".`, 255))
    default:
      return tell(io, notModelled(`\`ip link ${verb}'`))
  }
}

function show(args: readonly string[], options: IpOptions, io: Io): number {
  const want: { dev?: string; up: boolean; type?: string } = { up: false }
  const refusal = readWords(args, {
    values: { dev: (value) => void (want.dev = value), type: (value) => void (want.type = value) },
    flags: { up: () => void (want.up = true) },
    other: (word) => (want.dev === undefined ? void (want.dev = word) : garbage('dev', word)),
  })
  if (refusal) return tell(io, refusal)
  const devs = selectDevs(io, want.dev)
  if (!devs) return tell(io, refuse(`Device "${want.dev ?? ''}" does not exist.`, 1))
  for (const dev of devs) {
    if (want.up && !dev.up) continue
    if (want.type !== undefined && want.type !== kindOf(dev)) continue
    if (options.brief) io.out(`${briefHead(dev)}${formatMac(dev.mac)} <${linkFlags(dev).join(',')}> \n`)
    else io.out(linkLines(dev, ' mode DEFAULT') + (options.stats ? statLines(dev) : ''))
  }
  return 0
}

/** Kind that rtnetlink names; the loopback has none. */
function kindOf(dev: Dev): string {
  return dev.tunnel ? 'ipip' : dev.loopback ? '' : 'veth'
}

/** Interfaces in order of their index, or the one that is named. */
export function selectDevs(io: Io, wanted: string | undefined): Dev[] | undefined {
  const { devs } = io.sys.host()
  if (wanted === undefined) return Object.values(devs).sort((a, b) => a.index - b.index)
  const dev = Object.hasOwn(devs, wanted) ? devs[wanted] : undefined
  return dev && [dev]
}

function linkFlags(dev: Dev): string[] {
  const running = dev.up && dev.carrier
  const flags = dev.up && !running ? ['NO-CARRIER'] : []
  if (dev.tunnel) flags.push(...(dev.tunnel.remote === 0 ? ['NOARP'] : ['POINTOPOINT', 'NOARP']))
  else flags.push(...(dev.loopback ? ['LOOPBACK'] : ['BROADCAST', 'MULTICAST']))
  if (dev.up) flags.push('UP')
  if (running) flags.push('LOWER_UP')
  return flags
}

/** RFC 2863 operational state as the kernel reports it; lo and tunnels never say UP. */
function operState(dev: Dev): string {
  if (!dev.up || !dev.carrier) return 'DOWN'
  return dev.loopback || dev.tunnel ? 'UNKNOWN' : 'UP'
}

export function briefHead(dev: Dev): string {
  return `${dev.name.padEnd(16)} ${operState(dev).padEnd(14)} `
}

/** The first two lines of `ip link` and `ip addr`. Simulated links have no queue, hence `noqueue`. */
export function linkLines(dev: Dev, mode: string): string {
  if (dev.tunnel) return `${headLine(dev, mode)}    link/ipip ${tunnelEnds(dev.tunnel)}\n`
  const type = dev.loopback ? 'loopback' : 'ether'
  const broadcast = dev.loopback ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff'
  return `${headLine(dev, mode)}    link/${type} ${formatMac(dev.mac)} brd ${broadcast}\n`
}

/** A tunnel's ends stand where others have their MAC addresses. */
function tunnelEnds({ local, remote }: Tunnel): string {
  return `${formatIp4(local)} ${remote === 0 ? 'brd' : 'peer'} ${formatIp4(remote)}`
}

export function headLine(dev: Dev, mode: string): string {
  const flags = linkFlags(dev).join(',')
  const name = dev.tunnel ? `${dev.name}@NONE` : dev.name
  const qdisc = dev.tunnel && !dev.up ? 'noop' : 'noqueue'
  return `${dev.index}: ${name}: <${flags}> mtu ${dev.mtu} qdisc ${qdisc} state ${operState(dev)}${mode} group default qlen 1000\n`
}

/** Counters in columns at least as wide as their titles (iproute2 6.1 print_stats64). */
export function statLines(dev: Dev): string {
  const rx = [dev.rxBytes, dev.rxPackets, 0, dev.rxDropped, 0, 0]
  const tx = [dev.txBytes, dev.txPackets, 0, 0, 0, 0]
  const titles = ['bytes', 'packets', 'errors', 'dropped']
  const least = [7, 7, 6, 7, 7, 7]
  const widths = least.map((width, i) => Math.max(width, String(rx[i]).length, String(tx[i]).length))
  const row = (cells: readonly (string | number)[]): string =>
    cells.map((cell, i) => String(cell).padStart(widths[i] ?? 0)).join(' ')
  const block = (name: string, more: string[], values: number[]): string =>
    `    ${name}:${row([...titles, ...more])}           \n       ${row(values)} \n`
  return block('RX', ['missed', 'mcast'], rx) + block('TX', ['carrier', 'collsns'], tx)
}

/** `ip link add NAME type ipip ...`; other kinds of devices are not modelled. */
function add(args: readonly string[], io: Io): number {
  const type = args.indexOf('type')
  const kind = type < 0 ? undefined : args[type + 1]
  if (kind === undefined) return tell(io, refuse('Not enough information: "type" argument is required', 255))
  if (kind !== 'ipip') return tell(io, notModelled(`\`ip link add ... type ${kind}'`))
  const read = readTunnel([...args.slice(0, type), ...args.slice(type + 2)], 'name')
  if (!read.ok) return tell(io, read.error)
  const { name, tunnel } = read.value
  const done = io.sys.apply({ op: 'tunnel.add', dev: name, ...tunnel })
  return done.ok ? 0 : tell(io, rtnetlink(done.error))
}

function remove(args: readonly string[], io: Io): number {
  const name = args[0] === 'dev' ? args[1] : args[0]
  if (name === undefined || !Object.hasOwn(io.sys.host().devs, name)) return tell(io, noDevice(name ?? ''))
  const done = io.sys.apply({ op: 'link.del', dev: name })
  return done.ok ? 0 : tell(io, rtnetlink(done.error))
}

type LinkSet = Extract<NetlinkOp, { op: 'link.set' }>

function set(args: readonly string[], io: Io): number {
  let dev: string | undefined
  const op: Omit<LinkSet, 'op' | 'dev'> = {}
  const name = (word: string): Refusal | undefined =>
    dev === undefined ? void (dev = word) : garbage('dev', word)
  const refusal = readWords(args, {
    values: {
      dev: name,
      mtu: (value) =>
        /^\d+$/.test(value) ? void (op.mtu = Number(value)) : wrong(value, 'Invalid "mtu" value'),
      address: (value) => {
        const mac = parseMac(value)
        return mac === undefined ? refuse(`"${value}" is invalid lladdr.`, 1) : void (op.mac = mac)
      },
      name: () => notModelled("`ip link set name'"),
      master: () => notModelled("`ip link set master'"),
      arp: () => notModelled("`ip link set arp'"),
      promisc: () => notModelled("`ip link set promisc'"),
      txqueuelen: () => notModelled("`ip link set txqueuelen'"),
    },
    flags: { up: () => void (op.up = true), down: () => void (op.up = false) },
    other: name,
  })
  if (refusal) return tell(io, refusal)
  if (dev === undefined) return tell(io, refuse('Not enough information: "dev" argument is required.', 255))
  if (!Object.hasOwn(io.sys.host().devs, dev)) return tell(io, noDevice(dev))
  if (op.mtu !== undefined && op.mtu < MTU_MIN)
    return tell(io, refuse('Error: mtu less than device minimum.', 2))
  if (op.mtu !== undefined && op.mtu > MTU_MAX)
    return tell(io, refuse('Error: mtu greater than device maximum.', 2))
  if (Object.keys(op).length === 0) return 0
  const done = io.sys.apply({ op: 'link.set', dev, ...op })
  return done.ok ? 0 : tell(io, rtnetlink(done.error))
}
