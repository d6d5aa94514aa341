import { useWords } from '../session/context.tsx'

/** The command line that a knob stands for, as it is typed on the host. */
export function KnobCommand({
  line,
  times = 1,
  children,
}: {
  line: string
  times?: number
  children?: string
}) {
  const { ui } = useWords()
  return (
    <div className="knob-command">
      {children === undefined ? null : <span className="effect">{children}</span>}
      <code title={`${ui.knobs.command}: ${line}`}>
        <span className="prompt"># </span>
        {line}
        {times > 1 ? <span className="times"> × {times}</span> : null}
      </code>
    </div>
  )
}
