import type { Bytes } from '../../../base/bytes.ts'
import { formatIp4, type DevName, type Ip4, type Nanos } from '../../../base/ids.ts'
import { ALL_D_ROUTERS, ALL_SPF_ROUTERS, emitOspf, type OspfBody } from '../../../wire/ospf.ts'
import type { LsaFate, Note, OspfRefusal } from '../../../kernel/note.ts'
import type { RibType, ZapiRoute } from '../zapi.ts'
import { type IfParams, paramsOf } from './config.ts'
import type { Area, IsmEvent, Lsa, Nbr, NsmEvent, Oif, Ospf } from './types.ts'

/** What ospfd wants done. The core is a pure function of state and event to a list of these. */
export type Action =
  | { do: 'send'; dev: DevName; src: Ip4; dst: Ip4; bytes: Bytes }
  | { do: 'join'; dev: DevName; group: Ip4 }
  | { do: 'leave'; dev: DevName; group: Ip4 }
  | { do: 'route'; routes: ZapiRoute[] }
  | { do: 'redistribute'; type: RibType; on: boolean }
  | { do: 'log'; text: string }
  /** Have the neighbour's MAC address found out before any route needs it. */
  | { do: 'arp'; dev: DevName; ip: Ip4 }
  /** What vtysh is told about a line. */
  | { do: 'answer'; text: string }
  | { do: 'note'; note: OspfNote }

export type OspfNote = Extract<Note, { kind: `ospf.${string}` }>

/** Work put off to after the function at hand (thread_add_event). */
export type Pending =
  | { kind: 'nsm'; oif: Oif; nbr: Nbr; event: NsmEvent }
  | { kind: 'ism'; oif: Oif; event: IsmEvent }
  | { kind: 'lsu'; oif: Oif }
  | { kind: 'ack'; oif: Oif }
  | { kind: 'lsr'; oif: Oif; nbr: Nbr }
  | { kind: 'flush'; area: Area; lsa: Lsa }

interface Packet {
  oif: Oif
  dst: Ip4
  bytes: Bytes
}

/** One step: state, time, and what comes of it. `nsm` and `ism` run an event at once; the state machines call each other. */
export interface Run {
  readonly o: Ospf
  readonly now: Nanos
  readonly random: (below: number) => number
  readonly nsm: (oif: Oif, nbr: Nbr, event: NsmEvent) => void
  readonly ism: (oif: Oif, event: IsmEvent) => void
  out: Action[]
  pending: Pending[]
  packets: Packet[]
  /** LSAs that wait to be sent, by destination (ls_upd_queue), and direct acknowledgements. */
  updates: { oif: Oif; dst: Ip4; lsas: Lsa[] }[]
  acks: { oif: Oif; dst: Ip4; lsas: Lsa[] }[]
}

export function params(run: Run, oif: { dev: DevName }): IfParams {
  return paramsOf(run.o.conf, oif.dev)
}

export function areaOf(o: Ospf, id: Ip4): Area | undefined {
  return o.areas.find((area) => area.id === id)
}

/** ospf_if_is_enable: up, and no loopback. */
export function isEnabled(run: Run, oif: Oif): boolean {
  return oif.type !== 'loopback' && run.o.devs[oif.dev]?.up === true
}

/** if_is_operative: up and running. */
export function isOperative(o: Ospf, dev: DevName): boolean {
  const found = o.devs[dev]
  return found !== undefined && found.up && found.running
}

/** Each destination is one of AllSPFRouters on a point-to-point link. */
export function destination(oif: Oif, dst: Ip4): Ip4 {
  return oif.type === 'p2p' ? ALL_SPF_ROUTERS : dst
}

/** Where an LSA or its acknowledgement goes that is meant for all: 224.0.0.5 from the DR and its backup, else 224.0.0.6. */
export function groupOf(oif: Oif): Ip4 {
  return oif.type === 'p2p' || oif.state === 'DR' || oif.state === 'Backup' ? ALL_SPF_ROUTERS : ALL_D_ROUTERS
}

/** Bytes of a body that fit into a packet (ospf_packet_max). */
export function bodyMax(run: Run, oif: Oif): number {
  return (run.o.devs[oif.dev]?.mtu ?? 1500) - 20 - 24
}

const MSG = { hello: 1, dd: 2, lsr: 3, lsu: 4, lsack: 5 } as const

export function makePacket(run: Run, oif: Oif, body: OspfBody): Bytes {
  return emitOspf({ type: MSG[body.kind], router: run.o.routerId, area: oif.area }, body)
}

/** Queue a packet for the interface; `first`: before those that wait (ospf_packet_add_top). */
export function queuePacket(run: Run, oif: Oif, dst: Ip4, bytes: Bytes, first = false): void {
  const packet = { oif, dst, bytes }
  if (first) run.packets.unshift(packet)
  else run.packets.push(packet)
}

/** What waits for the interface is not sent any more (ospf_interface_fifo_flush). */
export function flushPackets(run: Run, oif: Oif): void {
  run.packets = run.packets.filter((packet) => packet.oif !== oif)
}

/** ospf_write: one packet per interface in turn. */
export function writePackets(run: Run): void {
  while (run.packets.length > 0) {
    const served: Oif[] = []
    const rest: Packet[] = []
    for (const packet of run.packets) {
      if (served.includes(packet.oif)) {
        rest.push(packet)
        continue
      }
      served.push(packet.oif)
      const { oif, dst, bytes } = packet
      countOut(oif, bytes)
      run.out.push({ do: 'send', dev: oif.dev, src: oif.ip, dst, bytes })
    }
    run.packets = rest
  }
}

const KINDS = ['hello', 'hello', 'dd', 'lsr', 'lsu', 'lsack'] as const

function countOut(oif: Oif, bytes: Bytes): void {
  oif.stats[KINDS[bytes[1] ?? 0] ?? 'hello'].out += 1
}

export function log(run: Run, text: string): void {
  run.out.push({ do: 'log', text })
}

export function note(run: Run, what: OspfNote): void {
  run.out.push({ do: 'note', note: what })
}

export function noteLsa(run: Run, what: LsaFate, lsa: Lsa): void {
  note(run, { kind: 'ospf.lsa', what, type: lsa.type, id: lsa.id, adv: lsa.adv, seq: lsa.seq })
}

/** A warning about a packet (flog_warn, EC_OSPF_PACKET); `id` is FRR's name for the line. */
export function warn(run: Run, id: string, text: string): void {
  log(run, `[${id}][EC 134217741] ${text}`)
}

/** A packet is not taken. */
export function refuse(run: Run, dev: DevName, from: Ip4, why: OspfRefusal): void {
  note(run, { kind: 'ospf.refused', dev, from, why })
}

/** IF_NAME: 'ens33:172.16.253.135'. */
export function ifName(oif: Oif): string {
  return `${oif.dev}:${formatIp4(oif.ip)}`
}

/** The next point of a timer that runs on every `interval`, once it has fired for nothing a few times. */
export function onGrid(at: Nanos, interval: Nanos, now: Nanos): Nanos {
  return at === 0 || at >= now ? at : at + Math.ceil((now - at) / interval) * interval
}
