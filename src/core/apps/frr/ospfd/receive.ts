import { type Bytes, read32 } from '../../../base/bytes.ts'
import { inPrefix, prefixOfMask } from '../../../base/cidr.ts'
import { type DevName, formatIp4, type Ip4 } from '../../../base/ids.ts'
import type { OspfRefusal } from '../../../kernel/note.ts'
import { readIpv4 } from '../../../wire/ipv4.ts'
import {
  ALL_D_ROUTERS,
  type Hello,
  OPT_E,
  OPT_MT,
  OSPF,
  type OspfBody,
  type OspfHeader,
  parseOspf,
} from '../../../wire/ospf.ts'
import { receiveDbDesc } from './receive-dd.ts'
import { receiveAck, receiveRequest } from './receive-ls.ts'
import { receiveUpdate } from './receive-lsu.ts'
import { findNbr, getNbr } from './neighbor.ts'
import { setGroups } from './ism.ts'
import { ifName, params, refuse, type Run, warn } from './run.ts'
import type { Nbr, Oif } from './types.ts'

/** A packet heard on `dev`, from its IP header on (ospf_read_helper). */
export function receivePacket(run: Run, dev: DevName, packet: Bytes): void {
  const ip = readIpv4(packet, 0)
  if (run.o.oifs.some((oif) => oif.ip === ip.src)) return
  const parsed = parseOspf(packet, ip.headerLength, Math.min(packet.length, ip.totalLength))
  // Lengths and types are checked in silence before the interface is looked for, the rest after.
  const late = !parsed.ok && (parsed.error === 'auth' || parsed.error === 'checksum')
  if (!parsed.ok && !late) return refuse(run, dev, ip.src, parsed.error)
  const oif = receivingOif(run, dev, ip.src)
  if (!oif || params(run, oif).passive) return refuse(run, dev, ip.src, oif ? 'passive' : 'no-interface')
  if (!checkInterface(run, oif, ip.src, ip.dst)) return
  const router = formatIp4(read32(packet, ip.headerLength + OSPF.router.at) as Ip4)
  const name = `interface ${ifName(oif)}`
  if (!parsed.ok) {
    if (parsed.error === 'auth') {
      warn(run, 'M6RWN-DGZHA', `${name}: auth-type mismatch, local Null, rcvd Simple, Router-ID ${router}`)
    } else warn(run, 'QPZ5F-V844K', `${name}: Null auth OK, but checksum error, Router-ID ${router}`)
    return refuse(run, dev, ip.src, parsed.error)
  }
  const { header, body } = parsed.value
  if (header.area !== oif.area) {
    warn(run, 'Y9FH4-5CVMQ', `${name}: ospf_read invalid Area ID ${formatIp4(header.area)}`)
    return refuse(run, dev, ip.src, 'area')
  }
  deliver(run, oif, header, ip.src, body)
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

function checkInterface(run: Run, oif: Oif, src: Ip4, dst: Ip4): boolean {
  if (oif.state === 'Down') {
    const what = `Ignoring packet from ${formatIp4(src)} to ${formatIp4(dst)} received on interface that is down`
    warn(run, 'S1YD5-DHN4R', `${what} [${oif.dev}]; interface flags are <BROADCAST,MULTICAST>`)
    refuse(run, oif.dev, src, 'down')
    return false
  }
  if (dst === ALL_D_ROUTERS && oif.state !== 'DR' && oif.state !== 'Backup') {
    const what = `Dropping packet for AllDRouters from [${formatIp4(src)}] via [${ifName(oif)}]`
    warn(run, 'KJS4A-4SXXG', `${what} (ISM: ${oif.state})`)
    refuse(run, oif.dev, src, 'not-dr')
    oif.groups |= 2
    setGroups(run, oif)
    return false
  }
  return true
}

function deliver(run: Run, oif: Oif, header: OspfHeader, src: Ip4, body: OspfBody): void {
  if (body.kind === 'hello') return receiveHello(run, oif, header, src, body)
  const { in: count } = oif.stats[body.kind]
  oif.stats[body.kind].in = count + 1
  const nbr = findNbr(oif, header.router, src)
  if (!nbr) {
    const [id, text] = unknown(oif, header, body.kind)
    warn(run, id, text)
    return refuse(run, oif.dev, src, 'unknown-neighbor')
  }
  if (body.kind === 'dd') receiveDbDesc(run, oif, nbr, body)
  else if (body.kind === 'lsr') receiveRequest(run, oif, nbr, body.keys)
  else if (body.kind === 'lsu') receiveUpdate(run, oif, nbr, body.lsas)
  else receiveAck(run, nbr, body.headers)
}

type Warning = readonly [id: string, text: string]

function unknown(oif: Oif, header: OspfHeader, kind: 'dd' | 'lsr' | 'lsu' | 'lsack'): Warning {
  const id = formatIp4(header.router)
  if (kind === 'dd') return ['PB6TE-WCHKH', `Packet[DD]: Unknown Neighbor ${id}`]
  if (kind === 'lsr') return ['TV80Y-4KSRR', `Link State Request: Unknown Neighbor ${id}`]
  if (kind === 'lsu') {
    return ['X7SPE-Y4BTR', `Link State Update: Unknown Neighbor ${id} on int: ${ifName(oif)}`]
  }
  return ['T08NC-EWX63', `Link State Acknowledgment: Unknown Neighbor ${id}`]
}

/** ospf_hello (RFC 2328 10.5). */
function receiveHello(run: Run, oif: Oif, header: OspfHeader, src: Ip4, hello: Hello): void {
  oif.stats.hello.in += 1
  if (header.router === run.o.routerId) return
  const wrong = helloMismatch(run, oif, hello)
  if (wrong) {
    warn(run, wrong.id, `Packet ${formatIp4(header.router)} [Hello:RECV]: ${wrong.text}`)
    return refuse(run, oif.dev, src, wrong.why)
  }
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

interface Mismatch {
  id: string
  why: OspfRefusal
  text: string
}

/** What both sides must agree on and do not (RFC 2328 10.5). */
function helloMismatch(run: Run, oif: Oif, hello: Hello): Mismatch | undefined {
  const p = params(run, oif)
  const prefix = prefixOfMask(hello.mask) ?? 0
  const name = ifName(oif)
  const expected = (mine: number, theirs: number): string => `(expected ${mine}, but received ${theirs}).`
  if (oif.type !== 'p2p' && prefix !== oif.prefix) {
    const lengths = `(configured prefix length is ${oif.prefix}, but hello packet indicates ${prefix}).`
    return { id: 'X978W-FEJC8', why: 'mask', text: `NetworkMask mismatch on ${name} ${lengths}` }
  }
  if (hello.dead !== p.dead) {
    const text = `RouterDeadInterval mismatch on ${name} ${expected(p.dead, hello.dead)}`
    return { id: 'XQA13-4ED8B', why: 'dead-interval', text }
  }
  if (hello.interval !== p.hello) {
    const text = `HelloInterval mismatch on ${name} ${expected(p.hello, hello.interval)}`
    return { id: 'YMNZB-QCM62', why: 'hello-interval', text }
  }
  if ((hello.options & OPT_MT) !== 0) {
    return { id: 'Z7QFG-Y1VJJ', why: 'options', text: `T-bit ON on ${name}, drop it.` }
  }
  if ((hello.options & OPT_E) !== 0) return undefined
  const text = `my options: ${OPT_E.toString(16)}, his options ${hello.options.toString(16)}`
  return { id: 'K5J0F-RJJRB', why: 'options', text }
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
