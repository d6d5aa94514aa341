import type { Bytes } from '../../core/base/bytes.ts'
import { formatIp4, type Ip4 } from '../../core/base/ids.ts'
import { ETH, ETH_P_IP, ethType } from '../../core/wire/ethernet.ts'
import {
  ipDst,
  ipHeaderLength,
  ipProto,
  ipSrc,
  ipTotalLength,
  IPV4,
  PROTO_OSPF,
} from '../../core/wire/ipv4.ts'
import {
  LSA_NETWORK,
  LSA_ROUTER,
  type LsaHeader,
  MAX_AGE,
  readLsaHeader,
  readRouterLsa,
} from '../../core/wire/ospf-lsa.ts'
import { DD_I, type OspfBody, parseOspf } from '../../core/wire/ospf.ts'
import { parseVrrp, PROTO_VRRP } from '../../core/wire/vrrp.ts'
import type { Ui } from '../../i18n/words.ts'
import type { Owners } from '../model/owners.ts'

/** LSAs named in one sentence. */
const MAX_LSAS = 3

/** What a packet of OSPF or VRRP says, in words; undefined for other packets and broken ones. */
export function controlSays(b: Bytes, owners: Owners, ui: Ui): { title: string; text: string } | undefined {
  if (ethType(b) !== ETH_P_IP || b.length < ETH.size + IPV4.size) return undefined
  const at = ETH.size + ipHeaderLength(b, ETH.size)
  const end = Math.min(b.length, ETH.size + ipTotalLength(b, ETH.size))
  const proto = ipProto(b, ETH.size)
  const src = ipSrc(b, ETH.size)
  const say = ui.control.says
  if (proto === PROTO_VRRP) {
    const vrrp = parseVrrp(b, at, end, src, ipDst(b, ETH.size))
    if (!vrrp.ok) return undefined
    return { title: say.vrrp(nameOf(src, owners), vrrp.value.vrid, vrrp.value.priority), text: '' }
  }
  if (proto !== PROTO_OSPF) return undefined
  const ospf = parseOspf(b, at, end)
  return ospf.ok ? ospfSays(ospf.value.body, nameOf(src, owners), owners, ui) : undefined
}

function ospfSays(body: OspfBody, from: string, owners: Owners, ui: Ui): { title: string; text: string } {
  const say = ui.control.says
  switch (body.kind) {
    case 'hello': {
      const heard = body.neighbors.map((id) => nameOf(id, owners)).join(', ')
      const role = (ip: Ip4): string => (ip === 0 ? say.nobody : nameOf(ip, owners))
      const more = say.helloMore(role(body.dr), role(body.bdr), body.interval, body.dead)
      return { title: say.hello(from, heard), text: more }
    }
    case 'dd': {
      const first = (body.flags & DD_I) !== 0
      return { title: first ? say.ddFirst(from) : say.dd(from), text: lsaList(body.headers, owners, ui) }
    }
    case 'lsr': {
      const headers = body.keys.map((key) => ({ ...key, seq: 0, age: 0 }))
      return { title: say.lsr(from), text: headers.map((key) => keyName(key, owners)).join(', ') }
    }
    case 'lsu': {
      const names = body.lsas.slice(0, MAX_LSAS).map((lsa) => lsaName(readLsaHeader(lsa), owners, ui, lsa))
      return { title: say.lsu(from), text: say.lsas(names, body.lsas.length - names.length) }
    }
    case 'lsack':
      return { title: say.lsack(from), text: lsaList(body.headers, owners, ui) }
  }
}

function lsaList(headers: readonly LsaHeader[], owners: Owners, ui: Ui): string {
  const names = headers.slice(0, MAX_LSAS).map((header) => lsaName(header, owners, ui))
  return names.length === 0 ? '' : ui.control.says.lsas(names, headers.length - names.length)
}

function keyName({ type, id }: { type: number; id: Ip4 }, owners: Owners): string {
  return `${type === LSA_ROUTER ? 'router' : type === LSA_NETWORK ? 'network' : type} ${nameOf(id, owners)}`
}

function lsaName(header: LsaHeader, owners: Owners, ui: Ui, bytes?: Bytes): string {
  const say = ui.control.says
  const number = lsaNumber(header.seq)
  if (header.type === LSA_NETWORK) return say.networkLsa(formatIp4(header.id), number, header.age)
  if (header.type !== LSA_ROUTER) return say.otherLsa(header.type, formatIp4(header.id))
  const links = bytes ? say.links(readRouterLsa(bytes).links.length) : ''
  const gone = header.age >= MAX_AGE ? say.withdrawn : ''
  return say.routerLsa(nameOf(header.adv, owners), number, header.age, gone || links)
}

/** Sequence numbers begin at 0x80000001: the first version is number 1. */
export function lsaNumber(seq: number): number {
  return (seq >>> 0) - 0x80000000
}

/** The host that has this address (router ids are addresses of the router), else the address. */
export function nameOf(ip: Ip4, owners: Owners): string {
  return owners.hostOf(owners.ofIp(ip)) ?? formatIp4(ip)
}
