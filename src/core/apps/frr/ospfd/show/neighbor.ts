import { formatIp4, type Nanos } from '../../../../base/ids.ts'
import type { Nbr, Oif, Ospf } from '../types.ts'
import { dumpTime, dumpTimer, optionLetters, roleOf } from './words.ts'

export interface NeighborFilter {
  dev?: string
  /** Router id, dotted. */
  id?: string
}

/** `show ip ospf neighbor` (golden A4, A9). */
export function showNeighbors(o: Ospf, now: Nanos, filter: NeighborFilter = {}): string {
  // One neighbour by its id comes without the head of the table.
  const lines = filter.id === undefined ? ['', header()] : []
  for (const [oif, nbr] of neighborsOf(o, filter)) lines.push(briefLine(oif, nbr, now))
  return `${lines.map((line) => `${line}\n`).join('')}\n`
}

function header(): string {
  const names = ['Neighbor ID', 'Pri', 'State', 'Up Time', 'Dead Time', 'Address', 'Interface']
  const widths = [15, 3, 15, 15, 9, 15, 32]
  const left = names.map((name, i) => name.padEnd(widths[i] ?? 0)).join(' ')
  return `${left} ${['RXmtL', 'RqstL', 'DBsmL'].map((name) => name.padStart(5)).join(' ')}`
}

function briefLine(oif: Oif, nbr: Nbr, now: Nanos): string {
  const up = nbr.progressAt === 0 ? '0 usecs' : dumpTime(now - nbr.progressAt)
  const cells = [
    formatIp4(nbr.id).padEnd(15),
    String(nbr.priority).padStart(3),
    `${nbr.state}/${roleOf(oif, nbr)}`.padEnd(15),
    up.padEnd(15),
    dumpTimer(nbr.deadAt, now).padStart(9),
    formatIp4(nbr.src).padEnd(15),
    `${oif.dev}:${formatIp4(oif.ip)}`.padEnd(32),
  ]
  const counts = [nbr.lsRxmt.length, nbr.lsReq.length, nbr.dbSum.length]
  return `${cells.join(' ')} ${counts.map((count) => String(count).padStart(5)).join(' ')}`
}

function neighborsOf(o: Ospf, filter: NeighborFilter): [Oif, Nbr][] {
  return o.oifs
    .filter((oif) => filter.dev === undefined || oif.dev === filter.dev)
    .flatMap((oif) => oif.nbrs.map((nbr): [Oif, Nbr] => [oif, nbr]))
    .filter(([, nbr]) => nbr.state !== 'Down' && (filter.id === undefined || formatIp4(nbr.id) === filter.id))
}

/** `show ip ospf neighbor detail`. */
export function showNeighborDetail(o: Ospf, now: Nanos, filter: NeighborFilter = {}): string {
  const text = neighborsOf(o, filter).map(([oif, nbr]) => detail(oif, nbr, now))
  return `${text.join('')}\n`
}

function detail(oif: Oif, nbr: Nbr, now: Nanos): string {
  const on = (runs: boolean): string => (runs ? 'on' : 'off')
  const lines = [
    ` Neighbor ${formatIp4(nbr.id)}, interface address ${formatIp4(nbr.src)}`,
    `    In the area ${formatIp4(oif.area)} via interface ${oif.dev}`,
    `    Neighbor priority is ${nbr.priority}, State is ${nbr.state}/${roleOf(oif, nbr)}, ${nbr.changes} state changes`,
  ]
  if (nbr.progressAt !== 0) {
    lines.push('    Most recent state change statistics:')
    lines.push(`      Progressive change ${dumpTime(now - nbr.progressAt)} ago`)
  }
  if (nbr.regressAt !== 0) {
    lines.push(`      Regressive change ${dumpTime(now - nbr.regressAt)} ago, due to ${nbr.regressWhy}`)
  }
  lines.push(
    `    DR is ${formatIp4(nbr.dr)}, BDR is ${formatIp4(nbr.bdr)}`,
    `    Options ${nbr.options} ${optionLetters(nbr.options)}`,
    `    Dead timer due in ${dumpTimer(nbr.deadAt, now)}`,
    `    Database Summary List ${nbr.dbSum.length}`,
    `    Link State Request List ${nbr.lsReq.length}`,
    `    Link State Retransmission List ${nbr.lsRxmt.length}`,
    `    Thread Inactivity Timer ${on(nbr.deadAt !== 0)}`,
    `    Thread Database Description Retransmision ${on(nbr.ddAt !== 0)}`,
    `    Thread Link State Request Retransmission ${on(nbr.reqAt !== 0)}`,
    `    Thread Link State Update Retransmission ${on(nbr.updAt !== 0)}`,
    '',
    '    Graceful restart Helper info:',
    '      Graceful Restart HELPER Status : None',
    '',
    '',
  )
  return lines.join('\n')
}

/** `show ip ospf neighbor json`. */
export function showNeighborsJson(o: Ospf, now: Nanos, filter: NeighborFilter = {}): string {
  const neighbors: Record<string, object[]> = {}
  for (const [oif, nbr] of neighborsOf(o, filter)) {
    const ms = (ns: Nanos): number => Math.floor(ns / 1e6)
    const role = roleOf(oif, nbr)
    const dead = ms(nbr.deadAt - now)
    const state = `${nbr.state}/${role}`
    const entry = {
      priority: nbr.priority,
      state,
      nbrPriority: nbr.priority,
      nbrState: state,
      converged: nbr.state,
      role,
      upTimeInMsec: ms(now - nbr.progressAt),
      deadTimeMsecs: dead,
      routerDeadIntervalTimerDueMsec: dead,
      upTime: dumpTime(now - nbr.progressAt),
      deadTime: dumpTimer(nbr.deadAt, now),
      address: formatIp4(nbr.src),
      ifaceAddress: formatIp4(nbr.src),
      ifaceName: `${oif.dev}:${formatIp4(oif.ip)}`,
      retransmitCounter: nbr.lsRxmt.length,
      linkStateRetransmissionListCounter: nbr.lsRxmt.length,
      requestCounter: nbr.lsReq.length,
      linkStateRequestListCounter: nbr.lsReq.length,
      dbSummaryCounter: nbr.dbSum.length,
      databaseSummaryListCounter: nbr.dbSum.length,
    }
    ;(neighbors[formatIp4(nbr.id)] ??= []).push(entry)
  }
  return jsonText({ neighbors })
}

/** As json-c writes it: two blanks, no blank after the colon, '/' escaped. */
function jsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2).replaceAll('": ', '":').replaceAll('/', '\\/')
  return `${text}\n`
}
