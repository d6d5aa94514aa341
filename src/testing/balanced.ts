import { formatIp4, type HostId } from '../core/base/ids.ts'
import type { IpvsMode } from '../core/kernel/ipvs/types.ts'
import { listConns } from '../core/kernel/ipvs/table.ts'
import { ipSend } from '../core/kernel/ip/output.ts'
import type { IpvsOp } from '../core/kernel/netlink.ts'
import { L2, newSkb, type Skb } from '../core/kernel/skb.ts'
import { ETH_P_IP, ethType } from '../core/wire/ethernet.ts'
import {
  ipDst,
  ipHeaderLength,
  ipProto,
  ipSrc,
  ipTotalLength,
  ipTtl,
  PROTO_TCP,
  PROTO_UDP,
  setIpDst,
  setIpSrc,
} from '../core/wire/ipv4.ts'
import { emitTcp, parseTcp, setTcpChecksum, tcpChecksumOk } from '../core/wire/tcp.ts'
import { emitUdp, setUdpChecksum } from '../core/wire/udp.ts'
import { ip, makeLan, ms } from './lan.ts'
import { loadIpvs } from '../core/kernel/ipvs/module.ts'
import { loadNetfilter } from '../core/kernel/netfilter/module.ts'

await Promise.all([loadIpvs(), loadNetfilter()])

/**
 * Topology B of the captures: client 10.0.0.10 behind a router, the director LB1 (and LB2 beside it) and two real servers
 * on one LAN. Nobody listens on the servers, so they answer a SYN with RST: an answer that must find its way back.
 */
export const CLIENT = '10.0.0.10'
export const VIP = '172.16.253.100'
export const SERVERS = ['172.16.253.130', '172.16.253.134'] as const

type Lan = ReturnType<typeof makeLan>

export interface Segment {
  host: HostId
  src: string
  dst: string
  dport: number
  seq?: number
  ack?: number
  /** Bytes of data. */
  length?: number
  ttl?: number
}

export interface Seen {
  /** 'src:port > dst:port flags ttl N' */
  text: string
  /** The checksum is right. */
  ok: boolean
}

export interface Balance {
  /** Real servers, default 1. */
  servers?: number
  /** The servers' default gateway: the router, under NAT the director. */
  gateway?: string
  /** What the service has besides. */
  service?: object
}

export function balanced(mode: IpvsMode, { servers = 1, gateway, service: more = {} }: Balance = {}) {
  const lan = makeLan({
    client: { eth0: '10.0.0.10/24 on wan' },
    router: { eth0: '10.0.0.1/24 on wan', eth1: '172.16.253.135/24' },
    LB1: { ens33: '172.16.253.131/24' },
    LB2: { ens33: '172.16.253.129/24' },
    server1: { ens33: '172.16.253.130/24' },
    server2: { ens33: '172.16.253.134/24' },
  })
  configure(lan, mode, gateway ?? (mode === 'nat' ? '172.16.253.131' : '172.16.253.135'))
  const service = { proto: PROTO_TCP, vip: ip(VIP), port: 8080, fwmark: 0 }
  const ipvs = (op: IpvsOp) => lan.op('LB1', op)
  ipvs({ op: 'ipvs.service.add', ...service, scheduler: 'rr', ...more })
  if (mode === 'fullnat') ipvs({ op: 'ipvs.laddr.add', ...service, lip: ip('172.16.253.131') })
  for (const server of SERVERS.slice(0, servers)) {
    ipvs({ op: 'ipvs.dest.add', ...service, ...more, ip: ip(server), dport: 8080, weight: 1, mode })
  }
  const tcp = (sport: number, flags: number, segment: Segment): void => sendTcp(lan, sport, flags, segment)
  /** The client to the virtual address, unless `other` says otherwise. */
  const client = (sport: number, flags: number, other: Partial<Segment> = {}): void =>
    tcp(sport, flags, { host: 'client', src: CLIENT, dst: VIP, dport: 8080, ...other })
  const udp = (sport: number, dport: number): void => sendUdp(lan, sport, dport)
  const seen = (host: HostId): Seen[] => seenBy(lan, host)
  const conns = () => listConns(lan.host('LB1').ipvs)
  const dest = (i = 0) => lan.host('LB1').ipvs.services[0]?.dests[i]
  return { ...lan, ipvs, service, tcp, client, udp, seen, conns, dest }
}

