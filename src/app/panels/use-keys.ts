import { useEffect } from 'react'
import { tinykeys } from 'tinykeys'
import { type Jump, nextJump } from '../model/jumps.ts'
import { prefs, setPrefs } from '../prefs/prefs.ts'
import { DOCK_TABS, INSPECTOR_TABS, STEP_SIZES } from '../prefs/read-prefs.ts'
import { sendOne } from '../session/send-one.ts'
import type { Session } from '../session/session.ts'

export type Keys = Record<string, (event: KeyboardEvent) => void>

/**
 * Keys of a lab, as listed by the Keys dialog. They are off while something is typed or a dialog is open. `own` keys of
 * a page take the place of the common ones.
 */
export function useKeys(session: Session, own?: Keys): void {
  useEffect(() => {
    const keys = { ...transportKeys(session), ...panelKeys(), ...own }
    return tinykeys(
      window,
      Object.fromEntries(Object.entries(keys).map(([key, run]) => [key, unlessTyping(run)])),
    )
  }, [session, own])
}

function transportKeys(session: Session): Keys {
  const { player, run, playhead } = session
  const jump = (to: Jump) => () => {
    const k = nextJump(run, to, playhead.getState().k)
    if (k !== undefined && !player.isLocked()) player.set(k)
  }
  return {
    Space: () => session.toggle(),
    ArrowRight: () => player.forward(),
    ArrowLeft: () => player.back(),
    'Shift+ArrowRight': () => player.forward('exchange'),
    'Shift+ArrowLeft': () => player.back('exchange'),
    PageDown: () => player.forward(),
    PageUp: () => player.back(),
    Home: () => player.toBegin(),
    End: () => !player.isLocked() && player.toEnd(),
    d: jump('drop'),
    w: jump('rewrite'),
    c: jump('decision'),
    s: () => void sendOne(session),
    ...Object.fromEntries(STEP_SIZES.map((step, i) => [`Alt+${i + 1}`, () => setPrefs({ step })])),
  }
}

/** The dock is loaded when first opened: its field comes a little later. */
function focusWhenThere(id: string, frames = 120): void {
  requestAnimationFrame(() => {
    const field = document.getElementById(id)
    if (field !== null) field.focus()
    else if (frames > 0) focusWhenThere(id, frames - 1)
  })
}

function panelKeys(): Keys {
  const openDock = (dockTab: (typeof DOCK_TABS)[number], focus?: string): void => {
    setPrefs({ dockTab, dockOpen: true })
    if (focus !== undefined) focusWhenThere(focus)
  }
  return {
    ...Object.fromEntries(DOCK_TABS.map((tab, i) => [String(i + 1), () => openDock(tab)])),
    t: () => openDock('terminal', 'terminal-input'),
    l: () => setPrefs({ dockOpen: true, dockLarge: !prefs.getState().dockLarge }),
    '/': () => openDock('packets', 'packet-filter'),
    // Leaves a field in which one types (see unlessTyping).
    Escape: () => undefined,
    i: () => {
      const at = INSPECTOR_TABS.indexOf(prefs.getState().inspectorTab)
      setPrefs({ inspectorTab: INSPECTOR_TABS[(at + 1) % INSPECTOR_TABS.length] ?? 'packet' })
    },
  }
}

/** Space and Enter belong to the control in focus; every key belongs to a field in which one types. */
function unlessTyping(run: (event: KeyboardEvent) => void): (event: KeyboardEvent) => void {
  return (event) => {
    const target = event.target instanceof Element ? event.target : undefined
    const typing =
      target?.closest('input:not([type=range]), textarea, select, dialog, [contenteditable=true]') != null
    if (typing) {
      if (event.key === 'Escape' && target instanceof HTMLElement) target.blur()
      return
    }
    if (event.key === ' ' && target?.closest('button, a, summary, [role=slider], [data-host]') != null) return
    event.preventDefault()
    run(event)
  }
}
