import type { Bytes } from '../../base/bytes.ts'
import { MS, type Nanos, SEC, US } from '../../base/ids.ts'
import type { PktType } from '../../kernel/skb.ts'
import { formatFrame } from '../../wire/format.ts'
import type { SeqBases } from '../../wire/format-tcp.ts'
import { EPOCH_MS } from '../clock.ts'
import type { TcpdumpOptions } from './options.ts'

export interface Seen {
  at: Nanos
  dev: string
  bytes: Bytes
  raw: boolean
  way: PktType | 'outgoing'
}

/** Words of the cooked header's packet type (sll_pkttype). */
const WAYS: Readonly<Record<Seen['way'], string>> = {
  host: 'In ',
  broadcast: 'B  ',
  multicast: 'M  ',
  otherhost: 'P  ',
  outgoing: 'Out',
}

/** One packet as it is printed, with line end. `before`: time of the packet before it, or of the first with -ttttt. */
export function packetText(
  seen: Seen,
  options: TcpdumpOptions,
  seqs: SeqBases,
  before: Nanos,
  n: number,
): string {
  const number = options.number ? `${String(n).padStart(5)}  ` : ''
  const any = options.dev === 'any' ? `${seen.dev.padEnd(5)} ${WAYS[seen.way]} ` : ''
  const line = formatFrame(seen.bytes, {
    link: options.link && options.dev !== 'any',
    verbose: options.verbose > 0,
    raw: seen.raw,
    ...(!options.absolute && { seqs }),
  })
  return `${number}${timeText(seen.at, options.time, before)}${any}${line}\n${dump(seen, options)}`
}

/** Stamp of a line with the blank behind it. */
function timeText(at: Nanos, kind: number, before: Nanos): string {
  if (kind === 1) return ''
  const micros = (ns: Nanos): string => String(Math.floor((ns % SEC) / US)).padStart(6, '0')
  if (kind === 2) return `${EPOCH_MS / 1000 + Math.floor(at / SEC)}.${micros(at)} `
  if (kind === 3 || kind === 5) return ` ${clock(at - before)}.${micros(at - before)} `
  if (kind === 4) {
    const date = new Date(EPOCH_MS + Math.floor(at / MS))
    return `${date.toISOString().slice(0, 10)} ${clock(at)}.${micros(at)} `
  }
  return `${clock(at)}.${micros(at)} `
}

function clock(at: Nanos): string {
  const seconds = Math.floor(at / SEC) + ((EPOCH_MS / 1000) % 86_400)
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

/** -x, -X: sixteen bytes a line in twos; -A: the bytes as text. The link header only when asked twice. */
function dump({ bytes, raw }: Seen, { dump: kind, dumpLink }: TcpdumpOptions): string {
  if (kind === '') return ''
  const shown = raw || dumpLink ? bytes : bytes.subarray(14)
  if (kind === 'A') {
    const text = [...shown].map((c) =>
      c === 10 || c === 9 || (c >= 32 && c < 127) ? String.fromCharCode(c) : c === 13 ? '' : '.',
    )
    return `${text.join('')}\n`
  }
  let out = ''
  for (let at = 0; at < shown.length; at += 16) {
    const row = [...shown.subarray(at, at + 16)]
    const hex = row.map((c, i) => `${i % 2 === 0 ? ' ' : ''}${c.toString(16).padStart(2, '0')}`).join('')
    const text = row.map((c) => (c > 32 && c < 127 ? String.fromCharCode(c) : '.')).join('')
    out += `\t0x${at.toString(16).padStart(4, '0')}: ${kind === 'x' ? hex : `${hex.padEnd(40)}  ${text}`}\n`
  }
  return out
}
