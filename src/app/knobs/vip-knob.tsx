import { useState } from 'react'
import { hostsOfRole, labelOnLo, serviceOf, vipCommand } from '../model/knob-commands.ts'
import { Segmented } from '../parts/segmented.tsx'
import { useWords } from '../session/context.tsx'
import { KnobCommand } from './knob-command.tsx'
import { ServerChoice } from './server-choice.tsx'
import { useKnob } from './use-knob.ts'

/** The VIP on a server's lo: without it the server does not take what is sent to the VIP. */
export function VipKnob() {
  const { ui } = useWords()
  const { now, ready, type } = useKnob()
  const servers = hostsOfRole(now, 'server')
  const [wanted, setWanted] = useState<string | undefined>(undefined)
  const host = wanted !== undefined && servers.includes(wanted) ? wanted : servers[0]
  const view = host === undefined ? undefined : now[host]
  const service = serviceOf(now)
  if (host === undefined || view === undefined || service === undefined)
    return <span className="muted">{ui.knobs.none}</span>
  const on = labelOnLo(view, service.vip) !== undefined
  return (
    <>
      <ServerChoice servers={servers} chosen={host} onChoose={setWanted} />
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
