import {
  lazy,
  type ReactNode,
  type RefObject,
  Suspense,
  type SyntheticEvent,
  useCallback,
  useEffect,
  useMemo,
  useRef,
} from 'react'
import { useStore } from 'zustand'
import { stageZoom } from '../../view/stage/metrics.ts'
import { createStageView } from '../../view/stage/stage.ts'
import { lookInto, useZoom } from '../netfilter/zoom.ts'
import { type StageInput, stageModel } from '../model/stage-model.ts'
import { usePrefs } from '../parts/use-prefs.ts'
import { useSize } from '../parts/use-size.ts'
import { useView } from '../parts/use-view.ts'
import { setPrefs } from '../prefs/prefs.ts'
import type { Session } from '../session/session.ts'
import { useK, useMedia, useRevision, useScene, useSessionState, useWords } from '../session/context.tsx'

const HostMap = lazy(() => import('../netfilter/host-map.tsx').then((m) => ({ default: m.HostMap })))
const LookButton = lazy(() => import('../netfilter/look-button.tsx').then((m) => ({ default: m.LookButton })))

/** Hosts, links and packets at the playhead; or one host from the inside. */
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
  const ready = useSessionState((s) => s.phase !== 'booting') && size.width > 0 && size.height > 0
  const { session } = useScene()
  const inside = useZoom((zoom) => zoom.host)
  const enter = (event: SyntheticEvent): void => {
    const host = event.target instanceof Element && event.target.closest<SVGElement>('[data-host]')
    if (host) lookInto(session, host.dataset['host'])
  }
  return (
    <main
      className="stage"
      id="stage"
      ref={box}
      tabIndex={-1}
      onDoubleClick={enter}
      onMouseDown={(event) => event.detail > 1 && event.preventDefault()}
      onKeyDown={(event) => event.key === 'Enter' && enter(event)}
    >
      {ready && inside === undefined ? (
        <Picture {...size} projector={projector} canPull={canPull} covered={covered} />
      ) : null}
      <Suspense>
        {!ready ? null : inside !== undefined ? (
          <HostMap host={inside} projector={projector} covered={covered} />
        ) : projector ? null : (
          <LookButton stage={box} width={size.width} />
        )}
      </Suspense>
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
  useLit(root, model)
  const point = (event: PointerEvent): void => {
    const host =
      event.target instanceof Element
        ? event.target.closest<SVGElement>('[data-host]')?.dataset['host']
        : undefined
    const { lit } = session.state.getState()
    if (host !== lit?.hosts[0] || lit?.text !== undefined)
      session.state.setState({ lit: host === undefined ? undefined : { hosts: [host] } })
  }
  return (
    <svg
      onPointerOver={(event) => point(event.nativeEvent)}
      onPointerLeave={() => session.state.setState({ lit: undefined })}
      className="vs"
      width={width}
      height={height}
      viewBox={`0 0 ${width / zoom} ${height / zoom}`}
    >
      <g ref={root} />
    </svg>
  )
}

/** What is pointed at in a terminal is lit up where it stands. The view keeps its shapes; this only marks them. */
function useLit(root: RefObject<SVGGElement | null>, model: unknown): void {
  const lit = useSessionState((s) => s.lit)
  useEffect(() => {
    for (const card of root.current?.querySelectorAll<SVGElement>('[data-host]') ?? []) {
      const isLit = lit?.text !== undefined && lit.hosts.includes(card.dataset['host'] ?? '')
      card.classList.toggle('lit', isLit)
      for (const text of card.querySelectorAll('text'))
        text.classList.toggle('lit', isLit && text.textContent === lit.text)
    }
  }, [root, lit, model])
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
