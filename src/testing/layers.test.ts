import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { badImports, importCycles, layerOf } from './layers.ts'
import { ROOT, parseSource, readSources } from './sources.ts'

const sources = readSources()
const isFile = (path: string): boolean => existsSync(join(ROOT, path))
const anyFile = (): boolean => true

describe('the files of src', () => {
  test('every file belongs to a layer', () => {
    expect(sources.map((source) => source.path).filter((path) => layerOf(path) === '')).toEqual([])
  })

  test('imports go one way', () => {
    expect(badImports(sources, isFile)).toEqual([])
  })

  test('no import cycle between files', () => {
    expect(importCycles(sources)).toEqual([])
  })
})

describe('the import checker', () => {
  const judge = (path: string, code: string, exists = anyFile): string[] =>
    badImports([parseSource(path, code)], exists)

  test.each([
    ['a lower layer reads a higher one', 'src/core/wire/x.ts', "import { a } from '../kernel/host.ts'"],
    ['a type-only import counts', 'src/core/kernel/x.ts', "import type { A } from '../sim/trace.ts'"],
    ['an export-from counts', 'src/core/base/x.ts', "export * from '../wire/arp.ts'"],
    ['a dynamic import counts', 'src/view/x.ts', "const a = () => import('../app/main.tsx')"],
    ['an import type counts', 'src/view/x.ts', "type A = import('../core/sim/world.ts').World"],
    ['a worker URL counts', 'src/view/x.ts', "new Worker(new URL('../engine/worker.ts', import.meta.url))"],
    [
      'the app reaches the simulator through engine only',
      'src/app/x.ts',
      "import { a } from '../core/sim/world.ts'",
    ],
    ['a view reads notes, not hosts', 'src/view/x.ts', "import type { Host } from '../core/kernel/host.ts'"],
    ['the core uses no package', 'src/core/kernel/x.ts', "import { z } from 'zustand'"],
    ['the core does not use Node', 'src/core/kernel/x.ts', "import { readFileSync } from 'node:fs'"],
    [
      'a leaf does not import the composition root',
      'src/core/kernel/ip/x.ts',
      "import { a } from '../kernel.ts'",
    ],
    ['code does not import a test', 'src/core/wire/x.ts', "import { a } from './arp.test.ts'"],
    [
      'code does not import test helpers',
      'src/core/wire/x.ts',
      "import { a } from '../../testing/sources.ts'",
    ],
    ['a folder outside the table', 'src/misc/x.ts', "import { a } from '../core/base/ids.ts'"],
  ])('refuses: %s', (_, path, code) => {
    expect(judge(path, code)).toHaveLength(1)
  })

  test.each([
    ['downwards', 'src/core/sim/x.ts', "import { a } from '../kernel/kernel.ts'"],
    ['within the layer', 'src/core/kernel/ip/x.ts', "import { a } from '../route/types.ts'"],
    ['a plain note type', 'src/view/x.ts', "import type { Note } from '../core/kernel/note.ts'"],
    ['a package of the layer', 'src/view/x.ts', "import { select } from 'd3'"],
    ['a test reads fixtures', 'src/core/wire/x.test.ts', "import { readFileSync } from 'node:fs'"],
    ['a style sheet with a query', 'src/app/x.tsx', "import url from './styles/a.css?url'"],
  ])('allows: %s', (_, path, code) => {
    expect(judge(path, code)).toEqual([])
  })

  test('says which file, line and target', () => {
    expect(judge('src/core/base/x.ts', "\nimport { a } from '../sim/world.ts'")).toEqual([
      'src/core/base/x.ts:2 imports src/core/sim/world.ts: src/core/base may not read src/core/sim',
    ])
  })

  test('a path that names no file is refused', () => {
    expect(judge('src/core/base/x.ts', "import { a } from './heap'", () => false)).toHaveLength(1)
  })
})

describe('the cycle checker', () => {
  const file = (name: string, ...imports: string[]) =>
    parseSource(
      `src/core/base/${name}.ts`,
      imports.map((i) => `import type { A } from './${i}.ts'`).join('\n'),
    )
  const short = (chain: string): string => chain.replaceAll(/src\/core\/base\/|\.ts/g, '')

  test('names the shortest chain of each cycle', () => {
    const files = [
      file('a', 'b', 'c'),
      file('b', 'd'),
      file('c', 'a'),
      file('d', 'a'),
      file('x', 'y'),
      file('y', 'x'),
    ]
    expect(importCycles(files).map(short).sort()).toEqual(['a -> c -> a', 'x -> y -> x'])
  })

  test('a file that imports itself', () => {
    expect(importCycles([file('a', 'a')]).map(short)).toEqual(['a -> a'])
  })

  test('a diamond is no cycle', () => {
    expect(importCycles([file('a', 'b', 'c'), file('b', 'd'), file('c', 'd'), file('d')])).toEqual([])
  })
})
