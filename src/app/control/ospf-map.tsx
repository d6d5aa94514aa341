import { useCallback, useState } from 'react'
import { useStore } from 'zustand'
import { formatIp4 } from '../../core/base/ids.ts'
import type { Ui } from '../../i18n/words.ts'
import { createSpfTreeView, spfTreeHeight, type SpfTreeModel } from '../../view/control/spf-tree.ts'
import { HostChoice } from '../knobs/host-choice.tsx'
import type { Owners } from '../model/owners.ts'
import { EmptyBox } from '../parts/box.tsx'
import { useView } from '../parts/use-view.ts'
import { useK, useScene, useSessionState, useWords } from '../session/context.tsx'
import { useHostView } from '../session/use-host-view.ts'
import { daemonOf, type OspfView } from './daemons.ts'
import { LsdbTable } from './lsdb-table.tsx'
import { nameOf } from './says.ts'

type Area = OspfView['areas'][number]

/** What one router knows of the network at the playhead, and the paths it has worked out from it. */
export function OspfMap({ width }: { width: number }) {
  const { ui } = useWords()
  const { session } = useScene()
  const k = useK()
  const [wanted, setWanted] = useState<string | undefined>(undefined)
  const selected = useSessionState((s) => s.selectedHost)
  const now = useStore(session.views.store, (s) => s.now)
  const routers = Object.values(now).filter((view) => daemonOf(view, 'ospf') !== undefined)
  const hosts = routers.map(({ host }) => host)
  const host =
    [wanted, selected, 'router'].find((one) => one !== undefined && hosts.includes(one)) ?? hosts[0] ?? ''
  const ospf = daemonOf(useHostView(host, k) ?? now[host], 'ospf')
  const say = ui.control.ospf
  if (ospf === undefined) return <EmptyBox title={say.none} how={say.noneHow} />
  return (
    <div className="ospf-map">
      <HostChoice label={say.of} hosts={hosts} chosen={host} onChoose={setWanted} />
      {ospf.areas.map((area) => (
        <AreaMap key={area.id} area={area} host={host} width={width} />
      ))}
    </div>
  )
}

function AreaMap({ area, host, width }: { area: Area; host: string; width: number }) {
  const { ui } = useWords()
  const { owners } = useScene()
  const say = ui.control.ospf
  const wide = width > 900
  const treeWidth = wide ? Math.floor(width * 0.48) : width
  const model: SpfTreeModel = {
    width: treeWidth,
    nodes: area.tree.map((vertex) => nodeOf(vertex, owners, ui)),
    ariaLabel: say.treeOf(host),
  }
  const create = useCallback((root: SVGGElement) => createSpfTreeView(root), [])
  const root = useView(create, model)
  return (
    <div className={wide ? 'area-map wide' : 'area-map'}>
      <section>
        <h3>
          {say.tree} <span className="small">{say.runs(area.spfRuns)}</span>
        </h3>
        <svg className="vs" width={treeWidth} height={spfTreeHeight(model)}>
          <g ref={root} />
        </svg>
      </section>
      <section>
        <h3>
          {say.lsdb} <code>show ip ospf database</code>
        </h3>
        <LsdbTable lsdb={area.lsdb} />
      </section>
    </div>
  )
}

function nodeOf(vertex: Area['tree'][number], owners: Owners, ui: Ui): SpfTreeModel['nodes'][number] {
  const note = `${ui.control.ospf.cost} ${vertex.distance}`
  const { key, parents, id, type } = vertex
  if (type !== 1) return { key, parents, note, name: formatIp4(id) }
  return { key, parents, note, name: nameOf(id, owners), code: owners.ofIp(id) }
}
