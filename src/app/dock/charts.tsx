import { lazy, Suspense, useCallback, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { createDistributionView, distributionHeight } from '../../view/charts/distribution.ts'
import type { DistributionModel } from '../../view/charts/model.ts'
import { bandOf, countAt } from '../model/counts.ts'
import { expectedShares, type Shares } from '../model/expected.ts'
import { EmptyBox } from '../parts/box.tsx'
import { Segmented } from '../parts/segmented.tsx'
import { useSize } from '../parts/use-size.ts'
import { useView } from '../parts/use-view.ts'
import { useK, useRevision, useScene, useWords } from '../session/context.tsx'

const GAP_PX = 48
const PAD_PX = 48

const FailureChart = lazy(() =>
  import('../control/failure-chart.tsx').then((m) => ({ default: m.FailureChart })),
)
const OspfMap = lazy(() => import('../control/ospf-map.tsx').then((m) => ({ default: m.OspfMap })))

const CHARTS = ['shares', 'failure', 'ospf'] as const
type Chart = (typeof CHARTS)[number]

/** What the run has come to, in one of several pictures. */
export function Charts() {
  const { ui } = useWords()
  const { session } = useScene()
  const [chosen, choose] = useState<Chart>('shares')
  const box = useRef<HTMLDivElement>(null)
  const { width } = useSize(box)
  useRevision()
  const speaks = session.lists.chatter.has('ospf')
  const chart = chosen === 'ospf' && !speaks ? 'shares' : chosen
  const { label, tabs } = ui.control.charts
  const segments = CHARTS.filter((value) => value !== 'ospf' || speaks).map((value) => ({
    value,
    label: tabs[value],
  }))
  return (
    <div className="chart-panel" ref={box}>
      <div className="chart-choice">
        <Segmented label={label} value={chart} segments={segments} onChoose={choose} />
      </div>
      {chart === 'shares' ? (
        <Shares />
      ) : (
        <Suspense>
          {width === 0 ? null : chart === 'failure' ? (
            <FailureChart width={width - PAD_PX} />
          ) : (
            <OspfMap width={width - PAD_PX} />
          )}
        </Suspense>
      )}
    </div>
  )
}

/** How connections were shared out among load balancers, and requests among servers, up to the playhead. */
function Shares() {
  const { ui } = useWords()
  const { session } = useScene()
  const box = useRef<HTMLDivElement>(null)
  const { width } = useSize(box)
  const k = useK()
  useRevision()
  const views = useStore(session.views.store, (s) => s.now)
  const expected = useMemo(() => expectedShares(views), [views])
  const { tally } = session.lists
  const none = [...tally.lb.values(), ...tally.server.values()].every((notes) => countAt(notes, k) === 0)
  const each = Math.max(220, Math.floor((width - PAD_PX - GAP_PX) / 2))
  return (
    <div className="charts" ref={box}>
      {none ? (
        <EmptyBox title={ui.dock.noRequests} how={ui.dock.noRequestsHow}>
          {session.player.isAtEnd() ? null : (
            <button type="button" className="btn" onClick={() => session.player.toEnd()}>
              {ui.dock.toEnd}
            </button>
          )}
        </EmptyBox>
      ) : width === 0 ? null : (
        <>
          <Distribution title={ui.dock.perLb} shares={expected.lb} notes={tally.lb} k={k} width={each} />
          <Distribution
            title={ui.dock.perServer}
            shares={expected.server}
            notes={tally.server}
            k={k}
            width={each}
          />
        </>
      )}
    </div>
  )
}

function Distribution(props: {
  title: string
  shares: Shares
  notes: ReadonlyMap<string, number[]>
  k: number
  width: number
}) {
  const { title, shares, notes, k, width } = props
  const { ui } = useWords()
  const { owners } = useScene()
  const create = useCallback((root: SVGGElement) => createDistributionView(root), [])
  const hosts = Object.keys(shares)
  const model = useMemo((): DistributionModel => {
    const counts = hosts.map((host) => countAt(notes.get(host), k))
    const total = counts.reduce((a, b) => a + b, 0)
    const bars = hosts.map((host, i) => {
      const count = counts[i] ?? 0
      const share = total === 0 ? 0 : count / total
      const expected = shares[host] ?? 0
      const texts = { countText: String(count), shareText: `${(share * 100).toFixed(1)} %` }
      return {
        code: owners.codeOf(host),
        name: host,
        count,
        expected,
        band: bandOf(expected, total),
        ...texts,
      }
    })
    const label = `${title}: ${bars.map((bar) => `${bar.name} ${bar.count}`).join(', ')}`
    return { width, title, bars, total, ariaLabel: label, empty: ui.dock.noRequests }
    // hosts follow from shares
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [shares, notes, k, width, title, owners, ui])
  const root = useView(create, model)
  return (
    <figure className="distribution">
      <svg className="vs" width={width} height={distributionHeight(hosts.length)}>
        <g ref={root} />
      </svg>
      <figcaption className="small">
        <span className="mark-expected" /> {ui.dock.expected} <span className="mark-band" /> {ui.dock.band}
      </figcaption>
    </figure>
  )
}
