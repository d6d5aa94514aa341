import { Link } from 'wouter'
import { Plate } from '../parts/plate.tsx'
import { useTitle } from '../parts/use-title.ts'
import { useWords } from '../session/context.tsx'
import '../styles/glossary.css'

/** All explained words, and whose colour is whose. */
export function GlossaryPage() {
  const { ui, glossary, lang } = useWords()
  const words = ui.glossaryPage
  useTitle(words.title)
  const terms = Object.entries(glossary).sort(([, a], [, b]) => a.name.localeCompare(b.name, lang))
  return (
    <main className="page glossary" id="stage" tabIndex={-1}>
      <h1>{words.title}</h1>
      <p className="lead">{words.lead}</p>
      <h2>{words.owners}</h2>
      <p>{words.ownersLead}</p>
      <dl className="glossary-owners">
        {Object.entries(words.owner).map(([code, means]) => (
          <div key={code}>
            <dt>
              <Plate code={code} size="large" />
            </dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
      <h2>{words.words}</h2>
      <dl className="glossary-words">
        {terms.map(([key, { name, means }]) => (
          <div key={key} id={`term-${key}`}>
            <dt>{name}</dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
      <Link href="/" className="btn">
        {ui.error.toHome}
      </Link>
    </main>
  )
}
