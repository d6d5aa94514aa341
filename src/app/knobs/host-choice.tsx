import type { HostId } from '../../core/base/ids.ts'
import { Plate } from '../parts/plate.tsx'
import { Segmented } from '../parts/segmented.tsx'
import { Select } from '../parts/select.tsx'
import { useScene } from '../session/context.tsx'

/** More plates than this do not fit in a row. */
const PLATES = 7

/** Which host a knob speaks of. */
export function HostChoice(props: {
  label: string
  hosts: readonly HostId[]
  chosen: HostId
  onChoose: (host: HostId) => void
}) {
  const { owners } = useScene()
  const { label, hosts, chosen, onChoose } = props
  if (hosts.length > PLATES)
    return (
      <Select
        label={label}
        value={chosen}
        options={hosts.map((host) => ({ value: host, label: `${owners.codeOf(host)} ${host}` }))}
        onChoose={onChoose}
      />
    )
  return (
    <Segmented
      label={label}
      value={chosen}
      segments={hosts.map((host) => ({
        value: host,
        name: host,
        title: host,
        label: <Plate code={owners.codeOf(host)} size="list" />,
      }))}
      onChoose={onChoose}
    />
  )
}
