import type { HostId } from '../../core/base/ids.ts'
import { nextDecision } from '../model/both-ways.ts'
import type { Session } from '../session/session.ts'

/** Stand at the next or the last decision of this host. */
export function toDecision(session: Session, host: HostId, step: 1 | -1): void {
  const to = nextDecision(session.run, host, session.playhead.getState().k, step)
  if (to !== undefined && !(session.player.isLocked() && step > 0)) session.player.set(to)
}
