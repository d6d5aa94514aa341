import type { ReactNode } from 'react'
import { useStore } from 'zustand'
import { Link } from 'wouter'
import { ErrorBox } from '../parts/box.tsx'
import { SceneProvider, useWords } from '../session/context.tsx'
import type { Session } from '../session/session.ts'

/** What stands around every lab: booting, failing, an unknown name; else the lab itself. */
export function LabFrame({ session, children }: { session: Session | 'unknown'; children: ReactNode }) {
  const { ui } = useWords()
  if (session === 'unknown')
    return (
      <main className="page">
        <ErrorBox title={ui.error.lab} safe={ui.error.labSafe}>
          <Link href="/" className="btn">
            {ui.error.toHome}
          </Link>
        </ErrorBox>
      </main>
    )
  return <Running session={session}>{children}</Running>
}

function Running({ session, children }: { session: Session; children: ReactNode }) {
  const { ui } = useWords()
  const phase = useStore(session.state, (s) => s.phase)
  const error = useStore(session.state, (s) => s.error)
  if (phase === 'failed')
    return (
      <main className="page">
        <ErrorBox title={ui.error.engine} safe={ui.error.engineSafe} detail={error}>
          <button type="button" className="btn" onClick={() => void session.boot()}>
            {ui.error.restart}
          </button>
        </ErrorBox>
      </main>
    )
  if (phase === 'booting')
    return (
      <main className="booting">
        <p role="status">{ui.lesson.loading}</p>
      </main>
    )
  return <SceneProvider session={session}>{children}</SceneProvider>
}
