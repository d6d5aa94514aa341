import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hueOf } from '../hues.ts'
import { flagOf } from '../gallery/samples.ts'
import { flagShapes } from '../flag/shapes.ts'
import { fitText, textWidth, wrapText } from './measure.ts'
import { svgMarkup } from './markup.ts'
import type { Shape } from './shape.ts'

describe('text', () => {
  it('is as wide as the bundled font sets it', () => {
    expect(textWidth('172.16.253.100', { size: 12, mono: true })).toBeCloseTo(100.8)
    expect(textWidth('负载均衡', { size: 13 })).toBe(52)
    expect(textWidth('SYN', { size: 10, weight: 700 })).toBeCloseTo((551 + 626 + 813) / 100)
  })

  it('wraps at spaces and between Chinese characters, never beginning a line with a stop', () => {
    expect(wrapText('one two three', 50, { size: 12 })).toEqual(['one two', 'three'])
    const lines = wrapText('于是路由器认定在此，后面的包绕过。', 9 * 12, { size: 12 })
    expect(lines.join('')).toBe('于是路由器认定在此，后面的包绕过。')
    for (const line of lines) expect(line).not.toMatch(/^[，。]/)
  })

  it('wrapping loses nothing but spaces', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.integer({ min: 20, max: 300 }), (content, width) => {
        const lines = wrapText(content, width, { size: 12 })
        expect(lines.join('').replaceAll(' ', '')).toBe(content.replaceAll(' ', ''))
      }),
    )
  })

  it('cuts with an ellipsis only what does not fit', () => {
    expect(fitText('server1', 60, { size: 14 })).toBe('server1')
    const cut = fitText('a very long role of a host', 60, { size: 12 })
    expect(cut.endsWith('…')).toBe(true)
    expect(textWidth(cut, { size: 12 })).toBeLessThanOrEqual(60)
  })
})

describe('hues', () => {
  it('gives each of the eleven owners and the VIP its own', () => {
    const codes = ['C', 'R', 'L1', 'L2', 'L3', 'L4', 'S1', 'S2', 'S3', 'S4', 'V', 'X']
    expect(new Set(codes.map((code) => hueOf(code).fill)).size).toBe(codes.length)
    expect(codes.filter((code) => hueOf(code).stripe)).toEqual([])
  })

  it('uses hues again with a stripe, and grey for nobody', () => {
    expect(hueOf('L5')).toEqual({ fill: 'var(--L1)', on: 'var(--L1o)', stripe: true, text: 'L5' })
    expect(hueOf('C2')).toMatchObject({ fill: 'var(--C)', stripe: true })
    expect(hueOf('X').text).toBe('*')
    expect(hueOf('toString').fill).toBe('var(--X)')
  })
})

describe('markup', () => {
  const flag = { ...flagOf('data', '<&">', ['R', 'L1', 'C', 'V']), lost: 'no answer' }

  it('escapes what packets contain', () => {
    const svg = svgMarkup(300, 40, flagShapes(flag, { zoom: 2 }), 'a "flag"')
    expect(svg).toContain('&lt;&amp;&quot;&gt;')
    expect(svg).toContain('aria-label="a &quot;flag&quot;"')
    expect(svg).not.toContain('<&')
  })

  it('never sets text below 11 px', () => {
    const sizes = (shapes: readonly Shape[]): number[] =>
      shapes.flatMap((s) => (s.el === 'text' ? [s.size] : s.el === 'g' ? sizes(s.children) : []))
    for (const zoom of [1, 2, 3, 4] as const) {
      const inner = flagShapes({ ...flag, inner: flag.mac, ttl: { value: 1, old: 2 } }, { zoom, ttl: true })
      expect(Math.min(...sizes(inner))).toBeGreaterThanOrEqual(11)
    }
  })

  it('shows a lost packet hollow, with stamp and reason', () => {
    const svg = svgMarkup(400, 40, flagShapes(flag, { zoom: 2 }))
    expect(svg).toContain('no answer')
    expect(svg).not.toContain('fill="var(--R)"')
    expect(svg).toContain('stroke="var(--R)"')
  })
})
