import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bandOf } from './counts.ts'
import { csvOf } from './csv.ts'
import { hexRows } from './hex-rows.ts'
import { diffFrames } from './packet-diff.ts'
import { firstAfter } from './stops.ts'
import { clockText, secondsText, spanText } from './time.ts'
import { readPrefs } from '../prefs/read-prefs.ts'
import { regionsOf } from '../panels/regions.ts'

describe('times', () => {
  it('shows microseconds in groups of three', () => {
    expect(clockText(6_690_553_400)).toBe('6.690 553')
    expect(secondsText(0)).toBe('0.000000')
    expect(spanText(1_400_000)).toBe('1.4 ms')
    expect(spanText(52_000)).toBe('52 µs')
  })
})

describe('csv', () => {
  it('quotes what would break a row', () => {
    expect(csvOf([['a', 'b,c', 'say "x"']])).toBe('a,"b,c","say ""x"""\r\n')
  })
})

describe('hex rows', () => {
  it('covers every byte once, in order, whatever the fields', () => {
    const field = fc.record({ at: fc.nat(80), length: fc.integer({ min: 1, max: 20 }) })
    fc.assert(
      fc.property(fc.nat(80), fc.integer({ min: 1, max: 16 }), fc.array(field), (length, perRow, fields) => {
        const runs = hexRows(length, perRow, fields).flatMap((row) => row.runs)
        expect(runs.flatMap((run) => Array.from({ length: run.length }, (_, i) => run.at + i))).toEqual(
          Array.from({ length }, (_, i) => i),
        )
      }),
    )
  })

  it('gives a byte to the smallest field that holds it', () => {
    const wide = { at: 0, length: 4 }
    const small = { at: 1, length: 1 }
    expect(hexRows(4, 8, [wide, small])[0]?.runs.map((run) => run.mark)).toEqual([wide, small, wide])
  })
})

describe('differences of frames', () => {
  it('never throws, and finds none between a frame and itself', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        const rows = diffFrames(bytes, bytes, []).flatMap((layer) => layer.rows)
        expect(rows.filter((row) => row.was !== undefined)).toEqual([])
      }),
    )
  })
})

describe('the band of fair draws', () => {
  it('narrows with the number of draws and stays within 0 and 1', () => {
    const [low10, high10] = bandOf(0.5, 10)
    const [low1000, high1000] = bandOf(0.5, 1000)
    expect(high1000 - low1000).toBeLessThan(high10 - low10)
    expect(low1000).toBeCloseTo(0.469, 3)
    expect(bandOf(0.5, 1)).toEqual([0, 1])
  })
})

describe('firstAfter', () => {
  it('counts the elements that are at most k', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), fc.nat(60), (list, k) => {
        const sorted = [...list].sort((a, b) => a - b)
        expect(firstAfter(sorted, k)).toBe(sorted.filter((one) => one <= k).length)
      }),
    )
  })
})

describe('preferences', () => {
  it('takes what is valid and forgets the rest', () => {
    const kept = { lang: 'zh', theme: 'neon', dockPx: 250, lessonPx: -5, step: 'hop', speed: 3 }
    const prefs = readPrefs(kept, '', 'en-US')
    expect(prefs).toMatchObject({ lang: 'zh', theme: 'system', dockPx: 250, lessonPx: undefined, speed: 1 })
  })

  it('follows the browser at first and the address always', () => {
    expect(readPrefs(undefined, '', 'zh-CN').lang).toBe('zh')
    expect(readPrefs({ lang: 'zh', theme: 'dark' }, '?lang=en&theme=light', 'zh')).toMatchObject({
      lang: 'en',
      theme: 'light',
    })
  })

  it('never throws on what storage may hold', () => {
    fc.assert(
      fc.property(fc.anything(), (kept) => {
        expect(['en', 'zh']).toContain(readPrefs(kept, '', 'en').lang)
      }),
    )
  })
})

describe('regions', () => {
  const none = { lessonPx: undefined, inspectorPx: undefined, dockPx: undefined, dockOpen: undefined }
  it('has the designed sizes', () => {
    expect(regionsOf({ width: 1440, height: 900 }, none)).toEqual({
      ...{ lesson: 320, inspector: 336, dock: 208, dockOpen: true, dockOver: false },
    })
    expect(regionsOf({ width: 1280, height: 720 }, none)).toMatchObject({
      lesson: 272,
      dockOpen: false,
      dockOver: true,
    })
    expect(regionsOf({ width: 1920, height: 1080 }, none)).toMatchObject({
      lesson: 384,
      inspector: 400,
      dock: 244,
    })
  })

  it('keeps what the learner has set, within the window', () => {
    const set = { ...none, lessonPx: 300, dockPx: 900, dockOpen: true }
    expect(regionsOf({ width: 1440, height: 900 }, set)).toMatchObject({
      lesson: 300,
      dock: 580,
      dockOpen: true,
    })
  })
})
