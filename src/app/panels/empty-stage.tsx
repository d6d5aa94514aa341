import { EmptyBox } from '../parts/box.tsx'
import { sendOne } from '../session/send-one.ts'
import { useRevision, useScene, useSessionState, useWords } from '../session/context.tsx'

/** Before anything was sent: how to begin. */
export function EmptyStage({ invite }: { invite: boolean }) {
  const { ui } = useWords()
  const { session } = useScene()
  const ready = useSessionState((s) => s.phase === 'ready')
  useRevision()
  if (!ready || session.lists.flights.length > 0) return null
  return (
    <div className="stage-empty">
      <EmptyBox title={ui.stage.empty} how={ui.stage.emptyHow}>
        {invite ? (
          <button type="button" className="btn main" onClick={() => void sendOne(session)}>
            {ui.stage.send}
          </button>
        ) : null}
      </EmptyBox>
    </div>
  )
}
