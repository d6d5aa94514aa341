import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import captured from '../../../testing/fixtures/display-filter.json' with { type: 'json' }
import { bytesOfHex } from '../../base/bytes.ts'
import { parseCapture } from '../pcapng-read.ts'
import { completeDisplayFilter } from './complete.ts'
import { FIELDS } from './fields.ts'
import { compileDisplayFilter } from './filter.ts'
import type { FilterFrame } from './frame.ts'
import { createStreamReader } from './streams.ts'

const frames = framesOf(bytesOfHex(captured.capture))

function framesOf(file: Uint8Array): FilterFrame[] {
  const parsed = parseCapture(file)
  if (!parsed.ok) throw new Error(parsed.error.code)
  const { interfaces, packets } = parsed.value
  const read = createStreamReader()
  return packets.map(({ at, bytes, iface }, i) => ({
    number: i + 1,
    sinceFirst: at - (packets[0]?.at ?? 0),
    sinceLast: at - (packets[i - 1]?.at ?? at),
    bytes,
    raw: false,
    point: interfaces[iface]?.name ?? '',
    from: i === 0 ? ['router', 'LB1'] : [],
    to: [],
    lost: i === 1,
    tcp: read(bytes, false, at, ''),
  }))
}

function passing(text: string): number[] {
  const filter = compileDisplayFilter(text)
  if (!filter.ok) throw new Error(`${text}: ${JSON.stringify(filter.error)}`)
  return frames.filter(filter.value).map(({ number }) => number)
}

function refusal(text: string): string {
  const filter = compileDisplayFilter(text)
  if (filter.ok) return 'understood'
  const { code, at, length } = filter.error
  return `${code} ${text.slice(at, at + length)}|${at}`
}

describe('a display filter', () => {
  it.each(Object.entries(captured.filters))('%s: the frames that tshark shows', (text, numbers) => {
    expect(passing(text)).toEqual(numbers)
  })

  it('shows everything when empty', () => {
    expect(passing('  ')).toHaveLength(frames.length)
  })

  it('knows the lab: hosts and losses', () => {
    expect(passing('host == "LB1"')).toEqual([1])
    expect(passing('host.src contains "rout"')).toEqual([1])
    expect(passing('lost')).toEqual([2])
    expect(passing('frame.number < 4 and not lost')).toEqual([1, 3])
  })

  it('refuses with the place of what is wrong', () => {
    expect(refusal('ip.adr == 1.2.3.4')).toBe('field ip.adr|0')
    expect(refusal('tcp and ip.addr == 1.2.3')).toBe('value 1.2.3|19')
    expect(refusal('ip.ttl == many')).toBe('value many|10')
    expect(refusal('tcp.port ==')).toBe('missing |11')
    expect(refusal('(arp or icmp')).toBe('bracket |12')
    expect(refusal('tcp.port in {80, 81')).toBe('bracket |19')
    expect(refusal('arp tcp')).toBe('unexpected tcp|4')
    expect(refusal('http.host == "a')).toBe('quote "a|13')
    expect(refusal('http.host matches "("')).toBe('regexp "("|18')
    expect(refusal('ip.src contains "a"')).toBe('types contains|7')
    expect(refusal('eth.src[0:3] == 00:0c:29')).toBe('slice [|7')
    expect(refusal('tcp $')).toBe('sign $|4')
    expect(refusal('constructor')).toBe('field constructor|0')
  })

  it('names fields like one that does not exist', () => {
    const filter = compileDisplayFilter('tcp.flag == 1')
    expect(filter).toMatchObject({
      ok: false,
      error: { hint: expect.stringContaining('tcp.flags') as string },
    })
  })

  it('never throws, and points into the text or at its end', () => {
    const words = fc.constantFrom(
      ...[
        'and',
        'or',
        'not',
        '(',
        ')',
        '==',
        '!=',
        '>',
        'in',
        '{',
        '}',
        ',',
        '..',
        'contains',
        'matches',
        '&',
        '#',
      ],
      ...[
        ' ',
        '"x"',
        '1',
        '0x10',
        '1.2.3.4',
        '10.0.0.0/8',
        '00:0c:29:00:00:01',
        '"',
        '[',
        ...Object.keys(FIELDS),
      ],
    )
    const text = fc.oneof(
      fc.array(words, { maxLength: 12 }).map((list) => list.join(' ')),
      fc.string({ maxLength: 40 }),
    )
    fc.assert(
      fc.property(text, (filter) => {
        const compiled = compileDisplayFilter(filter)
        if (compiled.ok) for (const frame of frames.slice(0, 20)) compiled.value(frame)
        else expect(compiled.error.at + compiled.error.length).toBeLessThanOrEqual(filter.length)
      }),
      { numRuns: 500 },
    )
  })

  it('a filter and its negation part the frames', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(captured.filters)), (text) => {
        const all = [...passing(text), ...passing(`not (${text})`)].sort((a, b) => a - b)
        expect(all).toEqual(frames.map(({ number }) => number))
      }),
    )
  })
})

describe('completion', () => {
  const texts = (typed: string): string[] =>
    completeDisplayFilter(typed, typed.length).options.map((option) => option.text)

  it('goes on with the name of a field, then what compares it, then what joins', () => {
    expect(texts('tcp.fl')).toContain('tcp.flags.syn')
    expect(texts('arp or ip.ad')).toEqual(['ip.addr'])
    expect(texts('not http.req')).toContain('http.request.method')
    expect(texts('ip.ttl ')).toEqual(expect.arrayContaining(['==', '<', 'and']))
    expect(texts('ip.ttl == 64 ')).toEqual(['and', 'or'])
    expect(texts('ip.ttl == ')).toEqual([])
  })

  it('replaces the word under the caret only', () => {
    expect(completeDisplayFilter('ip.ad and tcp', 4)).toMatchObject({ from: 0, to: 5 })
  })
})
