import { ETH, ETH_P_IP, ethType } from '../../core/wire/ethernet.ts'
import {
  ipDst,
  ipHeaderLength,
  ipProto,
  ipSrc,
  IPV4,
  PROTO_ICMP,
  PROTO_TCP,
  PROTO_UDP,
} from '../../core/wire/ipv4.ts'
import { read16 } from '../../core/base/bytes.ts'
import type { RunData } from '../session/run-data.ts'
import type { FlowEnds } from './stops.ts'

/** The conversation a frame belongs to, whichever way it goes; undefined for ARP and what is not TCP, UDP or ICMP. */
export function flowEndsOf(run: RunData, frame: number): FlowEnds | undefined {
  const b = run.frames[frame]?.bytes
  if (b === undefined || ethType(b) !== ETH_P_IP || b.length < ETH.size + IPV4.size) return undefined
  const at = ETH.size
  const proto = ipProto(b, at)
  if (proto !== PROTO_TCP && proto !== PROTO_UDP && proto !== PROTO_ICMP) return undefined
  const l4 = at + ipHeaderLength(b, at)
  const ports = proto === PROTO_ICMP ? [0, 0] : [read16(b, l4), read16(b, l4 + 2)]
  const from = `${ipSrc(b, at)}:${ports[0]}`
  const to = `${ipDst(b, at)}:${ports[1]}`
  return { key: `${proto} ${from < to ? `${from} ${to}` : `${to} ${from}`}`, from }
}
