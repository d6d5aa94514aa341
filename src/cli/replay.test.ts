import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runCompare } from './compare.ts'
import { runLab } from './run.ts'

let dir = ''
let out = ''

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'replay-'))
  out = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(dir, { recursive: true })
})

function run(name: string, seed: number, script: string): string {
  writeFileSync(join(dir, 'script'), script)
  const target = join(dir, name)
  runLab(['course-static', '--script', join(dir, 'script'), '--seed', String(seed), '--out', target])
  return target
}

const CURL = 'router$ curl -s http://172.16.253.100:8080\n@sleep 0.5\n'
const BY_PORT = 'router$ sysctl -w net.ipv4.fib_multipath_hash_policy=1\n'

test('runs that differ in the choice among equal next hops alone are the same, and it is said why', () => {
  const script = BY_PORT + CURL.repeat(6)
  const [sim, real] = [run('sim', 1, script), run('real', 6, script)]
  out = ''
  expect(runCompare([sim, real])).toBe(0)
  expect(out).toMatch(/^router: chooses among equal next hops as in .*real with hash seed \d+: run so\n/)
  expect(out).toMatch(/compared 5 points, 5 same, 0 different\n$/)
})

test('another difference stays one', () => {
  const [sim, real] = [run('sim', 1, BY_PORT + CURL.repeat(3)), run('real', 6, BY_PORT + CURL.repeat(4))]
  out = ''
  expect(runCompare([sim, real])).toBe(1)
  expect(out).toContain('router-ens33  differs')
})
