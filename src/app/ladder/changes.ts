import { formatIp4, type Ip4 } from '../../core/base/ids.ts'
import { PROTO_TCP } from '../../core/wire/ipv4.ts'
import type { TraceRecord } from '../../engine/engine.ts'
import type { Words } from '../../i18n/words.ts'
import type { LadderChange, LadderPhase } from '../../view/ladder/model.ts'
import { isQuiet } from '../control/traffic.ts'
import type { Owners } from '../model/owners.ts'
import { isQuietDrop } from '../model/stops.ts'
import type { RunData } from '../session/run-data.ts'
import type { Flows } from './flows.ts'

interface Around {
  run: RunData
  flows: Flows
  owners: Owners
  words: Words
  /** Undefined = all. */
  flow: number | undefined
  columnOf: (host: string) => number
}

/** States of neighbours that are told; the others follow of themselves with time. */
const NEIGH_TOLD: readonly string[] = ['INCOMPLETE', 'REACHABLE', 'FAILED']
const OSPF_PHASE: Readonly<Record<string, LadderPhase>> = {
  Full: 'established',
  Down: 'none',
  Deleted: 'none',
}

/** State changes and drops in the hosts, from note `first` to `last`. What a bar shows is the furthest of its connections. */
export function changesOf(around: Around, first: number, last: number): LadderChange[] {
  const { run } = around
  const phases = new Map<number, Map<string, LadderPhase>>()
  const out: LadderChange[] = []
  for (let i = first; i <= last; i++) {
    const record = run.records[i]
    const column = record === undefined ? -1 : around.columnOf(record.host)
    const told = record === undefined || column < 0 || isQuiet(run, i) ? undefined : tell(around, record)
    if (record === undefined || told === undefined) continue
    const frame = anchorOf(run, i)
    const change: LadderChange = {
      ...{
        id: i,
        column,
        at: record.at,
        kind: told.kind,
        label: told.label,
        strong: told.phase === 'established',
      },
      ...(frame && { frame }),
    }
    if (told.key !== undefined && told.phase !== undefined) {
      const held = phases.get(column) ?? new Map<string, LadderPhase>()
      phases.set(column, held.set(told.key, told.phase))
      change.phase = furthest(held)
    }
    out.push(change)
  }
  return out
}

interface Told {
  kind: LadderChange['kind']
  label: string
  key?: string
  phase?: LadderPhase
}

function tell(around: Around, record: TraceRecord): Told | undefined {
  const { words, owners } = around
  switch (record.kind) {
    case 'tcp.state': {
      const ends = [endOf(record.laddr, record.lport), endOf(record.raddr, record.rport)] as const
      if (!isWanted(around, ...ends)) return undefined
      const phase = tcpPhase(record.to)
      return { kind: 'state', label: record.to.replaceAll('_', '-'), key: ends.join(' '), phase }
    }
    case 'ipvs.conn':
    case 'ipvs.reply': {
      const ends = [endOf(record.cip, record.cport), endOf(record.vip, record.vport)] as const
      if (record.state === record.oldState || !isWanted(around, ...ends)) return undefined
      return {
        kind: 'state',
        label: record.state,
        key: `ipvs ${ends.join(' ')}`,
        phase: tcpPhase(record.state),
      }
    }
    case 'neigh': {
      if (!NEIGH_TOLD.includes(record.to) || (record.from === 'STALE' && record.to !== 'FAILED'))
        return undefined
      const owner = owners.ofIp(record.ip)
      const who = owner === '' || owner === 'X' ? formatIp4(record.ip) : owner
      return { kind: 'neighbour', label: words.ui.ladder.neighbour(who, record.to) }
    }
    case 'ospf.neighbor': {
      if (around.flow !== undefined) return undefined
      const label = `${owners.ofIp(record.ip)} ${record.to}`
      return { kind: 'state', label, key: `ospf ${record.ip}`, phase: OSPF_PHASE[record.to] ?? 'changing' }
    }
    case 'drop': {
      const flow = around.flows.ofFrame(record.frame)
      if (isQuietDrop(record) || (around.flow !== undefined && flow !== around.flow)) return undefined
      return { kind: 'drop', label: words.drops[record.why].what }
    }
    default:
      return undefined
  }
}

function isWanted({ flow, flows }: Around, a: string, b: string): boolean {
  const own = flows.ofEnds(PROTO_TCP, a, b)
  return flow === undefined ? own !== undefined : own === flow
}

function endOf(ip: Ip4, port: number): string {
  return `${ip}:${port}`
}

function tcpPhase(state: string): LadderPhase {
  if (state === 'ESTABLISHED') return 'established'
  return state === 'CLOSED' || state === 'LISTEN' || state === 'NONE' ? 'none' : 'changing'
}

function furthest(held: ReadonlyMap<string, LadderPhase>): LadderPhase {
  const phases = [...held.values()]
  if (phases.includes('established')) return 'established'
  return phases.includes('changing') ? 'changing' : 'none'
}

/** The frame whose arrival brought a note about, else the one that was sent with it: both within the same event. */
function anchorOf(run: RunData, i: number): LadderChange['frame'] | undefined {
  const { host, event } = run.records[i] ?? { host: '', event: -1 }
  for (let j = i - 1; run.records[j]?.event === event; j--) {
    const record = run.records[j]
    const flight = record?.kind === 'rx' && record.host === host ? run.flightOf[record.frame] : undefined
    if (flight !== undefined) return { id: flight, end: 'arrives' }
  }
  for (let j = i + 1; run.records[j]?.event === event; j++) {
    const record = run.records[j]
    if (record?.kind === 'flight' && record.host === host) return { id: j, end: 'leaves' }
  }
  return undefined
}
