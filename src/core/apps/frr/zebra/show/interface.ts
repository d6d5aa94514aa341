/** `show interface` and its brief form (if_dump_vty, ifs_dump_brief_vty in zebra/interface.c; golden A9). */
import { formatCidr } from '../../../../base/cidr.ts'
import { formatMac } from '../../../../base/ids.ts'
import { own } from '../../config/own.ts'
import { type Iface, isOperative, sortedIfaces, type ZebraState } from '../types.ts'

/** Simplified: when a link last went up or down is not told in wall-clock time, which this world has not. */
export function showInterface(st: ZebraState, name?: string): string {
  if (name !== undefined && !own(st.ifaces, name)) return `% Can't find interface ${name}\n`
  return sortedIfaces(st)
    .filter((iface) => name === undefined || iface.dev === name)
    .map((iface) => oneInterface(st, iface))
    .join('')
}

function oneInterface(st: ZebraState, iface: Iface): string {
  const { dev, up, running, ups, downs, index, mtu, speed, loopback, mac, addrs } = iface
  const line = up ? `up, line protocol is ${running ? 'up' : 'down'}` : 'down'
  const flags = [
    up && 'UP',
    loopback ? 'LOOPBACK' : 'BROADCAST',
    running && 'RUNNING',
    !loopback && 'MULTICAST',
  ]
  const description = own(st.config.descriptions, dev)
  return [
    `Interface ${dev} is ${line}`,
    `  Link ups:   ${String(ups).padStart(5)}    last: (never)`,
    `  Link downs: ${String(downs).padStart(5)}    last: (never)`,
    '  vrf: default',
    ...(description === undefined ? [] : [`  Description: ${description}`]),
    `  index ${index} metric 0 mtu ${mtu} speed ${speed} `,
    `  flags: <${flags.filter((flag) => flag !== false).join(',')}>`,
    `  Type: ${loopback ? 'Loopback' : 'Ethernet'}`,
    ...(loopback ? [] : [`  HWaddr: ${formatMac(mac)}`]),
    ...addrs.map((addr) => `  inet ${formatCidr(addr)}${addr.secondary ? ' secondary' : ''}`),
    '  Interface Type Other',
    '  Interface Slave Type None',
    '  protodown: off ',
    '',
  ].join('\n')
}

export function showInterfaceBrief(st: ZebraState): string {
  const row = (name: string, status: string, vrf: string, addr: string): string =>
    `${name.padEnd(16)}${status.padEnd(8)}${vrf.padEnd(16)}${addr}\n`
  const rows = sortedIfaces(st).map((iface) => {
    const [first, ...more] = iface.addrs.filter((addr) => !addr.secondary)
    const status = isOperative(iface) ? 'up' : 'down'
    const rest = more.map((addr) => `${' '.repeat(40)}+ ${formatCidr(addr)}\n`)
    return `${row(iface.dev, status, 'default', first ? formatCidr(first) : '')}${rest.join('')}`
  })
  const rule = row('---------', '------', '---', '---------')
  return `${row('Interface', 'Status', 'VRF', 'Addresses')}${rule}${rows.join('')}\n`
}
