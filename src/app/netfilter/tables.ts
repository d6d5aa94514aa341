import { formatIp4, type Ip4 } from '../../core/base/ids.ts'
import type { HostView, TraceRecord } from '../../engine/engine.ts'
import type { MapBand, MapItem, MapTable, PlaceState } from '../../view/netfilter/model.ts'
import type { Owners } from '../model/owners.ts'
import type { MapWords } from './words.ts'

type Told = readonly TraceRecord[]
type Row = MapTable['rows'][number]

const endOf = (ip: Ip4, port: number): string => (port === 0 ? formatIp4(ip) : `${formatIp4(ip)}:${port}`)

/** Programs with what they listen on; the one spoken of is marked. */
export function procBand(
  host: string,
  view: HostView | undefined,
  told: Told,
  state: PlaceState,
  words: MapWords,
): MapBand {
  const names = [...new Set((view?.procs ?? []).map(({ argv }) => programOf(argv)))]
  const spoken = spokenOf(view, told)
  const items = names.map((name): MapItem => {
    const ports = (view?.sockets ?? [])
      .filter((socket) => socket.program === name && (socket.state === 'LISTEN' || socket.state === 'UNCONN'))
      .map(({ proto, lport }) => `${proto} :${lport}`)
    const pid = view?.procs.find(({ argv }) => programOf(argv) === name)?.pid ?? 0
    return { title: name, note: ports[0] ?? `pid ${pid}`, now: name === spoken }
  })
  if (spoken !== undefined && !names.includes(spoken)) items.push({ title: spoken, note: '', now: true })
  const first = items.sort((a, b) => Number(b.now) - Number(a.now))
  return {
    title: words.procs,
    note: first.length > 0 ? words.procsNote(host) : words.noProcs,
    state,
    items: first,
  }
}

/** `/usr/sbin/nginx -g ...` and `nginx: worker process` are both nginx. */
function programOf(argv: readonly string[]): string {
  return (argv[0] ?? '').replace(/^.*\//, '').replace(/[: ].*$/, '')
}

function spokenOf(view: HostView | undefined, told: Told): string | undefined {
  for (const note of told) {
    if (note.kind === 'proc.start') return programOf(note.argv)
    if (note.kind !== 'tcp.state') continue
    const socket = view?.sockets.find(({ lport, program }) => lport === note.lport && program !== '')
    if (socket !== undefined) return socket.program
  }
  return undefined
}

/** The neighbour table; entries that this packet needed come first. */
export function neighbourBand(
  view: HostView | undefined,
  told: Told,
  state: PlaceState,
  owners: Owners,
  words: MapWords,
): MapBand {
  const used = new Set(
    told.flatMap((note) =>
      note.kind === 'neigh' || note.kind === 'neigh.resolved' || note.kind === 'neigh.queue' ? [note.ip] : [],
    ),
  )
  const items = (view?.neigh ?? []).map((entry): MapItem => {
    const owner = owners.ofIp(entry.ip)
    return {
      title: formatIp4(entry.ip),
      ...(owner !== '' && { owner }),
      note: entry.state,
      now: used.has(entry.ip),
    }
  })
  return {
    title: words.neighbours,
    note: words.neighboursNote,
    state,
    items: items.sort((a, b) => Number(b.now) - Number(a.now)),
  }
}

/** IPVS: what it has looked up for this packet, or what it has to offer. */
export function ipvsTable(
  view: HostView | undefined,
  told: Told,
  state: PlaceState,
  owners: Owners,
  words: MapWords,
): MapTable | undefined {
  const service = view?.ipvs.services[0]
  if (view === undefined || service === undefined) return undefined
  const rows: Row[] = []
  let note = service.dests[0]?.mode ?? ''
  const ipRow = (label: string, ip: Ip4, port = 0, strong = false): Row => {
    const owner = owners.ofIp(ip)
    const text =
      owner === '' || port === 0 ? endOf(ip, port) : `${formatIp4(ip).replace(/^.*(?=\.)/, '')}:${port}`
    return { label, value: text, strong, ...(owner !== '' && { owner }) }
  }
  const { ipvs } = words
  for (const one of told) {
    if (one.kind === 'ipvs.pick')
      rows.push(
        ipRow(ipvs.service, one.vip, one.vport),
        { label: ipvs.scheduler, value: one.scheduler },
        ipRow(ipvs.chosen, one.dip, one.dport, true),
      )
    if (one.kind === 'ipvs.conn' && one.found)
      rows.push(ipRow(ipvs.service, one.vip, one.vport), ipRow(ipvs.known, one.dip, one.dport, true))
    if (one.kind === 'ipvs.xmit') {
      note = one.mode
      rows.push({ label: ipvs.ttl, value: `${one.ttlIn} → ${one.ttlOut}` })
    }
  }
  if (rows.length === 0)
    rows.push(
      ipRow(ipvs.service, service.vip, service.port),
      { label: ipvs.scheduler, value: service.scheduler },
      ...service.dests.slice(0, 2).map((dest) => ipRow(ipvs.servers, dest.ip, dest.port)),
    )
  return { title: 'IPVS', note: note.toUpperCase(), state, rows }
}

/** The device that takes outer headers off, once there is one. */
export function tunnelTable(
  view: HostView | undefined,
  told: Told,
  state: PlaceState,
  owners: Owners,
  words: MapWords,
): MapTable | undefined {
  const dev = view?.devs.find(({ name, up }) => /^(tunl|tun|gre|ipip)/.test(name) && up)
  const note = told.find((one) => one.kind === 'tunnel')
  const name = note?.kind === 'tunnel' ? note.dev : dev?.name
  if (name === undefined) return undefined
  const rows: Row[] = [{ label: words.tunnelDev, value: name }]
  if (note?.kind === 'tunnel') {
    const owner = owners.ofIp(note.src)
    rows.push({
      label: words.tunnelFrom,
      value: formatIp4(note.src).replace(/^.*(?=\.)/, ''),
      ...(owner !== '' && { owner }),
    })
  }
  return { title: 'IPIP', note: words.tunnel, state, rows }
}
