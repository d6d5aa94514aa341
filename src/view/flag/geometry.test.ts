import { describe, expect, it } from 'vitest'
import { cellCentre, flagLayout, flagWidth, innerFrame, isHollow, pairPaths, tabPath } from './geometry.ts'
import type { Cell, FlagModel, Zoom } from './model.ts'

const cell = (code: string): Cell => ({ code, sub: '' })
const plain: FlagModel = {
  kind: 'syn',
  label: 'SYN',
  mac: [cell('R'), cell('L1')],
  ip: [cell('C'), cell('V')],
  ariaLabel: '',
}
const withTtl: FlagModel = { ...plain, ttl: { value: 63 } }
const tunnel: FlagModel = { ...plain, inner: [cell('C'), cell('V')] }

describe('flag geometry', () => {
  it.each([
    [1, 156],
    [2, 228],
    [3, 432],
    [4, 752],
  ] as const)('zoom %i is %i px wide', (zoom, width) => {
    expect(flagWidth(plain, { zoom })).toBe(width)
  })

  it('adds the TTL cell from zoom 3 on', () => {
    expect(flagWidth(withTtl, { zoom: 2 })).toBe(228)
    expect(flagWidth(withTtl, { zoom: 2, ttl: true })).toBe(228 + 6 + 48)
    expect(flagWidth(withTtl, { zoom: 3 })).toBe(496)
    expect(flagWidth(withTtl, { zoom: 4 })).toBe(752 + 14 + 112)
  })

  it('without an IP pair ends after the MAC pair', () => {
    const { ip: _, ...frame } = plain
    expect(flagWidth(frame, { zoom: 3 })).toBe(64 + 8 + 2 * 88)
  })

  it('keeps the parts in order without overlap in every zoom', () => {
    for (const zoom of [1, 2, 3, 4] as Zoom[]) {
      const l = flagLayout({ ...tunnel, ttl: { value: 9 } }, { zoom, ttl: true })
      const { cell: cw, innerCell, tab, gap } = l.scale
      expect(l.macX).toBe(tab + gap)
      expect(l.ipX).toBe(l.macX + 2 * cw + gap)
      expect(l.innerX).toBeGreaterThan((l.ipX ?? 0) + 2 * cw)
      expect(l.ttlX).toBeGreaterThan((l.innerX ?? 0) + 2 * innerCell)
      expect(l.width).toBe((l.ttlX ?? 0) + l.scale.ttl)
    }
  })

  it('tells where a cell is', () => {
    const l = flagLayout(withTtl, { zoom: 3 })
    expect(cellCentre(l, 'macTo')).toBe(64 + 8 + 132)
    expect(cellCentre(l, 'ipFrom')).toBe(64 + 8 + 176 + 8 + 44)
    expect(cellCentre(l, 'ttl')).toBe(432 + 8 + 28)
    expect(cellCentre(l, 'innerTo')).toBeUndefined()
  })

  it('draws the chevron as in the design: point and notch one slit apart', () => {
    const pair = pairPaths(88, 48, 10, 2)
    expect(pair.from).toBe('M0,0H83L93,24L83,48H0Z')
    expect(pair.to).toBe('M85,0H176V48H85L95,24Z')
    expect(pairPaths(40, 28, 7, 2, true).from).toContain('A14,14')
  })

  it('gives every kind its own tab or filling', () => {
    const looks = (['syn', 'synack', 'ack', 'data', 'fin', 'rst', 'arp', 'icmp', 'ospf'] as const).map(
      (kind) => `${tabPath(kind, 56, 28)} ${isHollow(kind)}`,
    )
    expect(new Set(looks).size).toBe(looks.length)
  })

  it('frames the inner pair, open towards the outer one', () => {
    expect(innerFrame(flagLayout(tunnel, { zoom: 2 }))).toBe('M227,1H307V27H227')
  })
})
