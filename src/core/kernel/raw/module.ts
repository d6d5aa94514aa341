import { must } from '../../base/assert.ts'
import type * as Group from '../igmp/group.ts'
import type * as Socket from './socket.ts'

/** Raw sockets and groups: code that no host needs before a routing daemon runs there, so it loads with the first one. */
type RawModule = typeof Socket & Pick<typeof Group, 'joinGroup' | 'leaveGroup' | 'reportAgain' | 'igmpTimer'>

let module: RawModule | undefined

export async function loadRaw(): Promise<void> {
  if (module) return
  const socket = await import('./socket.ts')
  module = { ...socket, ...(await import('../igmp/group.ts')) }
}

/** The module, which whoever opened a socket or joined a group has loaded. */
export function raw(): RawModule {
  return must(module, 'raw sockets are loaded')
}