function configure(lan: Lan, mode: IpvsMode, gateway: string): void {
  const route = (host: HostId, dst: string, prefix: number, via: string): void => {
    const nexthops = [{ gateway: ip(via), dev: '', weight: 1 }]
    const to = { dst: ip(dst), prefix, type: 'unicast', metric: 0, prefsrc: ip('0.0.0.0') } as const
    lan.op(host, { op: 'route.add', ...to, proto: 'boot', nexthops })
  }
  const own = (host: HostId): void => {
    const address = { dev: 'lo', ip: ip(VIP), prefix: 32, label: 'lo:0', broadcast: ip('0.0.0.0') }
    lan.op(host, { op: 'addr.add', ...address })
  }
  for (const host of ['router', 'LB1']) lan.sysctl(host, 'ip_forward', 1)
  route('client', '0.0.0.0', 0, '10.0.0.1')
  route('router', VIP, 32, '172.16.253.131')
  route('LB1', '0.0.0.0', 0, '172.16.253.135')
  route('LB2', '0.0.0.0', 0, '172.16.253.135')
  for (const host of ['server1', 'server2']) {
    route(host, '0.0.0.0', 0, gateway)
    lan.sysctl(host, 'conf.all.arp_ignore', 1)
    lan.sysctl(host, 'conf.all.arp_announce', 2)
    if (mode === 'dr' || mode === 'tun') own(host)
  }
  own('LB1')
}

function sendTcp(lan: Lan, sport: number, flags: number, segment: Segment): void {
  const { host, src, dst, dport, seq = 1, ack = 0, length = 0, ttl = 64 } = segment
  const skb = newSkb(40 + length)
  emitTcp({ sport, dport, seq, ack, flags, window: 100, urgent: 0, options: {} }, skb.data, L2 + 20)
  address(skb, src, dst)
  setTcpChecksum(skb.data, L2, L2 + 20, skb.data.length)
  lan.act(host, (from, ctx) => {
    ipSend(from, skb, { src: ip(src), dst: ip(dst), proto: PROTO_TCP, df: true, id: 1, ttl }, ctx)
  })
  lan.run(ms(10))
}

function sendUdp(lan: Lan, sport: number, dport: number): void {
  const skb = newSkb(38)
  emitUdp({ sport, dport, length: 18 }, skb.data, L2 + 20)
  address(skb, CLIENT, VIP)
  setUdpChecksum(skb.data, L2, L2 + 20, skb.data.length)
  lan.act('client', (from, ctx) => {
    ipSend(from, skb, { src: ip(CLIENT), dst: ip(VIP), proto: PROTO_UDP, df: true, id: 1 }, ctx)
  })
  lan.run(ms(10))
}

/** The checksum covers the addresses, which are written later with the IP header. */
function address(skb: Skb, src: string, dst: string): void {
  setIpSrc(skb.data, L2, ip(src))
  setIpDst(skb.data, L2, ip(dst))
}

/** TCP packets that came in on a host's link for itself, in words. */
function seenBy(lan: Lan, host: HostId): Seen[] {
  return lan.notes('rx', host).flatMap((note) => {
    const bytes = lan.trace.frames[note.frame - 1]?.bytes
    if (!bytes || note.pkt !== 'host' || ethType(bytes) !== ETH_P_IP) return []
    if (ipProto(bytes, L2) !== PROTO_TCP) return []
    const at = L2 + ipHeaderLength(bytes, L2)
    const end = L2 + ipTotalLength(bytes, L2)
    const segment = parseTcp(bytes, at, end)
    if (!segment.ok) return [{ text: segment.error, ok: false }]
    const { sport, dport, flags } = segment.value
    const ends = `${formatIp4(ipSrc(bytes, L2))}:${sport} > ${formatIp4(ipDst(bytes, L2))}:${dport}`
    return [{ text: `${ends} ${flags} ttl ${ipTtl(bytes, L2)}`, ok: tcpChecksumOk(bytes, L2, at, end) }]
  })
}
