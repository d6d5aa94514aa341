import type { Bytes } from '../../base/bytes.ts'
import type { DevName, Pid } from '../../base/ids.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { L2, type PktType } from '../skb.ts'

export function packetOpen(host: Host, pid: Pid, dev: DevName): void {
  host.packetSocks = [...host.packetSocks, { pid, dev }]
}

export function packetClose(host: Host, pid: Pid): void {
  host.packetSocks = host.packetSocks.filter((sock) => sock.pid !== pid)
}

/**
 * A frame passes a device (dev_queue_xmit_nit, __netif_receive_skb_core). `way`: whom it is for, or 'outgoing'. On lo it
 * passes twice; who captures takes it once, as it comes in (libpcap drops outgoing packets there).
 */
export function packetHeard(
  host: Host,
  name: DevName,
  bytes: Bytes,
  way: PktType | 'outgoing',
  ctx: Ctx,
): void {
  const dev = host.devs[name]
  if (!dev || (dev.loopback && way === 'outgoing')) return
  const raw = dev.tunnel !== null
  for (const sock of host.packetSocks)
    if (sock.dev === '' || sock.dev === name)
      ctx.wake(host, sock.pid, {
        kind: 'packet',
        dev: name,
        bytes: raw ? bytes.subarray(L2) : bytes,
        raw,
        way,
        at: ctx.now,
      })
}
