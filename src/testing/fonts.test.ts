import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROOT, parseSource, readText } from './sources.ts'
import { shownText, usedCharacters } from './used-characters.ts'
import { charactersOf } from './woff2.ts'

interface Face {
  family: string
  file: string
  covers: (code: number) => boolean
}

const STYLES = 'src/app/styles/fonts.css'
const faces = readFaces(readText(STYLES))
const SANS = ['Noto Sans', 'Noto Sans SC']

function readFaces(css: string): Face[] {
  return [...css.matchAll(/@font-face \{([^}]*)\}/g)].map(([, body = '']) => {
    const pick = (pattern: RegExp): string => pattern.exec(body)?.[1] ?? ''
    const file = pick(/url\('\.\.\/fonts\/([^']+)'\)/)
    const inside = charactersOf(readFileSync(join(ROOT, 'src/app/fonts', file)))
    const ranges = [...pick(/unicode-range:([^;]*);/).matchAll(/U\+([0-9A-F]+)(?:-([0-9A-F]+))?/g)].map(
      ([, from = '', to = from]) => [parseInt(from, 16), parseInt(to, 16)] as const,
    )
    const isInRange = (code: number): boolean => ranges.some(([from, to]) => from <= code && code <= to)
    return {
      family: pick(/font-family: '([^']+)'/),
      file,
      covers: (code) => inside.has(code) && isInRange(code),
    }
  })
}

function missing(chars: readonly string[], families: readonly string[], from = faces): string[] {
  const chosen = from.filter((face) => families.includes(face.family))
  return chars.filter((char) => !chosen.some((face) => face.covers(char.codePointAt(0) ?? 0)))
}

describe('the bundled fonts', () => {
  test('hold every character that the page can show (if not: npm run fonts)', () => {
    // lines of boxes are text of tools in the terminal: there the reader's own monospaced font steps in
    const shown = usedCharacters().filter((char) => !/[\u2500-\u257f]/.test(char))
    expect(missing(shown, SANS)).toEqual([])
  })

  test('hold ASCII in sans and mono', () => {
    const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i))
    expect(missing(ascii, ['Noto Sans'])).toEqual([])
    expect(missing(ascii, ['JetBrains Mono'])).toEqual([])
  })

  test('hold the marks that Chinese sets full width, in both weights', () => {
    const marks = faces.filter((face) => face.family === 'Noto Sans SC Marks')
    expect(marks.map((face) => face.file)).toEqual(['noto-sans-sc-400.woff2', 'noto-sans-sc-600.woff2'])
    for (const face of marks) expect(missing([...'‘’“”—…'], [face.family], [face])).toEqual([])
  })

  test('both Chinese weights hold the same characters', () => {
    const [regular, bold] = ['400', '600'].map((weight) =>
      charactersOf(readFileSync(join(ROOT, `src/app/fonts/noto-sans-sc-${weight}.woff2`))),
    )
    expect(bold).toEqual(regular)
  })
})

describe('the checker', () => {
  test('misses a character that is in no font, and one outside the range of its face', () => {
    expect(missing(['龘', '→', 'A'], SANS)).toEqual(['龘'])
    expect(missing(['→'], ['JetBrains Mono'])).toEqual(['→'])
  })

  test('sees strings, templates and JSX, not comments', () => {
    const code = 'const a = "一"; const b = `二${a}三`; const c = <p title="四">五{b}</p> // 六'
    expect(shownText(parseSource('x.tsx', code).ast).join('')).toBe('一二三四五')
  })
})
