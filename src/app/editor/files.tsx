import type { HostId } from '../../core/base/ids.ts'

export function Files(props: { host: HostId; path: string; onClose: () => void }) {
  return <p>{props.path}</p>
}
