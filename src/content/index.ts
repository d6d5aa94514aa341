import type { Lesson } from './lesson.ts'

/** What the way in needs to know of a lesson without loading it. */
export interface LessonEntry {
  id: string
  load: () => Promise<Lesson>
}

/** Lessons by id, in the order of the course. */
export const LESSONS: readonly LessonEntry[] = [
  { id: 'ecmp/same-lb', load: async () => (await import('./lessons/ecmp/same-lb.ts')).sameLb },
]

export function lessonById(id: string): LessonEntry | undefined {
  return LESSONS.find((lesson) => lesson.id === id)
}
