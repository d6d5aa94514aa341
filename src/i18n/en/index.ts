import type { Words } from '../words.ts'
import { drops } from './drops.ts'
import { glossary } from './glossary.ts'
import { notes } from './notes.ts'
import { ui } from './ui.ts'

export const words: Words = { lang: 'en', ui, notes, drops, glossary }
