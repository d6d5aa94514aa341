import { hostsOfRole, policyCommand } from '../model/knob-commands.ts'
import { policyOf } from '../model/cards.ts'
import { Segmented } from '../parts/segmented.tsx'
import { useWords } from '../session/context.tsx'
import { KnobCommand } from './knob-command.tsx'
import { useKnob } from './use-knob.ts'

const POLICIES = [0, 1, 2, 3] as const

/** net.ipv4.fib_multipath_hash_policy of the router: which fields choose the next hop. */
export function PolicyKnob() {
  const { ui } = useWords()
  const { now, ready, type } = useKnob()
  const host = hostsOfRole(now, 'router')[0]
  const view = host === undefined ? undefined : now[host]
  if (host === undefined || view === undefined) return <span className="muted">{ui.knobs.none}</span>
  const policy = policyOf(view)
  return (
    <>
      <Segmented
        label={ui.knobs.names.policy}
        value={policy}
        disabled={!ready}
        segments={POLICIES.map((value) => ({ value, label: value, title: ui.callout.fields[value] }))}
        onChoose={(value) => type(host, policyCommand(value))}
      />
      <KnobCommand line={policyCommand(policy)}>{ui.callout.fields[policy] ?? ''}</KnobCommand>
    </>
  )
}
