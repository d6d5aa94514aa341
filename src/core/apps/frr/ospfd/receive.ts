import type { Bytes } from '../../../base/bytes.ts'
import { inPrefix, prefixOfMask } from '../../../base/cidr.ts'
import { type DevName, formatIp4, type Ip4 } from '../../../base/ids.ts'
import { readIpv4 } from '../../../wire/ipv4.ts'
import {
  ALL_D_ROUTERS,
  type Hello,
  OPT_E,
  OPT_MT,
  type OspfBody,
  type OspfHeader,
  parseOspf,
} from '../../../wire/ospf.ts'
import { receiveDbDesc } from './receive-dd.ts'
import { receiveAck, receiveRequest } from './receive-ls.ts'
import { receiveUpdate } from './receive-lsu.ts'
import { findNbr, getNbr } from './neighbor.ts'
import { setGroups } from './ism.ts'
import { ifName, log, params, type Run } from './run.ts'
import type { Nbr, Oif } from './types.ts'

/**
 * A packet heard on `dev`, from its IP header on (ospf_read_helper). What is wrong with it is told in the journal where ospfd
 * does so; returns a code for the drop, '' = taken.
 */
export function receivePacket(run: Run, dev: DevName, packet: Bytes): string {
  const ip = readIpv4(packet, 0)
  if (run.o.oifs.some((oif) => oif.ip === ip.src)) return 'ospf.own'
  const parsed = parseOspf(packet, ip.headerLength, Math.min(packet.length, ip.totalLength))
  // Lengths and types are checked in silence before the interface is looked for, the rest after.
  const late = !parsed.ok && (parsed.error === 'ospf.auth' || parsed.error === 'ospf.checksum')
  if (!parsed.ok && !late) return parsed.error
  const oif = receivingOif(run, dev, ip.src)
  if (!oif || params(run, oif).passive) return oif ? 'ospf.passive' : 'ospf.no-interface'
  const refused = checkInterface(run, oif, ip.src, ip.dst)
  if (refused !== '') return refused
  if (!parsed.ok) {
    const what =
      parsed.error === 'ospf.auth' ? 'auth-type mismatch, local Null, rcvd other' : 'packet checksum error'
    log(run, `interface ${ifName(oif)}: ${what}`)
    return parsed.error
  }
  const { header, body } = parsed.value
  if (header.area !== oif.area) {
    log(run, `interface ${ifName(oif)}: ospf_read invalid Area ID ${formatIp4(header.area)}`)
    return 'ospf.area'
  }
  deliver(run, oif, header, ip.src, body)
  return ''
}

/** The interface whose subnet the sender is in, the narrowest one (ospf_if_lookup_recv_if). */
function receivingOif(run: Run, dev: DevName, src: Ip4): Oif | undefined {
  let found: Oif | undefined
  for (const oif of run.o.oifs) {
    if (oif.dev !== dev || oif.type === 'loopback' || !inPrefix(src, oif.ip, oif.prefix)) continue
    if (!found || found.prefix < oif.prefix) found = oif
  }
  return found
}

function checkInterface(run: Run, oif: Oif, src: Ip4, dst: Ip4): string {
  if (oif.state === 'Down') {
    const from = `Ignoring packet from ${formatIp4(src)} to ${formatIp4(dst)}`
    log(run, `${from} received on interface that is down [${oif.dev}]; interface flags are <>`)
    return 'ospf.down'
  }
  if (dst === ALL_D_ROUTERS && oif.state !== 'DR' && oif.state !== 'Backup') {
    const state = `(ISM: ${oif.state})`
    log(run, `Dropping packet for AllDRouters from [${formatIp4(src)}] via [${ifName(oif)}] ${state}`)
    oif.groups |= 2
    setGroups(run, oif)
    return 'ospf.not-dr'
  }
  return ''
}

