import { formatIp4, formatMac, MAC_BROADCAST, type Mac } from '../../base/ids.ts'
import { type Arp, ARP_REPLY, ARP_REQUEST } from '../arp.ts'
import { type Conn, type Conns, newConn } from './conns.ts'

/** Who asks for whom: one exchange is the requests up to an answer, and the answers. */
interface Exchange {
  conn: Conn
  answered: boolean
  /** True: a neighbour entry that is already known is being confirmed. */
  unicast: boolean
}

export type Exchanges = Map<string, Exchange>

/** The packet's text and exchange; undefined for re-validation, a unicast request or the reply to one. */
export function arpText(
  conns: Conns,
  exchanges: Exchanges,
  arp: Arp,
  ethDst: Mac,
): { conn: Conn; text: string } | undefined {
  const isReply = arp.op === ARP_REPLY
  const [asker, target] = isReply ? [arp.tpa, arp.spa] : [arp.spa, arp.tpa]
  const key = `${asker} ${target}`
  let exchange = exchanges.get(key)
  if (!exchange || (!isReply && exchange.answered)) {
    const kind = `ARP ${formatIp4(asker)} asks for ${formatIp4(target)}`
    exchange = { conn: newConn(conns, kind), answered: false, unicast: false }
    exchanges.set(key, exchange)
  }
  if (isReply) exchange.answered = true
  else exchange.unicast = ethDst !== MAC_BROADCAST
  if (exchange.unicast) return undefined
  const op = arp.op === ARP_REQUEST ? 'request' : isReply ? 'reply' : `op ${arp.op}`
  const sender = `${formatIp4(arp.spa)} (${formatMac(arp.sha)})`
  return { conn: exchange.conn, text: `ARP ${op} ${sender} > ${formatIp4(arp.tpa)}` }
}
