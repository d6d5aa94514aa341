import { useState } from 'react'
import { FieldTable } from '../inspector/field-table.tsx'
import { HexView } from '../inspector/hex-view.tsx'
import { diffFrames } from '../model/packet-diff.ts'
import { useWords } from '../session/context.tsx'
import type { CapturedFrame } from './capture.ts'

/** Fields and bytes of a frame of a file; each points at the other. A frame of the run has its place in the inspector. */
export function FrameDetails({ frame }: { frame: CapturedFrame }) {
  const { ui } = useWords()
  const [hovered, setHovered] = useState<string | undefined>(undefined)
  const layers = diffFrames(frame.bytes, undefined, [], frame.raw)
  return (
    <section className="frame-details inspector-body" aria-label={ui.packets.details} tabIndex={0}>
      <FieldTable layers={layers} compared={false} hovered={hovered} onHover={setHovered} />
      <HexView bytes={frame.bytes} layers={layers} hovered={hovered} onHover={setHovered} />
    </section>
  )
}
