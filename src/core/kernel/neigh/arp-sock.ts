import type { DevName, Pid } from '../../base/ids.ts'
import type { Arp } from '../../wire/arp.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import type { Skb } from '../skb.ts'

/** Packet sockets for ARP: programs hear what comes in, they do not take it away. */

export function arpListen(host: Host, pid: Pid, dev: DevName): void {
  host.arpSocks.push({ pid, dev })
}

export function arpClose(host: Host, pid: Pid): void {
  host.arpSocks = host.arpSocks.filter((sock) => sock.pid !== pid)
}

/** Wake those who listen where the packet came in. */
export function arpHeard(host: Host, skb: Skb, arp: Arp, ctx: Ctx): void {
  for (const { pid, dev } of host.arpSocks)
    if (dev === skb.dev) ctx.wake(host, pid, { kind: 'arp', arp, toHost: skb.pkt === 'host', at: ctx.now })
}
