import { lazy, Suspense } from 'react'
import { Link } from 'wouter'
import { useTitle } from '../parts/use-title.ts'
import { useWords } from '../session/context.tsx'

/** The table is long, and comes when somebody asks for it. */
const FidelityTable = lazy(() => import('./fidelity-table.tsx').then((m) => ({ default: m.FidelityTable })))

/** What is modelled, how it was checked, what is simplified, licences. */
export function About() {
  const { ui } = useWords()
  const words = ui.about
  useTitle(words.title)
  return (
    <main className="page about" id="stage" tabIndex={-1}>
      <h1>{words.title}</h1>
      <p className="lead">{words.lead}</p>
      <h2>{words.checkedTitle}</h2>
      <p>{words.checked}</p>
      <Suspense fallback={<p className="muted">…</p>}>
        <FidelityTable />
      </Suspense>
      <h2>{words.modelledTitle}</h2>
      <List items={words.modelled} />
      <h2>{words.notTitle}</h2>
      <List items={words.not} />
      <h2>{words.licenceTitle}</h2>
      <List items={words.licences} />
      <Link href="/" className="btn">
        {words.back}
      </Link>
    </main>
  )
}

function List({ items }: { items: readonly string[] }) {
  return (
    <ul>
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  )
}
