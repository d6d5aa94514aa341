import { hostsOfRole, sendCommands, serviceOf } from '../model/knob-commands.ts'
import type { Session } from './session.ts'

/** One request from the client (or the router) to the VIP, as the first button of the send knob does. */
export async function sendOne(session: Session): Promise<void> {
  const { phase, busy } = session.state.getState()
  if (phase !== 'ready' || busy || session.player.isLocked()) return
  const { tail } = session.views.store.getState()
  const host = hostsOfRole(tail, 'client')[0] ?? hostsOfRole(tail, 'router')[0]
  const view = host === undefined ? undefined : tail[host]
  const service = serviceOf(tail)
  if (host === undefined || view === undefined || service === undefined) return
  await session.exec(sendCommands(view, service, 'port', 1).map((sh) => ({ host, sh })))
}
