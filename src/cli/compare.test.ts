import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { bytesOfHex } from '../core/base/bytes.ts'
import { pcapFile } from '../core/wire/pcap.ts'
import framesJson from '../testing/fixtures/frames.json' with { type: 'json' }
import type { FramesFixture } from '../testing/frames-fixture.ts'
import { runCompare } from './compare.ts'

const frames = (framesJson as unknown as FramesFixture).conversation.map(({ hex }) => bytesOfHex(hex))
let dir = ''
let out = ''
let err = ''

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'compare-'))
  out = err = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true))
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(dir, { recursive: true })
})

/** A folder with these capture points; the number says how many frames each has. */
function run(name: string, points: Record<string, number>): string {
  const folder = join(dir, name, 'pcap')
  mkdirSync(folder, { recursive: true })
  for (const [point, n] of Object.entries(points)) {
    const records = frames.slice(0, n).map((bytes, i) => ({ at: i * 1000, bytes }))
    writeFileSync(join(folder, `${point}.pcap`), pcapFile(records))
  }
  return join(dir, name)
}

test('the same packets: a line per point and status 0', () => {
  const [sim, real] = [
    run('sim', { 'h1-eth0': 9, 'h2-eth0': 5 }),
    run('real', { 'h2-eth0': 5, 'h1-eth0': 9 }),
  ]
  expect(runCompare([sim, real])).toBe(0)
  expect(out).toBe(
    'h1-eth0  same 9 packets\nh2-eth0  same 5 packets\ncompared 2 points, 2 same, 0 different\n',
  )
})

test('a difference: both sides on one line, and status 1', () => {
  expect(
    runCompare([run('sim', { 'h1-eth0': 8, 'h2-eth0': 5 }), run('real', { 'h1-eth0': 9, 'h2-eth0': 5 })]),
  ).toBe(1)
  const [line] = out.split('\n')
  expect(line).toMatch(/^h1-eth0 {2}differs at packet 9 {2}sim: \(nothing\) {2}<> {2}real: .*TCP.*/)
  expect(out).toMatch(/compared 2 points, 1 same, 1 different\n$/)
})

test('a missing interface of a captured host is different; a bridge that only one run captured is passed over', () => {
  const real = run('real', { 'h1-eth0': 4, 'h1-eth1': 4, 'sw-br0': 4 })
  expect(runCompare([run('sim', { 'h1-eth0': 4 }), real])).toBe(1)
  expect(out).toContain(`h1-eth1  only in ${real}\ncompared 2 points, 1 same, 1 different\n`)
  expect(out).not.toContain('br0')
})

test('wrong input: status 2 and one line on stderr', () => {
  const good = run('sim', { 'h1-eth0': 4 })
  writeFileSync(join(run('broken', {}), 'pcap', 'h1-eth0.pcap'), 'no capture, but longer than its header')
  for (const args of [
    [],
    [good],
    [good, good, '--wrong'],
    [good, join(dir, 'none')],
    [good, run('empty', {})],
    [good, run('other', { 'h9-eth0': 4 })],
    [good, join(dir, 'broken')],
  ]) {
    err = ''
    expect(runCompare(args)).toBe(2)
    expect(err).toMatch(/^vipscope compare: .+\n$/)
  }
  expect(out).toBe('')
})
