import { type KeyboardEvent, type PointerEvent, useRef } from 'react'

/**
 * The rule between two regions, as a handle: drag it, or use the arrow keys. Works in whole px, because regions have
 * designed sizes; a library that shares out percentages would cost 11 kB and round them.
 */
export function Splitter(props: {
  label: string
  /** Which way the border is drawn: 'vertical' = a vertical line, moved left and right. */
  orientation: 'vertical' | 'horizontal'
  value: number
  min: number
  max: number
  /** 1 when moving right or down makes the region larger, -1 when smaller. */
  direction: 1 | -1
  onMove: (px: number) => void
  /** Double click or Enter: back to the designed size. */
  onReset: () => void
}) {
  const { label, orientation, value, min, max, direction, onMove, onReset } = props
  const start = useRef<{ at: number; value: number } | null>(null)
  const clamp = (px: number): number => Math.round(Math.min(max, Math.max(min, px)))
  const along = (event: PointerEvent): number => (orientation === 'vertical' ? event.clientX : event.clientY)

  function onKey(event: KeyboardEvent): void {
    const keys = orientation === 'vertical' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown']
    const step = keys.indexOf(event.key)
    if (step >= 0) onMove(clamp(value + (step === 0 ? -16 : 16) * direction))
    else if (event.key === 'Enter') onReset()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div
      className={`splitter ${orientation}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={orientation}
      aria-valuenow={Math.round(value)}
      aria-valuemin={min}
      aria-valuemax={max}
      onKeyDown={onKey}
      onDoubleClick={onReset}
      onPointerDown={(event) => {
        start.current = { at: along(event), value }
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={(event) => {
        if (start.current) onMove(clamp(start.current.value + (along(event) - start.current.at) * direction))
      }}
      onPointerUp={() => {
        start.current = null
      }}
    />
  )
}
