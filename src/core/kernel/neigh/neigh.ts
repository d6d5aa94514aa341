import { type DevName, type Ip4, type Mac, MAC_ZERO, MS, type Nanos, SEC } from '../../base/ids.ts'
import type { Ctx } from '../ctx.ts'
import { devTransmit } from '../dev/transmit.ts'
import type { Host } from '../host.ts'
import type { NeighWhy } from '../note.ts'
import type { Skb } from '../skb.ts'
import { defaultNeigh } from '../sysctl/defaults.ts'
import type { NeighVars } from '../sysctl/types.ts'
import { wheelTime } from '../timer-wheel.ts'
import { solicit } from './arp-send.ts'
import type { Neigh, NeighState } from './entry.ts'

/**
 * The neighbour table and its state machine (net/core/neighbour.c). Not modelled: garbage collection of unused
 * entries (they stay, as they do on Linux below gc_thresh1 = 128 entries), proxy queue, byte limit of the queue
 * (packets are counted: unres_qlen).
 */

const VALID: Record<NeighState, boolean> = {
  NONE: false,
  INCOMPLETE: false,
  FAILED: false,
  REACHABLE: true,
  STALE: true,
  DELAY: true,
  PROBE: true,
  PERMANENT: true,
  NOARP: true,
}

export function isValid(state: NeighState): boolean {
  return VALID[state]
}

export function neighKey(dev: DevName, ip: Ip4): string {
  return `${dev} ${ip}`
}

export function findNeigh(host: Host, dev: DevName, ip: Ip4): Neigh | undefined {
  return host.neigh[neighKey(dev, ip)]
}

function varsOf(host: Host, dev: DevName): NeighVars {
  return host.sysctl.neigh[dev] ?? host.sysctl.neigh['default'] ?? defaultNeigh()
}

export function makeNeigh(host: Host, dev: DevName, ip: Ip4, now: Nanos): Neigh {
  const made: Neigh = {
    dev,
    ip,
    mac: MAC_ZERO,
    state: 'NONE',
    confirmedNs: now - 2 * 30 * SEC,
    updatedNs: now,
    usedNs: now,
    probes: 0,
    queue: [],
  }
  host.neigh[neighKey(dev, ip)] = made
  return made
}

/** Send a packet to a neighbour: now if its address is known, else after ARP (neigh_resolve_output). */
export function neighOutput(host: Host, skb: Skb, dev: DevName, ip: Ip4, ctx: Ctx): void {
  const neigh = findNeigh(host, dev, ip) ?? makeNeigh(host, dev, ip, ctx.now)
  if (skb.confirm) neigh.confirmedNs = ctx.now
  neigh.usedNs = ctx.now
  switch (neigh.state) {
    case 'REACHABLE':
    case 'PERMANENT':
    case 'NOARP':
    case 'DELAY':
    case 'PROBE':
      break
    case 'STALE':
      delay(host, neigh, ctx)
      break
    case 'NONE':
    case 'FAILED':
    case 'INCOMPLETE':
      return enqueue(host, neigh, skb, ctx)
  }
  devTransmit(host, skb, dev, neigh.mac, ctx)
}

/** A stale address is used, but within delay_first_probe_time it is seen whether the neighbour still lives. */
function delay(host: Host, neigh: Neigh, ctx: Ctx): void {
  setState(host, neigh, 'DELAY', 'used', ctx)
  arm(host, neigh, ctx.now + varsOf(host, neigh.dev).delay_first_probe_time * SEC, ctx)
}

/** Queue the packet and ask, if nobody has asked yet. */
function enqueue(host: Host, neigh: Neigh, skb: Skb, ctx: Ctx): void {
  const vars = varsOf(host, neigh.dev)
  const asking = neigh.state === 'INCOMPLETE'
  if (!asking) {
    if (vars.mcast_solicit + vars.app_solicit === 0) return ctx.drop(host, skb, 'NEIGH_FAILED')
    // Unicast probes are skipped: no address is known to send them to.
    neigh.probes = vars.ucast_solicit
    setState(host, neigh, 'INCOMPLETE', 'create', ctx)
    arm(host, neigh, ctx.now + retransNs(vars), ctx)
  }
  if (neigh.queue.length >= vars.unres_qlen) {
    const oldest = neigh.queue.shift()
    if (oldest) ctx.drop(host, oldest, 'NEIGH_QUEUEFULL', `unres_qlen=${vars.unres_qlen}`)
  }
  neigh.queue.push(skb)
  skb.cause = ctx.note(host, {
    kind: 'neigh.queue',
    dev: neigh.dev,
    ip: neigh.ip,
    waiting: neigh.queue.length,
  })
  if (!asking) probe(host, neigh, ctx)
}

