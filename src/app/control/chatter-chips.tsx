import { useStore } from 'zustand'
import { useRevision, useScene, useWords } from '../session/context.tsx'
import { showChatter, shown } from './shown.ts'
import { CHATTER, type Chatter } from './traffic.ts'

/** Which chatter is shown; nothing in a lab in which no daemon talks. */
export function ChatterChips() {
  const { ui } = useWords()
  const { session } = useScene()
  useRevision()
  const on = useStore(shown)
  const there = session.lists.chatter
  const offered = CHATTER.filter((one) => there.has(one))
  if (offered.every((one) => one === 'arp')) return null
  const { names, help, label } = ui.control.chatter
  const toggle = (one: Chatter): void => showChatter(one, !on.has(one))
  return (
    <section className="chatter" aria-label={label}>
      {offered.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={on.has(one)}
          title={help[one]}
          onClick={() => toggle(one)}
        >
          {names[one]}
        </button>
      ))}
    </section>
  )
}
