import { broadcastOf, prefixOfMask } from '../../base/cidr.ts'
import { formatIp4, type Ip4, parseIp4, parseMac } from '../../base/ids.ts'
import type { Dev, IfAddr } from '../../kernel/host.ts'
import type { Errno, NetlinkOp } from '../../kernel/netlink.ts'
import type { Command, Io } from '../sys.ts'
import { ifconfigBlock, ifconfigShort, listNames } from './ifconfig-show.ts'
import { notModelled, strerror, tell } from './words.ts'

/**
 * net-tools 2.10. It works through the old ioctls, which know one address per name: `lo:0` is an address of `lo` with
 * that label. Words are carried out one by one, left to right, as the tool does; a new address first gets its class's
 * mask, which matters when no netmask follows.
 */
export const ifconfig: Command = {
  name: 'ifconfig',
  summary: 'show and set addresses of interfaces (the old tool)',
  run: (args, io) => {
    const all = args[0] === '-a'
    const short = args.includes('-s')
    const [name, ...words] = args.filter((arg) => arg !== '-a' && arg !== '-s' && arg !== '-v')
    if (name === undefined) return show(io, all, short)
    if (name.startsWith('-')) return tell(io, notModelled(`\`ifconfig ${name}'`))
    if (words.length === 0) return showOne(io, name)
    return configure(name, words, io)
  },
}

function show(io: Io, all: boolean, short: boolean): number {
  const host = io.sys.host()
  if (short) io.out(ifconfigShort(host, all))
  else for (const name of listNames(host, all)) io.out(ifconfigBlock(host, name))
  return 0
}

function showOne(io: Io, name: string): number {
  const [dev = ''] = name.split(':', 1)
  if (!Object.hasOwn(io.sys.host().devs, dev)) {
    io.err(`${name}: error fetching interface information: Device not found\n`)
    return 1
  }
  io.out(ifconfigBlock(io.sys.host(), name))
  return 0
}

/** Prefix length of the address's class (inet_abc_len). */
function classPrefix(ip: Ip4): number {
  const first = ip >>> 24
  if (first === 0) return 0
  if (first < 128) return 8
  return first < 192 ? 16 : first < 224 ? 24 : 32
}

interface Target {
  io: Io
  /** As typed: `lo:0`. */
  name: string
  dev: string
  /** Exit status of an error in the last step (address, flags) is 255 as in net-tools; others 1. */
  status: number
}

function configure(name: string, words: readonly string[], io: Io): number {
  const [dev = ''] = name.split(':', 1)
  const target: Target = { io, name, dev, status: 0 }
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    const value = words[i + 1]
    if (word === 'up' || word === 'down') {
      if (!setFlags(target, word === 'up')) return 255
    } else if (
      word === 'netmask' ||
      word === 'broadcast' ||
      word === 'mtu' ||
      word === 'add' ||
      word === 'del'
    ) {
      i++
      const status = setValue(target, word, value)
      if (status !== 0) return status
    } else if (word === 'hw') {
      const status = setMac(target, words[i + 2])
      if (status !== 0) return status
      i += 2
    } else if (
      /^-?(arp|promisc|allmulti|multicast|pointopoint|dynamic|trailers)$|^(txqueuelen|metric|dstaddr|tunnel)$/.test(
        word,
      )
    ) {
      return tell(io, notModelled(`\`ifconfig ... ${word}'`))
    } else {
      const status = setAddress(target, word)
      if (status !== 0) return status
    }
  }
  return target.status
}

function deviceOf({ io, dev }: Target): Dev | undefined {
  const { devs } = io.sys.host()
  return Object.hasOwn(devs, dev) ? devs[dev] : undefined
}

function addressOf(target: Target): IfAddr | undefined {
  return deviceOf(target)?.addrs.find((a) => a.label === target.name)
}

function complain(io: Io, call: string, errno: Errno): void {
  io.err(`${call}: ${strerror(errno)}\n`)
}

function setFlags(target: Target, up: boolean): boolean {
  const { io, name, dev } = target
  if (!deviceOf(target)) {
    io.err(`${name}: ERROR while getting interface flags: No such device\n`)
    return false
  }
  const alias = name !== dev
  const address = addressOf(target)
  if (alias && !address) {
    complain(io, 'SIOCSIFFLAGS', 'EADDRNOTAVAIL')
    return false
  }
  // an alias is taken down by deleting its address; up is what it is already
  if (alias && up) return true
  const op: NetlinkOp =
    alias && address
      ? { op: 'addr.del', dev, ip: address.ip, prefix: address.prefix }
      : { op: 'link.set', dev, up }
  const done = io.sys.apply(op)
  if (!done.ok) complain(io, 'SIOCSIFFLAGS', done.error)
  return done.ok
}

