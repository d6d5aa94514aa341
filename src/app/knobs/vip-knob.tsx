import { hostsOfRole, labelOnLo, serviceOf, vipCommand } from '../model/knob-commands.ts'
import { Segmented } from '../parts/segmented.tsx'
import { useWords } from '../session/context.tsx'
import { KnobCommand } from './knob-command.tsx'
import { HostChoice } from './host-choice.tsx'
import { useHostChoice } from './use-host-choice.ts'
import { useKnob } from './use-knob.ts'

/** The VIP on a server's lo: without it the server does not take what is sent to the VIP. */
export function VipKnob() {
  const { ui } = useWords()
  const { now, ready, type } = useKnob()
  const servers = hostsOfRole(now, 'server')
  const [host, choose] = useHostChoice(servers)
  const view = host === undefined ? undefined : now[host]
  const service = serviceOf(now)
  if (host === undefined || view === undefined || service === undefined)
    return <span className="muted">{ui.knobs.none}</span>
  const on = labelOnLo(view, service.vip) !== undefined
  return (
    <>
      <HostChoice label={ui.knobs.server} hosts={servers} chosen={host} onChoose={choose} />
      <Segmented
        label={ui.knobs.names.vip}
        value={on ? 'on' : 'off'}
        disabled={!ready}
        segments={(['on', 'off'] as const).map((value) => ({ value, label: ui.knobs[value] }))}
        onChoose={(value) =>
          value !== (on ? 'on' : 'off') && type(host, vipCommand(view, service.vip, value === 'on'))
        }
      />
      <KnobCommand line={vipCommand(view, service.vip, !on)} />
    </>
  )
}
