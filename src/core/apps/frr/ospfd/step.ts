import type { Bytes } from '../../../base/bytes.ts'
import { type DevName, type Ip4, type Nanos, SEC } from '../../../base/ids.ts'
import type { ZapiInterface, ZapiRoute } from '../zapi.ts'
import { refreshDue, removeMaxAge, walkMaxAge } from './aging.ts'
import { createConfig } from './config.ts'
import type { OspfCommand } from './command.ts'
import { configure } from './configure.ts'
import { resendDbDesc, sendHello, sendRequest } from './exchange.ts'
import { flushLsa, sendUpdate } from './flood.ts'
import { flushOwn, freeOif, interfaceChanged, interfaceGone, updateRouterId } from './interfaces.ts'
import { ismEvent } from './ism.ts'
import { nsmEvent } from './nsm.ts'
import { receivePacket } from './receive.ts'
import { redistributed } from './redistribute.ts'
import { runExternal, runSpf, withdrawAll } from './routing.ts'
import { type Action, groupOf, onGrid, params, type Pending, type Run, writePackets } from './run.ts'
import type { Nbr, Oif, Ospf } from './types.ts'
import { writeAcks, writeUpdates } from './updates.ts'

/** What can happen to ospfd. Besides these, time passes: see `nextDue`. */
export type OspfEvent =
  | { kind: 'packet'; dev: DevName; bytes: Bytes }
  | { kind: 'time' }
  | { kind: 'interface'; dev: ZapiInterface }
  | { kind: 'interface.gone'; dev: DevName }
  | { kind: 'router-id'; id: Ip4 }
  | { kind: 'redistributed'; routes: readonly ZapiRoute[] }
  | { kind: 'config'; command: OspfCommand }
  /** SIGTERM: what we announced is taken back (ospf_terminate). */
  | { kind: 'stop' }

export function createOspf(): Ospf {
  return {
    conf: createConfig(),
    routerId: 0 as Ip4,
    zebraId: 0 as Ip4,
    devs: {},
    oifs: [],
    areas: [],
    external: [],
    routes: [],
    routers: [],
    extRoutes: [],
    redistributed: {},
    spf: { at: 0, lastAt: -1, multiplier: 1, reasons: [], externalAt: 0 },
    maxAge: { keys: [], at: 0 },
    walkAt: 0,
    refresh: [],
    startedAt: 0,
    netSeq: {},
    counts: { originated: 0, received: 0 },
    shutdown: false,
  }
}

/**
 * Run one event and whatever it sets off, timers that are due included. The state is changed in place; returned is what is to be
 * done in the world. `random(n)` gives 0..n-1.
 */
export function stepOspf(o: Ospf, event: OspfEvent, now: Nanos, random: (below: number) => number): Action[] {
  const run: Run = {
    o,
    now,
    random,
    nsm: (oif, nbr, what) => nsmEvent(run, oif, nbr, what),
    ism: (oif, what) => ismEvent(run, oif, what),
    out: [],
    pending: [],
    packets: [],
    updates: [],
    acks: [],
  }
  alignGrids(run)
  handle(run, event)
  settle(run)
  writePackets(run)
  return run.out
}

function handle(run: Run, event: OspfEvent): void {
  if (event.kind === 'packet') receivePacket(run, event.dev, event.bytes)
  else if (event.kind === 'interface') interfaceChanged(run, event.dev)
  else if (event.kind === 'interface.gone') interfaceGone(run, event.dev)
  else if (event.kind === 'redistributed') redistributed(run, event.routes)
  else if (event.kind === 'stop') stop(run)
  else if (event.kind === 'config') {
    const text = configure(run, event.command)
    if (text !== '') run.out.push({ do: 'answer', text })
  } else if (event.kind === 'router-id') {
    run.o.zebraId = event.id
    updateRouterId(run)
  }
}

/** As ospfd's event loop: all events put off so far, then timers that are due, until nothing is left. */
function settle(run: Run): void {
  for (;;) {
    const batch = run.pending
    run.pending = []
    for (const event of batch) perform(run, event)
    const fired = fireTimers(run)
    if (run.pending.length === 0 && !fired) return
  }
}

function perform(run: Run, event: Pending): void {
  if (event.kind === 'flush') return flushLsa(run, event.area, event.lsa)
  const { oif } = event
  if (!run.o.oifs.includes(oif)) return
  if (event.kind === 'ism') return ismEvent(run, oif, event.event)
  if (event.kind === 'lsu') return writeUpdates(run, oif)
  if (event.kind === 'ack') {
    const queue = run.acks.find((one) => one.oif === oif)
    run.acks = run.acks.filter((one) => one !== queue)
    if (queue) writeAcks(run, oif, queue.lsas, queue.dst)
    return
  }
  if (!oif.nbrs.includes(event.nbr)) return
  if (event.kind === 'nsm') nsmEvent(run, oif, event.nbr, event.event)
  else askAgain(run, oif, event.nbr)
}

