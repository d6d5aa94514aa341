import { ETH } from '../../core/wire/ethernet.ts'
import { ipSrc } from '../../core/wire/ipv4.ts'
import { formatFrame } from '../../core/wire/format.ts'
import type { TraceRecord } from '../../engine/engine.ts'
import { noteSentence } from '../../i18n/note-sentence.ts'
import { textOf } from '../../i18n/text-of.ts'
import type { Words } from '../../i18n/words.ts'
import type { StagePacket } from '../../view/stage/model.ts'
import { controlSays } from '../control/says.ts'
import type { RunData } from '../session/run-data.ts'
import { makingOf } from './flags.ts'
import type { Owners } from './owners.ts'

type Flight = Extract<TraceRecord, { kind: 'flight' }>

/** The cell that a mode of IPVS is known by. */
const XMIT_FIELD = { dr: 'macTo', nat: 'ipTo', fullnat: 'ipFrom', tun: 'outer' } as const

export type Callout = NonNullable<StagePacket['callout']>

/** What is said at the packet: for a frame about to leave the decision that made it so, else the note itself. */
export function calloutOf(run: RunData, k: number, owners: Owners, words: Words): Callout | undefined {
  const record = run.records[k]
  if (record === undefined) return undefined
  if (record.kind === 'drop') return lostCallout(record, words)
  const bytes = record.kind === 'flight' ? run.frames[record.frame]?.bytes : undefined
  const says = bytes && controlSays(bytes, owners, words.ui)
  if (says !== undefined) return says
  if (record.kind !== 'flight') return { title: textOf(noteSentence(words, record)), text: '' }
  for (const note of makingOf(run, k).reverse()) {
    const callout = decisionCallout(note, owners, words)
    if (callout !== undefined) return callout
  }
  return (
    replyCallout(run, record, owners, words) ??
    speechCallout(run, record, owners, words) ??
    plainCallout(run, record)
  )
}

/** What daemons say to each other, in tcpdump's words. */
function plainCallout(run: RunData, { frame }: Flight): Callout | undefined {
  const bytes = run.frames[frame]?.bytes
  return bytes && { title: formatFrame(bytes).replace(/^IP /, ''), text: '' }
}

function lostCallout(record: Extract<TraceRecord, { kind: 'drop' }>, words: Words): Callout {
  const drop = words.drops[record.why]
  return {
    title: `${words.ui.callout.lost}: ${record.why}`,
    text: `${drop.why}${record.detail === '' ? '' : ` (${record.detail})`}`,
  }
}

function decisionCallout(note: TraceRecord, owners: Owners, words: Words): Callout | undefined {
  const ui = words.ui.callout
  const name = (ip: typeof note extends never ? never : Parameters<Owners['ofIp']>[0]): string => {
    const code = owners.ofIp(ip)
    return owners.hostOf(code) ?? code
  }
  switch (note.kind) {
    case 'ipvs.xmit':
      return {
        field: XMIT_FIELD[note.mode],
        title: ui.xmit[note.mode](note.host, name(note.dip)),
        text: ui.xmitMore[note.mode],
      }
    case 'ipvs.reply':
      if (note.mode !== 'nat' && note.mode !== 'fullnat') return undefined
      return { field: 'ipFrom', title: ui.back[note.mode](note.host), text: ui.backMore }
    case 'ecmp': {
      const gateway = note.gateways[note.pick]
      if (gateway === undefined) return undefined
      return {
        field: 'macTo',
        title: ui.ecmp(name(gateway)),
        text: ui.ecmpMore(note.policy, ui.fields[note.policy] ?? ''),
      }
    }
    case 'arp.request':
      return owners.vips.includes(note.sender)
        ? { field: 'ipFrom', title: ui.arpVip(note.host), text: ui.arpVipMore(note.announce) }
        : { field: 'macTo', title: ui.arpAsk(note.host), text: ui.arpAskMore }
    case 'arp.reply':
      return { field: 'ipFrom', title: ui.arpAnswer(note.host), text: '' }
    case 'forward':
      return { field: 'ttl', title: ui.hop, text: '' }
    default:
      return undefined
  }
}

/** A server's first word to the client: in direct routing it does not pass the load balancer. */
function replyCallout(run: RunData, record: Flight, owners: Owners, words: Words): Callout | undefined {
  const making = makingOf(run, record.i)
  const isAnswer = making.some((note) => note.kind === 'tcp.send' && note.what === 'synack')
  if (!isAnswer || !owners.codeOf(record.host).startsWith('S')) return undefined
  const bytes = run.frames[record.frame]?.bytes
  const { reply, replyMore, replyBack } = words.ui.callout
  const source = bytes === undefined ? '' : owners.ofIp(ipSrc(bytes, ETH.size))
  // under NAT and FULLNAT the server answers as itself, and the answer passes the load balancer
  if (source !== 'V') return { field: 'ipFrom', title: replyBack(record.host), text: '' }
  return { field: 'ipFrom', title: reply(record.host), text: replyMore }
}

/** What an ordinary segment is for. A client's later segments go where the first one went: a connected socket keeps its route. */
function speechCallout(run: RunData, record: Flight, owners: Owners, words: Words): Callout | undefined {
  const making = makingOf(run, record.i)
  const sent = making.find((note) => note.kind === 'tcp.send')
  if (sent?.kind !== 'tcp.send') return undefined
  const { says, keeps } = words.ui.callout
  const asksVip = owners.codeOf(record.host) === 'R' || owners.codeOf(record.host) === 'C'
  return { field: 'ipFrom', title: says[sent.what](record.host), text: asksVip ? keeps : '' }
}