function probe(host: Host, neigh: Neigh, ctx: Ctx): void {
  const vars = varsOf(host, neigh.dev)
  const unicast = neigh.probes < vars.ucast_solicit && neigh.mac !== MAC_ZERO
  const last = neigh.queue[neigh.queue.length - 1]
  neigh.probes += 1
  solicit(host, neigh, unicast ? neigh.mac : undefined, last, ctx)
}

/** Use an entry without a packet: its address is found out, or if it is stale seen to (neigh_event_send). */
export function neighAsk(host: Host, neigh: Neigh, ctx: Ctx): void {
  neigh.usedNs = ctx.now
  if (neigh.state === 'STALE') return delay(host, neigh, ctx)
  if (neigh.state !== 'NONE' && neigh.state !== 'FAILED') return
  const vars = varsOf(host, neigh.dev)
  if (vars.mcast_solicit + vars.app_solicit === 0) return
  neigh.probes = vars.ucast_solicit
  setState(host, neigh, 'INCOMPLETE', 'create', ctx)
  arm(host, neigh, ctx.now + retransNs(vars), ctx)
  probe(host, neigh, ctx)
}

/** Something was heard about a neighbour (neigh_update). `override`: a different address may replace a valid one. */
export function neighUpdate(
  host: Host,
  neigh: Neigh,
  mac: Mac,
  heard: NeighState,
  override: boolean,
  why: NeighWhy,
  ctx: Ctx,
): void {
  const old = neigh.state
  if (why !== 'admin' && (old === 'PERMANENT' || old === 'NOARP')) return
  if (heard === 'REACHABLE' || heard === 'PERMANENT' || heard === 'NOARP') neigh.confirmedNs = ctx.now
  const same = isValid(old) && neigh.mac === mac
  let state = heard
  if (isValid(old)) {
    if (!same && !override) return
    // An address heard again without proof of reachability changes nothing.
    if (same && heard === 'STALE' && why !== 'admin') state = old
  }
  if (state === old && same) return
  const oldMac = neigh.mac
  neigh.updatedNs = ctx.now
  if (!same) {
    neigh.mac = mac
    if (state !== 'REACHABLE' && state !== 'PERMANENT' && state !== 'NOARP') {
      neigh.confirmedNs = ctx.now - 2 * varsOf(host, neigh.dev).base_reachable_time_ms * MS
    }
  }
  if (state !== old) {
    ctx.clearTimer(host, timerKey(neigh))
    if (state === 'REACHABLE') arm(host, neigh, ctx.now + reachableNs(host, neigh), ctx)
  }
  neigh.state = state
  noteState(host, neigh, old, oldMac, why, ctx)
  if (!isValid(old)) flushQueue(host, neigh, ctx)
}

/** The answer is there: send what waited, each packet going on from the note it waited at. */
function flushQueue(host: Host, neigh: Neigh, ctx: Ctx): void {
  const waiting = neigh.queue
  neigh.queue = []
  const answered = ctx.cause
  for (const skb of waiting) {
    ctx.cause = skb.cause
    ctx.note(host, {
      kind: 'neigh.resolved',
      dev: neigh.dev,
      ip: neigh.ip,
      mac: neigh.mac,
      state: neigh.state,
    })
    devTransmit(host, skb, neigh.dev, neigh.mac, ctx)
  }
  ctx.cause = answered
}

