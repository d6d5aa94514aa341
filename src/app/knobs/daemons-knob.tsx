import { useState } from 'react'
import { SERVICE_ACTS, type ServiceAct, servicesOf } from '../control/daemon-lines.ts'
import { Segmented } from '../parts/segmented.tsx'
import { useWords } from '../session/context.tsx'
import { HostChoice } from './host-choice.tsx'
import { KnobCommand } from './knob-command.tsx'
import { useHostChoice } from './use-host-choice.ts'
import { useKnob } from './use-knob.ts'

/** Start, stop or kill what runs for ever. */
export function DaemonsKnob() {
  const { ui } = useWords()
  const { now, ready, type } = useKnob()
  const hosts = Object.values(now).flatMap((view) => (servicesOf(view).length > 0 ? [view.host] : []))
  const [host, choose] = useHostChoice(hosts)
  const [wanted, setWanted] = useState('')
  const [last, setLast] = useState<ServiceAct | undefined>(undefined)
  const view = host === undefined ? undefined : now[host]
  const services = view ? servicesOf(view) : []
  const service = services.find(({ name }) => name === wanted) ?? services[0]
  const say = ui.control.daemons
  if (host === undefined || service === undefined) return <span className="muted">{say.none}</span>
  const acts = SERVICE_ACTS.filter((act) => (act === 'start') !== service.running)
  const act = last !== undefined && acts.includes(last) ? last : (acts[0] ?? 'start')
  return (
    <>
      <HostChoice label={ui.knobs.host} hosts={hosts} chosen={host} onChoose={choose} />
      {services.length > 1 ? (
        <Segmented
          label={say.service}
          value={service.name}
          segments={services.map(({ name }) => ({ value: name, label: name }))}
          onChoose={setWanted}
        />
      ) : null}
      {acts.map((one) => (
        <button
          key={one}
          type="button"
          className="btn"
          disabled={!ready}
          onFocus={() => setLast(one)}
          onPointerEnter={() => setLast(one)}
          onClick={() => type(host, service.lines[one])}
        >
          {`${say.acts[one]} ${one === 'kill' ? service.victim : service.name}`}
        </button>
      ))}
      <KnobCommand line={service.lines[act]} />
    </>
  )
}
