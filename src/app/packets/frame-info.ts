import { formatIp4, formatMac, type Ip4, type Mac } from '../../core/base/ids.ts'
import { dissect, findField, type Layer } from '../../core/wire/dissect.ts'
import type { FilterFrame } from '../../core/wire/display-filter/frame.ts'
import type { TcpMark } from '../../core/wire/display-filter/fields.ts'
import { formatFrame } from '../../core/wire/format.ts'

/** What an expert would point at. */
export type ExpertMark =
  | 'retransmission'
  | 'duplicate'
  | 'disorder'
  | 'gap'
  | 'keepalive'
  | 'zerowindow'
  | 'lost'
  | 'checksum'
  | 'ttl'
  | 'broken'

const TCP_MARK: Readonly<Record<TcpMark, ExpertMark>> = {
  'tcp.analysis.retransmission': 'retransmission',
  'tcp.analysis.duplicate_ack': 'duplicate',
  'tcp.analysis.out_of_order': 'disorder',
  'tcp.analysis.lost_segment': 'gap',
  'tcp.analysis.keep_alive': 'keepalive',
  'tcp.analysis.zero_window': 'zerowindow',
}

export interface End {
  text: string
  ip?: Ip4
  mac?: Mac
}

/** What a row of the list shows. */
export interface FrameInfo {
  from: End
  to: End
  protocol: string
  /** In tcpdump's words, without the addresses that stand beside, and without options. */
  text: string
  /** The whole line. */
  line: string
  marks: readonly ExpertMark[]
}

const NAMES: Readonly<Record<string, string>> = {
  ...{ eth: 'Eth', arp: 'ARP', ip: 'IPv4', icmp: 'ICMP', tcp: 'TCP', udp: 'UDP', ospf: 'OSPF', http: 'HTTP' },
}

export function frameInfo(frame: FilterFrame): FrameInfo {
  const { bytes, raw } = frame
  const layers = dissect(bytes, raw ? 'ip' : 'eth')
  const line = formatFrame(bytes, { raw, ...(frame.tcp && { seqs: { ...frame.tcp.bases } }) })
  const [from, to] = endsOf(layers)
  const shown =
    from.ip === undefined
      ? line.replace(/^ARP, /, '')
      : line.replace(/^IP \S+ > [^ ]+: /, '').replace(/, options \[[^\]]*\]/, '')
  return { from, to, protocol: protocolOf(layers), text: shown, line, marks: marksOf(frame, layers) }
}

/** Outermost IP addresses; what has none is told by its MAC addresses. */
function endsOf(layers: readonly Layer[]): readonly [End, End] {
  const value = (name: string): number | undefined => {
    const found = findField(layers, name)?.value
    return typeof found === 'number' ? found : undefined
  }
  const [src, dst] = [value('ip.src'), value('ip.dst')]
  if (src !== undefined && dst !== undefined) return [ipEnd(src), ipEnd(dst)]
  return [macEnd(value('eth.src')), macEnd(value('eth.dst'))]
}

function ipEnd(ip: number): End {
  return { text: formatIp4(ip as Ip4), ip: ip as Ip4 }
}

function macEnd(mac: number | undefined): End {
  return mac === undefined ? { text: '' } : { text: formatMac(mac as Mac), mac: mac as Mac }
}

/** The innermost header that has a name; what an ICMP error quotes does not count. */
function protocolOf(layers: readonly Layer[]): string {
  const icmp = layers.find((layer) => layer.proto === 'icmp')
  const last = icmp ?? layers.filter((layer) => layer.proto !== 'data').at(-1)
  const tunnels = layers.filter((layer) => layer.proto === 'ip').length > 1 && icmp === undefined
  return `${tunnels ? 'IPIP ' : ''}${NAMES[last?.proto ?? ''] ?? last?.proto.toUpperCase() ?? ''}`
}

function marksOf(frame: FilterFrame, layers: readonly Layer[]): ExpertMark[] {
  const notes = layers.flatMap((layer) => (layer.depth > 0 ? [] : layer.fields.map((field) => field.note)))
  const ttl = findField(layers, 'ip.ttl')?.value
  const group = Number(findField(layers, 'ip.dst')?.value ?? 0) >= 0xe0000000
  return [
    ...(frame.lost ? (['lost'] as const) : []),
    ...(frame.tcp?.marks ?? []).map((mark) => TCP_MARK[mark]),
    ...(notes.includes('bad checksum') ? (['checksum'] as const) : []),
    ...(notes.some((note) => note === 'malformed' || note === 'bad length' || note === 'truncated')
      ? (['broken'] as const)
      : []),
    ...(ttl === 1 && !group ? (['ttl'] as const) : []),
  ]
}
