import { type Bytes, layout, read16 } from '../../base/bytes.ts'
import { addIp, addNumber, closeLayer, type Dissected, hex, openLayer, type Part } from './layer.ts'

/** OSPFv2 packet header (RFC 2328 A.3.1) and Hello body (A.3.2). Other bodies are shown as data. */
const OSPF = layout({
  version: 1,
  type: 1,
  length: 2,
  router: 4,
  area: 4,
  checksum: 2,
  authType: 2,
  auth1: 4,
  auth2: 4,
})
const HELLO = layout({ mask: 4, interval: 2, options: 1, priority: 1, dead: 4, dr: 4, bdr: 4 })

/** In tshark's and tcpdump's words. */
export const OSPF_TYPES = ['', 'Hello', 'Database Description', 'LS-Request', 'LS-Update', 'LS-Ack'] as const

export function dissectOspf(b: Bytes, part: Part): Dissected {
  const at = part.at
  const type = b[at + OSPF.type.at] ?? 0
  const r = openLayer(b, part, `OSPF ${OSPF_TYPES[type] ?? ''}`.trim())
  addNumber(r, 'ospf.version', at + OSPF.version.at, 1)
  addNumber(r, 'ospf.msg', at + OSPF.type.at, 1, (n) => `${OSPF_TYPES[n] ?? 'unknown'} (${n})`)
  addNumber(r, 'ospf.packet_length', at + OSPF.length.at, 2)
  addIp(r, 'ospf.srcrouter', at + OSPF.router.at)
  addIp(r, 'ospf.area_id', at + OSPF.area.at)
  addNumber(r, 'ospf.checksum', at + OSPF.checksum.at, 2, hex(4))
  addNumber(r, 'ospf.auth.type', at + OSPF.authType.at, 2)
  addNumber(r, 'ospf.auth.data', at + OSPF.auth1.at, 4, hex(8))
  addNumber(r, 'ospf.auth.data', at + OSPF.auth2.at, 4, hex(8))
  let end = at + OSPF.size
  if (type === 1) {
    addIp(r, 'ospf.hello.network_mask', end + HELLO.mask.at)
    addNumber(r, 'ospf.hello.hello_interval', end + HELLO.interval.at, 2)
    addNumber(r, 'ospf.v2.options', end + HELLO.options.at, 1, hex(2))
    addNumber(r, 'ospf.hello.router_priority', end + HELLO.priority.at, 1)
    addNumber(r, 'ospf.hello.router_dead_interval', end + HELLO.dead.at, 4)
    addIp(r, 'ospf.hello.designated_router', end + HELLO.dr.at)
    addIp(r, 'ospf.hello.backup_designated_router', end + HELLO.bdr.at)
    end += HELLO.size
    const bodyEnd = Math.min(at + read16(b, at + OSPF.length.at), r.end)
    for (; end + 4 <= bodyEnd; end += 4) addIp(r, 'ospf.hello.active_neighbor', end)
  }
  return { layer: closeLayer(r, end - at), next: [{ ...part, proto: 'data', at: end }] }
}
