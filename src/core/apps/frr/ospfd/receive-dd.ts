import { formatIp4, SEC } from '../../../base/ids.ts'
import { DD_I, DD_M, DD_MS, type DbDesc, OPT_MT } from '../../../wire/ospf.ts'
import { resendDbDesc, sendDbDesc, sendRequest } from './exchange.ts'
import { findLsa, lsaOfHeader, moreRecent, putLsa, removeLsa } from './lsdb.ts'
import { areaOf, ifName, log, params, refuse, type Run, warn } from './run.ts'
import type { Nbr, Oif } from './types.ts'

/** Database descriptions (RFC 2328 10.6, ospf_db_desc). */
const ALL = DD_I | DD_M | DD_MS

export function receiveDbDesc(run: Run, oif: Oif, nbr: Nbr, dd: DbDesc): void {
  const mtu = run.o.devs[oif.dev]?.mtu ?? 1500
  const id = formatIp4(nbr.id)
  if (!params(run, oif).mtuIgnore && dd.mtu > mtu) {
    const than = `is larger than [${ifName(oif)}]'s MTU ${mtu}`
    warn(run, 'XZZ9Y-NNTMQ', `Packet[DD]: Neighbor ${id} MTU ${dd.mtu} ${than}`)
    return refuse(run, oif.dev, nbr.src, 'mtu')
  }
  if ((dd.options & OPT_MT) !== 0) return warn(run, 'QKZ7F-K2V48', `Packet[DD]: Neighbor ${id}: T-bit on?`)
  if (run.o.conf.logAdjacency === 'detail') {
    const seqs = `seq_num:0x${dd.seq.toString(16)}, local:0x${nbr.ddSeq.toString(16)}`
    log(run, `[SXPB9-WR7E3] default:Packet[DD]: Neighbor ${id} state is ${nbr.state}, ${seqs}`)
  }
  if (nbr.state === 'Init') run.nsm(oif, nbr, '2-WayReceived')
  if (nbr.state === 'ExStart') negotiate(run, oif, nbr, dd)
  else if (nbr.state === 'Exchange') exchange(run, oif, nbr, dd)
  else if (nbr.state === 'Loading' || nbr.state === 'Full') repeated(run, oif, nbr, dd)
  else if (run.o.conf.logAdjacency === 'detail') {
    log(run, `[NXPJ5-5EYNJ] Packet[DD]: Neighbor ${id} state is ${nbr.state}, packet discarded.`)
  }
}

/** Who is master: the one with the larger router id, and he repeats until the slave takes his sequence number. */
function negotiate(run: Run, oif: Oif, nbr: Nbr, dd: DbDesc): void {
  const id = formatIp4(nbr.id)
  const detail = run.o.conf.logAdjacency === 'detail'
  if ((dd.flags & ALL) === ALL && dd.headers.length === 0) {
    if (nbr.id <= run.o.routerId) {
      if (detail) log(run, `[MJPRP-6G4WM] Packet[DD]: Neighbor ${id}: Initial DBD from Slave, ignoring.`)
      return
    }
    if (detail) log(run, `[QY7PX-A76VE] Packet[DD]: Neighbor ${id} Negotiation done (Slave).`)
    nbr.ddSeq = dd.seq
    nbr.ddFlags &= ~(DD_MS | DD_I)
  } else if ((dd.flags & (DD_MS | DD_I)) === 0 && dd.seq === nbr.ddSeq && nbr.id < run.o.routerId) {
    log(run, `[S5PCG-77H23] Packet[DD]: Neighbor ${id} Negotiation done (Master).`)
    nbr.ddFlags &= ~DD_I
  } else {
    return warn(run, 'G51J2-0949Y', `Packet[DD]: Neighbor ${id} Negotiation fails.`)
  }
  nbr.options = dd.options
  run.nsm(oif, nbr, 'NegotiationDone')
  process(run, oif, nbr, dd)
}

