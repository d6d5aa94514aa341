import { broadcastOf } from '../../../../base/cidr.ts'
import { formatIp4, type Ip4, type Nanos } from '../../../../base/ids.ts'
import type { ZapiInterface } from '../../zapi.ts'
import { paramsOf } from '../config.ts'
import { compareNames } from '../interfaces.ts'
import { isOperative } from '../run.ts'
import type { Nbr, Oif, Ospf } from '../types.ts'
import { dumpTimer, hex, oifsByName } from './words.ts'

const SEQ_INITIAL = 0x80000001

/** `show ip ospf interface [NAME]` (golden A9). A name that is not there: '' and nothing else, as FRR has it. */
export function showInterfaces(o: Ospf, now: Nanos, dev?: string): string {
  const names = Object.keys(o.devs).sort(compareNames)
  const shown = names.filter((name) =>
    dev === undefined ? o.oifs.some((oif) => oif.dev === name) : name === dev,
  )
  if (dev !== undefined && shown.length === 0) return 'No such interface name\n'
  const text = shown.map((name) => {
    const found = o.devs[name]
    return found ? interfaceText(o, found, now) : ''
  })
  return `${text.join('')}\n`
}

function interfaceText(o: Ospf, dev: ZapiInterface, now: Nanos): string {
  const up = isOperative(o, dev.dev)
  const lines = [
    `${dev.dev} is ${up ? 'up' : 'down'}`,
    `  ifindex ${dev.index}, MTU ${dev.mtu} bytes, BW ${dev.speed} Mbit ${flagWords(dev)}`,
  ]
  const mine = o.oifs.filter((oif) => oif.dev === dev.dev).sort((a, b) => a.ip - b.ip)
  if (mine.length === 0) lines.push('  OSPF not enabled on this interface')
  else if (!up) lines.push('  OSPF is enabled, but not running on this interface')
  else for (const oif of mine) lines.push(...oifLines(o, oif, now))
  return `${lines.join('\n')}\n`
}

/** if_flag_dump. */
function flagWords(dev: ZapiInterface): string {
  const words = [
    dev.up ? 'UP' : '',
    dev.loopback ? 'LOOPBACK' : 'BROADCAST',
    dev.running ? 'RUNNING' : '',
    dev.loopback ? '' : 'MULTICAST',
  ]
  return `<${words.filter((word) => word !== '').join(',')}>`
}

const NETWORK = { p2p: 'POINTOPOINT', broadcast: 'BROADCAST', loopback: 'LOOPBACK' } as const

function oifLines(o: Ospf, oif: Oif, now: Nanos): string[] {
  const p = paramsOf(o.conf, oif.dev)
  const address = `${formatIp4(oif.ip)}/${oif.prefix}`
  const broadcast = formatIp4(broadcastOf(oif.ip, oif.prefix))
  const lines = [
    `  Internet Address ${address}, Broadcast ${broadcast}, Area ${formatIp4(oif.area)}`,
    `  MTU mismatch detection: ${p.mtuIgnore ? 'disabled' : 'enabled'}`,
    `  Router ID ${formatIp4(o.routerId)}, Network Type ${NETWORK[oif.type]}, Cost: ${oif.cost}`,
    `  Transmit Delay is ${p.transmitDelay} sec, State ${oif.state}, Priority ${oif.self.priority}`,
    ...drLines(oif),
  ]
  const seq = o.netSeq[oif.ip]
  if (seq !== undefined && seq !== SEQ_INITIAL) {
    lines.push(`  Saved Network-LSA sequence number 0x${hex(seq, 1)}`)
  }
  const groups = [
    (oif.groups & 1) !== 0 ? ' OSPFAllRouters' : '',
    (oif.groups & 2) !== 0 ? ' OSPFDesignatedRouters' : '',
  ]
  lines.push(`  Multicast group memberships:${groups.join('') || ' <None>'}`)
  lines.push(
    `  Timer intervals configured, Hello ${p.hello}s, Dead ${p.dead}s, Wait ${p.dead}s, Retransmit ${p.retransmit}`,
  )
  if (p.passive) lines.push('    No Hellos (Passive interface)')
  else lines.push(`    Hello due in ${dumpTimer(oif.helloAt, now)}`)
  const full = oif.nbrs.filter((nbr) => nbr.state === 'Full').length
  lines.push(`  Neighbor Count is ${oif.nbrs.length}, Adjacent neighbor count is ${full}`)
  return lines
}

function drLines(oif: Oif): string[] {
  const { dr, bdr } = oif.self
  const none = '  No backup designated router on this network'
  if (dr === 0) return [none]
  const known = (ip: Ip4): Nbr | undefined => [...oif.nbrs, oif.self].find((nbr) => nbr.src === ip)
  const lines: string[] = []
  const first = known(dr)
  if (first) {
    const at = `${formatIp4(first.src)}/${oif.prefix}`
    lines.push(`  Designated Router (ID) ${formatIp4(first.id)} Interface Address ${at}`)
  }
  const second = bdr === 0 ? undefined : known(bdr)
  if (!second) return [...lines, none]
  const at = formatIp4(second.src)
  return [...lines, `  Backup Designated Router (ID) ${formatIp4(second.id)}, Interface Address ${at}`]
}

/** `show ip ospf interface traffic [NAME]`. */
export function showTraffic(o: Ospf, dev?: string): string {
  const pad = (words: string[], widths: number[]): string =>
    words.map((word, i) => word.padEnd(widths[i] ?? 17)).join('')
  const titles = [
    'Interface',
    '    HELLO',
    '    DB-Desc',
    '   LS-Req',
    '   LS-Update',
    '   LS-Ack',
    '    Packets',
  ]
  const units = ['', '      Rx/Tx', '     Rx/Tx', '    Rx/Tx', '    Rx/Tx', '    Rx/Tx', '    Queued']
  const lines = ['', pad(titles, [12]), pad(units, [10, 18, 18]), '-'.repeat(109)]
  for (const oif of oifsByName(o, compareNames)) {
    if (dev !== undefined && oif.dev !== dev) continue
    const { hello, dd, lsr, lsu, lsack } = oif.stats
    const pair = (count: { in: number; out: number }, width: number): string =>
      `${String(count.in).padStart(width)}/${String(count.out).padEnd(7)}`
    const cells = [`${String(hello.in).padStart(8)}/${String(hello.out).padEnd(8)}`]
    for (const count of [dd, lsr, lsu, lsack]) cells.push(pair(count, 7))
    lines.push(`${oif.dev.padEnd(10)} ${cells.join(' ')} ${'0'.padStart(12)}`)
  }
  return `${lines.join('\n')}\n\n`
}