/** Timer `neigh:DEV IP` fired (neigh_timer_handler). */
export function neighTimer(host: Host, key: string, ctx: Ctx): void {
  const neigh = host.neigh[key.slice('neigh:'.length)]
  if (!neigh) return
  const vars = varsOf(host, neigh.dev)
  const delayNs = vars.delay_first_probe_time * SEC
  const { now } = ctx
  let next: Nanos
  switch (neigh.state) {
    case 'REACHABLE':
      if (now < neigh.confirmedNs + reachableNs(host, neigh)) {
        next = neigh.confirmedNs + reachableNs(host, neigh)
      } else if (now <= neigh.usedNs + delayNs) {
        setState(host, neigh, 'DELAY', 'timeout', ctx)
        next = now + delayNs
      } else return setState(host, neigh, 'STALE', 'timeout', ctx)
      break
    case 'DELAY':
      if (now <= neigh.confirmedNs + delayNs) {
        setState(host, neigh, 'REACHABLE', 'confirmed', ctx)
        next = neigh.confirmedNs + reachableNs(host, neigh)
      } else {
        setState(host, neigh, 'PROBE', 'timeout', ctx)
        neigh.probes = 0
        next = now + retransNs(vars)
      }
      break
    case 'PROBE':
    case 'INCOMPLETE':
      next = now + retransNs(vars)
      break
    default:
      return
  }
  const most = vars.ucast_solicit + vars.app_solicit + (neigh.state === 'PROBE' ? 0 : vars.mcast_solicit)
  const probing = neigh.state === 'PROBE' || neigh.state === 'INCOMPLETE'
  if (probing && neigh.probes >= most) return giveUp(host, neigh, ctx)
  arm(host, neigh, next, ctx)
  if (probing) probe(host, neigh, ctx)
}

/** Nobody answered: every waiting packet is lost and its sender told (neigh_invalidate, arp_error_report). */
function giveUp(host: Host, neigh: Neigh, ctx: Ctx): void {
  setState(host, neigh, 'FAILED', 'failed', ctx)
  const waiting = neigh.queue
  neigh.queue = []
  const failed = ctx.cause
  for (const skb of waiting) {
    ctx.cause = failed
    ctx.stack.linkFailure(host, skb, ctx)
    ctx.drop(host, skb, 'NEIGH_FAILED')
  }
}

/** Remove an entry (`ip neigh del`, `flush`); packets that waited are lost. */
export function forgetNeigh(host: Host, neigh: Neigh, ctx: Ctx): void {
  ctx.clearTimer(host, timerKey(neigh))
  Reflect.deleteProperty(host.neigh, neighKey(neigh.dev, neigh.ip))
  for (const skb of neigh.queue) ctx.drop(host, skb, 'NEIGH_FAILED', 'entry removed')
  neigh.queue = []
}

/** May an answer heard now replace the address of this entry? Of several in a row (locktime) the first counts. */
export function isUnlocked(host: Host, neigh: Neigh, now: Nanos): boolean {
  return now > neigh.updatedNs + varsOf(host, neigh.dev).locktime * 10 * MS
}

function setState(host: Host, neigh: Neigh, to: NeighState, why: NeighWhy, ctx: Ctx): void {
  const from = neigh.state
  neigh.state = to
  neigh.updatedNs = ctx.now
  noteState(host, neigh, from, neigh.mac, why, ctx)
}

function noteState(host: Host, neigh: Neigh, from: NeighState, oldMac: Mac, why: NeighWhy, ctx: Ctx): void {
  const { dev, ip, mac } = neigh
  ctx.note(host, { kind: 'neigh', dev, ip, from, to: neigh.state, mac, oldMac, why })
}

function timerKey(neigh: Neigh): string {
  return `neigh:${neighKey(neigh.dev, neigh.ip)}`
}

/** The kernel's timers are coarse: three questions a second apart take 3.07 s. */
function arm(host: Host, neigh: Neigh, at: Nanos, ctx: Ctx): void {
  ctx.setTimer(host, timerKey(neigh), wheelTime(ctx.now, at))
}

function retransNs(vars: NeighVars): Nanos {
  return Math.max(vars.retrans_time_ms, 10) * MS
}

function reachableNs(host: Host, neigh: Neigh): Nanos {
  return host.devs[neigh.dev]?.reachableNs ?? 30 * SEC
}
