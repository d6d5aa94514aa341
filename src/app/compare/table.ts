import type { HostId } from '../../core/base/ids.ts'
import type { TraceRecord } from '../../engine/engine.ts'
import type { FlagKind, FlagModel } from '../../view/flag/model.ts'
import type { OwnerCode } from '../../view/hues.ts'
import { decidedBy } from '../model/flags.ts'
import { DIRECTOR, type ModeRun } from './run-modes.ts'

/** One packet on one link. */
export interface Leg {
  from: OwnerCode
  to: OwnerCode
  host: HostId
  flag: FlagModel
  /** Bytes of the frame. */
  length: number
  record: number
}

/** The packets that are compared: of each direction the first of its kind. */
export const EXCHANGES = ['open', 'ask', 'close'] as const
export type Exchange = (typeof EXCHANGES)[number]
const KINDS: Record<Exchange, readonly [request: readonly FlagKind[], reply: readonly FlagKind[]]> = {
  open: [['syn'], ['synack']],
  ask: [['data'], ['data']],
  close: [['fin'], ['fin']],
}

type Flight = Extract<TraceRecord, { kind: 'flight' }>

/** Frames of the request, as they went from link to link: each packet is a chain of frames. */
function legsOf(run: ModeRun, request: boolean, kinds: readonly FlagKind[]): Leg[] {
  const legs: Leg[] = []
  let last: Flight | undefined
  for (let i = run.from; i < run.run.records.length; i++) {
    const record = run.run.records[i]
    if (record?.kind !== 'flight') continue
    const flag = run.flags.ofFlight(i)
    if (!flag || !kinds.includes(flag.kind)) continue
    const isFirst = last === undefined
    if (isFirst ? isOrigin(record, request) : isNextOf(run, record, last)) {
      legs.push(legOf(run, record, flag))
      last = record
    }
  }
  return legs
}

const SERVERS = /^server/

function isOrigin({ host }: Flight, request: boolean): boolean {
  return request ? host === 'client' : SERVERS.test(host)
}

/** A frame made of the one before, by a host that got it. */
function isNextOf(run: ModeRun, record: Flight, before: Flight | undefined): boolean {
  if (!before || !before.to.some(({ host }) => host === record.host)) return false
  for (let id = record.frame, n = 0; n < 8; n++) {
    const parent = run.run.frames[id]?.parent ?? 0
    if (parent === before.frame) return true
    if (parent === 0) return false
    id = parent
  }
  return false
}

function legOf(run: ModeRun, record: Flight, flag: FlagModel): Leg {
  return {
    from: run.owners.codeOf(record.host),
    to: flag.mac[1].code,
    host: record.host,
    flag,
    length: run.run.frames[record.frame]?.bytes.length ?? 0,
    record: record.i,
  }
}

export interface ModeColumn {
  run: ModeRun
  request: Leg[]
  reply: Leg[]
}

export function columnOf(run: ModeRun, exchange: Exchange): ModeColumn {
  const [request, reply] = KINDS[exchange]
  return { run, request: legsOf(run, true, request), reply: legsOf(run, false, reply) }
}

/** One row of the table: the packet as this host sends it, in each mode; undefined = it does not pass there. */
export interface Row {
  way: 'request' | 'reply'
  from: OwnerCode
  /** Receiver, '' where the modes differ. */
  to: OwnerCode
  legs: (Leg | undefined)[]
}

/** Senders in the order of the mode in which most take part. */
export function rowsOf(columns: readonly ModeColumn[]): Row[] {
  return (['request', 'reply'] as const).flatMap((way) => {
    const longest = columns.reduce<readonly Leg[]>(
      (best, column) => (column[way].length > best.length ? column[way] : best),
      [],
    )
    return longest.map(({ from, to }) => {
      const legs = columns.map((column) => column[way].find((leg) => leg.from === from))
      const same = legs.every((leg) => leg === undefined || leg.to === to)
      return { way, from, to: same ? to : '', legs }
    })
  })
}

/** What is told of a mode below its packets; all of it read from its run. */
export interface Summary {
  changed: readonly string[]
  way: OwnerCode[]
  passesDirector: boolean
  /** Whom the server takes for the client. */
  seen: OwnerCode
  vipOnServer: boolean
  tunnelOnServer: boolean
  gatewayIsDirector: boolean
  ttl: number | undefined
  /** Bytes that the director has sent for this request and its answer. */
  bytes: number
  /** Bytes that the mode adds to a packet. */
  added: number
}

export function summaryOf({ run, request, reply }: ModeColumn): Summary {
  const fromDirector = request.find(({ host }) => host === DIRECTOR)
  const toDirector = request[request.indexOf(fromDirector as Leg) - 1]
  const last = request[request.length - 1]
  const server = Object.values(run.views).find(({ host }) => host === reply[0]?.host)
  const inner = last?.flag.inner ?? last?.flag.ip
  const director = run.views[DIRECTOR]
  const directorIps = director?.devs.flatMap(({ addrs }) => addrs.map(({ ip }) => ip)) ?? []
  return {
    changed: fromDirector ? decidedBy(run.run, fromDirector.record, run.owners) : [],
    way: reply.map(({ from }) => from),
    passesDirector: reply.some(({ host }) => host === DIRECTOR),
    seen: inner?.[0].code ?? '',
    vipOnServer:
      server?.devs.some(({ addrs }) => addrs.some(({ ip }) => run.owners.vips.includes(ip))) ?? false,
    tunnelOnServer: server?.devs.some(({ name, up }) => name.startsWith('tunl') && up) ?? false,
    gatewayIsDirector:
      server?.routes.some(
        ({ prefix, nexthops }) =>
          prefix === 0 && nexthops.some(({ gateway }) => directorIps.includes(gateway)),
      ) ?? false,
    ttl: last?.flag.ttl?.value,
    bytes: [...request, ...reply]
      .filter(({ host }) => host === DIRECTOR)
      .reduce((sum, { length }) => sum + length, 0),
    added: (fromDirector?.length ?? 0) - (toDirector?.length ?? 0),
  }
}
