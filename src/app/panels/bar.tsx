import { Link } from 'wouter'
import type { ReactNode } from 'react'
import { LANGS, type Lang } from '../../i18n/words.ts'
import { Icon } from '../parts/icon.tsx'
import { Select } from '../parts/select.tsx'
import { usePrefs } from '../parts/use-prefs.ts'
import { setPrefs } from '../prefs/prefs.ts'
import { THEMES } from '../prefs/read-prefs.ts'
import { useWords } from '../session/context.tsx'

const LANGUAGE_NAMES: Record<Lang, string> = { en: 'EN', zh: '中文' }
const LANGUAGE_TAGS: Record<Lang, string> = { en: 'en', zh: 'zh-CN' }

/** Name, place, language, theme, keys. `place` is a path: the last one is where we are. */
export function Bar({
  place,
  onKeys,
  children,
}: {
  place: readonly string[]
  onKeys: () => void
  children?: ReactNode
}) {
  const { ui } = useWords()
  const theme = usePrefs((p) => p.theme)
  return (
    <header className="bar">
      <Link href="/" className="name" aria-label={`${ui.name}: ${ui.bar.home}`}>
        {ui.name}
      </Link>
      <nav className="place" aria-label={ui.bar.place}>
        {place.map((name, i) => (
          <span key={i} aria-current={i === place.length - 1 ? 'page' : undefined}>
            {name}
          </span>
        ))}
      </nav>
      {children}
      <span className="spacer" />
      <Languages />
      <label className="btn quiet theme">
        <Icon name="sun" />
        <Select
          label={ui.bar.theme}
          quiet
          value={theme}
          options={THEMES.map((value) => ({ value, label: ui.bar.themes[value] }))}
          onChoose={(value) => setPrefs({ theme: value })}
        />
      </label>
      <button type="button" className="btn quiet" onClick={onKeys}>
        <kbd>?</kbd>
        {ui.bar.keys}
      </button>
    </header>
  )
}

function Languages() {
  const { ui, lang } = useWords()
  return (
    <div className="languages" role="group" aria-label={ui.bar.language}>
      {LANGS.map((one) => (
        <button
          key={one}
          type="button"
          className="btn quiet"
          lang={LANGUAGE_TAGS[one]}
          aria-pressed={one === lang}
          onClick={() => setPrefs({ lang: one })}
        >
          {LANGUAGE_NAMES[one]}
        </button>
      ))}
    </div>
  )
}