function deliver(run: Run, oif: Oif, header: OspfHeader, src: Ip4, body: OspfBody): void {
  if (body.kind === 'hello') return receiveHello(run, oif, header, src, body)
  const { in: count } = oif.stats[body.kind]
  oif.stats[body.kind].in = count + 1
  const nbr = findNbr(oif, header.router, src)
  if (!nbr) return log(run, unknown(oif, header, body.kind))
  if (body.kind === 'dd') receiveDbDesc(run, oif, nbr, body)
  else if (body.kind === 'lsr') receiveRequest(run, oif, nbr, body.keys)
  else if (body.kind === 'lsu') receiveUpdate(run, oif, nbr, body.lsas)
  else receiveAck(run, nbr, body.headers)
}

function unknown(oif: Oif, header: OspfHeader, kind: 'dd' | 'lsr' | 'lsu' | 'lsack'): string {
  const id = formatIp4(header.router)
  if (kind === 'dd') return `Packet[DD]: Unknown Neighbor ${id}`
  if (kind === 'lsr') return `Link State Request: Unknown Neighbor ${id}`
  if (kind === 'lsu') return `Link State Update: Unknown Neighbor ${id} on int: ${ifName(oif)}`
  return `Link State Acknowledgment: Unknown Neighbor ${id}`
}

/** ospf_hello (RFC 2328 10.5). */
function receiveHello(run: Run, oif: Oif, header: OspfHeader, src: Ip4, hello: Hello): void {
  oif.stats.hello.in += 1
  if (header.router === run.o.routerId) return
  const wrong = helloMismatch(run, oif, hello)
  if (wrong !== '') return log(run, `Packet ${formatIp4(header.router)} [Hello:RECV]: ${wrong}`)
  const nbr = getNbr(oif, header.router, src)
  run.pending.push({ kind: 'nsm', oif, nbr, event: 'HelloReceived' })
  if (hello.neighbors.includes(run.o.routerId)) {
    run.pending.push({ kind: 'nsm', oif, nbr, event: '2-WayReceived' })
    nbr.options |= hello.options
    noticeElection(run, oif, nbr, hello)
  } else {
    run.pending.push({ kind: 'nsm', oif, nbr, event: '1-WayReceived' })
  }
  nbr.priority = hello.priority
  nbr.dr = hello.dr
  nbr.bdr = hello.bdr
}

/** Both sides must agree on these; the text is ospfd's warning, '' = they do. */
function helloMismatch(run: Run, oif: Oif, hello: Hello): string {
  const p = params(run, oif)
  const prefix = prefixOfMask(hello.mask) ?? 0
  if (oif.type !== 'p2p' && prefix !== oif.prefix) {
    return `NetworkMask mismatch on ${ifName(oif)} (configured prefix length is ${oif.prefix}, but hello packet indicates ${prefix}).`
  }
  if (hello.dead !== p.dead) {
    return `RouterDeadInterval mismatch on ${ifName(oif)} (expected ${p.dead}, but received ${hello.dead}).`
  }
  if (hello.interval !== p.hello) {
    return `HelloInterval mismatch on ${ifName(oif)} (expected ${p.hello}, but received ${hello.interval}).`
  }
  if ((hello.options & OPT_MT) !== 0) return `T-bit ON on ${ifName(oif)}, drop it.`
  if ((hello.options & OPT_E) === 0) {
    return `my options: ${OPT_E.toString(16)}, his options ${hello.options.toString(16)}`
  }
  return ''
}

/** What a Hello says of DR and backup may end the waiting or call for an election. */
function noticeElection(run: Run, oif: Oif, nbr: Nbr, hello: Hello): void {
  const me = nbr.src
  if (oif.state === 'Waiting' && ((hello.dr === me && hello.bdr === 0) || hello.bdr === me)) {
    run.pending.push({ kind: 'ism', oif, event: 'BackupSeen' })
  }
  const changes = [
    (hello.dr === me) !== (nbr.dr === me),
    (hello.bdr === me) !== (nbr.bdr === me),
    nbr.priority >= 0 && nbr.priority !== hello.priority,
  ]
  for (const changed of changes) if (changed) run.pending.push({ kind: 'ism', oif, event: 'NeighborChange' })
}
