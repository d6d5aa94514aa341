import { keep, readKept } from '../prefs/storage.ts'
import type { Answer, LessonState } from './player.ts'

/** What is kept of a lesson between visits. */
export interface Progress {
  step: number
  answers: Readonly<Record<string, Answer>>
  finished: boolean
}

const KEY = 'lesson.'

export function keepProgress(lesson: string, state: LessonState): void {
  keep(KEY + lesson, {
    step: state.step,
    answers: state.answers,
    finished: state.finished,
  } satisfies Progress)
}

/** What was kept, or undefined: never visited, or not readable. */
export function readProgress(lesson: string): Progress | undefined {
  return parseProgress(readKept(KEY + lesson))
}

export function parseProgress(kept: unknown): Progress | undefined {
  if (!isRecord(kept) || !Number.isInteger(kept['step'])) return undefined
  const answers: Record<string, Answer> = {}
  for (const [id, answer] of Object.entries(isRecord(kept['answers']) ? kept['answers'] : {})) {
    if (!isRecord(answer)) continue
    const { choice, right } = answer
    answers[id] = {
      choice: typeof choice === 'string' ? choice : undefined,
      right: typeof right === 'string' ? right : undefined,
    }
  }
  return { step: kept['step'] as number, answers, finished: kept['finished'] === true }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
