import { read8 } from '../../base/bytes.ts'
import { type Ip4, SEC } from '../../base/ids.ts'
import { ICMP_DEST_UNREACH, ICMP_PORT_UNREACH } from '../../wire/icmp.ts'
import { PROTO_TCP, PROTO_UDP } from '../../wire/ipv4.ts'
import { RST, SYN } from '../../wire/tcp.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { icmpSend } from '../icmp/send.ts'
import { usesConntrack } from '../netfilter/ipvs-conntrack.ts'
import type { Skb } from '../skb.ts'
import { type ConnMore, destOf, isAvailable, makeConn, touchConn } from './conn.ts'
import { type Local, takeLocal } from './local.ts'
import type { Ends } from './packet.ts'
import { ipvsModule } from './module.ts'
import { isUsable } from './schedulers/scheduler.ts'
import { serviceOf } from './service.ts'
import { countersAt } from './stats.ts'
import { findReply, findTemplate, replaceConn } from './table.ts'
import type { ConnKey, ConnRef, IpvsConn, IpvsDest, IpvsService } from './types.ts'

/** New connections (net/netfilter/ipvs/ip_vs_core.c ip_vs_schedule). Not modelled: persistence engines, cache_bypass. */

const FTP = 21
const FTP_DATA = 20

/** A connection for the packet; ACCEPT = not for IPVS, DROP = refused. `quoted`: the packet stands in an ICMP error. */
export function schedule(
  host: Host,
  skb: Skb,
  ends: Ends,
  quoted: boolean,
  ctx: Ctx,
): IpvsConn | 'ACCEPT' | 'DROP' {
  if (!quoted && ends.proto === PROTO_TCP && !mayOpen(host, skb, ends)) return 'ACCEPT'
  const service = serviceOf(host, skb.mark, ends.proto, ends.dst, ends.dport)
  if (!service || ends.sport === FTP_DATA) return 'ACCEPT'
  if ((skb.dev === '' || skb.dev === 'lo') && isReply(host, ends)) return 'ACCEPT'
  if (service.persistent > 0) return schedulePersistent(host, skb, ends, service, ctx)
  if (service.fwmark === 0 && ends.dport !== service.port) return leave(host, skb, service, ends, ctx)
  const dest = pick(host, service, ends, ctx)
  if (!dest) return leave(host, skb, service, ends, ctx)
  const dport = dest.port !== 0 ? dest.port : ends.dport
  return make(host, service, ends, dest, dport, null, ctx)
}

/** Only a SYN may open a connection, unless sloppy_tcp; everything else is left to the host's own TCP. */
function mayOpen(host: Host, skb: Skb, ends: Ends): boolean {
  const flags = read8(skb.data, ends.at + 13)
  return (flags & RST) === 0 && ((flags & SYN) !== 0 || host.sysctl.vs['sloppy_tcp'] === 1)
}

/** An answer of a real server on this very host is no new connection. */
function isReply(host: Host, { proto, src, sport, dst, dport }: Ends): boolean {
  return findReply(host.ipvs, proto, { ip: src, port: sport }, dst, dport) !== undefined
}

function pick(host: Host, service: IpvsService, ends: Ends, ctx: Ctx): IpvsDest | undefined {
  const { src, dst, sport, dport } = ends
  const asked = { src, dst, sport, dport, now: ctx.now, rng: host.rng, vs: host.sysctl.vs }
  const dest = ipvsModule().schedulers[service.scheduler]?.pick(service, asked)
  if (!dest) return undefined
  ctx.note(host, {
    kind: 'ipvs.pick',
    vip: dst,
    vport: dport,
    scheduler: service.scheduler,
    dip: dest.ip,
    dport: dest.port,
    candidates: service.dests.filter(isUsable).length,
    weight: dest.weight,
  })
  return dest
}

function make(
  host: Host,
  service: IpvsService,
  ends: Ends,
  dest: IpvsDest,
  dport: number,
  control: ConnRef | null,
  ctx: Ctx,
): IpvsConn | 'DROP' {
  const { proto, src, sport, dst } = ends
  let local: Local | undefined
  if (dest.mode === 'fullnat') {
    local = takeLocal(host, service, ends, dest.ip, dport)
    if (!local) return 'DROP'
  }
  const key = { proto, cip: src, cport: sport, vip: dst, vport: ends.dport }
  const more: ConnMore = {
    onePacket: proto === PROTO_UDP && service.flags.includes('ops'),
    fwmark: service.fwmark,
    tracked: usesConntrack(host),
    control: control && { proto: control.proto, cip: control.cip, cport: 0, id: control.id },
    ...local,
  }
  const conn = makeConn(host, key, dest, dport, more)
  countersAt(dest.stats, ctx.now).conns++
  countersAt(service.stats, ctx.now).conns++
  return conn
}

/**
 * Persistence (ip_vs_sched_persist): the first connection of a client picks a real server and leaves a template, all
 * later ones take theirs from it. A service for all ports, a mark and FTP have one template for all ports.
 */
function schedulePersistent(
  host: Host,
  skb: Skb,
  ends: Ends,
  service: IpvsService,
  ctx: Ctx,
): IpvsConn | 'DROP' | 'ACCEPT' {
  const key = templateKey(service, ends)
  let template = findTemplate(host.ipvs, key)
  let dest = template && templateDest(host, template)
  if (!template || !dest) {
    if (template) giveUpTemplate(host, template)
    dest = pick(host, service, ends, ctx)
    if (!dest) return leave(host, skb, service, ends, ctx)
    const tport = ends.dport === service.port && service.port !== FTP ? dest.port : 0
    const timeoutNs = service.persistent * SEC
    template = makeConn(host, key, dest, tport, { template: true, timeoutNs, fwmark: service.fwmark })
  }
  const dport = ends.dport === service.port && dest.port !== 0 ? dest.port : ends.dport
  const conn = make(host, service, ends, dest, dport, template, ctx)
  if (conn === 'DROP') return conn
  touchConn(host, { ...template, controls: template.controls + 1 }, ctx)
  return conn
}

function templateKey(service: IpvsService, { proto, src, dst, dport }: Ends): ConnKey {
  const cip = ((src & service.netmask) >>> 0) as Ip4
  if (dport === service.port) {
    return { proto, cip, cport: 0, vip: dst, vport: service.port === FTP ? 0 : dport }
  }
  if (service.fwmark !== 0) return { proto: 0, cip, cport: 0, vip: service.fwmark as Ip4, vport: 0 }
  return { proto, cip, cport: 0, vip: dst, vport: 0 }
}

/** The template's real server, if it may still be used (ip_vs_check_template). */
function templateDest(host: Host, template: IpvsConn): IpvsDest | undefined {
  if (!isAvailable(host, template)) return undefined
  const dest = destOf(host, template)
  const quiescent = host.sysctl.vs['expire_quiescent_template'] === 1
  return quiescent && dest?.weight === 0 ? undefined : dest
}

/** One that must not be used any more gets ports that nobody asks for, and dies with its connections. */
function giveUpTemplate(host: Host, template: IpvsConn): void {
  replaceConn(host.ipvs, { ...template, vport: 0xffff, dport: 0xffff })
}

/** No usable real server: ICMP port unreachable from the VIP (ip_vs_leave; golden B12, B13). */
function leave(host: Host, skb: Skb, service: IpvsService, ends: Ends, ctx: Ctx): 'DROP' | 'ACCEPT' {
  if (service.port === FTP && ends.dport !== FTP) return 'ACCEPT'
  icmpSend(host, skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0, ctx)
  return 'DROP'
}
