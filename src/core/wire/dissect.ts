import { type Bytes, hexOf } from '../base/bytes.ts'
import { dissectHttp } from './dissect/http.ts'
import {
  addField,
  closeLayer,
  type Dissected,
  type Layer,
  type LayerProto,
  openLayer,
  type Part,
} from './dissect/layer.ts'
import { dissectArp, dissectEthernet } from './dissect/link.ts'
import { dissectIcmp, dissectIpv4 } from './dissect/net.ts'
import { dissectOspf } from './dissect/ospf.ts'
import { dissectTcp, dissectUdp } from './dissect/transport.ts'
import { dissectVrrp } from './dissect/vrrp.ts'

export type { DField, DNote, Layer, LayerProto } from './dissect/layer.ts'

const DISSECTORS: Record<LayerProto, (b: Bytes, part: Part) => Dissected> = {
  eth: dissectEthernet,
  arp: dissectArp,
  ip: dissectIpv4,
  icmp: dissectIcmp,
  tcp: dissectTcp,
  udp: dissectUdp,
  ospf: dissectOspf,
  vrrp: dissectVrrp,
  http: dissectHttp,
  data: dissectData,
}

/**
 * All layers of a frame from the outside in; an inner packet (IPIP, or quoted by an ICMP error) follows with a greater
 * `depth`. Broken and truncated packets are shown as far as they go; no bytes make it throw. One packet alone is looked
 * at: fragments are not put together and sequence numbers are not relative. `start` is 'ip' for what a tunnel
 * device carries.
 */
export function dissect(b: Bytes, start: 'eth' | 'ip' = 'eth'): Layer[] {
  const layers: Layer[] = []
  const parts: Part[] = [{ proto: start, at: 0, end: b.length, depth: 0, ipAt: -1 }]
  for (let part = parts.shift(); part; part = parts.shift()) {
    if (part.at >= Math.min(part.end, b.length)) continue
    const { layer, next } = DISSECTORS[part.proto](b, part)
    layers.push(layer)
    parts.unshift(...next)
  }
  return layers
}

/** The field of that name in the outermost layer that has it, or in the innermost one. */
export function findField(layers: readonly Layer[], name: string, which: 'outer' | 'inner' = 'outer') {
  const found = layers.flatMap((layer) => layer.fields.filter((field) => field.name === name))
  return which === 'outer' ? found[0] : found.at(-1)
}

function dissectData(b: Bytes, part: Part): Dissected {
  const r = openLayer(b, part, 'Data')
  const bytes = b.subarray(part.at, r.end)
  addField(r, {
    name: 'data',
    at: part.at,
    length: bytes.length,
    value: hexOf(bytes.subarray(0, 64)),
    text: `${bytes.length} bytes`,
  })
  return { layer: closeLayer(r, bytes.length), next: [] }
}
