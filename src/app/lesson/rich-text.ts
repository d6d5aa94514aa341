/** A piece of lesson text; see L10n in content/lesson.ts for the marks. */
export type Piece =
  | { t: 'text'; text: string }
  | { t: 'bold'; text: string }
  | { t: 'mono'; text: string }
  | { t: 'plate'; code: string }
  | { t: 'ip'; text: string }
  | { t: 'term'; key: string; text: string }

const MARKS = /\*\*(.+?)\*\*|`([^`]+)`|\{(?:ip:([\d.]+)|term:(\w+)(?:\|([^}]+))?|([A-Z]\d{0,2}))\}/g

/** Paragraphs (parted by a blank line) of pieces. Marks that are not understood stay as they are. */
export function parseRichText(text: string): Piece[][] {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => pieces(paragraph.replace(/\s*\n\s*/g, ' ')))
}

function pieces(text: string): Piece[] {
  const out: Piece[] = []
  let at = 0
  for (const match of text.matchAll(MARKS)) {
    if (match.index > at) out.push({ t: 'text', text: text.slice(at, match.index) })
    out.push(pieceOf(match))
    at = match.index + match[0].length
  }
  if (at < text.length) out.push({ t: 'text', text: text.slice(at) })
  return out
}

function pieceOf(match: RegExpExecArray): Piece {
  const [, bold, mono, ip, term, label, code] = match
  if (bold !== undefined) return { t: 'bold', text: bold }
  if (mono !== undefined) return { t: 'mono', text: mono }
  if (ip !== undefined) return { t: 'ip', text: ip }
  if (term !== undefined) return { t: 'term', key: term, text: label ?? '' }
  return { t: 'plate', code: code ?? '' }
}
