import type { Note } from '../core/kernel/note.ts'
import type { Part } from './parts.ts'
import type { Words } from './words.ts'

/** What a note says, in the chosen language. */
export function noteSentence(words: Words, note: Note): Part[] {
  const speak = words.notes[note.kind] as (note: Note) => Part[]
  return speak(note)
}
