import type { Prefs } from '../prefs/read-prefs.ts'

/** Sizes of the regions in px. */
export interface Regions {
  lesson: number
  inspector: number
  dock: number
  dockOpen: boolean
  /** Too low for stage and dock: the open dock lies over the stage's lower part. */
  dockOver: boolean
}

/** Designed sizes by window width, and what the learner has made of them. */
export function regionsOf(
  window: { width: number; height: number },
  prefs: Pick<Prefs, 'lessonPx' | 'inspectorPx' | 'dockPx' | 'dockOpen'>,
): Regions {
  const [lesson, inspector, dock] =
    window.width >= 1800 ? [384, 400, 244] : window.width >= 1400 ? [320, 336, 208] : [272, 288, 190]
  const dockOver = window.height < 800
  return {
    lesson: prefs.lessonPx ?? lesson,
    inspector: prefs.inspectorPx ?? inspector,
    dock: Math.min(prefs.dockPx ?? dock, Math.max(120, window.height - 320)),
    dockOpen: prefs.dockOpen ?? !dockOver,
    dockOver,
  }
}
