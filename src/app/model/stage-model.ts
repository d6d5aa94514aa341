import { isGroupMac, type HostId, type Mac } from '../../core/base/ids.ts'
import { ethDst } from '../../core/wire/ethernet.ts'
import type { HostView, Loaded, TraceRecord } from '../../engine/engine.ts'
import { noteSentence } from '../../i18n/note-sentence.ts'
import { textOf } from '../../i18n/text-of.ts'
import type { Words } from '../../i18n/words.ts'
import type { StageHost, StageModel, StagePacket, StageSegment, WalkedHop } from '../../view/stage/model.ts'
import { checkersOf, roleMarks } from '../control/stage-marks.ts'
import { isQuiet } from '../control/traffic.ts'
import type { RunClock } from '../session/clock.ts'
import type { RunData } from '../session/run-data.ts'
import { calloutOf } from './callout.ts'
import { addressRows, portsOf, stateLine, troubleLine } from './cards.ts'
import { flightBefore, frameAt } from './chain.ts'
import type { FlagReader } from './flags.ts'
import { flightsAround } from './flights.ts'
import { modeOf } from './lvs-lab.ts'
import { hookBoxes } from './hook-boxes.ts'
import { neighbourTable } from './neighbour-table.ts'
import type { Owners } from './owners.ts'

export interface StageInput {
  lab: Loaded['lab']
  run: RunData
  views: Readonly<Record<HostId, HostView>>
  owners: Owners
  flags: FlagReader
  words: Words
  clock: RunClock
  k: number
  speed: number
  width: number
  height: number
  selected: HostId | undefined
  projector: boolean
  /** Px at the lower edge under the open dock. */
  covered?: number
  /** A click on a link pulls its cable. */
  canPull?: boolean
  /** Nothing travels: every step is a still picture. */
  still: boolean
}

/** Cards are 192 px wide below this width of the stage, 208 above. */
const NARROW_PX = 760

type Flight = Extract<TraceRecord, { kind: 'flight' }>

/** The stage at note `k`: hosts, the way walked, the packet spoken of, what is in flight around then. Pure. */
export function stageModel(input: StageInput): StageModel {
  const { run, words, k } = input
  const ui = words.ui.stage
  const record = k > run.bootRecord ? run.records[k] : undefined
  const packet = record && packetAt(input, record)
  const news = record && packet === undefined ? newsOf(input, record) : undefined
  const active = packet === undefined && news === undefined ? undefined : record?.host
  const hosts = Object.keys(input.lab.hosts).flatMap(
    (id) => hostCard(input, id, active, news === undefined) ?? [],
  )
  const here = record?.kind === 'flight' ? record : undefined
  return {
    width: input.width,
    height: input.height,
    ...(input.covered !== undefined && { covered: input.covered }),
    ...(input.projector && { scale: 'projector' as const }),
    hosts: input.projector ? hostsOfStep(hosts, here, active) : hosts,
    segments: segmentsOf(input, here),
    way: record && news === undefined ? wayTo(input, record) : [],
    ...(packet && { packet }),
    ...(news && { news }),
    flights: flightsAround(input),
    captions: [ui.macFrom, ui.macTo, ui.ipFrom, ui.ipTo],
    tunnelCaptions: [ui.macFrom, ui.macTo, ui.outerFrom, ui.outerTo, ui.innerFrom, ui.innerTo],
    arpCaptions: [ui.macFrom, ui.macTo, ui.arpSender, ui.arpTarget],
    ariaLabel: record ? `${ui.label}. ${record.host}: ${textOf(noteSentence(words, record))}` : ui.label,
  }
}

function hostCard(
  input: StageInput,
  id: HostId,
  active: HostId | undefined,
  hasPacket: boolean,
): StageHost | undefined {
  const view = input.views[id]
  const spec = input.lab.hosts[id]
  if (view === undefined || spec === undefined) return undefined
  const { owners, words, run, k } = input
  const ports = portsOf(input.lab, view, input.canPull ? words.ui : undefined, owners)
  const trouble = troubleLine(view, ports, words.ui)
  const down = trouble !== undefined
  const state = trouble ?? stateLine(view, owners, words.ui, modeOf(input.views))
  const hooks = id === active && hasPacket ? hookBoxes(run, k) : undefined
  const table = id === active ? neighbourTable(run, k, owners, words.ui) : undefined
  const rows = addressRows(view, owners)
  const role = roleOf(spec.role, id, input)
  const marks = roleMarks(view, input.views, owners)
  return {
    id,
    code: owners.codeOf(id),
    name: id,
    role,
    at: spec.at ?? [24, 24],
    status: down ? 'down' : active === undefined ? 'normal' : id === active ? 'active' : 'dimmed',
    selected: id === input.selected,
    ...(marks.length > 0 && { marks }),
    rows,
    state,
    ports,
    ...(hooks && { hooks }),
    ...(table && { table }),
    ariaLabel: [
      id,
      ...marksInWords(input, view, marks),
      ...rows.map((row) => `${row.label} ${row.address}`),
      state,
    ].join(', '),
  }
}

/** Marks for those who hear them: the verdicts of checkers as sentences. */
function marksInWords({ views, words }: StageInput, view: HostView, marks: readonly string[]): string[] {
  const health = checkersOf(view, views).map(({ lb, up }) => words.ui.control.stage.health(lb, view.host, up))
  return view.role === 'server' ? health : [...marks]
}

