import type { FrameId } from '../../core/base/ids.ts'
import type { Frame, TraceRecord } from '../../engine/engine.ts'
import type { Words } from '../../i18n/words.ts'
import { flagOfFrame, type Owners as FlagOwners } from '../../view/flag/frame.ts'
import type { FlagField, FlagModel } from '../../view/flag/model.ts'
import type { RunData } from '../session/run-data.ts'
import { staysOf } from './chain.ts'
import type { LvsMode } from './lvs-lab.ts'
import type { Owners } from './owners.ts'

/** Reads flags from frames: owners and words in, models out. One per language and set of owners; flags are kept. */
export interface FlagReader {
  /** The frame as it is put on its link by flight `k`, compared with the frame it came from. */
  ofFlight: (k: number) => FlagModel | undefined
  /** A frame as it is, without comparing. */
  ofFrame: (frame: FrameId) => FlagModel | undefined
}

export function createFlagReader(run: RunData, owners: Owners, words: Words): FlagReader {
  const flagOwners = flagOwnersOf(owners, words)
  const kept = new Map<number, FlagModel>()
  const plain = new Map<number, FlagModel>()
  return {
    ofFlight: (k) => {
      const old = kept.get(k)
      if (old !== undefined) return old
      const record = run.records[k]
      if (record?.kind !== 'flight') return undefined
      const frame = run.frames[record.frame]
      if (frame === undefined) return undefined
      const before = beforeOf(run, frame.id)?.bytes
      const flag = flagOfFrame(frame.bytes, before, flagOwners, { decided: decidedBy(run, k, owners) })
      if (record.lost !== undefined) flag.lost = words.drops[record.lost].what
      kept.set(k, flag)
      return flag
    },
    ofFrame: (id) => {
      const old = plain.get(id)
      if (old !== undefined) return old
      const frame = run.frames[id]
      if (frame === undefined) return undefined
      const flag = flagOfFrame(frame.bytes, undefined, flagOwners)
      plain.set(id, flag)
      return flag
    },
  }
}

function flagOwnersOf(owners: Owners, words: Words): FlagOwners {
  const name = (code: string): string =>
    code === 'V' ? words.ui.flag.vip : (owners.hostOf(code) ?? words.ui.flag.all)
  return { ofMac: owners.ofMac, ofIp: owners.ofIp, words: { ...words.ui.flag, name } }
}

/** What each mode of IPVS writes on the way to the server. */
const XMIT_FIELDS: Record<LvsMode, readonly FlagField[]> = {
  dr: ['macTo'],
  nat: ['ipTo'],
  fullnat: ['ipFrom', 'ipTo'],
  tun: ['outer'],
}

/** The notes of the sender's stay that put frame of flight `k` together. */
export function makingOf(run: RunData, k: number): TraceRecord[] {
  const stay = staysOf(run.records, k, 60).at(-1)
  return (stay?.notes ?? []).flatMap((i) => run.records[i] ?? [])
}

/**
 * Which cells a decision has set, as opposed to what changes at every hop. Asking for a MAC on the way to sending is a
 * decision about the request's own sender only.
 */
export function decidedBy(run: RunData, k: number, owners: Owners): FlagField[] {
  const fields: FlagField[] = []
  for (const note of makingOf(run, k)) {
    if (note.kind === 'ipvs.xmit') fields.push(...XMIT_FIELDS[note.mode])
    if (note.kind === 'ecmp') fields.push('macTo')
    if (note.kind === 'ipvs.reply' && (note.mode === 'nat' || note.mode === 'fullnat')) fields.push('ipFrom')
    if (note.kind === 'arp.reply') return []
    if (note.kind === 'arp.request') return owners.vips.includes(note.sender) ? ['ipFrom'] : []
  }
  return fields
}

/** The frame that this one was before it was forwarded or rewritten. ARP is never forwarded: a reply is a frame of its own. */
export function beforeOf(run: RunData, id: FrameId): Frame | undefined {
  const frame = run.frames[id]
  if (frame === undefined || frame.parent === 0) return undefined
  return run.frames[frame.parent]
}
