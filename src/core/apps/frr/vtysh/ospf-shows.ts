/** `show ip ospf ...`: FRR's patterns and ospfd's texts. */
import { parseIp4 } from '../../../base/ids.ts'
import { type DatabaseFilter, showDatabase, showMaxAge } from '../ospfd/show/database.ts'
import { showInterfaces, showTraffic } from '../ospfd/show/interface.ts'
import {
  type NeighborFilter,
  showNeighborDetail,
  showNeighbors,
  showNeighborsJson,
} from '../ospfd/show/neighbor.ts'
import { showOspf } from '../ospfd/show/process.ts'
import { showBorderRouters, showRoutes } from '../ospfd/show/route.ts'
import type { Ospf } from '../ospfd/types.ts'
import { type Given, show, type ShowCommand } from './show-command.ts'
import type { View } from './view.ts'

type OspfRun = (o: Ospf, given: Given, view: View) => string

/** A command of ospfd. Without `router ospf` there is nothing to tell. */
function ofOspf(pattern: string, run: OspfRun): ShowCommand {
  const nothing = pattern === 'show ip ospf' ? '' : '% OSPF is not enabled in vrf default\n'
  return show('ospfd', pattern, (view, given) =>
    view.ospf?.conf.enabled ? run(view.ospf, given, view) : nothing,
  )
}

function neighborIn({ values }: Given): NeighborFilter {
  const [text] = values
  if (text === undefined) return {}
  return parseIp4(text) === undefined ? { dev: text } : { id: text }
}

const TYPES = '<asbr-summary|external|network|router|summary>'

function databaseIn({ words, values }: Given): DatabaseFilter {
  const type = words
    .slice(4)
    .find((word): word is NonNullable<DatabaseFilter['type']> => TYPES.includes(word))
  const self = words.includes('self-originate')
  const at = words.indexOf('adv-router')
  const adv = at < 0 ? undefined : parseIp4(words[at + 1] ?? '')
  const id = at < 0 || values.length > 1 ? parseIp4(values[0] ?? '') : undefined
  return {
    ...(type !== undefined && { type }),
    ...(id !== undefined && { id }),
    ...(adv !== undefined && { adv }),
    ...(self && { self }),
  }
}

export const OSPF_SHOWS: readonly ShowCommand[] = [
  ofOspf('show ip ospf', (o, _, { now }) => showOspf(o, now)),
  ofOspf('show ip ospf neighbor [<IFNAME|A.B.C.D>]', (o, given, { now }) =>
    showNeighbors(o, now, neighborIn(given)),
  ),
  ofOspf('show ip ospf neighbor [<IFNAME|A.B.C.D>] detail', (o, given, { now }) =>
    showNeighborDetail(o, now, neighborIn(given)),
  ),
  ofOspf('show ip ospf neighbor [<IFNAME|A.B.C.D>] json', (o, given, { now }) =>
    showNeighborsJson(o, now, neighborIn(given)),
  ),
  ofOspf('show ip ospf interface [IFNAME]', (o, { values }, { now }) => showInterfaces(o, now, values[0])),
  ofOspf('show ip ospf interface traffic [IFNAME]', (o, { values }) => showTraffic(o, values[0])),
  ofOspf(
    `show ip ospf database [${TYPES} [A.B.C.D] [<self-originate|adv-router A.B.C.D>]]`,
    (o, given, { now }) => showDatabase(o, now, databaseIn(given)),
  ),
  ofOspf('show ip ospf database self-originate', (o, given, { now }) =>
    showDatabase(o, now, databaseIn(given)),
  ),
  ofOspf('show ip ospf database max-age', (o, _, { now }) => showMaxAge(o, now)),
  ofOspf('show ip ospf route', (o) => showRoutes(o)),
  ofOspf('show ip ospf border-routers', (o) => showBorderRouters(o)),
]
