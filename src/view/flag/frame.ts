import type { Bytes } from '../../core/base/bytes.ts'
import { type Ip4, type Mac, formatMac } from '../../core/base/ids.ts'
import { ARP, parseArp } from '../../core/wire/arp.ts'
import { ETH, ETH_P_ARP, ETH_P_IP, ethDst, ethSrc, ethType } from '../../core/wire/ethernet.ts'
import { IPV4, PROTO_IPIP, ipDst, ipHeaderLength, ipProto, ipSrc, ipTtl } from '../../core/wire/ipv4.ts'
import type { OwnerCode } from '../hues.ts'
import { readKind, type KindWords } from './kind.ts'
import type { Cell, CellPair, FlagField, FlagModel, Ring, TtlCell } from './model.ts'
import { flagName, type NameWords } from './name.ts'

/** Who owns an address in this lab, and the words a flag needs. Codes of unknown and group addresses are 'X'. */
export interface Owners {
  ofMac: (mac: Mac) => OwnerCode
  ofIp: (ip: Ip4) => OwnerCode
  words: KindWords & NameWords
}

export interface FrameContext {
  /**
   * What the decision in question changed: ringed solid, also when there is no frame before to compare with.
   * Every other change of MAC or TTL is ringed dashed (every hop does it); changed IP addresses are always a decision.
   */
  decided?: readonly FlagField[]
}

/**
 * Read a flag from a frame's bytes. `before` is the same packet before it was forwarded, rewritten or encapsulated:
 * differences become rings and ghosts. Broken packets give as many cells as can be read.
 */
export function flagOfFrame(
  bytes: Bytes,
  before: Bytes | undefined,
  owners: Owners,
  context: FrameContext = {},
): FlagModel {
  const now = readAddresses(bytes)
  const was = before && readAddresses(before)
  const cells = new CellMaker(owners, context.decided ?? [])
  const flag: FlagModel = {
    ...readKind(bytes, now.innerAt, owners.words),
    mac: [cells.mac('macFrom', now.macFrom, was?.macFrom), cells.mac('macTo', now.macTo, was?.macTo)],
    ariaLabel: '',
  }
  if (now.outer) flag.ip = cells.outer(now.outer)
  if (now.ip) flag[now.outer ? 'inner' : 'ip'] = cells.ipPair(now.ip, was?.ip)
  if (now.ttl !== undefined) flag.ttl = ttlCell(now.ttl, was?.ttl)
  flag.ariaLabel = flagName(flag, owners.words)
  return flag
}

interface Addresses {
  macFrom: Mac
  macTo: Mac
  /** ARP: sender's IP and the IP asked for. IPIP: the packet inside. */
  ip?: readonly [Ip4, Ip4]
  outer?: readonly [Ip4, Ip4]
  ttl?: number
  /** Where the innermost IP header begins, 0 when there is none. */
  innerAt: number
}

function readAddresses(b: Bytes): Addresses {
  const out: Addresses = { macFrom: ethSrc(b), macTo: ethDst(b), innerAt: 0 }
  if (ethType(b) === ETH_P_ARP && b.length >= ETH.size + ARP.size) {
    const arp = parseArp(b, ETH.size)
    if (arp.ok) out.ip = [arp.value.spa, arp.value.tpa]
    return out
  }
  if (ethType(b) !== ETH_P_IP || b.length < ETH.size + IPV4.size) return out
  const outerAt = ETH.size
  const innerAt = outerAt + ipHeaderLength(b, outerAt)
  out.ttl = ipTtl(b, outerAt)
  if (ipProto(b, outerAt) === PROTO_IPIP && b.length >= innerAt + IPV4.size) {
    out.outer = [ipSrc(b, outerAt), ipDst(b, outerAt)]
    out.innerAt = innerAt
  } else {
    out.innerAt = outerAt
  }
  out.ip = [ipSrc(b, out.innerAt), ipDst(b, out.innerAt)]
  return out
}

class CellMaker {
  private readonly owners: Owners
  private readonly decided: readonly FlagField[]

  constructor(owners: Owners, decided: readonly FlagField[]) {
    this.owners = owners
    this.decided = decided
  }

  mac(field: 'macFrom' | 'macTo', mac: Mac, was: Mac | undefined): Cell {
    const cell: Cell = { code: this.owners.ofMac(mac), sub: formatMac(mac).slice(-8) }
    const old = was === undefined || was === mac ? undefined : this.owners.ofMac(was)
    return withRing(cell, this.ring(field, was === undefined ? undefined : was !== mac, 'hop'), old)
  }

  ipPair(now: readonly [Ip4, Ip4], was: readonly [Ip4, Ip4] | undefined): CellPair {
    return [this.ip('ipFrom', now[0], was?.[0]), this.ip('ipTo', now[1], was?.[1])]
  }

  /** The outer pair is there only because somebody decided to encapsulate. */
  outer(now: readonly [Ip4, Ip4]): CellPair {
    const ring = this.decided.includes('outer') ? 'decision' : undefined
    return [withRing(this.ipCell(now[0]), ring, undefined), withRing(this.ipCell(now[1]), ring, undefined)]
  }

  private ip(field: 'ipFrom' | 'ipTo', ip: Ip4, was: Ip4 | undefined): Cell {
    const old = was === undefined || was === ip ? undefined : this.owners.ofIp(was)
    return withRing(
      this.ipCell(ip),
      this.ring(field, was === undefined ? undefined : was !== ip, 'decision'),
      old,
    )
  }

  private ipCell(ip: Ip4): Cell {
    return { code: this.owners.ofIp(ip), sub: `.${ip & 255}` }
  }

  /** `changed` is undefined when there is nothing to compare with: then only the decision itself is ringed. */
  private ring(field: FlagField, changed: boolean | undefined, otherwise: Ring): Ring | undefined {
    if (changed === false) return undefined
    if (this.decided.includes(field)) return 'decision'
    return changed === true ? otherwise : undefined
  }
}

function withRing(cell: Cell, ring: Ring | undefined, old: OwnerCode | undefined): Cell {
  return { ...cell, ...(ring && { ring }), ...(old !== undefined && { old }) }
}

function ttlCell(value: number, old: number | undefined): TtlCell {
  return old === undefined || old === value ? { value } : { value, old }
}
