import '../view/tokens.css'
import '../view/view.css'
import './styles/fonts.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/layout.css'
import './styles/panels.css'
import './styles/control.css'
import './styles/inspector.css'
import './styles/dock.css'
import './styles/lesson.css'
import './styles/pages.css'
import { createRoot } from 'react-dom/client'
import { loadWords } from '../i18n/load.ts'
import { App } from './app.tsx'
import { prefs } from './prefs/prefs.ts'
import { systemIsDark, themeOf } from './prefs/theme.ts'

async function start(): Promise<void> {
  const root = document.getElementById('root')
  if (root === null) throw new Error('the page has no root')
  const { theme, lang } = prefs.getState()
  document.documentElement.dataset['theme'] = themeOf(theme, systemIsDark())
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
  if (new URLSearchParams(location.search).get('bench') === 'flags') {
    const { runFlagBench } = await import('./bench/flag-bench.ts')
    runFlagBench(root)
    return
  }
  createRoot(root).render(<App words={await loadWords(lang)} />)
}

void start()
