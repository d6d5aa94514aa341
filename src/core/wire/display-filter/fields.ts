/**
 * Fields that display filters know, under tshark's names (Wireshark display filter reference), for what is modelled here.
 * `host`, `host.src`, `host.dst`, `lost` and `ipip` are of this project: they tell of the lab, not of the bytes.
 */
export type FieldType = 'proto' | 'mac' | 'ip' | 'uint' | 'bool' | 'text' | 'time' | 'mark'

export interface FieldInfo {
  type: FieldType
  /** Names of the dissector whose values it takes; its own name unless told. */
  from?: readonly string[]
  /** A single bit of a number. */
  bit?: readonly [name: string, mask: number]
}

const FLAG_BITS = { fin: 1, syn: 2, reset: 4, push: 8, ack: 16, urg: 32, ece: 64, cwr: 128 } as const

/** Marks that come from looking at a whole capture (see streams.ts). */
export const TCP_MARKS = [
  'tcp.analysis.retransmission',
  'tcp.analysis.duplicate_ack',
  'tcp.analysis.out_of_order',
  'tcp.analysis.lost_segment',
  'tcp.analysis.keep_alive',
  'tcp.analysis.zero_window',
] as const
export type TcpMark = (typeof TCP_MARKS)[number]

export const FIELDS: Readonly<Record<string, FieldInfo>> = {
  ...all('proto', 'frame eth arp ip icmp tcp udp ospf http data ipip'),
  ...all('uint', 'frame.number frame.len'),
  ...all('time', 'frame.time_relative frame.time_delta'),
  ...all('text', 'frame.interface_name frame.protocols host host.src host.dst'),
  ...all('mark', `lost tcp.analysis.flags ${TCP_MARKS.join(' ')}`),
  ...all('mac', 'eth.src eth.dst arp.src.hw_mac arp.dst.hw_mac'),
  'eth.addr': { type: 'mac', from: ['eth.src', 'eth.dst'] },
  ...all('uint', 'eth.type arp.opcode arp.hw.type arp.hw.size arp.proto.type arp.proto.size'),
  ...all('ip', 'arp.src.proto_ipv4 arp.dst.proto_ipv4 ip.src ip.dst icmp.redir_gw'),
  'ip.addr': { type: 'ip', from: ['ip.src', 'ip.dst'] },
  ...all('uint', 'ip.version ip.hdr_len ip.dsfield ip.len ip.id ip.frag_offset ip.ttl ip.proto ip.checksum'),
  ...all('bool', 'ip.flags.df ip.flags.mf http.request http.response'),
  ...all('uint', 'ip.checksum.status icmp.checksum.status tcp.checksum.status udp.checksum.status'),
  ...all('uint', 'icmp.type icmp.code icmp.checksum icmp.ident icmp.seq icmp.mtu'),
  ...all('uint', 'tcp.srcport tcp.dstport tcp.stream tcp.seq tcp.ack tcp.seq_raw tcp.ack_raw tcp.len'),
  ...all('uint', 'tcp.hdr_len tcp.flags tcp.window_size_value tcp.checksum tcp.urgent_pointer'),
  ...all('uint', 'tcp.options.mss_val tcp.options.wscale.shift tcp.options.sack_le tcp.options.sack_re'),
  ...all('uint', 'tcp.options.timestamp.tsval tcp.options.timestamp.tsecr'),
  'tcp.port': { type: 'uint', from: ['tcp.srcport', 'tcp.dstport'] },
  ...Object.fromEntries(
    Object.entries(FLAG_BITS).map(([name, mask]) => [
      `tcp.flags.${name}`,
      { type: 'bool' as const, bit: ['tcp.flags', mask] as const },
    ]),
  ),
  ...all('uint', 'udp.srcport udp.dstport udp.length udp.checksum'),
  'udp.port': { type: 'uint', from: ['udp.srcport', 'udp.dstport'] },
  ...all('text', 'http.request.method http.request.uri http.response.phrase http.host http.user_agent'),
  ...all('text', 'http.server http.location http.content_type http.connection'),
  ...all('uint', 'http.response.code http.content_length data.len'),
  ...all('uint', 'ospf.version ospf.msg ospf.packet_length ospf.hello.hello_interval'),
  ...all('uint', 'ospf.hello.router_priority ospf.hello.router_dead_interval'),
  ...all('ip', 'ospf.srcrouter ospf.area_id ospf.hello.network_mask ospf.hello.active_neighbor'),
  ...all('ip', 'ospf.hello.designated_router ospf.hello.backup_designated_router'),
}

function all(type: FieldType, names: string): Record<string, FieldInfo> {
  return Object.fromEntries(names.split(' ').map((name) => [name, { type }]))
}

/** Own properties only: 'constructor' is not a field. */
export function fieldInfo(name: string): FieldInfo | undefined {
  return Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined
}
