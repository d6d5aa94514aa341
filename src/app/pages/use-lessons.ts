import { useEffect, useState } from 'react'
import { LESSONS } from '../../content/index.ts'
import type { Lesson } from '../../content/lesson.ts'

/** All lessons, in the order of the course; undefined until they are loaded. */
export function useLessons(): readonly Lesson[] | undefined {
  const [lessons, setLessons] = useState<readonly Lesson[] | undefined>(undefined)
  useEffect(() => {
    let gone = false
    void Promise.all(LESSONS.map((entry) => entry.load())).then((loaded) => {
      if (!gone) setLessons(loaded)
    })
    return () => {
      gone = true
    }
  }, [])
  return lessons
}
