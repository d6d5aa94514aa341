import { type RefObject, useEffect, useState } from 'react'
import type { HostId } from '../../core/base/ids.ts'
import { Icon } from '../parts/icon.tsx'
import { useK, useRevision, useScene, useSessionState } from '../session/context.tsx'
import { useMapWords } from './words.ts'
import { lookInto } from './zoom.ts'
import './netfilter.css'

/** The way into the host at hand, on its card: the one where something happens, else the chosen one. */
export function LookButton({ stage, width }: { stage: RefObject<HTMLElement | null>; width: number }) {
  const { session, owners } = useScene()
  const map = useMapWords()
  const k = useK()
  const revision = useRevision()
  const selected = useSessionState((s) => s.selectedHost)
  const active = k > session.run.bootRecord ? session.run.records[k]?.host : undefined
  const host = active !== undefined && owners.hosts.includes(active) ? active : selected
  const [place, setPlace] = useState<{ left: number; top: number }>()
  useEffect(() => {
    // the view sets its cards in an effect of its own
    const frame = requestAnimationFrame(() => {
      const found = host === undefined ? undefined : cornerOf(stage.current, host)
      setPlace((old) => (old?.left === found?.left && old?.top === found?.top ? old : found))
    })
    return () => cancelAnimationFrame(frame)
  }, [stage, host, width, k, revision])
  if (host === undefined || place === undefined) return null
  return (
    <button
      type="button"
      className="btn look-into"
      style={place}
      aria-label={map.open(host)}
      title={`${map.open(host)}. ${map.openHow}`}
      onClick={() => lookInto(session, host)}
    >
      <Icon name="zoom" size={16} />
    </button>
  )
}

/** Right upper corner of a host's card, px from the stage's. */
function cornerOf(stage: HTMLElement | null, host: HostId): { left: number; top: number } | undefined {
  const frame = stage?.querySelector(`[data-host="${CSS.escape(host)}"] > rect`)?.getBoundingClientRect()
  const around = stage?.getBoundingClientRect()
  if (frame === undefined || around === undefined) return undefined
  // the frame stands 4 px off the card
  return { left: Math.round(frame.right - around.left) - 4, top: Math.round(frame.top - around.top) + 4 }
}
