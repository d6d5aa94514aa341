import { type ComponentType, lazy, Suspense } from 'react'
import { setPrefs } from '../prefs/prefs.ts'
import { DOCK_TABS, type DockTab } from '../prefs/read-prefs.ts'
import { Icon } from '../parts/icon.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { usePrefs } from '../parts/use-prefs.ts'
import { useWords } from '../session/context.tsx'

/** Each tab is loaded when it is first opened, so that the stage need not wait for it. */
const PANELS: Record<DockTab, ComponentType> = {
  terminal: lazy(() => import('../terminal/terminal.tsx').then((m) => ({ default: m.Terminal }))),
  packets: lazy(() => import('../packets/packets.tsx').then((m) => ({ default: m.Packets }))),
  ladder: lazy(() => import('../ladder/ladder.tsx').then((m) => ({ default: m.Ladder }))),
  charts: lazy(() => import('./charts.tsx').then((m) => ({ default: m.Charts }))),
  log: lazy(() => import('./log.tsx').then((m) => ({ default: m.Log }))),
}

/** Terminal, Packets, Ladder, Charts, Log. Folded, only the tabs are left; choosing one opens it. */
export function Dock({ open }: { open: boolean }) {
  const { ui } = useWords()
  const tab = usePrefs((p) => p.dockTab)
  const large = usePrefs((p) => p.dockLarge)
  const Panel = PANELS[tab]
  return (
    <div className="dock">
      <div className="dock-head">
        <Tabs
          id="dock"
          label={ui.dock.label}
          value={open ? tab : undefined}
          tabs={DOCK_TABS.map((value, i) => ({ value, label: ui.dock.tabs[value], title: String(i + 1) }))}
          onChoose={(value) => setPrefs({ dockTab: value, dockOpen: true })}
        />
        <span className="spacer" />
        <div className="dock-tools" id="dock-tools" />
        {open ? (
          <button
            type="button"
            className="btn quiet"
            aria-pressed={large}
            onClick={() => setPrefs({ dockLarge: !large })}
          >
            {large ? ui.packets.reduce : ui.packets.enlarge}
          </button>
        ) : null}
        <button
          type="button"
          className="btn quiet fold"
          aria-expanded={open}
          onClick={() => setPrefs({ dockOpen: !open })}
        >
          <Icon name="fold" size={16} />
          {open ? ui.dock.fold : ui.dock.open}
        </button>
      </div>
      {open ? (
        <div className="dock-body" role="tabpanel" id="dock-panel" aria-labelledby={`dock-${tab}`}>
          <Suspense>
            <Panel />
          </Suspense>
        </div>
      ) : null}
    </div>
  )
}
