import type { HostId } from '../../core/base/ids.ts'
import type { HostView, TraceRecord } from '../../engine/engine.ts'
import type { Words } from '../../i18n/words.ts'
import type { FlagModel } from '../../view/flag/model.ts'
import type {
  HookPlace,
  MapFlag,
  MapHook,
  MapLeg,
  MapModel,
  MapWalk,
  Place,
  PlaceState,
} from '../../view/netfilter/model.ts'
import { directedLegs, otherWays } from '../model/both-ways.ts'
import type { FlagReader } from '../model/flags.ts'
import type { Owners } from '../model/owners.ts'
import { walkAt, type Walk } from '../model/walk.ts'
import type { Station } from '../model/walk-places.ts'
import type { RunClock } from '../session/clock.ts'
import type { RunData } from '../session/run-data.ts'
import { askedOf, changesOf } from './changes.ts'
import { HOOK_TITLES, hookRows } from './hook-rows.ts'
import { ipvsTable, neighbourBand, procBand, tunnelTable } from './tables.ts'
import type { MapWords } from './words.ts'

export interface MapInput {
  host: HostId
  run: RunData
  k: number
  view: HostView | undefined
  owners: Owners
  flags: FlagReader
  clock: RunClock
  words: Words
  map: MapWords
  width: number
  height: number
  wall: boolean
  /** Draw the other direction, too. */
  both: boolean
  /** Nothing that comes after the playhead is shown. */
  curtain: boolean
}

/** The walk that is shown on a host at note `k`. */
export function shownWalk({
  run,
  host,
  k,
  curtain,
}: Pick<MapInput, 'run' | 'host' | 'k' | 'curtain'>): Walk | undefined {
  return k <= run.bootRecord ? undefined : walkAt(run.records, host, k, !curtain, run.bootRecord + 1)
}

/** A host from the inside at note `k`. Pure. */
export function mapModel(input: MapInput): MapModel {
  const { host, run, k, view, owners, map } = input
  const walk = shownWalk(input)
  const reached = walk === undefined ? -1 : reachedOf(walk, k)
  const met = (walk?.stations ?? []).slice(0, reached + 1).map((one) => ({ ...one, told: told(run, one, k) }))
  const state = (place: Place): PlaceState => stateOf(walk, reached, place)
  const at = (...places: Place[]): TraceRecord[] =>
    met.filter(({ place }) => places.includes(place)).flatMap((one) => one.told)
  const hook = (place: HookPlace): MapHook => {
    const last = met.filter((one) => one.place === place).at(-1)
    const verdict = last?.told.some(({ kind }) => kind === 'hook') === true ? last.verdict : undefined
    const rows = hookRows(place, view, met, map)
    return { title: HOOK_TITLES[place], rows, state: state(place), ...(verdict && { verdict }) }
  }
  const ipvs = ipvsTable(view, at('input', 'ipvs'), state('ipvs'), owners, map)
  const tunnel = tunnelTable(view, at('tunnel'), state('tunnel'), owners, map)
  const asked = walk && askedOf(run, walk, k, owners, map)
  const others = walk && input.both ? otherLegs(input, walk) : []
  return {
    width: input.width,
    height: input.height,
    ...(input.wall && { wall: true }),
    devs: devsOf(view, walk),
    hooks: {
      pre: hook('pre'),
      input: hook('input'),
      forward: hook('forward'),
      output: hook('output'),
      post: hook('post'),
    },
    procs: procBand(host, view, at('procs', 'routeOut'), state('procs'), map),
    neighbours: neighbourBand(view, at('arp'), state('arp'), owners, map),
    ...(ipvs && { ipvs }),
    ...(tunnel && { tunnel }),
    ...(walk && { walk: mapWalk(input, walk, reached) }),
    others,
    ...(asked && { asked }),
    changes: walk ? changesOf(run, walk, k, owners, map) : [],
    ...(walk && flagsOf(input, walk, reached)),
    words: { ...map },
    legend: input.wall ? [] : legendOf(input, others),
    ariaLabel: [map.label(host), ...met.map(({ place, verdict }) => spoken(map, place, verdict))].join(', '),
  }
}

const spoken = (map: MapWords, place: Place, verdict: string | undefined): string =>
  verdict === undefined ? map.places[place] : `${map.places[place]} ${verdict}`

