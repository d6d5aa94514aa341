import { type KeyboardEvent, type ReactNode, useRef } from 'react'

export interface Segment<T extends string | number> {
  value: T
  label: ReactNode
  title?: string | undefined
  /** Accessible name, where the label is not text. */
  name?: string
}

/** One of several: a radio group with one tab stop; arrows move and choose. */
export function Segmented<T extends string | number>(props: {
  label: string
  value: T | undefined
  segments: readonly Segment<T>[]
  onChoose: (value: T) => void
  disabled?: boolean
}) {
  const { label, value, segments, onChoose, disabled = false } = props
  const root = useRef<HTMLDivElement>(null)
  const chosen = segments.findIndex((segment) => segment.value === value)

  function onKey(event: KeyboardEvent, i: number): void {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    const next = step === undefined ? undefined : segments[(i + step + segments.length) % segments.length]
    if (next === undefined) return
    event.preventDefault()
    event.stopPropagation()
    onChoose(next.value)
    const button = root.current?.children[segments.indexOf(next)]
    if (button instanceof HTMLElement) button.focus()
  }

  return (
    <div className="seg" role="radiogroup" aria-label={label} ref={root}>
      {segments.map((segment, i) => (
        <button
          key={segment.value}
          type="button"
          role="radio"
          aria-checked={i === chosen}
          aria-label={segment.name}
          title={segment.title}
          tabIndex={i === Math.max(chosen, 0) ? 0 : -1}
          disabled={disabled}
          onClick={() => onChoose(segment.value)}
          onKeyDown={(event) => onKey(event, i)}
        >
          {segment.label}
        </button>
      ))}
    </div>
  )
}
