import { LANGS, type Lang } from '../../i18n/words.ts'

export const THEMES = ['system', 'light', 'dark', 'projector-light', 'projector-dark'] as const
export type ThemeChoice = (typeof THEMES)[number]
export type Theme = Exclude<ThemeChoice, 'system'>
export const DOCK_TABS = ['terminal', 'packets', 'ladder', 'charts', 'log'] as const
export type DockTab = (typeof DOCK_TABS)[number]
export const INSPECTOR_TABS = ['packet', 'host', 'why'] as const
export type InspectorTab = (typeof INSPECTOR_TABS)[number]
export const STEP_SIZES = ['event', 'hop', 'exchange'] as const
export type StepSize = (typeof STEP_SIZES)[number]
export const SPEEDS = [0.25, 0.5, 1, 2, 4, 16, 64] as const

/** Sizes of regions in px; undefined = what the window's width asks for. */
export interface Prefs {
  lang: Lang
  theme: ThemeChoice
  lessonOpen: boolean
  dockOpen: boolean | undefined
  /** The open dock takes the room of the stage. */
  dockLarge: boolean
  lessonPx: number | undefined
  inspectorPx: number | undefined
  dockPx: number | undefined
  dockTab: DockTab
  inspectorTab: InspectorTab
  step: StepSize
  speed: number
  /** Challenges show how long they take. */
  timer: boolean
  /** Size of the letters in terminals and editor; undefined = what the theme asks for. */
  terminalPx: number | undefined
  /** Terminals read out their output. */
  readAloud: boolean
}

export const TERMINAL_PX = { least: 10, most: 28 } as const

const TEXT_SIZES: readonly (number | undefined)[] = Array.from(
  { length: TERMINAL_PX.most - TERMINAL_PX.least + 1 },
  (_, i) => TERMINAL_PX.least + i,
)

/** Kept values that are still valid, else defaults; `?lang=` and `?theme=` in the address win. */
export function readPrefs(kept: unknown, search: string, language: string): Prefs {
  const old = typeof kept === 'object' && kept !== null ? (kept as Record<string, unknown>) : {}
  const query = new URLSearchParams(search)
  const pick = <T>(list: readonly T[], fallback: T, ...values: unknown[]): T =>
    (values.find((value) => list.includes(value as T)) as T | undefined) ?? fallback
  const px = (value: unknown): number | undefined =>
    typeof value === 'number' && value >= 100 && value <= 2000 ? value : undefined
  return {
    lang: pick(LANGS, language.toLowerCase().startsWith('zh') ? 'zh' : 'en', query.get('lang'), old['lang']),
    theme: pick(THEMES, 'system', query.get('theme'), old['theme']),
    lessonOpen: old['lessonOpen'] !== false,
    dockOpen: typeof old['dockOpen'] === 'boolean' ? old['dockOpen'] : undefined,
    dockLarge: old['dockLarge'] === true,
    lessonPx: px(old['lessonPx']),
    inspectorPx: px(old['inspectorPx']),
    dockPx: px(old['dockPx']),
    dockTab: pick(DOCK_TABS, 'packets', old['dockTab']),
    inspectorTab: pick(INSPECTOR_TABS, 'packet', old['inspectorTab']),
    step: pick(STEP_SIZES, 'hop', old['step']),
    speed: pick<number>(SPEEDS, 1, old['speed']),
    timer: old['timer'] === true,
    terminalPx: pick(TEXT_SIZES, undefined, old['terminalPx']),
    readAloud: old['readAloud'] === true,
  }
}
