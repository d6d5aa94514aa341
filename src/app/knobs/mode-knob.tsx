import { useState } from 'react'
import { destsOf, type HostLine, LVS_MODES, type LvsMode, modeOf } from '../model/lvs-lab.ts'
import { modeCommands } from '../model/lvs-mode.ts'
import { weightCommand } from '../model/host-commands.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Plate } from '../parts/plate.tsx'
import { Segmented } from '../parts/segmented.tsx'
import { useScene, useWords } from '../session/context.tsx'
import { KnobCommand } from './knob-command.tsx'
import { useKnob } from './use-knob.ts'

/** How IPVS hands packets on. Choosing a mode types what it takes on every host concerned. */
export function ModeKnob() {
  const { ui } = useWords()
  const { now, tail, home, ready, typeAll } = useKnob()
  const first = destsOf(now)[0]
  if (first === undefined) return <span className="muted">{ui.knobs.none}</span>
  const mode = modeOf(now)
  return (
    <>
      <Segmented
        label={ui.knobs.names.mode}
        value={mode}
        disabled={!ready}
        segments={LVS_MODES.map((value) => ({
          value,
          label: ui.knobs.modes[value],
          title: ui.knobs.modeHelp[value],
        }))}
        onChoose={(value) => typeAll(modeCommands(tail, home, value))}
      />
      {mode === undefined ? <span className="muted">{ui.knobs.mixed}</span> : null}
      <ModeCommands linesTo={(to) => modeCommands(tail, home, to)} mode={modeOf(tail)} />
      <KnobCommand line={weightCommand(first.service, first.dest, first.dest.weight)} />
    </>
  )
}

/** The lines that each mode would type now, host by host. */
function ModeCommands(props: { linesTo: (mode: LvsMode) => readonly HostLine[]; mode: LvsMode | undefined }) {
  const { ui } = useWords()
  const [open, setOpen] = useState(false)
  return (
    <>
      <button type="button" className="btn" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {ui.knobs.allLines}
      </button>
      <Dialog open={open} title={ui.knobs.commandsTitle} onClose={() => setOpen(false)}>
        <p className="muted">{ui.knobs.commandsText}</p>
        {LVS_MODES.map((mode) => (
          <section key={mode} className="mode-lines">
            <ModeLines mode={mode} current={mode === props.mode} lines={props.linesTo(mode)} />
          </section>
        ))}
      </Dialog>
    </>
  )
}

function ModeLines({
  mode,
  current,
  lines,
}: {
  mode: LvsMode
  current: boolean
  lines: readonly HostLine[]
}) {
  const { ui } = useWords()
  const { owners } = useScene()
  const name = ui.knobs.modes[mode]
  return (
    <>
      <h3>
        {current ? ui.knobs.isMode(name) : ui.knobs.toMode(name)}
        <span className="muted">
          {lines.length === 0
            ? ''
            : ` · ${current ? `${ui.knobs.mend}: ` : ''}${ui.knobs.commandsOf(lines.length)}`}
        </span>
      </h3>
      <ol className="host-lines">
        {lines.map(({ host, line }, i) => (
          <li key={i}>
            <Plate code={owners.codeOf(host)} />
            <code>
              <span className="prompt"># </span>
              {line}
            </code>
          </li>
        ))}
      </ol>
    </>
  )
}
