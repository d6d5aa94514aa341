import { parseIp4 } from '../../core/base/ids.ts'
import type { L10n } from '../../content/lesson.ts'
import type { Glossary, Term } from '../../i18n/words.ts'
import { IpAddress } from '../parts/address.tsx'
import { Plate } from '../parts/plate.tsx'
import { useWords } from '../session/context.tsx'
import { parseRichText, type Piece } from './rich-text.ts'

/** Lesson text in the chosen language: paragraphs with plates, addresses and explained words. */
export function Rich({ text }: { text: L10n }) {
  const { lang } = useWords()
  return parseRichText(text[lang]).map((paragraph, i) => (
    <p key={i}>
      <Pieces pieces={paragraph} />
    </p>
  ))
}

/** One paragraph without its own element, for answers and headings. */
export function RichLine({ text }: { text: L10n }) {
  const { lang } = useWords()
  return <Pieces pieces={parseRichText(text[lang])[0] ?? []} />
}

function Pieces({ pieces }: { pieces: readonly Piece[] }) {
  return pieces.map((piece, i) => <PieceOf key={i} piece={piece} />)
}

function PieceOf({ piece }: { piece: Piece }) {
  switch (piece.t) {
    case 'text':
      return piece.text
    case 'bold':
      return <strong>{piece.text}</strong>
    case 'mono':
      return <code>{piece.text}</code>
    case 'plate':
      return <Plate code={piece.code} />
    case 'ip': {
      const ip = parseIp4(piece.text)
      return ip === undefined ? piece.text : <IpAddress ip={ip} />
    }
    case 'term':
      return <TermOf piece={piece} />
  }
}

/** A word of the glossary: its meaning opens on hover and focus. */
function TermOf({ piece }: { piece: Extract<Piece, { t: 'term' }> }) {
  const { glossary } = useWords()
  const term = (glossary as Readonly<Record<string, Glossary[Term] | undefined>>)[piece.key]
  if (term === undefined) return piece.text || piece.key
  const text = piece.text || term.name
  return (
    <span
      className="term"
      tabIndex={0}
      role="note"
      aria-label={`${text}: ${term.means}`}
      data-meaning={term.means}
    >
      {text}
    </span>
  )
}
