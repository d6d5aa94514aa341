import { formatIp4, type HostId } from '../core/base/ids.ts'
import type { IpvsMode } from '../core/kernel/ipvs/types.ts'
import { listConns } from '../core/kernel/ipvs/table.ts'
import { ipSend } from '../core/kernel/ip/output.ts'
import { packetEnd, transportAt } from '../core/kernel/ip/offsets.ts'
import type { IpvsOp } from '../core/kernel/netlink.ts'
import { L2, newSkb, type Skb } from '../core/kernel/skb.ts'
import { ipDst, ipProto, ipSrc, ipTtl, PROTO_TCP, PROTO_UDP } from '../core/wire/ipv4.ts'
import { emitTcp, parseTcp, setTcpChecksum, tcpChecksumOk } from '../core/wire/tcp.ts'
import { emitUdp, setUdpChecksum } from '../core/wire/udp.ts'
import { ip, makeLan, ms } from './lan.ts'

/**
 * Topology B of the captures: client 10.0.0.10 behind a router, the director LB1 and two real servers on one LAN. Nobody
 * listens on the servers, so they answer a SYN with RST: an answer that must find its way back.
 */
export const CLIENT = '10.0.0.10'
export const VIP = '172.16.253.100'
export const SERVERS = ['172.16.253.130', '172.16.253.134'] as const

export interface Seen {
  /** 'src:port > dst:port flags ttl' */
  text: string
  ok: boolean
}

export function balanced(
  mode: IpvsMode,
  more: { servers?: number; gateway?: string; service?: object } = {},
) {
  const lan = makeLan({
    client: { eth0: '10.0.0.10/24 on wan' },
    router: { eth0: '10.0.0.1/24 on wan', eth1: '172.16.253.135/24' },
    LB1: { ens33: '172.16.253.131/24' },
    LB2: { ens33: '172.16.253.129/24' },
    server1: { ens33: '172.16.253.130/24' },
    server2: { ens33: '172.16.253.134/24' },
  })
  const route = (host: HostId, dst: string, prefix: number, via: string) =>
    lan.op(host, {
      op: 'route.add',
      dst: ip(dst),
      prefix,
      type: 'unicast',
      proto: 'boot',
      metric: 0,
      prefsrc: ip('0.0.0.0'),
      nexthops: [{ gateway: ip(via), dev: '', weight: 1 }],
    })
  const own = (host: HostId, address: string) =>
    lan.op(host, {
      op: 'addr.add',
      dev: 'lo',
      ip: ip(address),
      prefix: 32,
      label: 'lo:0',
      broadcast: ip('0.0.0.0'),
    })
  for (const host of ['router', 'LB1']) lan.sysctl(host, 'ip_forward', 1)
  route('client', '0.0.0.0', 0, '10.0.0.1')
  route('router', VIP, 32, '172.16.253.131')
  route('LB1', '0.0.0.0', 0, '172.16.253.135')
  const nat = mode === 'nat'
  for (const host of ['server1', 'server2']) {
    route(host, '0.0.0.0', 0, more.gateway ?? (nat ? '172.16.253.131' : '172.16.253.135'))
    lan.sysctl(host, 'conf.all.arp_ignore', 1)
    lan.sysctl(host, 'conf.all.arp_announce', 2)
    if (mode === 'dr' || mode === 'tun') own(host, VIP)
  }
  own('LB1', VIP)
  const service = { proto: PROTO_TCP, vip: ip(VIP), port: 8080, fwmark: 0 }
  const ipvs = (op: IpvsOp) => lan.op('LB1', op)
  ipvs({ op: 'ipvs.service.add', ...service, scheduler: 'rr', ...more.service })
  if (mode === 'fullnat') ipvs({ op: 'ipvs.laddr.add', ...service, lip: ip('172.16.253.131') })
  for (const server of SERVERS.slice(0, more.servers ?? 1)) {
    ipvs({ op: 'ipvs.dest.add', ...service, ...more.service, ip: ip(server), dport: 8080, weight: 1, mode })
  }
  const transmit = (
    host: HostId,
    make: () => Skb,
    src: string,
    dst: string,
    proto: number,
    ttl = 64,
  ): void => {
    lan.act(host, (from, ctx) => {
      const skb = make()
      ipSend(from, skb, { src: ip(src), dst: ip(dst), proto, df: true, id: 1, ttl }, ctx)
    })
    lan.run(ms(10))
  }
  /** A TCP segment with `length` bytes of data. */
  const tcp = (
    sport: number,
    flags: number,
    from: {
      host: HostId
      src: string
      dst: string
      dport: number
      seq?: number
      ack?: number
      length?: number
      ttl?: number
    } = {
      host: 'client',
      src: CLIENT,
      dst: VIP,
      dport: 8080,
    },
  ): void => {
    const make = (): Skb => {
      const skb = newSkb(40 + (from.length ?? 0))
      const { seq = 1, ack = 0, dport } = from
      emitTcp({ sport, dport, seq, ack, flags, window: 100, urgent: 0, options: {} }, skb.data, L2 + 20)
      fillAddresses(skb, from.src, from.dst)
      setTcpChecksum(skb.data, L2, L2 + 20, skb.data.length)
      return skb
    }
    transmit(from.host, make, from.src, from.dst, PROTO_TCP, from.ttl)
  }
  const client = (sport: number, flags: number, extra: object = {}): void =>
    tcp(sport, flags, { host: 'client', src: CLIENT, dst: VIP, dport: 8080, ...extra })
  const udp = (sport: number, dport: number, length = 10): void => {
    const make = (): Skb => {
      const skb = newSkb(28 + length)
      emitUdp({ sport, dport, length: 8 + length }, skb.data, L2 + 20)
      fillAddresses(skb, CLIENT, VIP)
      setUdpChecksum(skb.data, L2, L2 + 20, skb.data.length)
      return skb
    }
    transmit('client', make, CLIENT, VIP, PROTO_UDP)
  }
  /** TCP packets that came in on a host's link, in words. */
  const seen = (host: HostId): Seen[] =>
    lan.notes('rx', host).flatMap((note) => {
      const bytes = lan.trace.frames[note.frame - 1]?.bytes
      if (
        !bytes ||
        bytes[12] !== 8 ||
        bytes[13] !== 0 ||
        ipProto(bytes, L2) !== PROTO_TCP ||
        note.pkt !== 'host'
      )
        return []
      const at = transportAt({ data: bytes } as Skb)
      const end = packetEnd({ data: bytes } as Skb)
      const seg = parseTcp(bytes, at, end)
      if (!seg.ok) return [{ text: 'bad', ok: false }]
      const { sport, dport, flags } = seg.value
      const ends = `${formatIp4(ipSrc(bytes, L2))}:${sport} > ${formatIp4(ipDst(bytes, L2))}:${dport}`
      return [{ text: `${ends} ${flags} ttl ${ipTtl(bytes, L2)}`, ok: tcpChecksumOk(bytes, L2, at, end) }]
    })
  const conns = () => listConns(lan.host('LB1').ipvs)
  const dest = (i = 0) => lan.host('LB1').ipvs.services[0]?.dests[i]
  return { ...lan, ipvs, service, tcp, client, udp, seen, conns, dest }
}

/** The checksum covers the addresses, which are written later with the IP header. */
function fillAddresses(skb: Skb, src: string, dst: string): void {
  for (const [at, text] of [
    [12, src],
    [16, dst],
  ] as const) {
    text.split('.').forEach((part, i) => (skb.data[L2 + at + i] = Number(part)))
  }
}
