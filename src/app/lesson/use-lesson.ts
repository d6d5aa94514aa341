import { useEffect, useMemo, useReducer, useState } from 'react'
import { factsOf, firstMatch, holds } from '../../content/check.ts'
import type { Command, Lesson, RunFacts, Step } from '../../content/lesson.ts'
import { setPrefs } from '../prefs/prefs.ts'
import { useK, useRevision, useScene, useSessionState } from '../session/context.tsx'
import { keepProgress, readProgress } from './progress.ts'
import { type LessonAction, type LessonState, openLesson, playLesson } from './player.ts'

export interface LessonControl {
  lesson: Lesson
  state: LessonState
  step: Step
  facts: RunFacts
  /** Which of the step's checks hold now. */
  passed: readonly boolean[]
  act: (action: LessonAction) => void
  /** Type the step's commands; the playhead stays before them. */
  run: (commands: readonly Command[] | undefined, action: LessonAction) => void
  /** Number that the next note will have. */
  next: () => number
}

/** Joins the lesson's state machine to the session: locks play, runs commands, watches the playhead and the checks. */
export function useLesson(lesson: Lesson): LessonControl {
  const { session } = useScene()
  const next = (): number => session.run.records.length
  const [state, act] = useReducer(
    (now: LessonState, action: LessonAction) => playLesson(lesson, now, action),
    undefined,
    () => openLesson(lesson, next(), readProgress(lesson.id)),
  )
  const step = lesson.steps[state.step] as Step
  const from = state.from[step.id] ?? 0
  const facts = useFacts(from)
  const passed = usePassed(step, facts, from)
  useEffect(() => keepProgress(lesson.id, state), [lesson, state])
  useEffect(() => {
    session.player.lock(state.phase === 'ask')
    session.state.setState({ curtain: state.phase === 'ask' || state.phase === 'watch' })
    return () => {
      session.player.lock(false)
      session.state.setState({ curtain: false })
    }
  }, [session, state.phase])
  useFocus(step)
  useExpected(state.phase === 'task' ? (step.show ?? NONE) : NONE, from)
  useReached({ step, phase: state.phase, from, facts, act })
  const solved = state.phase === 'task' && passed.every(Boolean)
  useEffect(() => {
    if (solved) act({ do: 'solved' })
  }, [solved])

  const run: LessonControl['run'] = (commands, action) => {
    act(action)
    if (commands !== undefined) void session.exec(commands)
  }
  return { lesson, state, step, facts, passed, act, run, next }
}

function useFacts(from: number): RunFacts {
  const { session } = useScene()
  const revision = useRevision()
  return useMemo(
    () => ({ facts: factsOf(session.run.records.slice(from)), revision }),
    [session, from, revision],
  ).facts
}

const NONE: readonly Command[] = []

/** What the task waits for and was not yet typed: the terminal can show it on request. */
function useExpected(commands: readonly Command[], from: number): void {
  const { session } = useScene()
  const revision = useRevision()
  useEffect(() => {
    const typed = new Set<string>()
    for (const note of session.lists.commands) {
      const record = session.run.records[note]
      if (note >= from && record?.kind === 'command') typed.add(`${record.host} ${record.line.trim()}`)
    }
    const expected = commands.filter(({ host, sh }) => !typed.has(`${host} ${sh}`))
    if (session.state.getState().expected.length !== expected.length || expected.length === commands.length)
      session.state.setState({ expected: expected.length === 0 ? NONE : expected })
  }, [session, commands, from, revision])
  useEffect(() => () => session.state.setState({ expected: NONE }), [session])
}

/** The stage and the panels turn to what the step speaks of when it opens. */
function useFocus(step: Step): void {
  const { session } = useScene()
  useEffect(() => {
    if (step.focus?.host !== undefined) session.select(step.focus.host)
    if (step.focus?.inspector !== undefined) setPrefs({ inspectorTab: step.focus.inspector })
    if (step.focus?.dock !== undefined) setPrefs({ dockTab: step.focus.dock })
  }, [session, step])
}

/** The reveal: the playhead has passed the cue, or the end of what was run. */
function useReached(at: {
  step: Step
  phase: string
  from: number
  facts: RunFacts
  act: (action: LessonAction) => void
}): void {
  const { session } = useScene()
  const k = useK()
  const busy = useSessionState((s) => s.busy)
  const { step, phase, from, facts, act } = at
  const { records } = session.run
  useEffect(() => {
    if (phase !== 'watch' || busy || records.length <= from) return
    const target = step.until === undefined ? records.length - 1 : firstMatch(records, step.until, from)?.i
    if (target !== undefined && k >= target) act({ do: 'reached', right: step.ask?.right(facts) })
  }, [phase, busy, records, step, from, facts, k, act])
}

/** Checks on notes are judged at once; those on a command's output when something was typed. */
function usePassed(step: Step, facts: RunFacts, from: number): readonly boolean[] {
  const { session } = useScene()
  const busy = useSessionState((s) => s.busy)
  const [outputs, setOutputs] = useState<Readonly<Record<string, string>>>({})
  useEffect(() => {
    if (busy) return
    let gone = false
    for (const check of step.expect ?? []) {
      if (check.kind !== 'sh') continue
      session.engine
        .probe(check.host, check.sh)
        .then(({ output }) => {
          if (!gone) setOutputs((old) => ({ ...old, [`${check.host} ${check.sh}`]: output }))
        })
        // the check stays open; the engine tells of its failure itself
        .catch(() => undefined)
    }
    return () => {
      gone = true
    }
  }, [session, step, facts, busy])
  return (step.expect ?? []).map((check) => {
    if (check.kind !== 'sh') return session.run.records.length >= from && holds(check, facts)
    const output = outputs[`${check.host} ${check.sh}`]
    return output !== undefined && holds(check, facts, output)
  })
}
