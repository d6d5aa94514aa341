import { formatIp4, type Nanos } from '../../../../base/ids.ts'
import type { Area, Lsa, Ospf } from '../types.ts'
import { dumpTime, dumpTimer, hex } from './words.ts'

/** `show ip ospf` (golden A9). A calculation takes no simulated time, so its duration is 0. */
export function showOspf(o: Ospf, now: Nanos): string {
  if (!o.conf.enabled) return ''
  const { throttle } = o.conf
  const lines = [
    ` OSPF Routing Process, Router ID: ${formatIp4(o.routerId)}`,
    ' Supports only single TOS (TOS0) routes',
    ' This implementation conforms to RFC2328',
    ` RFC1583Compatibility flag is ${o.conf.rfc1583 ? 'enabled' : 'disabled'}`,
    ' OpaqueCapability flag is disabled',
    ` Initial SPF scheduling delay ${throttle.delayMs} millisec(s)`,
    ` Minimum hold time between consecutive SPFs ${throttle.holdMs} millisec(s)`,
    ` Maximum hold time between consecutive SPFs ${throttle.maxMs} millisec(s)`,
    ` Hold time multiplier is currently ${o.spf.multiplier}`,
    ...lastSpf(o, now),
    ` SPF timer ${o.spf.at === 0 ? 'is inactive' : `due in ${dumpTimer(o.spf.at, now)}`}`,
    ' LSA minimum interval 5000 msecs',
    ` LSA minimum arrival ${o.conf.minArrivalMs} msecs`,
    ' Write Multiplier set to 20 ',
    ' Refresh timer 10 secs',
    ` Maximum multiple paths(ECMP) supported ${o.conf.maxPaths}`,
    ` Administrative distance ${o.conf.distance}`,
  ]
  if (Object.keys(o.conf.redistribute).length > 0) {
    lines.push(' This router is an ASBR (injecting external routing information)')
  }
  lines.push(
    ` Number of external LSA ${o.external.length}. Checksum Sum 0x${hex(sum(o.external), 8)}`,
    ' Number of opaque AS LSA 0. Checksum Sum 0x00000000',
    ` Number of areas attached to this router: ${o.areas.length}`,
  )
  if (o.conf.logAdjacency === 'changes') lines.push(' Adjacency changes are logged')
  if (o.conf.logAdjacency === 'detail') lines.push(' All adjacency changes are logged')
  for (const area of o.areas) lines.push(...areaLines(o, area), '')
  return `${lines.join('\n')}\n`
}

function lastSpf(o: Ospf, now: Nanos): string[] {
  if (o.spf.lastAt < 0) return [' SPF algorithm has not been run']
  return [
    ` SPF algorithm last executed ${dumpTime(now - o.spf.lastAt)} ago`,
    ` Last SPF duration ${dumpTime(0)}`,
  ]
}

function areaLines(o: Ospf, area: Area): string[] {
  const mine = o.oifs.filter((oif) => oif.area === area.id)
  const active = mine.filter((oif) => oif.state !== 'Down').length
  const backbone = (area.id as number) === 0
  const lines = [` Area ID: ${formatIp4(area.id)}${backbone ? ' (Backbone)' : ''}`]
  if (!backbone) lines.push('   Shortcutting mode: Default, S-bit consensus: ok')
  lines.push(`   Number of interfaces in this area: Total: ${mine.length}, Active: ${active}`)
  if (o.conf.maxMetric) {
    lines.push('   Originating stub / maximum-distance Router-LSA')
    lines.push('     Administratively activated (indefinitely)')
  }
  lines.push(`   Number of fully adjacent neighbors in this area: ${area.fullNbrs}`)
  lines.push('   Area has no authentication')
  if (!backbone) lines.push('   Number of full virtual adjacencies going through this area: 0')
  lines.push(`   SPF algorithm executed ${area.spfRuns} times`)
  lines.push(`   Number of LSA ${area.lsdb.length}`)
  const kinds: [string, number][] = [
    ['router', 1],
    ['network', 2],
    ['summary', 3],
    ['ASBR summary', 4],
    ['NSSA', 7],
    ['opaque link', 9],
    ['opaque area', 10],
  ]
  for (const [name, type] of kinds) {
    const found = area.lsdb.filter((lsa) => lsa.type === type)
    lines.push(`   Number of ${name} LSA ${found.length}. Checksum Sum 0x${hex(sum(found), 8)}`)
  }
  return lines
}

function sum(lsas: readonly Lsa[]): number {
  return lsas.reduce((total, lsa) => total + lsa.checksum, 0)
}
