import type { Theme, ThemeChoice } from './read-prefs.ts'

const DARK = '(prefers-color-scheme: dark)'

/** The theme to show for a choice: 'system' follows the machine. */
export function themeOf(choice: ThemeChoice, dark: boolean): Theme {
  return choice === 'system' ? (dark ? 'dark' : 'light') : choice
}

export function systemIsDark(): boolean {
  return matchMedia(DARK).matches
}

export function onSystemTheme(listener: () => void): () => void {
  const query = matchMedia(DARK)
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}

/** The projector themes bring their own layout: chrome hidden, large type, one caption line. */
export function isProjector(theme: Theme): boolean {
  return theme === 'projector-light' || theme === 'projector-dark'
}
