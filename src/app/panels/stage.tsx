import { type ReactNode, useCallback, useMemo, useRef } from 'react'
import { useStore } from 'zustand'
import { stageZoom } from '../../view/stage/metrics.ts'
import { createStageView } from '../../view/stage/stage.ts'
import { type StageInput, stageModel } from '../model/stage-model.ts'
import { usePrefs } from '../parts/use-prefs.ts'
import { useSize } from '../parts/use-size.ts'
import { useView } from '../parts/use-view.ts'
import { setPrefs } from '../prefs/prefs.ts'
import type { Session } from '../session/session.ts'
import { useK, useMedia, useRevision, useScene, useSessionState, useWords } from '../session/context.tsx'

/** Hosts, links and packets at the playhead. */
export function Stage({
  projector = false,
  canPull = false,
  covered = 0,
  children,
}: {
  projector?: boolean
  /** A click on a link takes its cable out or puts it in. */
  canPull?: boolean
  /** Px at the lower edge that the open dock lies over. */
  covered?: number
  children?: ReactNode
}) {
  const box = useRef<HTMLDivElement>(null)
  const size = useSize(box)
  const ready = useSessionState((s) => s.phase !== 'booting')
  return (
    <main className="stage" id="stage" ref={box} tabIndex={-1}>
      {ready && size.width > 0 && size.height > 0 ? (
        <Picture {...size} projector={projector} canPull={canPull} covered={covered} />
      ) : null}
      {children}
    </main>
  )
}

interface PictureProps {
  width: number
  height: number
  projector: boolean
  canPull: boolean
  covered: number
}

function Picture(props: PictureProps) {
  const { width, height, projector, canPull, covered } = props
  const { session } = useScene()
  const reducedMotion = useMedia('(prefers-reduced-motion: reduce)')
  const zoom = projector ? 1 : stageZoom(width, height)
  const model = useStageModel({
    width: width / zoom,
    height: height / zoom,
    covered: covered / zoom,
    projector,
    canPull,
    still: reducedMotion,
  })
  const create = useCallback(
    (root: SVGGElement) =>
      createStageView(root, {
        reducedMotion,
        onSelectHost: (id) => {
          session.select(id)
          setPrefs({ inspectorTab: 'host' })
        },
        onLink: ({ host, dev }) => {
          pullOrPlug(session, host, dev)
        },
        onSelectFlight: (id) => {
          session.player.set(Number(id))
          setPrefs({ inspectorTab: 'packet' })
        },
      }),
    [session, reducedMotion],
  )
  const root = useView(create, model, session.playhead)
  return (
    <svg className="vs" width={width} height={height} viewBox={`0 0 ${width / zoom} ${height / zoom}`}>
      <g ref={root} />
    </svg>
  )
}

/** Takes a cable out that is in at the end of the run, or puts it in. */
function pullOrPlug(session: Session, host: string, dev: string): void {
  const { phase, busy } = session.state.getState()
  if (phase !== 'ready' || busy || session.player.isLocked()) return
  const port = session.views.store.getState().tail[host]?.devs.find(({ name }) => name === dev)
  if (port !== undefined) void session.act((engine) => engine.cable(host, dev, !port.carrier))
}

type StagePlace = Pick<StageInput, 'width' | 'height' | 'covered' | 'projector' | 'canPull' | 'still'>

function useStageModel(place: StagePlace) {
  const { width, height, covered = 0, projector, canPull = false, still } = place
  const { session, owners, flags } = useScene()
  const words = useWords()
  const k = useK()
  const revision = useRevision()
  const views = useStore(session.views.store, (s) => s.now)
  const selected = useSessionState((s) => s.selectedHost)
  const speed = usePrefs((p) => p.speed)
  return useMemo(() => {
    const { lab, run, player } = session
    const clock = player.clock()
    const model = stageModel({
      ...{
        lab,
        run,
        views,
        owners,
        flags,
        words,
        clock,
        k,
        speed,
        width,
        height,
        selected,
        projector,
        still,
        canPull,
        covered,
      },
    })
    return { ...model, revision }
  }, [
    session,
    views,
    owners,
    flags,
    words,
    k,
    speed,
    width,
    height,
    selected,
    projector,
    still,
    canPull,
    covered,
    revision,
  ])
}
