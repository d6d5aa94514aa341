import type { CompareWords, HashWords, Lang, Words } from './words.ts'

const LOADERS: Record<Lang, () => Promise<{ words: Words }>> = {
  en: () => import('./en/index.ts'),
  zh: () => import('./zh/index.ts'),
}

/** Bring in one language. */
export async function loadWords(lang: Lang): Promise<Words> {
  return (await LOADERS[lang]()).words
}

const HASH_LOADERS: Record<Lang, () => Promise<{ hash: HashWords }>> = {
  en: () => import('./en/hash.ts'),
  zh: () => import('./zh/hash.ts'),
}

/** Words of the hash explorer. */
export async function loadHashWords(lang: Lang): Promise<HashWords> {
  return (await HASH_LOADERS[lang]()).hash
}

const COMPARE_LOADERS: Record<Lang, () => Promise<{ compare: CompareWords }>> = {
  en: () => import('./en/compare.ts'),
  zh: () => import('./zh/compare.ts'),
}

/** Words of the comparison of the modes. */
export async function loadCompareWords(lang: Lang): Promise<CompareWords> {
  return (await COMPARE_LOADERS[lang]()).compare
}
