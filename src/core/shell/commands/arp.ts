import { inPrefix } from '../../base/cidr.ts'
import { formatIp4, formatMac, type Ip4, type Mac, MAC_ZERO, parseIp4, parseMac } from '../../base/ids.ts'
import type { Neigh } from '../../kernel/neigh/entry.ts'
import type { Host } from '../../kernel/host.ts'
import { strerror } from './words.ts'
import type { Command, Io } from '../sys.ts'

const USAGE = `Usage:
  arp [-vn]  [<HW>] [-i <if>] [-a] [<hostname>]             <-Display ARP cache
  arp [-v]          [-i <if>] -d  <host> [pub]               <-Delete ARP entry
  arp [-vnD] [<HW>] [-i <if>] -f  [<filename>]            <-Add entry from file
  arp [-v]   [<HW>] [-i <if>] -s  <host> <hwaddr> [temp]            <-Add entry
`

interface Options {
  bsd: boolean
  mode: 'show' | 'delete' | 'set'
  dev?: string
  words: string[]
}

/** net-tools 2.10, without names: addresses are always shown as numbers. Proxy entries are not modelled. */
export const arp: Command = {
  name: 'arp',
  summary: 'show and change the ARP cache (the old tool)',
  run: (args, io) => {
    const options = readOptions(args, io)
    if (typeof options === 'number') return options
    if (options.mode === 'delete') return remove(options, io)
    return options.mode === 'set' ? set(options, io) : show(options, io)
  },
}

function readOptions(args: readonly string[], io: Io): Options | number {
  const options: Options = { bsd: false, mode: 'show', words: [] }
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    if (!arg.startsWith('-')) {
      options.words.push(arg)
      continue
    }
    for (const flag of arg.slice(1)) {
      if (flag === 'a') options.bsd = true
      else if (flag === 'd') options.mode = 'delete'
      else if (flag === 's') options.mode = 'set'
      else if (flag === 'i') options.dev = args[++i] ?? ''
      else if (!'nve'.includes(flag)) {
        io.err(`arp: invalid option -- '${flag}'\n${USAGE}`)
        return 3
      }
    }
  }
  return options
}

/** Entries as /proc/net/arp lists them: all but those without ARP. */
function arpEntries(host: Host): Neigh[] {
  return Object.values(host.neigh).filter((n) => n.state !== 'NOARP' && n.state !== 'NONE')
}

/** The kernel's flags: complete, permanent. */
function isComplete(entry: Neigh): boolean {
  return entry.state !== 'INCOMPLETE' && entry.state !== 'FAILED'
}

function show({ bsd, dev, words }: Options, io: Io): number {
  const [name] = words
  const ip = name === undefined ? undefined : parseIp4(name)
  if (name !== undefined && ip === undefined) return unknown(name, io)
  const entries = arpEntries(io.sys.host()).filter(
    (n) => (ip === undefined || n.ip === ip) && (dev === undefined || n.dev === dev),
  )
  if (entries.length === 0) {
    if (ip === undefined) return 0
    io.out(`${formatIp4(ip)} (${formatIp4(ip)}) -- no entry\n`)
    return 0
  }
  if (!bsd) io.out('Address                  HWtype  HWaddress           Flags Mask            Iface\n')
  for (const entry of entries) io.out(bsd ? bsdRow(entry) : row(entry))
  return 0
}

function row(entry: Neigh): string {
  const name = formatIp4(entry.ip).padEnd(25)
  if (!isComplete(entry)) return `${name}${''.padEnd(8)}${'(incomplete)'.padEnd(42)}${entry.dev}\n`
  const flags = entry.state === 'PERMANENT' ? 'CM' : 'C'
  return `${name}ether   ${formatMac(entry.mac).padEnd(20)}${flags.padEnd(22)}${entry.dev}\n`
}

function bsdRow(entry: Neigh): string {
  const at = isComplete(entry) ? `${formatMac(entry.mac)} [ether]` : '<incomplete>'
  const permanent = entry.state === 'PERMANENT' ? ' PERM' : ''
  return `? (${formatIp4(entry.ip)}) at ${at}${permanent} on ${entry.dev}\n`
}

function unknown(name: string, io: Io): number {
  io.err(`${name}: Host name lookup failure\n`)
  return 255
}

function remove({ words, dev }: Options, io: Io): number {
  const [name] = words
  if (name === undefined) {
    io.err('arp: need host name\n')
    return 255
  }
  const ip = parseIp4(name)
  if (ip === undefined) return unknown(name, io)
  const entry = arpEntries(io.sys.host()).find((n) => n.ip === ip && (dev === undefined || n.dev === dev))
  const done = entry && io.sys.apply({ op: 'neigh.del', dev: entry.dev, ip })
  if (done?.ok) return 0
  io.err(`No ARP entry for ${name}\n`)
  return 255
}

function set({ words, dev }: Options, io: Io): number {
  const [name, address, temporary] = words
  if (name === undefined || address === undefined) {
    io.err(`arp: need ${name === undefined ? 'host name' : 'hardware address'}\n`)
    return 255
  }
  const ip = parseIp4(name)
  if (ip === undefined) return unknown(name, io)
  const mac = parseMac(address)
  if (mac === undefined) {
    io.err('arp: invalid hardware address\n')
    return 255
  }
  const out = dev ?? linkTo(io.sys.host(), ip)
  if (out === undefined) {
    io.err(`SIOCSARP: ${strerror('ENETUNREACH')}\n`)
    return 255
  }
  const state = temporary === 'temp' ? 'STALE' : 'PERMANENT'
  const done = io.sys.apply({ op: 'neigh.set', dev: out, ip, mac, state })
  if (done.ok) return 0
  io.err(`SIOCSARP: ${strerror(done.error)}\n`)
  return 255
}

/** The interface on whose own subnet the address lies. */
function linkTo(host: Host, ip: Ip4): string | undefined {
  return Object.values(host.devs).find(
    (d) => !d.loopback && d.addrs.some((a) => inPrefix(ip, a.ip, a.prefix)),
  )?.name
}

/** /proc/net/arp. */
export function procNetArp(host: Host): string {
  const rows = arpEntries(host).map((entry) => {
    const flags = (isComplete(entry) ? 2 : 0) | (entry.state === 'PERMANENT' ? 4 : 0)
    const mac: Mac = isComplete(entry) ? entry.mac : MAC_ZERO
    return `${formatIp4(entry.ip).padEnd(16)} 0x1         0x${flags.toString(16).padEnd(10)}${formatMac(mac)}     *        ${entry.dev}\n`
  })
  return `IP address       HW type     Flags       HW address            Mask     Device\n${rows.join('')}`
}
