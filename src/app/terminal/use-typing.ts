import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { HostId } from '../../core/base/ids.ts'
import type { ShellView } from '../../engine/engine.ts'
import type { Session } from '../session/session.ts'
import { useScene, useSessionState } from '../session/context.tsx'
import { promptText } from './prompt.ts'
import { NO_SHELL, Typist, type TypingActs, type TypingState } from './typist.ts'

/** A host's prompt: the line being written, and what becomes of it. */
export interface Typing extends TypingState, TypingActs {
  prompt: string
}

export function useTyping(host: HostId): Typing {
  const { session } = useScene()
  const shell = useShell(session, host)
  const prompt = promptText(host, shell)
  const typist = useMemo(() => new Typist(session, host), [session, host])
  useEffect(() => typist.know(shell, prompt), [typist, shell, prompt])
  const state = useStore(typist.state)
  return useMemo(() => ({ ...typist.acts, ...state, prompt }), [typist, state, prompt])
}

/** What the shell knows, asked again after each line. */
function useShell(session: Session, host: HostId): ShellView {
  const running = useSessionState((s) => s.typing[host] !== undefined || s.busy)
  const [shell, setShell] = useState(NO_SHELL)
  useEffect(() => {
    if (running) return
    let gone = false
    session.engine
      .shell(host)
      .then((view) => {
        if (!gone) setShell(view)
      })
      // the engine tells of its failure itself
      .catch(() => undefined)
    return () => {
      gone = true
    }
  }, [session, host, running])
  return shell
}
