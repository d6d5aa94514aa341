import type { Lesson } from './lesson.ts'

/** What the way in needs to know of a lesson without loading it. */
export interface LessonEntry {
  id: string
  load: () => Promise<Lesson>
}

/** Lessons by id, in the order of the course. */
export const LESSONS: readonly LessonEntry[] = [
  { id: 'ecmp/same-lb', load: async () => (await import('./lessons/ecmp/same-lb.ts')).sameLb },
  { id: 'netfilter/two-ways', load: async () => (await import('./lessons/netfilter/two-ways.ts')).twoWays },
  { id: 'lvs/dr', load: async () => (await import('./lessons/lvs/dr.ts')).dr },
  { id: 'lvs/arp', load: async () => (await import('./lessons/lvs/arp.ts')).arp },
  { id: 'lvs/nat', load: async () => (await import('./lessons/lvs/nat.ts')).nat },
  { id: 'lvs/tun', load: async () => (await import('./lessons/lvs/tun.ts')).tun },
  { id: 'lvs/fullnat', load: async () => (await import('./lessons/lvs/fullnat.ts')).fullnat },
]

export function lessonById(id: string): LessonEntry | undefined {
  return LESSONS.find((lesson) => lesson.id === id)
}
