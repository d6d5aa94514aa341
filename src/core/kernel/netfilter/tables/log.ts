import { read16, read32, read8 } from '../../../base/bytes.ts'
import { formatIp4, formatMac, type Mac } from '../../../base/ids.ts'
import { hexOf, read48 } from '../../../base/bytes.ts'
import { ipTotalLength, ipTtl, PROTO_ICMP, PROTO_TCP, PROTO_UDP } from '../../../wire/ipv4.ts'
import { ACK, FIN, PSH, RST, SYN, URG } from '../../../wire/tcp.ts'
import type { Host } from '../../host.ts'
import { L2 } from '../../skb.ts'
import type { Look } from './match.ts'
import type { Target } from './types.ts'

const LOG_TCPSEQ = 1
const LOG_TCPOPT = 2

/** The kernel's log line about a packet (nf_log_syslog.c nf_log_ip_packet); the user of the socket is not told. */
export function logLine(host: Host, target: Extract<Target, { t: 'LOG' }>, look: Look): string {
  const { skb } = look
  const { data } = skb
  const loopback = host.devs[look.in]?.loopback ?? false
  const mac = look.in === '' || loopback ? '' : `MAC=${macs(data)} `
  const tos = read8(data, L2 + 1)
  const frag = read16(data, L2 + 6)
  const flags = ((frag & 0x8000) !== 0 ? 'CE ' : '') + ((frag & 0x4000) !== 0 ? 'DF ' : '')
  const more = (frag & 0x2000) !== 0 ? 'MF ' : ''
  const offset = (frag & 0x1fff) !== 0 ? `FRAG:${frag & 0x1fff} ` : ''
  const mark = skb.mark === 0 ? '' : `MARK=0x${skb.mark.toString(16)} `
  return (
    `${target.prefix}IN=${look.in} OUT=${look.out} ${mac}` +
    `SRC=${formatIp4(look.src)} DST=${formatIp4(look.dst)} LEN=${ipTotalLength(data, L2)} ` +
    `TOS=0x${hex2(tos & 0x1e)} PREC=0x${hex2(tos & 0xe0)} TTL=${ipTtl(data, L2)} ID=${read16(data, L2 + 4)} ` +
    `${flags}${more}${offset}${transport(look, target.flags)}${mark}`
  )
}

const hex2 = (value: number): string => value.toString(16).toUpperCase().padStart(2, '0')

function macs(data: Look['skb']['data']): string {
  return `${formatMac(read48(data, 0) as Mac)}:${formatMac(read48(data, 6) as Mac)}:08:00`
}

function transport(look: Look, flags: number): string {
  const { at, proto } = look
  const { data } = look.skb
  if (proto === PROTO_TCP) return `PROTO=TCP ${at < 0 ? '' : tcpText(look, flags)}`
  if (proto === PROTO_UDP) {
    const ports =
      at < 0 ? '' : `SPT=${read16(data, at)} DPT=${read16(data, at + 2)} LEN=${read16(data, at + 4)} `
    return `PROTO=UDP ${ports}`
  }
  if (proto !== PROTO_ICMP) return `PROTO=${proto} `
  if (at < 0) return 'PROTO=ICMP '
  const type = read8(data, at)
  const echo = type === 0 || type === 8 ? `ID=${read16(data, at + 4)} SEQ=${read16(data, at + 6)} ` : ''
  return `PROTO=ICMP TYPE=${type} CODE=${read8(data, at + 1)} ${echo}`
}

function tcpText(look: Look, logFlags: number): string {
  const { at } = look
  const { data } = look.skb
  const flags = read8(data, at + 13)
  const seq = (logFlags & LOG_TCPSEQ) !== 0 ? `SEQ=${read32(data, at + 4)} ACK=${read32(data, at + 8)} ` : ''
  const names: [number, string][] = [
    [URG, 'URG '],
    [ACK, 'ACK '],
    [PSH, 'PSH '],
    [RST, 'RST '],
    [SYN, 'SYN '],
    [FIN, 'FIN '],
  ]
  const set = names.map(([bit, name]) => ((flags & bit) !== 0 ? name : '')).join('')
  const header = (read8(data, at + 12) >>> 4) * 4
  const hasOptions = (logFlags & LOG_TCPOPT) !== 0 && header > 20
  const options = hasOptions ? `OPT (${hexOf(data.subarray(at + 20, at + header)).toUpperCase()}) ` : ''
  return (
    `SPT=${read16(data, at)} DPT=${read16(data, at + 2)} ${seq}WINDOW=${read16(data, at + 14)} ` +
    `RES=0x${hex2(0)} ${set}URGP=${read16(data, at + 18)} ${options}`
  )
}
