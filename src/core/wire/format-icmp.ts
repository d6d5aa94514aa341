import { type Bytes, read16, read32 } from '../base/bytes.ts'
import { formatIp4 } from '../base/ids.ts'
import {
  gatewayOfRest,
  ICMP,
  ICMP_DEST_UNREACH,
  ICMP_ECHO,
  ICMP_ECHOREPLY,
  ICMP_FRAG_NEEDED,
  ICMP_PARAMETERPROB,
  ICMP_PORT_UNREACH,
  ICMP_PROT_UNREACH,
  ICMP_REDIRECT,
  ICMP_TIME_EXCEEDED,
  mtuOfRest,
} from './icmp.ts'
import { ipDst, ipHeaderLength, ipProto, PROTO_TCP, PROTO_UDP } from './ipv4.ts'

/** Destination unreachable by code; '@' stands for the quoted destination. print-icmp.c of tcpdump 4.99. */
const UNREACHABLE = [
  'net @ unreachable',
  'host @ unreachable',
  '',
  '',
  '',
  '@ unreachable - source route failed',
  'net @ unreachable - unknown',
  'host @ unreachable - unknown',
  '@ unreachable - source host isolated',
  'net @ unreachable - admin prohibited',
  'host @ unreachable - admin prohibited',
  'net @ unreachable - tos prohibited',
  'host @ unreachable - tos prohibited',
  'host @ unreachable - admin prohibited filter',
  'host @ unreachable - host precedence violation',
  'host @ unreachable - precedence cutoff',
]

/** Redirect by code; '@' as above. */
const REDIRECTS = [
  'redirect @ to net',
  'redirect @ to host',
  'redirect-tos @ to net',
  'redirect-tos @ to host',
]

/** The message b[at, end) as `tcpdump -n` tells it; `length` is what the IP header gives, in bytes. */
export function formatIcmp(b: Bytes, at: number, end: number, length: number): string {
  const text = end < at + ICMP.size ? undefined : describe(b, at, end)
  return text === undefined ? ' [|icmp]' : `ICMP ${text}, length ${length}`
}

/** undefined: not enough bytes to tell. */
function describe(b: Bytes, at: number, end: number): string | undefined {
  const [type, code, rest] = [b[at] ?? 0, b[at + 1] ?? 0, read32(b, at + ICMP.rest.at)]
  const quote = at + ICMP.size
  const to = formatIp4(ipDst(b, quote))
  switch (type) {
    case ICMP_ECHOREPLY:
    case ICMP_ECHO:
      return `echo ${type === ICMP_ECHO ? 'request' : 'reply'}, id ${rest >>> 16}, seq ${rest & 0xffff}`
    case ICMP_DEST_UNREACH:
      if (end < quote + 20) return undefined
      return describeUnreachable(b, quote, code, rest, to)
    case 4:
      return 'source quench'
    case ICMP_REDIRECT: {
      if (end < quote + 20) return undefined
      const gateway = formatIp4(gatewayOfRest(rest))
      return `${(REDIRECTS[code] ?? `redirect-#${code} @ to`).replace('@', to)} ${gateway}`
    }
    case ICMP_TIME_EXCEEDED:
      if (code === 0) return 'time exceeded in-transit'
      return code === 1 ? 'ip reassembly time exceeded' : `time exceeded-#${code}`
    case ICMP_PARAMETERPROB:
      return code === 0 ? `parameter problem - octet ${rest >>> 24}` : `parameter problem - code ${code}`
    default:
      return `type-#${type}`
  }
}

function describeUnreachable(b: Bytes, quote: number, code: number, rest: number, to: string): string {
  const proto = ipProto(b, quote)
  if (code === ICMP_PROT_UNREACH) return `${to} protocol ${proto} unreachable`
  if (code === ICMP_PORT_UNREACH) {
    const port = read16(b, quote + ipHeaderLength(b, quote) + 2)
    const name = proto === PROTO_TCP ? 'tcp' : proto === PROTO_UDP ? 'udp' : `protocol ${proto}`
    return `${to} ${name} port ${port} unreachable`
  }
  if (code === ICMP_FRAG_NEEDED) {
    const mtu = mtuOfRest(rest)
    return `${to} unreachable - need to frag${mtu === 0 ? '' : ` (mtu ${mtu})`}`
  }
  return (UNREACHABLE[code] ?? `@ unreachable - #${code}`).replace('@', to)
}
