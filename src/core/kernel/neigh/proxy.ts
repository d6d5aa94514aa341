import { type Ip4, type Mac, MS } from '../../base/ids.ts'
import { nextBelow } from '../../base/prng.ts'
import type { Arp } from '../../wire/arp.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import type { Skb } from '../skb.ts'
import { sendArpReply } from './arp-send.ts'

/** Answers for addresses of others (proxy_arp) come late, so that the owner, if he is there, comes first (pneigh_enqueue). */

/** A request that was sent to us alone, or proxy_delay 0, is answered at once; else after a random part of it. */
export function replyAsProxy(host: Host, skb: Skb, arp: Arp, ctx: Ctx): void {
  const { dev } = skb
  const vars = host.sysctl.neigh[dev]
  const delay = vars?.proxy_delay ?? 0
  const asker = { mac: arp.sha, ip: arp.spa }
  if (skb.pkt === 'host' || delay === 0) return sendArpReply(host, dev, arp.tpa, asker, ctx)
  const key = `proxy:${dev} ${arp.tpa} ${arp.spa} ${arp.sha}`
  const waiting = Object.keys(host.timers).filter((timer) => timer.startsWith('proxy:')).length
  if (waiting >= (vars?.proxy_qlen ?? 0)) return ctx.drop(host, skb, 'NEIGH_QUEUEFULL', 'proxy_qlen')
  ctx.setTimer(host, key, ctx.now + nextBelow(host.rng, delay * 10) * MS)
}

/** Timer `proxy:DEV TARGET ASKER MAC`. */
export function proxyTimer(host: Host, key: string, ctx: Ctx): void {
  const [dev = '', target, asker, mac] = key.slice('proxy:'.length).split(' ')
  sendArpReply(
    host,
    dev,
    Number(target) as Ip4,
    { mac: Number(mac) as Mac, ip: Number(asker) as Ip4 },

    ctx,
  )
}
