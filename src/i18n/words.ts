import type { DropReason } from '../core/kernel/drop.ts'
import type { Note } from '../core/kernel/note.ts'
import type { Part } from './parts.ts'
import type { ui } from './en/ui.ts'
import type { compare } from './en/compare.ts'
import type { glossary } from './en/glossary.ts'
import type { hash } from './en/hash.ts'

export const LANGS = ['en', 'zh'] as const
export type Lang = (typeof LANGS)[number]

/** Same keys, same arguments, other words. */
type Shape<T> = T extends (...args: infer A) => infer R
  ? (...args: A) => R extends string ? string : R
  : T extends string
    ? string
    : { readonly [K in keyof T]: Shape<T[K]> }

export type Ui = Shape<typeof ui>
/** Words of the hash explorer, loaded with its page. */
export type HashWords = Shape<typeof hash>
/** Words of the comparison of the modes, loaded with its page. */
export type CompareWords = Shape<typeof compare>
export type Term = keyof typeof glossary
export type Glossary = Readonly<Record<Term, { name: string; means: string }>>

/** One function per kind of note: a new kind without words is a compile error in both languages. */
export type NoteWords = { readonly [K in Note['kind']]: (note: Extract<Note, { kind: K }>) => Part[] }

/** `what` = the reason in a few words, `why` = one sentence on how it comes about. */
export type DropWords = Readonly<Record<DropReason, { what: string; why: string }>>

export interface Words {
  lang: Lang
  ui: Ui
  notes: NoteWords
  drops: DropWords
  glossary: Glossary
}
