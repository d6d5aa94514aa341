/**
 * Widths of text without a DOM: layout stays pure and the same on every machine. Advance widths of the bundled
 * Noto Sans in thousandths of an em. Simplified: no kerning, weights between 400 and 700 interpolated, letters outside
 * the tables count as full em (Chinese) or an average letter.
 */
const REGULAR = asciiWidths(
  '260 269 408 646 572 831 732 225 300 300 551 572 268 322 268 372 572 572 572 572 572 572 572 572 ' +
    '572 572 268 268 572 572 572 434 899 639 650 632 730 556 519 728 741 339 273 619 524 907 760 781 ' +
    '605 781 622 549 556 731 600 930 586 566 572 329 372 329 572 444 281 561 615 480 615 564 344 615 ' +
    '618 258 258 534 258 935 618 605 615 615 413 479 361 618 508 786 529 510 470 380 551 380 572',
)
const BOLD = asciiWidths(
  '260 282 479 646 572 902 750 266 339 339 542 572 285 320 281 415 572 572 572 572 572 572 572 572 ' +
    '572 572 281 285 572 572 572 477 898 692 665 642 732 560 549 724 765 389 331 664 559 943 813 791 ' +
    '621 791 656 551 577 756 650 967 670 626 579 331 415 331 572 411 365 599 632 516 632 597 387 632 ' +
    '650 299 298 620 298 975 650 625 632 632 447 502 434 650 571 856 578 571 493 394 551 394 572',
)

/** Other characters of the interface: regular, bold. */
const OTHERS: Readonly<Record<string, readonly [number, number]>> = {
  '·': [268, 281],
  '×': [572, 572],
  '−': [572, 581],
  '–': [500, 500],
  '—': [1000, 1000],
  '…': [791, 855],
  '→': [1012, 1012],
  '’': [175, 217],
  '“': [359, 445],
  '”': [359, 445],
  '°': [428, 424],
  '≥': [573, 573],
  '≤': [573, 573],
}

/** Widths of the characters from space to tilde. */
function asciiWidths(list: string): readonly number[] {
  return list.split(' ').map(Number)
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
  const bold = Math.min(1, Math.max(0, ((face.weight ?? 400) - 400) / 300))
  let milliEm = 0
  for (const letter of content) milliEm += letterWidth(letter, face.mono ?? false, bold)
  return (milliEm * face.size) / 1000
}

function letterWidth(letter: string, mono: boolean, bold: number): number {
  if (WIDE.test(letter)) return 1000
  if (mono) return MONO
  const code = letter.charCodeAt(0) - 32
  const [regular, heavy] = OTHERS[letter] ?? [REGULAR[code] ?? AVERAGE, BOLD[code] ?? AVERAGE]
  return regular + bold * (heavy - regular)
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
    const last = out.at(-1)
    const goesOn =
      last !== undefined &&
      !last.endsWith(' ') &&
      (NO_START.test(letter) || !(WIDE.test(letter) || WIDE.test(last.slice(-1))))
    if (goesOn) out[out.length - 1] = last + letter
    else out.push(letter)
  }
  return out
}
