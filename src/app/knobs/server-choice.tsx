import type { HostId } from '../../core/base/ids.ts'
import { Plate } from '../parts/plate.tsx'
import { Segmented } from '../parts/segmented.tsx'
import { useScene, useWords } from '../session/context.tsx'

/** Which server a knob speaks of. */
export function ServerChoice(props: {
  servers: readonly HostId[]
  chosen: HostId
  onChoose: (host: HostId) => void
}) {
  const { ui } = useWords()
  const { owners } = useScene()
  return (
    <Segmented
      label={ui.knobs.server}
      value={props.chosen}
      segments={props.servers.map((host) => ({
        value: host,
        name: host,
        title: host,
        label: <Plate code={owners.codeOf(host)} size="list" />,
      }))}
      onChoose={props.onChoose}
    />
  )
}
