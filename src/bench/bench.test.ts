import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bench, formatOutcome, isBench, measure, meets, quantileOf } from './bench.ts'
import { gzipKb, initialScripts, workerScripts } from './sizes.ts'

const bench = (run: Bench['run'], change: Partial<Bench> = {}): Bench => ({
  name: 'b',
  unit: 'ms',
  target: { atMost: 10 },
  run,
  ...change,
})

describe('measure', () => {
  it('takes the median of the runs after the first', async () => {
    const values = [900, 3, 1, 500, 2, 4]
    const { measured, pass } = await measure(bench(() => values.shift() ?? NaN))
    expect([measured, pass, values]).toEqual([3, true, []])
  })

  it('reports what cannot be measured as a miss with its reason', async () => {
    const outcome = await measure(bench(() => Promise.reject(new Error('no page\nstack'))))
    expect(outcome.pass).toBe(false)
    expect(formatOutcome(outcome)).toMatch(/ - .*<= 10 ms +MISS \(no page\)$/)
  })

  it('says measured, target and verdict', async () => {
    const slow = await measure(bench(() => 12_345.6, { target: { atLeast: 20_000 }, unit: '/s', repeat: 1 }))
    expect(formatOutcome(slow)).toMatch(/^b +12,346 \/s +>= 20,000 \/s +MISS$/)
    const fine = await measure(bench(() => 1.234, { repeat: 1 }))
    expect(formatOutcome(fine)).toMatch(/1\.23 ms +<= 10 ms +pass$/)
  })
})

it('the target itself is met, no number never is', () => {
  expect([meets(5, { atMost: 5 }), meets(5, { atLeast: 5 })]).toEqual([true, true])
  expect([meets(NaN, { atMost: 5 }), meets(NaN, { atLeast: 5 })]).toEqual([false, false])
})

it('quantiles by nearest rank', () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i)
  expect([quantileOf(values, 0.5), quantileOf(values, 0.95), quantileOf([7], 0.95)]).toEqual([50, 95, 7])
  expect(quantileOf([], 0.5)).toBeNaN()
})

it('finds benches among the exports of a file', () => {
  expect([bench(() => 1), undefined, 3, { run: 1 }].map(isBench)).toEqual([true, false, false, false])
})

describe('sizes of a build', () => {
  let dist = ''
  beforeAll(() => {
    dist = mkdtempSync(join(tmpdir(), 'dist-'))
    mkdirSync(join(dist, 'assets'))
    const write = (path: string, text: string): void => writeFileSync(join(dist, path), text)
    write(
      'index.html',
      '<script type="module" crossorigin src="./assets/index-a.js"></script>' +
        '<link rel="modulepreload" crossorigin href="./assets/react-b.js"><link rel="stylesheet" href="./assets/x.css">',
    )
    write('assets/index-a.js', 'import{a}from"./react-b.js";import"./side-c.js";import("./lazy-d.js")')
    write('assets/react-b.js', 'export{b}from"./deep-e.js"')
    write('assets/side-c.js', '')
    write('assets/lazy-d.js', '')
    write('assets/deep-e.js', 'const x = 1;'.repeat(1000))
    write('assets/worker-f.js', 'import"./deep-e.js"')
  })
  afterAll(() => rmSync(dist, { recursive: true }))

  it('initial scripts are those of the page and their static imports', () => {
    expect(initialScripts(dist).sort()).toEqual([
      'assets/deep-e.js',
      'assets/index-a.js',
      'assets/react-b.js',
      'assets/side-c.js',
    ])
  })

  it('the worker with its imports', () => {
    expect(workerScripts(dist)).toEqual(['assets/worker-f.js', 'assets/deep-e.js'])
  })

  it('sizes are compressed', () => {
    expect(gzipKb(dist, ['assets/deep-e.js'])).toBeLessThan(0.2)
    expect(gzipKb(dist, ['assets/deep-e.js'])).toBeGreaterThan(0.02)
  })
})
