import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readVectors } from '../testing/fixtures/ecmp/vectors.ts'
import { runEcmp } from './ecmp.ts'

type File = ReturnType<typeof readVectors> & { rows: unknown[][]; groups: Record<string, unknown>[] }

let dir = ''
beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'ecmp-'))))
afterAll(() => rmSync(dir, { recursive: true }))

function run(text: string): { status: number; out: string[]; err: string } {
  const path = join(dir, 'vectors.json')
  writeFileSync(path, text)
  return runPath(path)
}

function runPath(...args: string[]): { status: number; out: string[]; err: string } {
  let [out, err] = ['', '']
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true))
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true))
  try {
    const status = runEcmp(args)
    return { status, out: out.trimEnd().split('\n'), err }
  } finally {
    stdout.mockRestore()
    stderr.mockRestore()
  }
}

const changed = (change: (file: File) => void): string => {
  const file = readVectors() as File
  change(file)
  return JSON.stringify(file)
}

describe('vipscope ecmp', () => {
  it('matches every choice of the real kernel', () => {
    const { status, out } = run(changed(() => undefined))
    expect(out).toEqual([
      'classic routes: 1982/1982',
      'mpath groups: 1342/1342',
      'resilient groups: 1342/1342',
      'full hashes: 512/512',
      'matched 4666/4666',
    ])
    expect(status).toBe(0)
  })

  it('tells a choice that differs', () => {
    const { status, out } = run(changed(({ rows }) => (rows[3]![11] = Number(rows[3]![11]) === 0 ? 1 : 0)))
    expect(out.at(-1)).toBe('matched 4665/4666')
    expect(out.some((line) => line.includes('rows[3]'))).toBe(true)
    expect(status).toBe(1)
  })

  it('does without hash32, fullhash rows and an order of columns', () => {
    const { status, out } = run(
      changed((file) => {
        delete file['fullhash_rows']
        const columns = (file['columns'] as string[]).filter((name) => name !== 'hash32')
        file.rows = file.rows.slice(0, 20).map((row) => row.filter((_, i) => i !== 10).reverse())
        file['columns'] = columns.reverse()
      }),
    )
    expect(out.at(-1)).toBe('matched 20/20')
    expect(status).toBe(0)
  })

  it.each([
    ['no JSON', '{', 'not JSON'],
    ['a list', '[]', '$: not an object'],
    ['no groups', '{}', 'groups: missing'],
    ['no kind', changed(({ groups }) => delete groups[2]!['kind']), 'groups[2].kind: missing'],
    ['no weights', changed(({ groups }) => delete groups[2]!['weights']), 'groups[2].weights: missing'],
    ['no buckets', changed(({ groups }) => delete groups[32]!['buckets']), 'groups[32].buckets: missing'],
    [
      'no column',
      changed((file) => (file['columns'] as string[]).splice(2, 1)),
      'columns: no column "policy"',
    ],
    ['no rows', changed((file) => (file.rows = [])), 'rows: empty'],
    ['an address', changed(({ rows }) => (rows[7]![6] = '10.0.0.256')), 'rows[7][6] (src): "10.0.0.256"'],
    ['a path', changed(({ rows }) => (rows[7]![4] = 'up')), 'rows[7][4] (path): "up"'],
    ['a seed of 0', changed(({ rows }) => (rows[7]![1] = 0)), 'rows[7][1] (seed): 0'],
    ['a group', changed(({ rows }) => (rows[7]![0] = 99)), 'rows[7][0] (group): no group 99'],
    ['a short row', changed(({ rows }) => (rows[7] = [0])), 'rows[7][11] (chosen): missing'],
  ])('wrong input is one line that says where: %s', (_, text, message) => {
    const { status, err, out } = run(text)
    expect(status).toBe(2)
    expect(err).toContain(message)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
    expect(out).toEqual([''])
  })

  it('a missing file, no argument, two arguments', () => {
    expect(runPath(join(dir, 'none.json'))).toMatchObject({ status: 2 })
    expect(runPath(join(dir, 'none.json')).err).toContain('no such file')
    expect(runPath().err).toContain('usage')
    expect(runPath('a', 'b').status).toBe(2)
  })
})
