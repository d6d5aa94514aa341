import { ETH, ETH_P_ARP, ethType } from '../../core/wire/ethernet.ts'
import { ipDst, ipSrc } from '../../core/wire/ipv4.ts'
import { flowEndsOf } from '../model/flow-ends.ts'
import type { Owners } from '../model/owners.ts'
import type { RunData } from '../session/run-data.ts'

/** A conversation from end to end, also where NAT or a tunnel gives its packets other addresses. */
export interface Flow {
  number: number
  /** Note numbers of the first and last frame. */
  first: number
  last: number
  name: { from: string; to: string }
}

/**
 * Tells which flow each frame belongs to: that of the packet it was before forwarding, NAT or encapsulation, else that of its
 * addresses and ports. ARP, OSPF and the like belong to none.
 */
export class Flows {
  readonly list: Flow[] = []
  private readonly run: RunData
  private readonly owners: Owners
  private readonly byKey = new Map<string, number>()
  private readonly byFrame: (number | undefined)[] = []
  private seen = 0

  constructor(run: RunData, owners: Owners) {
    this.run = run
    this.owners = owners
  }

  extend(): void {
    const { records, bootRecord } = this.run
    for (this.seen = Math.max(this.seen, bootRecord + 1); this.seen < records.length; this.seen++) {
      const record = records[this.seen]
      if (record?.kind !== 'flight' || this.byFrame[record.frame] !== undefined) continue
      const flow = this.find(record.frame, record.i)
      this.byFrame[record.frame] = flow
      const known = flow === undefined ? undefined : this.list[flow]
      if (known !== undefined) known.last = record.i
    }
  }

  ofFrame(frame: number): number | undefined {
    return this.byFrame[frame]
  }

  /** Of a connection, by protocol and both ends, in whichever order. */
  ofEnds(proto: number, a: string, b: string): number | undefined {
    return this.byKey.get(`${proto} ${a < b ? `${a} ${b}` : `${b} ${a}`}`)
  }

  private find(frame: number, record: number): number | undefined {
    const { run } = this
    const key = flowEndsOf(run, frame)?.key
    const parent = run.frames[frame]?.parent ?? 0
    const inherited = parent === 0 ? undefined : this.byFrame[parent]
    if (key === undefined) return inherited
    const known = inherited ?? this.byKey.get(key)
    const flow = known ?? this.open(frame, record)
    if (!this.byKey.has(key)) this.byKey.set(key, flow)
    return flow
  }

  private open(frame: number, record: number): number {
    const bytes = this.run.frames[frame]?.bytes
    const codes =
      bytes === undefined ? [] : [ipSrc(bytes, ETH.size), ipDst(bytes, ETH.size)].map(this.owners.ofIp)
    const ports = flowEndsOf(this.run, frame)?.key.match(/:(\d+)/g) ?? []
    const name = { from: codes[0] ?? '', to: codes[1] ?? '' }
    const number = this.list.length
    if (ports[0] !== undefined) name.from += fromPort(this.run, frame)
    this.list.push({ number, first: record, last: record, name })
    return number
  }
}

/** ':49900' of the end that spoke first; nothing for ICMP. */
function fromPort(run: RunData, frame: number): string {
  const port = flowEndsOf(run, frame)?.from.split(':')[1]
  return port === undefined || port === '0' ? '' : `:${port}`
}

export function isArp(run: RunData, frame: number): boolean {
  const bytes = run.frames[frame]?.bytes
  return bytes !== undefined && ethType(bytes) === ETH_P_ARP
}
