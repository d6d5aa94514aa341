import { useState } from 'react'
import type { HostId } from '../../core/base/ids.ts'
import { useSessionState } from '../session/context.tsx'

/** Host of a knob: the one chosen in it, else the one selected on the stage, else the first. */
export function useHostChoice(hosts: readonly HostId[]) {
  const [wanted, setWanted] = useState<HostId | undefined>(undefined)
  const selected = useSessionState((s) => s.selectedHost)
  const host = [wanted, selected].find((one) => one !== undefined && hosts.includes(one)) ?? hosts[0]
  return [host, setWanted] as const
}
