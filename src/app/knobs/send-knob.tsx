import { useState } from 'react'
import { hostsOfRole, SEND_MODES, sendCommands, type SendMode, serviceOf } from '../model/knob-commands.ts'
import { Segmented } from '../parts/segmented.tsx'
import { useWords } from '../session/context.tsx'
import { KnobCommand } from './knob-command.tsx'
import { useKnob } from './use-knob.ts'

const COUNTS = [1, 10, 100] as const

/** Requests from the router to the VIP: how many, and whether port or address changes from one to the next. */
export function SendKnob() {
  const { ui } = useWords()
  const { now, tail, ready, type } = useKnob()
  const [mode, setMode] = useState<SendMode>('port')
  const host = hostsOfRole(now, 'client')[0] ?? hostsOfRole(now, 'router')[0]
  const view = host === undefined ? undefined : (tail[host] ?? now[host])
  const service = serviceOf(tail) ?? serviceOf(now)
  if (host === undefined || view === undefined || service === undefined)
    return <span className="muted">{ui.knobs.none}</span>
  const lines = sendCommands(view, service, mode, 1)
  return (
    <>
      <div className="seg actions" role="group" aria-label={ui.knobs.requests}>
        {COUNTS.map((count) => (
          <button
            key={count}
            type="button"
            aria-label={ui.knobs.request(count)}
            title={ui.knobs.request(count)}
            disabled={!ready}
            onClick={() => type(host, ...sendCommands(view, service, mode, count))}
          >
            {count}
          </button>
        ))}
      </div>
      <Segmented
        label={ui.knobs.source}
        value={mode}
        segments={SEND_MODES.map((value) => ({
          value,
          label: ui.knobs.sources[value],
          title: ui.knobs.sourceHelp[value],
        }))}
        onChoose={setMode}
      />
      <KnobCommand line={lines.join(' && ')} />
    </>
  )
}
