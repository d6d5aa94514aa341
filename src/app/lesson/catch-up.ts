import type { Command, Lesson } from '../../content/lesson.ts'

/**
 * Command lines that bring a fresh lab to the beginning of step `step`: the lesson's setup, and of every step before what
 * it ran or, for a task, what "Show me" would do.
 */
export function catchUp(lesson: Lesson, step: number): Command[] {
  const before = lesson.steps.slice(0, step)
  return [...(lesson.setup ?? []), ...before.flatMap((one) => [...(one.run ?? []), ...(one.show ?? [])])]
}
