import type { Ip4 } from '../../base/ids.ts'
import type { ConnKey, Ipvs, IpvsConn } from './types.ts'

/**
 * The connection table (net/netfilter/ipvs/ip_vs_conn.c). Both directions hash by protocol and client, so that a reply
 * finds its connection in the same list. Connections are replaced, never written, so that a clone is one array copy.
 */

function slotOf(ipvs: Ipvs, proto: number, cip: Ip4, cport: number): number {
  const h = Math.imul(cip ^ (cip >>> 16), 0x45d9f3b) ^ Math.imul(cport + proto, 0x2c1b3c6d)
  return ((h ^ (h >>> 15)) >>> 0) % ipvs.slots.length
}

/** Connection of a packet from the client (ip_vs_conn_in_get). */
export function findConn(ipvs: Ipvs, key: ConnKey): IpvsConn | undefined {
  return find(ipvs, key, false)
}

/** Persistence template (ip_vs_ct_in_get). */
export function findTemplate(ipvs: Ipvs, key: ConnKey): IpvsConn | undefined {
  return find(ipvs, key, true)
}

function find(ipvs: Ipvs, key: ConnKey, template: boolean): IpvsConn | undefined {
  const list = ipvs.slots[slotOf(ipvs, key.proto, key.cip, key.cport)]
  if (!list) return undefined
  for (const c of list) if (c.template === template && isSame(c, key)) return c
  return undefined
}

function isSame(a: ConnKey, b: ConnKey): boolean {
  return (
    a.cport === b.cport && a.cip === b.cip && a.vport === b.vport && a.vip === b.vip && a.proto === b.proto
  )
}

/**
 * Connection of a packet from `src` to the client: under NAT it comes from the real server, else from the virtual
 * address itself (ip_vs_conn_out_get).
 */
export function findReply(
  ipvs: Ipvs,
  proto: number,
  src: { ip: Ip4; port: number },
  cip: Ip4,
  cport: number,
): IpvsConn | undefined {
  const list = ipvs.slots[slotOf(ipvs, proto, cip, cport)]
  if (!list) return undefined
  for (const c of list) {
    if (c.cport !== cport || c.cip !== cip || c.proto !== proto || c.template) continue
    const nat = c.mode === 'nat' || c.mode === 'fullnat'
    if ((nat ? c.dip : c.vip) === src.ip && (nat ? c.dport : c.vport) === src.port) return c
  }
  return undefined
}

function localKey(proto: number, lip: Ip4, lport: number, dip: Ip4, dport: number): string {
  return `${proto} ${lip} ${lport} ${dip} ${dport}`
}

/** FULLNAT connection by the address and port that its real server sees. */
export function findLocal(
  ipvs: Ipvs,
  proto: number,
  lip: Ip4,
  lport: number,
  dip: Ip4,
  dport: number,
): IpvsConn | undefined {
  const key = ipvs.locals[localKey(proto, lip, lport, dip, dport)]
  return key && findConn(ipvs, key)
}

export function addConn(ipvs: Ipvs, conn: IpvsConn): void {
  const slot = slotOf(ipvs, conn.proto, conn.cip, conn.cport)
  ipvs.slots[slot] = [conn, ...(ipvs.slots[slot] ?? [])]
  ipvs.count++
  if (conn.lip === 0) return
  ipvs.locals[localKey(conn.proto, conn.lip, conn.lport, conn.dip, conn.dport)] = conn
  ipvs.fullnat++
}

/** A connection as it is now, by its number; `ref` also holds what it hashes by. */
export function connById(
  ipvs: Ipvs,
  ref: Pick<IpvsConn, 'proto' | 'cip' | 'cport' | 'id'>,
): IpvsConn | undefined {
  return ipvs.slots[slotOf(ipvs, ref.proto, ref.cip, ref.cport)]?.find((c) => c.id === ref.id)
}

/** Put a changed connection in the place of the one it was made from. */
export function replaceConn(ipvs: Ipvs, conn: IpvsConn): IpvsConn {
  const slot = slotOf(ipvs, conn.proto, conn.cip, conn.cport)
  const list = ipvs.slots[slot]
  if (list) ipvs.slots[slot] = list.length === 1 ? [conn] : list.map((c) => (c.id === conn.id ? conn : c))
  return conn
}

export function dropConn(ipvs: Ipvs, conn: IpvsConn): void {
  const slot = slotOf(ipvs, conn.proto, conn.cip, conn.cport)
  const rest = ipvs.slots[slot]?.filter((c) => c.id !== conn.id) ?? []
  ipvs.slots[slot] = rest.length > 0 ? rest : null
  ipvs.count--
  if (conn.lip === 0) return
  Reflect.deleteProperty(ipvs.locals, localKey(conn.proto, conn.lip, conn.lport, conn.dip, conn.dport))
  ipvs.fullnat--
}

/** All connections and templates in order of birth (the kernel lists them in the order of its random hash). */
export function listConns(ipvs: Ipvs): IpvsConn[] {
  return ipvs.slots.flatMap((list) => list ?? []).sort((a, b) => a.id - b.id)
}
