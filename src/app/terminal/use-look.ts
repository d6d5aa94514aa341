import type { ITheme } from '@xterm/xterm'
import { useEffect, useMemo, useState } from 'react'
import { usePrefs } from '../parts/use-prefs.ts'
import { isProjector, onSystemTheme, systemIsDark, themeOf } from '../prefs/theme.ts'
import type { HostId } from '../../core/base/ids.ts'
import { useScene, useSessionState } from '../session/context.tsx'
import { hueName, paletteOf } from './ink.ts'

const PX = 13
const PROJECTOR_PX = 20

/** Size of the letters: what was chosen, else the theme's. */
export function useTerminalPx(): number {
  const chosen = usePrefs((p) => p.terminalPx)
  const theme = usePrefs((p) => p.theme)
  return chosen ?? (isProjector(themeOf(theme, false)) ? PROJECTOR_PX : PX)
}

/** Colours of the theme for a terminal; owners that are pointed at stand on their hue. */
export function useTerminalTheme(): ITheme {
  const choice = usePrefs((p) => p.theme)
  const dark = useSystemDark()
  const codes = useLitCodes()
  return useMemo(() => {
    const of = readColour()
    const theme: ITheme = {
      background: of('--sunken'),
      foreground: of('--ink'),
      cursor: of('--ink'),
      cursorAccent: of('--sunken'),
      selectionBackground: of('--rule'),
      scrollbarSliderBackground: of('--rule'),
      scrollbarSliderHoverBackground: of('--line'),
      scrollbarSliderActiveBackground: of('--line'),
      overviewRulerBorder: of('--sunken'),
      red: of('--err'),
      brightBlack: of('--ink2'),
      extendedAnsi: paletteOf({ ink: of('--ink'), ground: of('--sunken'), of }, new Set(codes.split(' '))),
    }
    return theme
    // the colours are read from the page, which changes with the theme
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [choice, dark, codes])
}

/** The theme of the page is set in an effect of its own: what is read here is asked of a fresh element under that theme. */
function readColour(): (name: string) => string {
  const style = getComputedStyle(document.documentElement)
  return (name) => style.getPropertyValue(name).trim()
}

function useSystemDark(): boolean {
  const [dark, setDark] = useState(systemIsDark)
  useEffect(() => onSystemTheme(() => setDark(systemIsDark())), [])
  return dark
}

/** Hues of what is pointed at, as one text. */
function useLitCodes(): string {
  const { owners } = useScene()
  const lit = useSessionState((s) => s.lit)
  if (lit === undefined) return ''
  const hues = (lit.codes ?? lit.hosts.map((host: HostId) => owners.codeOf(host))).map(hueName)
  return hues.join(' ')
}
