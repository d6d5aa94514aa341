import { useWords } from '../session/context.tsx'

/**
 * The command line that a knob stands for, as it is typed on the host. `byHand`: nothing is typed, somebody pulls a cable;
 * the line is the one of a script.
 */
export function KnobCommand({
  line,
  times = 1,
  byHand = false,
  children,
}: {
  line: string
  times?: number
  byHand?: boolean
  children?: string
}) {
  const { ui } = useWords()
  return (
    <div className="knob-command">
      {children === undefined ? null : <span className="effect">{children}</span>}
      <code title={byHand ? ui.knobs.byHand : `${ui.knobs.command}: ${line}`}>
        {byHand ? null : <span className="prompt"># </span>}
        {line}
        {times > 1 ? <span className="times"> × {times}</span> : null}
      </code>
    </div>
  )
}
