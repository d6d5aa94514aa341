import { type KeyboardEvent, useRef } from 'react'

/** A list of tabs with one tab stop. The panel carries `id` as `${id}-panel` and is labelled by the chosen tab. */
export function Tabs<T extends string>(props: {
  id: string
  label: string
  value: T | undefined
  tabs: readonly { value: T; label: string; title?: string }[]
  onChoose: (value: T) => void
}) {
  const { id, label, value, tabs, onChoose } = props
  const root = useRef<HTMLDivElement>(null)
  const chosen = tabs.findIndex((tab) => tab.value === value)

  function onKey(event: KeyboardEvent, i: number): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const next = step === undefined ? undefined : tabs[(i + step + tabs.length) % tabs.length]
    if (next === undefined) return
    event.preventDefault()
    event.stopPropagation()
    onChoose(next.value)
    const button = root.current?.children[tabs.indexOf(next)]
    if (button instanceof HTMLElement) button.focus()
  }

  return (
    <div className="tabs" role="tablist" aria-label={label} ref={root}>
      {tabs.map((tab, i) => (
        <button
          key={tab.value}
          type="button"
          role="tab"
          id={`${id}-${tab.value}`}
          aria-selected={i === chosen}
          aria-controls={i === chosen ? `${id}-panel` : undefined}
          title={tab.title}
          tabIndex={i === Math.max(chosen, 0) ? 0 : -1}
          onClick={() => onChoose(tab.value)}
          onKeyDown={(event) => onKey(event, i)}
        >
          {tab.label}
        </button>
      ))}
    </div>
  )
}
