import { useCallback, useEffect, useMemo, useRef } from 'react'
import { tinykeys } from 'tinykeys'
import { useStore } from 'zustand'
import type { HostId } from '../../core/base/ids.ts'
import { createMapView } from '../../view/netfilter/map.ts'
import { useSize } from '../parts/use-size.ts'
import { useView } from '../parts/use-view.ts'
import { setPrefs } from '../prefs/prefs.ts'
import { useK, useRevision, useScene, useSessionState, useWords } from '../session/context.tsx'
import { useHostView } from '../session/use-host-view.ts'
import type { Session } from '../session/session.ts'
import { toDecision } from './decision.ts'
import { MapHead } from './map-head.tsx'
import { mapModel } from './map-model.ts'
import { useMapWords } from './words.ts'
import { lookInto, useZoom } from './zoom.ts'
import './netfilter.css'

/** How long it takes to come into a host, ms. Only the way in; nothing of the run depends on it. */
const ZOOM_MS = 260

/** The inside of a host in place of the stage. */
export function HostMap({ host, projector, covered }: { host: HostId; projector: boolean; covered: number }) {
  const { session } = useScene()
  const root = useRef<HTMLDivElement>(null)
  const box = useRef<HTMLDivElement>(null)
  const size = useSize(box)
  useMapKeys(session, host)
  useEffect(() => {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    if (!still) root.current?.animate(COMING_IN, { duration: ZOOM_MS, easing: 'ease-out' })
  }, [host])
  const height = size.height - covered
  return (
    <div className={projector ? 'host-map wall' : 'host-map'} ref={root}>
      {projector ? null : <MapHead host={host} />}
      <div className="host-map-box" ref={box}>
        {size.width > 0 && height > 0 ? (
          <Picture host={host} width={size.width} height={height} projector={projector} />
        ) : null}
      </div>
    </div>
  )
}

const COMING_IN = [
  { opacity: 0, transform: 'scale(0.6)' },
  { opacity: 1, transform: 'none' },
]

interface PictureProps {
  host: HostId
  width: number
  height: number
  projector: boolean
}

/** Smallest picture that is set without being made smaller, px. */
const LEAST = { width: 700, height: 448 } as const
const WALL = { width: 860, height: 444 } as const

function Picture({ host, width, height, projector }: PictureProps) {
  const { session } = useScene()
  const least = projector ? WALL : LEAST
  const wanted = projector ? WALL : { width: 1060, height: 600 }
  const fits = Math.min(width / wanted.width, height / wanted.height)
  const zoom = Math.min(projector ? 2.2 : 1.3, Math.max(1, fits))
  const seen = { width: Math.max(width / zoom, least.width), height: Math.max(height / zoom, least.height) }
  const model = useMapModel(host, seen.width, seen.height, projector)
  const create = useCallback(
    (root: SVGGElement) => createMapView(root, { onPlace: () => setPrefs({ inspectorTab: 'why' }) }),
    [],
  )
  const root = useView(create, model, session.playhead)
  return (
    <svg className="vs" width={width} height={height} viewBox={`0 0 ${seen.width} ${seen.height}`}>
      <g ref={root} />
    </svg>
  )
}

function useMapModel(host: HostId, width: number, height: number, wall: boolean) {
  const { session, owners, flags } = useScene()
  const words = useWords()
  const map = useMapWords()
  const k = useK()
  const revision = useRevision()
  const both = useZoom((zoom) => zoom.both)
  const curtain = useSessionState((s) => s.curtain)
  const configured = useStore(session.views.store, (s) => s.now[host])
  const exact = useHostView(host, k)
  const view = exact ?? configured
  return useMemo(() => {
    const { run, player } = session
    const place = { host, k, view, width, height, wall, both, curtain }
    const model = mapModel({ run, owners, flags, words, map, clock: player.clock(), ...place })
    return { ...model, revision }
  }, [session, owners, flags, words, map, k, host, view, width, height, wall, both, curtain, revision])
}

/** From decision to decision inside the host, and back to the lab. */
function useMapKeys(session: Session, host: HostId): void {
  useEffect(() => {
    const step = (by: 1 | -1) => (event: KeyboardEvent) => {
      if (isTyping(event)) return
      event.preventDefault()
      toDecision(session, host, by)
    }
    const leave = (event: KeyboardEvent): void => {
      if (!isTyping(event)) lookInto(session, undefined)
    }
    return tinykeys(window, { n: step(1), p: step(-1), Escape: leave })
  }, [session, host])
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : undefined
  return target?.closest('input:not([type=range]), textarea, select, dialog, .terminal') != null
}
