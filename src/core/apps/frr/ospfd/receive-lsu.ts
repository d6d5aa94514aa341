import type { Bytes } from '../../../base/bytes.ts'
import { formatIp4, MS } from '../../../base/ids.ts'
import { lsaChecksumOk, SEQ_INITIAL, SEQ_MAX } from '../../../wire/ospf-lsa.ts'
import { dropRetransmits, floodThrough, flushLsa, isDr, lsdbOf, sendUpdate } from './flood.ts'
import { installLsa } from './install.ts'
import { ageOf, findLsa, isMaxAge, makeLsa, moreRecent, removeLsa } from './lsdb.ts'
import { refreshLsa, updateNetworkLsa, updateRouterLsa } from './originate.ts'
import { areaOf, isEnabled, log, noteLsa, type Run, warn } from './run.ts'
import { type Area, type Lsa, type Nbr, nsmRank, type Oif } from './types.ts'

/** Link state updates (RFC 2328 13, ospf_ls_upd). */
export function receiveUpdate(run: Run, oif: Oif, nbr: Nbr, lsas: readonly Bytes[]): void {
  const area = areaOf(run.o, oif.area)
  if (!area || nsmRank(nbr.state) < nsmRank('Exchange')) return
  for (const bytes of lsas) {
    const lsa = makeLsa(bytes, run.now, 'neighbor')
    if (!lsaChecksumOk(bytes)) {
      const who = `from: nbr ${formatIp4(nbr.src)}, router ID ${formatIp4(nbr.id)}, adv router ${formatIp4(lsa.adv)}`
      const sum = lsa.checksum.toString(16)
      warn(
        run,
        'SVSD7-TJ10Z',
        `Link State Update: LSA checksum error ${sum}/${sum}, ID=${formatIp4(lsa.id)} ${who}`,
      )
      continue
    }
    if (lsa.type !== 1 && lsa.type !== 2 && lsa.type !== 5) {
      if (lsa.type > 7)
        warn(
          run,
          'W5JSG-1RC06',
          `LSA[Type${lsa.type}:${formatIp4(lsa.id)}] from ${formatIp4(lsa.adv)}: Opaque capability mismatch?`,
        )
      continue
    }
    if (!takeLsa(run, area, oif, nbr, lsa)) return
  }
}

/** One LSA; false: the rest of the packet is not looked at. */
function takeLsa(run: Run, area: Area, oif: Oif, nbr: Nbr, lsa: Lsa): boolean {
  if (lsa.type === 1 && lsa.id !== lsa.adv) {
    log(
      run,
      `[GG60C-1QPHW][EC 134217730] Incoming Router-LSA from ${formatIp4(nbr.id)} with Adv-ID[${formatIp4(lsa.id)}] != LS-ID[${formatIp4(lsa.adv)}]`,
    )
    return true
  }
  const current = findLsa(lsdbOf(run, area, lsa.type), lsa)
  if (isMaxAge(lsa, run.now) && !current && !isExchanging(run)) {
    sendAck(run, oif, nbr, lsa)
    return true
  }
  if (isOrphanedNetwork(run, lsa)) {
    flushLsa(run, area, lsa)
    return true
  }
  const newer = moreRecent(current, lsa, run.now)
  if (newer < 0) {
    flood(run, area, { oif, nbr }, current, lsa)
    return true
  }
  if (findLsa(nbr.lsReq, lsa)) {
    warn(
      run,
      'Z6D4N-M0BBB',
      `LSA[Type${lsa.type},id(${formatIp4(lsa.id)}),ar(${formatIp4(lsa.adv)})] instance exists on Link state request list`,
    )
    run.pending.push({ kind: 'nsm', oif, nbr, event: 'BadLSReq' })
    return false
  }
  if (newer === 0) sameInstance(run, oif, nbr, lsa)
  else if (current) sendBack(run, oif, nbr, current)
  return true
}

/** One of our network LSAs from a time when we had another router id. */
function isOrphanedNetwork(run: Run, lsa: Lsa): boolean {
  if (lsa.type !== 2 || lsa.adv === run.o.routerId) return false
  return run.o.oifs.some((oif) => oif.ip === lsa.id && oif.networkLsa !== undefined)
}

