import type { Bytes } from '../../base/bytes.ts'
import { sum16 } from '../../base/checksum.ts'
import { ipDst, ipSrc } from '../ipv4.ts'
import { VRRP, vrrpLength, vrrpPseudoSum } from '../vrrp.ts'
import {
  addField,
  addIp,
  addNumber,
  closeLayer,
  type Dissected,
  hex,
  noteField,
  openLayer,
  type Part,
} from './layer.ts'

const AUTH_TYPES = ['none', 'simple text', 'IP authentication header'] as const
const AUTH_SIZE = 8

/** VRRP for IPv4, versions 2 and 3, in tshark's names. */
export function dissectVrrp(b: Bytes, part: Part): Dissected {
  const at = part.at
  const version = (b[at] ?? 0) >>> 4
  const type = (b[at] ?? 0) & 15
  const r = openLayer(b, part, version === 2 || version === 3 ? `VRRPv${version}` : 'VRRP')
  addField(r, { name: 'vrrp.version', at, length: 1, value: version, text: String(version) })
  const typeText = type === 1 ? 'Advertisement (1)' : String(type)
  addField(r, { name: 'vrrp.type', at, length: 1, value: type, text: typeText })
  if (version !== 2 && version !== 3) noteField(r, 'vrrp.version', 'malformed')
  addNumber(r, 'vrrp.virt_rtr_id', at + VRRP.vrid.at, 1)
  addNumber(r, 'vrrp.prio', at + VRRP.priority.at, 1, (n) => (n === 0 ? '0 (gives up)' : String(n)))
  addNumber(r, 'vrrp.addr_count', at + VRRP.count.at, 1)
  const intervalAt = at + VRRP.interval.at
  if (version === 3) addNumber(r, 'vrrp.adver_int', intervalAt, 2, (n) => `${(n & 0xfff) / 100} s`)
  else {
    addNumber(r, 'vrrp.auth_type', intervalAt, 1, (n) => `${AUTH_TYPES[n] ?? 'unknown'} (${n})`)
    addNumber(r, 'vrrp.adver_int', intervalAt + 1, 1, (n) => `${n} s`)
  }
  addNumber(r, 'vrrp.checksum', at + VRRP.checksum.at, 2, hex(4))
  const count = b[at + VRRP.count.at] ?? 0
  const length = vrrpLength(version, count)
  if (at + length > r.end) noteField(r, 'vrrp.addr_count', 'bad length')
  else if (part.ipAt < 0) noteField(r, 'vrrp.checksum', 'not checked')
  else {
    const pseudo = vrrpPseudoSum(version, ipSrc(b, part.ipAt), ipDst(b, part.ipAt), length)
    if (sum16(b, at, at + length, pseudo) !== 0xffff) noteField(r, 'vrrp.checksum', 'bad checksum')
  }
  const list = at + VRRP.size
  for (let i = 0; i < count && list + 4 * i + 4 <= r.end; i++) addIp(r, 'vrrp.ip_addr', list + 4 * i)
  const authAt = list + 4 * count
  if (version === 2 && (b[intervalAt] ?? 0) === 1 && authAt + AUTH_SIZE <= r.end) {
    const text = String.fromCharCode(...b.subarray(authAt, authAt + AUTH_SIZE)).replace(/\0.*$/s, '')
    addField(r, { name: 'vrrp.auth_string', at: authAt, length: AUTH_SIZE, value: text, text })
  }
  return { layer: closeLayer(r, length), next: [{ ...part, proto: 'data', at: at + length, ipAt: -1 }] }
}
