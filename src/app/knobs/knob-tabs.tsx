import type { KnobId } from '../../content/lesson.ts'
import { useWords } from '../session/context.tsx'
import { FIRST_KNOBS, KNOB_GROUPS } from './offered.ts'

const GROUPS = ['lvs', 'vip', 'routing', 'links', 'hosts'] as const

/** Which switch is shown: the most used in sight, the others in groups under "More". A few stand side by side. */
export function KnobTabs(props: { ids: readonly KnobId[]; shown: KnobId; onChoose: (id: KnobId) => void }) {
  const { ui } = useWords()
  const { ids, shown, onChoose } = props
  const first = ids.length <= FIRST_KNOBS.length ? ids : ids.filter((id) => FIRST_KNOBS.includes(id))
  const groups = GROUPS.map((group) => ({
    group,
    ids: KNOB_GROUPS[group].filter((id) => ids.includes(id) && !first.includes(id)),
  })).filter((one) => one.ids.length > 0)
  const chosen = first.includes(shown) ? '' : shown
  return (
    <div className="knob-tabs" role="group" aria-label={ui.knobs.which}>
      {first.map((id) => (
        <button key={id} type="button" aria-pressed={id === shown} onClick={() => onChoose(id)}>
          {ui.knobs.names[id]}
        </button>
      ))}
      {groups.length === 0 ? null : (
        <select
          className="select quiet"
          aria-label={ui.knobs.more}
          data-chosen={chosen !== ''}
          value={chosen}
          onChange={(event) => {
            const id = ids.find((one) => one === event.target.value)
            if (id) onChoose(id)
          }}
        >
          <option value="" disabled hidden>
            {ui.knobs.more}
          </option>
          {groups.map((one) => (
            <optgroup key={one.group} label={ui.knobs.groups[one.group]}>
              {one.ids.map((id) => (
                <option key={id} value={id}>
                  {ui.knobs.names[id]}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      )}
    </div>
  )
}
