import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from 'react'
import { Redirect, Route, Router, Switch } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { loadWords } from '../i18n/load.ts'
import type { Words } from '../i18n/words.ts'
import { About } from './pages/about.tsx'
import { Home } from './pages/home.tsx'
import { Bar } from './panels/bar.tsx'
import { KeysDialog } from './panels/keys-dialog.tsx'
import { useHelpKey } from './panels/use-help-key.ts'
import { ErrorBox } from './parts/box.tsx'
import { ErrorBoundary } from './parts/error-boundary.tsx'
import { usePrefs } from './parts/use-prefs.ts'
import { isProjector, onSystemTheme, systemIsDark, themeOf } from './prefs/theme.ts'
import { useWords, WordsProvider } from './session/context.tsx'

const LabPage = lazy(() => import('./pages/lab-page.tsx').then((m) => ({ default: m.LabPage })))
const LessonPage = lazy(() => import('./pages/lesson-page.tsx').then((m) => ({ default: m.LessonPage })))
const ComparePage = lazy(() => import('./compare/compare-page.tsx').then((m) => ({ default: m.ComparePage })))
const HashPage = lazy(() => import('./hash/hash-page.tsx').then((m) => ({ default: m.HashPage })))
const ChallengesPage = lazy(() =>
  import('./challenge/challenges-page.tsx').then((m) => ({ default: m.ChallengesPage })),
)
const ChallengePage = lazy(() =>
  import('./challenge/challenge-page.tsx').then((m) => ({ default: m.ChallengePage })),
)
const GlossaryPage = lazy(() =>
  import('./pages/glossary-page.tsx').then((m) => ({ default: m.GlossaryPage })),
)
const Gallery = lazy(() => import('./pages/gallery.tsx').then((m) => ({ default: m.Gallery })))

/** The page: words, theme, routes in the address's fragment. */
export function App({ words: first }: { words: Words }) {
  const words = useLanguage(first)
  const theme = useTheme()
  return (
    <WordsProvider value={words}>
      <Router hook={useHashLocation}>
        <Page projector={isProjector(theme)} />
      </Router>
    </WordsProvider>
  )
}

function Routes({ projector, onKeys }: { projector: boolean; onKeys: () => void }) {
  const { ui } = useWords()
  return (
    <Switch>
      <Route path="/">
        <Bar place={[]} onKeys={onKeys} />
        <Home />
      </Route>
      <Route path="/about">
        <Bar place={[ui.home.about]} onKeys={onKeys} />
        <About />
      </Route>
      <Route path="/compare">
        <Bar place={[ui.home.compare]} onKeys={onKeys} />
        <ComparePage />
      </Route>
      <Route path="/hash">
        <Bar place={[ui.home.hash]} onKeys={onKeys} />
        <HashPage />
      </Route>
      <Route path="/lab/:id">
        {({ id }) => <LabPage key={id} id={id} projector={projector} onKeys={onKeys} />}
      </Route>
      <Route path="/challenges">
        <Bar place={[ui.challenge.title]} onKeys={onKeys} />
        <ChallengesPage />
      </Route>
      <Route path="/challenge/:id/:variant?">
        {({ id, variant }) => (
          <ChallengePage
            key={`${id} ${variant ?? ''}`}
            id={id}
            variant={variant}
            projector={projector}
            onKeys={onKeys}
          />
        )}
      </Route>
      <Route path="/glossary">
        <Bar place={[ui.home.glossary]} onKeys={onKeys} />
        <GlossaryPage />
      </Route>
      <Route path="/lesson/*">
        {({ '*': id }) => <LessonPage key={id} id={id} projector={projector} onKeys={onKeys} />}
      </Route>
      {import.meta.env.DEV ? (
        <Route path="/gallery">
          <Gallery />
        </Route>
      ) : null}
      <Redirect to="/" replace />
    </Switch>
  )
}

function Page({ projector }: { projector: boolean }) {
  const { ui } = useWords()
  const [keys, setKeys] = useState(false)
  const onKeys = (): void => setKeys(true)
  useHelpKey(onKeys)
  return (
    <ErrorBoundary
      fallback={(error, again) => (
        <main className="page">
          <ErrorBox title={ui.error.page} safe={ui.error.pageSafe} detail={error.message}>
            <button type="button" className="btn" onClick={again}>
              {ui.error.reload}
            </button>
          </ErrorBox>
        </main>
      )}
    >
      <a className="skip" href="#stage" onClick={toStage}>
        {ui.bar.skip}
      </a>
      <Suspense fallback={<main className="booting">{ui.lesson.loading}</main>}>
        <Routes projector={projector} onKeys={onKeys} />
      </Suspense>
      <KeysDialog open={keys} onClose={() => setKeys(false)} />
    </ErrorBoundary>
  )
}

/** The fragment holds the route, so the skip link moves the focus itself. */
function toStage(event: { preventDefault: () => void }): void {
  event.preventDefault()
  document.getElementById('stage')?.focus()
}

/** Words of the chosen language; the old ones stay until the new ones are there. */
function useLanguage(first: Words): Words {
  const lang = usePrefs((p) => p.lang)
  const [words, setWords] = useState(first)
  useEffect(() => {
    let gone = false
    if (lang !== words.lang)
      void loadWords(lang).then((loaded) => {
        if (!gone) setWords(loaded)
      })
    document.documentElement.lang = words.lang === 'zh' ? 'zh-CN' : 'en'
    return () => {
      gone = true
    }
  }, [lang, words])
  return words
}

function useTheme() {
  const choice = usePrefs((p) => p.theme)
  const dark = useSyncExternalStore(onSystemTheme, systemIsDark)
  const theme = themeOf(choice, dark)
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme
  }, [theme])
  return theme
}