/** Some neighbour is in Exchange or Loading: LSAs at MaxAge are kept till that is over (ospf_check_nbr_status). */
export function isExchanging(run: Run): boolean {
  return run.o.oifs.some(
    (oif) =>
      isEnabled(run, oif) && oif.nbrs.some((nbr) => nbr.state === 'Exchange' || nbr.state === 'Loading'),
  )
}

/** A duplicate: an implied acknowledgement if we sent it, else acknowledged at once. */
function sameInstance(run: Run, oif: Oif, nbr: Nbr, lsa: Lsa): void {
  if (!findLsa(nbr.lsRxmt, lsa)) return sendAck(run, oif, nbr, lsa)
  removeLsa(nbr.lsRxmt, lsa)
  if (oif.state === 'Backup' && isDr(nbr)) oif.lsAck.push(lsa)
}

/** The neighbour has an old one: tell it, but not more often than LSAs are taken. */
function sendBack(run: Run, oif: Oif, nbr: Nbr, current: Lsa): void {
  if (isMaxAge(current, run.now) && current.seq === SEQ_MAX) return
  if (run.now - current.at >= run.o.conf.minArrivalMs * MS) sendUpdate(run, oif, [current], nbr.src)
}

/** Acknowledge to the neighbour itself, once the packet is worked through (ospf_ls_ack_send). */
function sendAck(run: Run, oif: Oif, nbr: Nbr, lsa: Lsa): void {
  const queue = run.acks.find((one) => one.oif === oif)
  if (queue) queue.lsas.push(lsa)
  else {
    run.acks.push({ oif, dst: nbr.src, lsas: [lsa] })
    run.pending.push({ kind: 'ack', oif })
  }
}

/**
 * A new instance (ospf_flood): not taken, nor acknowledged, within a second of the last (MinLSArrival), so that the
 * sender has to repeat it.
 */
function flood(run: Run, area: Area, from: { oif: Oif; nbr: Nbr }, current: Lsa | undefined, got: Lsa): void {
  if (current && !isFirstOwn(run, current) && run.now - current.at < run.o.conf.minArrivalMs * MS) {
    return noteLsa(run, 'refuse', got)
  }
  const ack = floodThrough(run, got.type === 5 ? undefined : area, from, got)
  if (current) dropRetransmits(run, current)
  // Its own bytes: the packet around them need not stay in memory.
  const lsa: Lsa = Object.freeze({ ...got, bytes: got.bytes.slice(), self: isSelf(run, got) })
  installLsa(run, area, from.oif, lsa)
  // A backup acknowledges only what the DR has sent it (RFC 2328 table 19).
  if (ack && (from.oif.state !== 'Backup' || isDr(from.nbr))) from.oif.lsAck.push(lsa)
  if (lsa.self) answerOwn(run, area, lsa)
  else run.o.counts.received += 1
}

function isFirstOwn(run: Run, lsa: Lsa): boolean {
  return lsa.self && ageOf(lsa, run.now) === lsa.age0 && lsa.age0 === 0 && lsa.seq === SEQ_INITIAL
}

/** ospf_lsa_is_self_originated. */
function isSelf(run: Run, lsa: Lsa): boolean {
  if (lsa.adv === run.o.routerId) return true
  return lsa.type === 2 && run.o.oifs.some((oif) => oif.ip === lsa.id)
}

/** One of our own out of the past, newer than what we know: go beyond its number, or take it back (RFC 2328 13.4). */
function answerOwn(run: Run, area: Area, lsa: Lsa): void {
  if (lsa.type === 1) {
    if (area.routerLsa) area.routerLsa = Object.freeze({ ...area.routerLsa, seq: lsa.seq })
    return updateRouterLsa(run, area)
  }
  if (lsa.type === 5) return refreshLsa(run, lsa)
  const oif = run.o.oifs.find((one) => one.ip === lsa.id)
  if (!oif) return
  if (oif.area !== area.id || oif.type !== 'broadcast' || oif.self.dr !== oif.ip) {
    run.pending.push({ kind: 'flush', area, lsa })
    return
  }
  if (oif.networkLsa) oif.networkLsa = Object.freeze({ ...oif.networkLsa, seq: lsa.seq })
  updateNetworkLsa(run, oif)
}
