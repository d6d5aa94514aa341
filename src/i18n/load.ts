import type { Lang, Words } from './words.ts'

const LOADERS: Record<Lang, () => Promise<{ words: Words }>> = {
  en: () => import('./en/index.ts'),
  zh: () => import('./zh/index.ts'),
}

/** Bring in one language. */
export async function loadWords(lang: Lang): Promise<Words> {
  return (await LOADERS[lang]()).words
}