/** SIOCSIFADDR: replaces the address of this name, with the mask of its class. Brings the interface up. */
function setAddress(target: Target, word: string): number {
  const { io, name, dev } = target
  const ip = parseIp4(word.replace(/\/.*$/, ''))
  if (ip === undefined) {
    const why = /^[A-Za-z]/.test(word) ? 'Host name lookup failure' : 'Unknown host'
    io.err(`${word}: ${why}\nifconfig: \`--help' gives usage information.\n`)
    return 1
  }
  const device = deviceOf(target)
  if (!device) {
    complain(io, 'SIOCSIFADDR', 'ENODEV')
    io.err(`${name}: ERROR while getting interface flags: No such device\n`)
    return 255
  }
  const prefix = prefixAfterSlash(word) ?? classPrefix(ip)
  const broadcast = device.loopback || prefix >= 31 ? (0 as Ip4) : broadcastOf(ip, prefix)
  const status = replaceAddress(target, { ip, prefix, broadcast }, 'SIOCSIFADDR')
  if (status === 0 && !device.up) io.sys.apply({ op: 'link.set', dev, up: true })
  return status
}

/** The part after the slash sets the netmask; of /32 net-tools makes an empty one (a shift by 32 bits). */
function prefixAfterSlash(word: string): number | undefined {
  const m = /\/(\d{1,2})$/.exec(word)
  return m && Number(m[1]) <= 32 ? Number(m[1]) % 32 : undefined
}

function replaceAddress(target: Target, next: Omit<IfAddr, 'label' | 'scope'>, call: string): number {
  const { io, name, dev } = target
  const old = addressOf(target)
  if (old && old.ip === next.ip && old.prefix === next.prefix && old.broadcast === next.broadcast) return 0
  if (old) io.sys.apply({ op: 'addr.del', dev, ip: old.ip, prefix: old.prefix })
  const done = io.sys.apply({ op: 'addr.add', dev, label: name, ...next })
  if (done.ok) return 0
  complain(io, call, done.error)
  return call === 'SIOCSIFADDR' ? 255 : 1
}

function setValue(target: Target, word: string, value: string | undefined): number {
  const { io } = target
  if (value === undefined) {
    io.err('ifconfig: option `' + word + "' needs a value\nifconfig: `--help' gives usage information.\n")
    return 1
  }
  if (word === 'mtu') return setMtu(target, value)
  const ip = parseIp4(value)
  if (ip === undefined) {
    io.err(`${value}: Host name lookup failure\n`)
    return 1
  }
  if (word === 'netmask') return setNetmask(target, ip)
  if (word === 'broadcast') return setBroadcast(target, ip)
  return word === 'add' ? addAlias(target, ip) : deleteAlias(target, ip)
}

/** A broadcast address that fitted the old mask follows the new one; any other is left (devinet.c SIOCSIFNETMASK). */
function setNetmask(target: Target, mask: Ip4): number {
  const { io } = target
  const old = addressOf(target)
  const prefix = prefixOfMask(mask)
  if (!old || prefix === undefined) {
    complain(io, 'SIOCSIFNETMASK', deviceOf(target) ? (old ? 'EINVAL' : 'EADDRNOTAVAIL') : 'ENODEV')
    return 1
  }
  const loopback = deviceOf(target)?.loopback === true
  const follows = !loopback && old.prefix < 31 && old.broadcast === broadcastOf(old.ip, old.prefix)
  const broadcast = follows ? (prefix < 31 ? broadcastOf(old.ip, prefix) : (0 as Ip4)) : old.broadcast
  return replaceAddress(target, { ip: old.ip, prefix, broadcast }, 'SIOCSIFNETMASK')
}

function setBroadcast(target: Target, broadcast: Ip4): number {
  const { io } = target
  const old = addressOf(target)
  if (!old) {
    complain(io, 'SIOCSIFBRDADDR', deviceOf(target) ? 'EADDRNOTAVAIL' : 'ENODEV')
    return 1
  }
  return replaceAddress(target, { ip: old.ip, prefix: old.prefix, broadcast }, 'SIOCSIFBRDADDR')
}

function setMtu(target: Target, value: string): number {
  const mtu = /^\d+$/.test(value) ? Number(value) : 0
  const done = mtu < 68 ? undefined : target.io.sys.apply({ op: 'link.set', dev: target.dev, mtu })
  if (done?.ok) return 0
  complain(target.io, 'SIOCSIFMTU', done?.error ?? 'EINVAL')
  return 1
}

function setMac(target: Target, value: string | undefined): number {
  const mac = parseMac(value ?? '')
  if (mac === undefined) {
    target.io.err(`${value ?? ''}: invalid ether address.\n`)
    return 1
  }
  const done = target.io.sys.apply({ op: 'link.set', dev: target.dev, mac })
  if (done.ok) return 0
  complain(target.io, 'SIOCSIFHWADDR', done.error)
  return 1
}

/** `ifconfig ens33 add A`: the first free alias. */
function addAlias(target: Target, ip: Ip4): number {
  const labels = deviceOf(target)?.addrs.map((a) => a.label) ?? []
  let number = 0
  while (labels.includes(`${target.dev}:${number}`)) number++
  return setAddress({ ...target, name: `${target.dev}:${number}` }, formatIp4(ip))
}

function deleteAlias(target: Target, ip: Ip4): number {
  const { io, dev } = target
  const found = deviceOf(target)?.addrs.find((a) => a.ip === ip)
  if (!found) {
    complain(io, 'SIOCSIFADDR', 'EADDRNOTAVAIL')
    return 1
  }
  const done = io.sys.apply({ op: 'addr.del', dev, ip, prefix: found.prefix })
  return done.ok ? 0 : 1
}
