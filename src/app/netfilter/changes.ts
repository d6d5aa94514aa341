import { ETH, ethDst } from '../../core/wire/ethernet.ts'
import { ipTtl } from '../../core/wire/ipv4.ts'
import type { Ip4 } from '../../core/base/ids.ts'
import type { TraceRecord } from '../../engine/engine.ts'
import type { MapAsked, MapChange, Place } from '../../view/netfilter/model.ts'
import { formatIp4 } from '../../core/base/ids.ts'
import type { Owners } from '../model/owners.ts'
import type { Walk } from '../model/walk.ts'
import type { Station } from '../model/walk-places.ts'
import type { RunData } from '../session/run-data.ts'
import type { MapWords } from './words.ts'

/** What has been changed in the packet up to note `k`, place by place. What IPVS writes on the way out stands in its box. */
export function changesOf(run: RunData, walk: Walk, k: number, owners: Owners, words: MapWords): MapChange[] {
  return walk.stations.flatMap(({ place, notes, dev }) =>
    notes
      .filter((i) => i <= k)
      .flatMap((i) => changeOf(run, place, dev, run.records[i], owners, words) ?? []),
  )
}

function changeOf(
  run: RunData,
  place: Place,
  dev: string | undefined,
  note: TraceRecord | undefined,
  owners: Owners,
  words: MapWords,
): MapChange | undefined {
  const ips = (label: string, old: Ip4, now: Ip4): MapChange => ({
    place,
    label,
    old: owners.ofIp(old),
    now: owners.ofIp(now),
  })
  switch (note?.kind) {
    case 'forward':
      return { place, label: words.ttl, text: `${note.ttlIn} → ${note.ttlOut}` }
    case 'ipvs.reply':
      return note.mode === 'nat' || note.mode === 'fullnat'
        ? ips(words.ipFrom, note.dip, note.vip)
        : undefined
    case 'ipvs.local':
      return note.way === 'out' ? ips(words.ipFrom, note.cip, note.lip) : ips(words.ipTo, note.lip, note.cip)
    case 'nat':
      return ips(note.manip === 'src' ? words.ipFrom : words.ipTo, note.from, note.to)
    case 'flight': {
      const bytes = run.frames[note.frame]?.bytes
      const now = bytes && owners.ofMac(ethDst(bytes))
      return now === undefined || now === ''
        ? undefined
        : { place, label: words.macTo, now, ...(dev && { dev }) }
    }
    default:
      return undefined
  }
}

/** The last routing decision up to note `k`: the row that was found, and what follows from it. */
export function askedOf(
  run: RunData,
  walk: Walk,
  k: number,
  owners: Owners,
  words: MapWords,
): MapAsked | undefined {
  const asked = walk.stations
    .filter((one): one is Station & { place: 'route' | 'routeOut' } => /^route/.test(one.place))
    .flatMap(({ place, notes }) =>
      notes.flatMap((i) => {
        const note = run.records[i]
        return note?.kind === 'route' && i <= k ? [{ place, note, notes }] : []
      }),
    )
    .at(-1)
  if (asked === undefined) return undefined
  const { place, note, notes } = asked
  const picked = notes.map((i) => run.records[i]).find((one) => one?.kind === 'ecmp')
  const gateway = picked?.kind === 'ecmp' ? (picked.gateways[picked.pick] ?? note.gateway) : note.gateway
  const dropped = notes.some((i) => run.records[i]?.kind === 'drop')
  if (note.found === 'none') return { place, row: formatIp4(note.dst), answer: words.noRoute }
  if (note.found === 'local')
    return { place, row: `local ${formatIp4(note.dst)}`, ...ownedBy(owners, note.dst), answer: words.local }
  const net = note.prefix === 0 ? 'default' : `${formatIp4(note.net)}/${note.prefix}`
  const via =
    gateway === 0 ? `${net} dev ${note.dev}` : `${net} via ${formatIp4(gateway).replace(/^.*(?=\.)/, '')}`
  const answer = place === 'routeOut' ? '' : dropped ? words.notForwarded : words.forwarded
  return { place, row: via, ...(gateway !== 0 && ownedBy(owners, gateway)), answer }
}

function ownedBy(owners: Owners, ip: Ip4): { owner?: string } {
  const owner = owners.ofIp(ip)
  return owner === '' ? {} : { owner }
}

/** TTL at each station, from the frame that came in or was made, and what was taken off on the way. */
export function ttlsOf(run: RunData, walk: Walk): (number | undefined)[] {
  const bytesOf = (frame: number | undefined) => (frame === undefined ? undefined : run.frames[frame]?.bytes)
  const read = (frame: number | undefined): number | undefined => {
    const bytes = bytesOf(frame)
    return bytes === undefined || bytes.length < ETH.size + 20 || bytes[12] !== 8 || bytes[13] !== 0
      ? undefined
      : ipTtl(bytes, ETH.size)
  }
  let ttl = read(walk.came)
  return walk.stations.map(({ place, notes }) => {
    if (place === 'procs' || place === 'routeOut') ttl = read(walk.goes) ?? ttl
    for (const i of notes) {
      const note = run.records[i]
      if (note?.kind === 'forward' || note?.kind === 'ipvs.xmit') ttl = note.ttlOut
    }
    return ttl ?? read(walk.goes)
  })
}
