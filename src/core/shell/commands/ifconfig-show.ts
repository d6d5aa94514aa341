import { maskOf } from '../../base/cidr.ts'
import { formatIp4, formatMac, type Ip4 } from '../../base/ids.ts'
import type { Dev, Host } from '../../kernel/host.ts'

/** How net-tools' ifconfig shows interfaces. */

const UP = 1
const BROADCAST = 2
const LOOPBACK = 8
const RUNNING = 64
const MULTICAST = 4096

/** Devices and their aliases by name; without `all` only those that are up. */
export function listNames(host: Host, all: boolean): string[] {
  const names: string[] = []
  for (const dev of Object.values(host.devs)) {
    if (!all && !dev.up) continue
    names.push(dev.name)
    // labels that are no aliases of the device have no interface of that name
    for (const { label } of dev.addrs) {
      if (label.startsWith(`${dev.name}:`) && !names.includes(label)) names.push(label)
    }
  }
  return names.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

/** One interface or alias, followed by an empty line. Aliases have no counters. */
export function ifconfigBlock(host: Host, name: string): string {
  const [devName = ''] = name.split(':', 1)
  const dev = host.devs[devName]
  if (!dev) return ''
  const address = dev.addrs.find((a) => a.label === name)
  let text = `${name}: flags=${flagsOf(dev)}  mtu ${dev.mtu}\n`
  if (address) {
    const broadcast = dev.loopback ? '' : `  broadcast ${formatIp4(address.broadcast)}`
    const mask = formatIp4(maskOf(address.prefix) as Ip4)
    text += `        inet ${formatIp4(address.ip)}  netmask ${mask}${broadcast}\n`
  }
  text += dev.loopback
    ? '        loop  txqueuelen 1000  (Local Loopback)\n'
    : `        ether ${formatMac(dev.mac)}  txqueuelen 1000  (Ethernet)\n`
  if (name === devName) text += counters(dev)
  return `${text}\n`
}

function flagsOf(dev: Dev): string {
  const set: [boolean, number, string][] = [
    [dev.up, UP, 'UP'],
    [!dev.loopback, BROADCAST, 'BROADCAST'],
    [dev.loopback, LOOPBACK, 'LOOPBACK'],
    [dev.up && dev.carrier, RUNNING, 'RUNNING'],
    [!dev.loopback, MULTICAST, 'MULTICAST'],
  ]
  const on = set.filter(([is]) => is)
  return `${on.reduce((sum, [, bit]) => sum + bit, 0)}<${on.map(([, , word]) => word).join(',')}>`
}

function counters(dev: Dev): string {
  return (
    `        RX packets ${dev.rxPackets}  bytes ${dev.rxBytes} (${human(dev.rxBytes)})\n` +
    `        RX errors 0  dropped ${dev.rxDropped}  overruns 0  frame 0\n` +
    `        TX packets ${dev.txPackets}  bytes ${dev.txBytes} (${human(dev.txBytes)})\n` +
    '        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0\n'
  )
}

/** One decimal, cut off, not rounded. */
function human(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let at = 0
  let scale = 1
  while (at < units.length - 1 && bytes > scale * 1024) {
    scale *= 1024
    at++
  }
  return `${(Math.floor((bytes * 10) / scale) / 10).toFixed(1)} ${units[at] ?? ''}`
}

/** `ifconfig -s`. */
export function ifconfigShort(host: Host, all: boolean): string {
  let text = 'Iface      MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n'
  for (const name of listNames(host, all)) {
    const dev = host.devs[name]
    const owner = dev ?? host.devs[name.split(':', 1)[0] ?? '']
    if (!owner) continue
    const head = `${name.padEnd(15)} ${String(owner.mtu).padStart(5)} `
    const flags = (owner.loopback ? 'L' : 'BM') + (owner.up && owner.carrier ? 'RU' : '')
    text += dev
      ? `${head}${pad(dev.rxPackets, 8)}      0 ${pad(dev.rxDropped, 6)} 0      ${pad(dev.txPackets, 8)}      0      0      0 ${flags}\n`
      : `${head}     - no statistics available -                        ${flags}\n`
  }
  return text
}

function pad(value: number, width: number): string {
  return String(value).padStart(width)
}
