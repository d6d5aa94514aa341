import { map as en, type MapWords } from '../../i18n/en/map.ts'
import { map as zh } from '../../i18n/zh/map.ts'
import type { Lang } from '../../i18n/words.ts'
import { useWords } from '../session/context.tsx'

export type { MapWords }

export function mapWords(lang: Lang): MapWords {
  return lang === 'zh' ? zh : en
}

/** Words of the map and the chain of causes. They are loaded with what shows them. */
export function useMapWords(): MapWords {
  return mapWords(useWords().lang)
}
