import { setPrefs } from '../prefs/prefs.ts'
import { INSPECTOR_TABS } from '../prefs/read-prefs.ts'
import { Tabs } from '../parts/tabs.tsx'
import { usePrefs } from '../parts/use-prefs.ts'
import { useWords } from '../session/context.tsx'
import { HostPanel } from './host-panel.tsx'
import { PacketPanel } from './packet-panel.tsx'
import { WhyPanel } from './why-panel.tsx'

/** The packet spoken of, the chosen host, and why. */
export function Inspector() {
  const { ui } = useWords()
  const tab = usePrefs((p) => p.inspectorTab)
  return (
    <div className="inspector">
      <Tabs
        id="inspector"
        label={ui.inspector.label}
        value={tab}
        tabs={INSPECTOR_TABS.map((value) => ({ value, label: ui.inspector.tabs[value] }))}
        onChoose={(value) => setPrefs({ inspectorTab: value })}
      />
      <div
        className="inspector-body"
        role="tabpanel"
        id="inspector-panel"
        aria-labelledby={`inspector-${tab}`}
        tabIndex={0}
      >
        {tab === 'packet' ? <PacketPanel /> : tab === 'host' ? <HostPanel /> : <WhyPanel />}
      </div>
    </div>
  )
}