function told(run: RunData, station: Station, k: number): TraceRecord[] {
  return station.notes.flatMap((i) => (i <= k ? (run.records[i] ?? []) : []))
}

/** Index of the last station that note `k` or an earlier one speaks of. */
export function reachedOf(walk: Walk, k: number): number {
  let last = 0
  walk.stations.forEach(({ notes }, i) => {
    if ((notes[0] ?? Infinity) <= k) last = i
  })
  return last
}

function stateOf(walk: Walk | undefined, reached: number, place: Place): PlaceState {
  const stations = walk?.stations ?? []
  if (stations[reached]?.place === place) return 'now'
  if (stations.slice(0, reached).some((one) => one.place === place)) return 'done'
  return stations.some((one) => one.place === place) ? 'ahead' : 'idle'
}

/** Interfaces to links, and those that the packet uses; a tunnel has its own box. */
function devsOf(view: HostView | undefined, walk: Walk | undefined): string[] {
  const used = (walk?.stations ?? []).flatMap(({ place, dev }) =>
    (place === 'in' || place === 'out') && dev !== undefined ? [dev] : [],
  )
  const links = (view?.devs ?? []).filter(({ mac }) => mac !== 0).map(({ name }) => name)
  return [...new Set([...links, ...used])].slice(0, 4)
}

function mapWalk({ run, clock, k, map, words, both }: MapInput, walk: Walk, reached: number): MapWalk {
  const times = walk.stations.map(({ notes }) => ({
    at: notes[0] === undefined ? undefined : clock.at(notes[0]),
    until: notes.at(-1) === undefined ? undefined : clock.at(notes.at(-1) ?? 0),
  }))
  const stops = walk.stations.map(({ place, dev }, i) => {
    const before = times[i - 1]?.until ?? 0
    const after = times[i + 1]?.at ?? before
    const at = times[i]?.at ?? (before + after) / 2
    return { place, at, until: times[i]?.until ?? at, ...(dev !== undefined && { dev }) }
  })
  const end = walk.notes.map((i) => run.records[i]).find((note) => note?.kind === 'drop')
  const lost = end?.kind === 'drop' && end.i <= k ? words.drops[end.why].what || map.lost : undefined
  const double = both && directedLegs(run, walk).every(({ way }) => way === 'reply')
  return { stops, reached, ...(lost !== undefined && { lost }), ...(double && { double }) }
}

function otherLegs(input: MapInput, walk: Walk): MapLeg[] {
  const until = input.curtain ? input.k : Infinity
  return otherWays(input.run, walk, until).map(({ stations, way }) => ({
    stops: stations.map(({ place, dev }) => ({ place, ...(dev !== undefined && { dev }) })),
    double: way === 'reply',
  }))
}

function flagsOf(
  { run, flags, map }: MapInput,
  walk: Walk,
  reached: number,
): { came?: MapFlag; goes?: MapFlag } {
  const flight = walk.goes === undefined ? undefined : run.flightOf[walk.goes]
  const leaves = flight === undefined ? undefined : flags.ofFlight(flight)
  const came = walk.came === undefined ? undefined : flags.ofFrame(walk.came)
  const changedAt = walk.stations.findIndex(({ place }) =>
    /^(procs|ipvs|forward|routeOut|post|arp|out)$/.test(place),
  )
  const changed = changedAt >= 0 && reached >= changedAt
  const one = (flag: FlagModel, title: string, now: boolean): MapFlag => ({ flag, title, now })
  return {
    ...(came && { came: one(came, map.came(''), !changed) }),
    ...(leaves && { goes: one(leaves, came ? map.goes('') : map.made(''), changed || came === undefined) }),
  }
}

function legendOf({ map, both }: MapInput, others: readonly MapLeg[]): MapModel['legend'] {
  const { legend } = map
  const ways = [
    { style: 'walked', text: legend.walked },
    { style: 'ahead', text: legend.ahead },
    { style: 'idle', text: legend.idle },
  ] as const
  if (!both) return ways
  return others.length === 0
    ? [...ways, { style: 'double', text: map.onlyOne }]
    : [...ways, { style: 'double', text: legend.reply }]
}
