/**
 * Widths of text without a DOM: layout stays pure and the same on every machine. Simplified: no kerning, and letters
 * outside Latin count as full em (Chinese) or an average letter; sums are within a few per cent, rather too wide.
 */
const NOTO_SANS: Readonly<Record<string, number>> = widths([
  [258, "ijlI|'"],
  [268, ' .,:;!·'],
  [340, 'ft()[]r-"/'],
  [480, 'cszkJ°'],
  [535, 'avxyeFLEST?'],
  [572, '0123456789+−×=<>#$~*_^–'],
  [615, 'bdghnopquPBKRXYZVA'],
  [735, 'CDGHNUw&'],
  [781, 'OQ%'],
  [935, 'mMW→—…@'],
])

function widths(rows: readonly (readonly [number, string])[]): Record<string, number> {
  const out: Record<string, number> = {}
  for (const [width, letters] of rows) for (const letter of letters) out[letter] = width
  return out
}

const WIDE = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\u3000-\u303f]/
const AVERAGE = 600
const MONO = 600

export interface Face {
  size: number
  /** CSS weight, 400 unless told. */
  weight?: number
  mono?: boolean
}

/** Width of one line in px. */
export function textWidth(content: string, face: Face): number {
  const bold = 1 + Math.max(0, (face.weight ?? 400) - 400) / 4000
  let milliEm = 0
  for (const letter of content) {
    if (WIDE.test(letter)) milliEm += 1000
    else milliEm += face.mono ? MONO : (NOTO_SANS[letter] ?? AVERAGE) * bold
  }
  return (milliEm * face.size) / 1000
}

/** Break into lines of at most `maxWidth` px: at spaces, in Chinese between any two characters (no line begins with a stop). */
export function wrapText(content: string, maxWidth: number, face: Face): string[] {
  const lines: string[] = []
  let current = ''
  for (const piece of pieces(content)) {
    const longer = current + piece
    if (current !== '' && textWidth(longer.trimEnd(), face) > maxWidth) {
      lines.push(current.trimEnd())
      current = piece.trimStart()
    } else {
      current = longer
    }
  }
  if (current.trim() !== '') lines.push(current.trimEnd())
  return lines
}

/** The longest beginning that fits, with an ellipsis when something was cut. */
export function fitText(content: string, maxWidth: number, face: Face): string {
  if (textWidth(content, face) <= maxWidth) return content
  let kept = ''
  for (const letter of content) {
    if (textWidth(`${kept}${letter}…`, face) > maxWidth) break
    kept += letter
  }
  return `${kept.trimEnd()}…`
}

const NO_START = /[，。；：！？、）》”’]/

function pieces(content: string): string[] {
  const out: string[] = []
  for (const letter of content) {
    const last = out[out.length - 1]
    const breakBefore =
      last === undefined ||
      last.endsWith(' ') ||
      (!NO_START.test(letter) && (WIDE.test(letter) || WIDE.test(last.slice(-1))))
    if (breakBefore || last === undefined) out.push(letter)
    else out[out.length - 1] = last + letter
  }
  return out
}