function askAgain(run: Run, oif: Oif, nbr: Nbr): void {
  sendRequest(run, oif, nbr)
  nbr.reqAt = run.now + params(run, oif).retransmit * SEC
}

/** Timers that run on for nothing are not run: they are set to where they would be by now. */
function alignGrids(run: Run): void {
  for (const oif of run.o.oifs) {
    if (oif.lsAck.length === 0) oif.ackAt = onGrid(oif.ackAt, SEC, run.now)
    if (oif.nbrs.length === 0) continue
    const every = params(run, oif).retransmit * SEC
    for (const nbr of oif.nbrs) {
      if (nbr.lsReq.length === 0) nbr.reqAt = onGrid(nbr.reqAt, every, run.now)
      if (nbr.lsRxmt.length === 0) nbr.updAt = onGrid(nbr.updAt, every, run.now)
    }
  }
}

/** True if one was due. */
function fireTimers(run: Run): boolean {
  const { o, now } = run
  const next = nextDue(o)
  if (next === 0 || next > now) return false
  let fired = false
  const due = (at: Nanos, act: () => void): void => {
    if (at === 0 || at > now) return
    fired = true
    act()
  }
  due(o.spf.at, () => runSpf(run))
  due(o.spf.externalAt, () => runExternal(run))
  due(o.maxAge.at, () => removeMaxAge(run))
  due(o.walkAt, () => walkMaxAge(run))
  if (o.refresh.some((one) => one.at <= now)) {
    fired = true
    refreshDue(run)
  }
  for (const oif of [...o.oifs]) {
    due(oif.waitAt, () => {
      oif.waitAt = 0
      run.pending.push({ kind: 'ism', oif, event: 'WaitTimer' })
    })
    due(oif.helloAt, () => {
      sendHello(run, oif)
      oif.helloAt = now + params(run, oif).hello * SEC
    })
    if (oif.lsAck.length > 0) {
      due(oif.ackAt, () => {
        writeAcks(run, oif, oif.lsAck, groupOf(oif))
        oif.ackAt = now + SEC
      })
    }
    for (const nbr of [...oif.nbrs]) fireNeighbor(run, oif, nbr, due)
  }
  return fired
}

function fireNeighbor(run: Run, oif: Oif, nbr: Nbr, due: (at: Nanos, act: () => void) => void): void {
  const every = params(run, oif).retransmit * SEC
  due(nbr.deadAt, () => {
    nbr.deadAt = 0
    run.pending.push({ kind: 'nsm', oif, nbr, event: 'InactivityTimer' })
  })
  due(nbr.ddAt, () => {
    resendDbDesc(run, oif, nbr)
    nbr.ddAt = run.now + every
  })
  if (nbr.lsReq.length > 0) {
    due(nbr.reqAt, () => {
      sendRequest(run, oif, nbr)
      nbr.reqAt = run.now + every
    })
  }
  if (nbr.lsRxmt.length === 0) return
  due(nbr.updAt, () => {
    // What was installed within the interval is not repeated yet (ospf_ls_upd_timer).
    const old = nbr.lsRxmt.filter((lsa) => run.now - lsa.at >= every)
    if (old.length > 0) sendUpdate(run, oif, old, nbr.src)
    nbr.updAt = run.now + every
  })
}

/** When ospfd has to run next for a timer; 0 = never. */
export function nextDue(o: Ospf): Nanos {
  let next = sooner(sooner(o.spf.at, o.spf.externalAt), sooner(o.maxAge.at, o.walkAt))
  for (const one of o.refresh) next = sooner(next, one.at)
  for (const oif of o.oifs) {
    next = sooner(sooner(next, oif.waitAt), oif.helloAt)
    if (oif.lsAck.length > 0) next = sooner(next, oif.ackAt)
    for (const nbr of oif.nbrs) {
      next = sooner(sooner(next, nbr.deadAt), nbr.ddAt)
      if (nbr.lsReq.length > 0) next = sooner(next, nbr.reqAt)
      if (nbr.lsRxmt.length > 0) next = sooner(next, nbr.updAt)
    }
  }
  return next
}

/** The earlier of two times of which 0 means never. */
function sooner(a: Nanos, b: Nanos): Nanos {
  if (a === 0) return b
  return b === 0 || a < b ? a : b
}

/** ospf_finish_final: flush, then interfaces down; what the last changes would still say is not sent any more. */
function stop(run: Run): void {
  if (!run.o.conf.enabled) return
  flushOwn(run)
  writePackets(run)
  for (const oif of [...run.o.oifs]) freeOif(run, oif)
  withdrawAll(run)
  run.pending = []
  run.packets = []
  run.updates = []
  run.o.conf.enabled = false
}
