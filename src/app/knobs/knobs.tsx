import { type ReactNode, useState } from 'react'
import { KNOB_IDS, type KnobId } from '../../content/lesson.ts'
import { Select } from '../parts/select.tsx'
import { useWords } from '../session/context.tsx'
import { ArpKnob } from './arp-knob.tsx'
import { PolicyKnob } from './policy-knob.tsx'
import { SendKnob } from './send-knob.tsx'
import { VipKnob } from './vip-knob.tsx'

const KNOBS: Record<KnobId, () => ReactNode> = {
  send: () => <SendKnob />,
  policy: () => <PolicyKnob />,
  arp_ignore: () => <ArpKnob name="arp_ignore" />,
  arp_announce: () => <ArpKnob name="arp_announce" />,
  vip: () => <VipKnob />,
}

/** The experiment's switches, one at a time. A lesson offers those it speaks of; the free lab all. */
export function Knobs({ offered = KNOB_IDS }: { offered?: readonly KnobId[] }) {
  const { ui } = useWords()
  const [wanted, setWanted] = useState<KnobId | undefined>(undefined)
  const shown = wanted !== undefined && offered.includes(wanted) ? wanted : offered[0]
  if (shown === undefined) return <section className="knobs" aria-label={ui.knobs.label} />
  return (
    <section className="knobs" aria-label={ui.knobs.label}>
      {offered.length > 1 ? (
        <Select
          label={ui.knobs.which}
          className="which"
          value={shown}
          options={offered.map((value) => ({ value, label: ui.knobs.names[value] }))}
          onChoose={setWanted}
        />
      ) : (
        <span className="knob-name">{ui.knobs.names[shown]}</span>
      )}
      {KNOBS[shown]()}
    </section>
  )
}