/** Narrow cards have no room for the header that a server adds. */
function roleOf(role: HostView['role'], id: HostId, { words, width }: StageInput): string {
  const roles = words.ui.stage.roles
  if (role !== 'server') return roles[role]
  return width < NARROW_PX ? roles.serverShort : roles.server(id)
}

/** The projector shows the active host, where the packet came from and where it goes. */
function hostsOfStep(hosts: StageHost[], here: Flight | undefined, active: HostId | undefined): StageHost[] {
  if (active === undefined || here === undefined) return hosts
  const ends = new Set([active, ...here.to.map((end) => end.host)])
  return hosts.filter((host) => ends.has(host.id) || host.status === 'down' || hosts.length <= 5)
}

function segmentsOf(input: StageInput, here: Flight | undefined): StageSegment[] {
  return Object.keys(input.lab.segments).map((id) => {
    const net = Object.values(input.lab.hosts).flatMap((host) =>
      Object.values(host.interfaces).flatMap((dev) => (dev.segment === id ? dev.addresses : [])),
    )[0]
    const bytes = here?.segment === id ? input.run.frames[here.frame]?.bytes : undefined
    return {
      id,
      label: input.words.ui.stage.lan(net === undefined ? id : networkText(net)),
      ...(bytes && isGroupMac(ethDst(bytes)) && { broadcast: true }),
    }
  })
}

/** '172.16.253.135/24' -> '172.16.253.0/24', for the usual masks of whole octets; others stay as they are. */
function networkText(cidr: string): string {
  const [address = '', prefix] = cidr.split('/')
  const octets = Number(prefix) / 8
  if (!Number.isInteger(octets)) return cidr
  const parts = address.split('.')
  return `${parts.map((part, i) => (i < octets ? part : '0')).join('.')}/${prefix}`
}

function wayTo(input: StageInput, record: TraceRecord): WalkedHop[] {
  const k = flightBefore(input.run.records, record.i)
  const flight = k === undefined ? undefined : input.run.records[k]
  return flight?.kind === 'flight' ? [walked(input, flight, record.host)] : []
}

function walked(input: StageInput, flight: Flight, to: HostId): WalkedHop {
  const bytes = input.run.frames[flight.frame]?.bytes
  const broadcast = bytes !== undefined && isGroupMac(ethDst(bytes))
  const ends = broadcast ? flight.to : flight.to.filter((end) => end.host === to)
  return {
    from: { host: flight.host, dev: flight.dev },
    to: ends.map((end) => ({ host: end.host, dev: end.dev, ...(end.host !== to && { taken: false }) })),
  }
}

/** What routing and health checks come to is told where it happened, when its packet is long gone or not shown. */
function newsOf({ words }: StageInput, record: TraceRecord): StageModel['news'] {
  if (!NEWS.includes(record.kind)) return undefined
  return { host: record.host, text: textOf(noteSentence(words, record)) }
}

const NEWS: readonly string[] = [
  ...[
    'ospf.neighbor',
    'ospf.interface',
    'ospf.lsa',
    'ospf.spf',
    'rib',
    'netlink',
    'health',
    'quorum',
    'vrrp',
  ],
  ...['journal', 'host', 'cable'],
]
/** A packet that came in longer ago than this did not lead there by itself: a timer did. */
const FRESH_NS = 1_000_000

/** The packet spoken of. It stands on the link it is about to take, or on the one it came by. */
function packetAt(input: StageInput, record: TraceRecord): StagePacket | undefined {
  const { run, clock, flags, owners, words } = input
  const callout = calloutOf(run, record.i, owners, words)
  if (record.kind === 'flight') {
    const flag = flags.ofFlight(record.i)
    if (flag === undefined) return undefined
    const span = clock.span(record.i)
    return {
      flag,
      at: linkOf(input, record),
      ...(callout && { callout }),
      ...(span && { to: span[0] + 0.5 }),
    }
  }
  const frame = frameAt(run.records, record.i)
  if (frame === undefined || isGone(run, record, frame)) return undefined
  const came = run.flightOf[frame]
  const flag = came === undefined ? flags.ofFrame(frame) : flags.ofFlight(came)
  const dev = input.views[record.host] && portsOf(input.lab, input.views[record.host] as HostView)[0]?.dev
  if (flag === undefined || dev === undefined) return undefined
  const lost = record.kind === 'drop' ? { ...flag, lost: record.why } : flag
  return { flag: lost, at: { host: record.host, dev }, ...(callout && { callout }) }
}

/** Quiet, or long ago: nothing to point at. */
function isGone(run: RunData, record: TraceRecord, frame: number): boolean {
  const k = run.flightOf[frame]
  const flight = k === undefined ? undefined : run.records[k]
  if (k === undefined || flight?.kind !== 'flight') return false
  return isQuiet(run, k) || (NEWS.includes(record.kind) && record.at - flight.t1 > FRESH_NS)
}

/** Beside the receiver's link for a frame with one addressee, else beside the sender's. */
function linkOf(input: StageInput, flight: Flight): StagePacket['at'] {
  const bytes = input.run.frames[flight.frame]?.bytes
  const mac: Mac | undefined = bytes && ethDst(bytes)
  const addressee = mac === undefined ? undefined : input.owners.hostOf(input.owners.ofMac(mac))
  const end = flight.to.find((to) => to.host === addressee)
  return end ? { host: end.host, dev: end.dev } : { host: flight.host, dev: flight.dev }
}
