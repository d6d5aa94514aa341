import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRichText } from './rich-text.ts'

describe('lesson text', () => {
  it('reads its marks', () => {
    expect(
      parseRichText(
        'The **VIP** {V} is {ip:172.16.253.100}; see `ip neigh` and {term:ecmp} or {term:hash|hashes}.',
      ),
    ).toEqual([
      [
        { t: 'text', text: 'The ' },
        { t: 'bold', text: 'VIP' },
        { t: 'text', text: ' ' },
        { t: 'plate', code: 'V' },
        { t: 'text', text: ' is ' },
        { t: 'ip', text: '172.16.253.100' },
        { t: 'text', text: '; see ' },
        { t: 'mono', text: 'ip neigh' },
        { t: 'text', text: ' and ' },
        { t: 'term', key: 'ecmp', text: '' },
        { t: 'text', text: ' or ' },
        { t: 'term', key: 'hash', text: 'hashes' },
        { t: 'text', text: '.' },
      ],
    ])
  })

  it('parts paragraphs at blank lines', () => {
    expect(parseRichText('a\nb\n\nc')).toEqual([[{ t: 'text', text: 'a b' }], [{ t: 'text', text: 'c' }]])
  })

  it('loses no character of plain text', () => {
    const plain = fc.string().filter((text) => !/[*`{}\s]/.test(text))
    fc.assert(
      fc.property(plain, (text) => {
        expect(
          parseRichText(text)
            .flat()
            .map((piece) => ('text' in piece ? piece.text : ''))
            .join(''),
        ).toBe(text)
      }),
    )
  })
})