function exchange(run: Run, oif: Oif, nbr: Nbr, dd: DbDesc): void {
  const master = (nbr.ddFlags & DD_MS) !== 0
  const id = formatIp4(nbr.id)
  if (isDuplicate(nbr, dd)) {
    log(
      run,
      `[${master ? 'TAPT1-BF89G] Packet[DD] (Master):' : 'HCD35-SD5XN] Packet[DD] [Slave]:'} Neighbor ${id} packet duplicated.`,
    )
    if (!master) resendDbDesc(run, oif, nbr)
    return
  }
  const wrong = mismatch(nbr, dd, master)
  if (!wrong) return process(run, oif, nbr, dd)
  if (wrong.id === 'TG3H3-BT6AX') log(run, `[${wrong.id}] Packet[DD]: Neighbor ${id} I-bit set.`)
  else warn(run, wrong.id, `Packet[DD]: Neighbor ${id} ${wrong.text}`)
  run.pending.push({ kind: 'nsm', oif, nbr, event: 'SeqNumberMismatch' })
}

function mismatch(nbr: Nbr, dd: DbDesc, master: boolean): { id: string; text: string } | undefined {
  if ((dd.flags & DD_MS) !== (nbr.lastRecv.flags & DD_MS)) {
    return { id: 'P6EXZ-7PDCJ', text: 'MS-bit mismatch.' }
  }
  if ((dd.flags & DD_I) !== 0) return { id: 'TG3H3-BT6AX', text: 'I-bit set.' }
  if (dd.options !== nbr.options) return { id: 'S6XKB-13MW8', text: 'options mismatch.' }
  const expected = master ? nbr.ddSeq : (nbr.ddSeq + 1) >>> 0
  return dd.seq === expected ? undefined : { id: 'PZTVJ-Y9NV1', text: 'sequence number mismatch.' }
}

/** The exchange is over here: only a repetition of the last packet is answered, anything else begins anew. */
function repeated(run: Run, oif: Oif, nbr: Nbr, dd: DbDesc): void {
  if (isDuplicate(nbr, dd)) {
    if ((nbr.ddFlags & DD_MS) !== 0) {
      return log(run, `[Q83FM-R05S3] Packet[DD]: Neighbor ${formatIp4(nbr.id)} duplicated, packet discarded.`)
    }
    if (run.now - nbr.lastSendAt < params(run, oif).dead * SEC) return resendDbDesc(run, oif, nbr)
  }
  run.pending.push({ kind: 'nsm', oif, nbr, event: 'SeqNumberMismatch' })
}

function isDuplicate(nbr: Nbr, dd: DbDesc): boolean {
  const { flags, options, seq } = nbr.lastRecv
  return dd.flags === flags && dd.options === options && dd.seq === seq
}

/** Note what the neighbour has and we have not, and go on with the exchange (ospf_db_desc_proc). */
function process(run: Run, oif: Oif, nbr: Nbr, dd: DbDesc): void {
  const lsdb = areaOf(run.o, oif.area)?.lsdb ?? []
  for (const header of dd.headers) {
    const theirs = lsaOfHeader(header, run.now)
    const ours = findLsa(header.type === 5 ? run.o.external : lsdb, header)
    const newer = moreRecent(ours, theirs, run.now)
    if (newer < 0) putLsa(nbr.lsReq, theirs)
    // He has it, or a newer one: no need to describe ours.
    if (newer <= 0) removeLsa(nbr.dbSum, header)
  }
  const done = (dd.flags & DD_M) === 0 && (nbr.ddFlags & DD_M) === 0
  if ((nbr.ddFlags & DD_MS) !== 0) {
    nbr.ddSeq = (nbr.ddSeq + 1) >>> 0
    if (done) run.pending.push({ kind: 'nsm', oif, nbr, event: 'ExchangeDone' })
    else sendDbDesc(run, oif, nbr)
  } else {
    nbr.ddSeq = dd.seq
    sendDbDesc(run, oif, nbr)
    // sendDbDesc takes the M bit away when the last header is out.
    if ((dd.flags & DD_M) === 0 && (nbr.ddFlags & DD_M) === 0) {
      run.pending.push({ kind: 'nsm', oif, nbr, event: 'ExchangeDone' })
    }
  }
  nbr.lastRecv = { flags: dd.flags, options: dd.options, seq: dd.seq }
  if (nbr.reqAt === 0) sendRequest(run, oif, nbr)
}
