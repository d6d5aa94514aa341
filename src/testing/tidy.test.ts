import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROOT, listFiles, parseSource, readSources, readText } from './sources.ts'
import { badNames, bannedUses, bannedWords, countLines, longFunctions, tooLong } from './tidy.ts'
import { LONG_FUNCTIONS, MAX_README_LINES, NINTH_DECILE_LINES } from './tidy-rules.ts'

const sources = readSources()
const code = sources.filter((source) => !/\.test\.tsx?$|^src\/(content|i18n)\//.test(source.path))

describe('the files of the project', () => {
  test('no banned call', () => {
    expect(sources.flatMap(bannedUses)).toEqual([])
  })

  test('no file is too long', () => {
    expect(sources.flatMap((source) => tooLong(source.path, source.text))).toEqual([])
  })

  test('nine files of ten are short', () => {
    const lengths = code.map((source) => countLines(source.text)).sort((a, b) => a - b)
    expect(lengths[Math.floor(lengths.length * 0.9)]).toBeLessThanOrEqual(NINTH_DECILE_LINES)
  })

  test('no function is too long', () => {
    expect(sources.flatMap((source) => longFunctions(source))).toEqual([])
  })

  test('the list of long functions names functions that exist', () => {
    const paths = new Set(sources.map((source) => source.path))
    expect(Object.keys(LONG_FUNCTIONS).filter((id) => !paths.has(id.split('#')[0] ?? ''))).toEqual([])
  })

  test('names say what is inside', () => {
    expect(sources.flatMap(badNames)).toEqual([])
  })

  test('every folder of src and of src/core has a short README', () => {
    const bad = ['src', 'src/core'].flatMap(subfolders).flatMap((folder) => {
      const path = `${folder}/README.md`
      if (!existsSync(join(ROOT, path))) return [`${path} is missing`]
      const lines = countLines(readText(path))
      return lines > MAX_README_LINES ? [`${path} has ${lines} lines, at most ${MAX_README_LINES}`] : []
    })
    expect(bad).toEqual([])
  })

  test('no word that does not belong here', () => {
    expect(textFiles().flatMap((path) => bannedWords(path, readText(path)))).toEqual([])
  })

  test('the top holds what it must and no more', () => {
    const allowed =
      /^(package(-lock)?\.json|tsconfig\.json|index\.html|vite\.config\.ts|(README|CONTRIBUTING)\.md|LICENSE|src|public|e2e)$/
    const made = ['node_modules', 'dist', 'dist-cli', 'coverage', 'test-results', 'playwright-report']
    const names = readdirSync(ROOT).filter((name) => !name.startsWith('.') && !made.includes(name))
    expect(names.filter((name) => !allowed.test(name))).toEqual([])
  })
})

function subfolders(folder: string): string[] {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map((entry) => `${folder}/${entry.name}`)
}

/** Hand-written text. The rules name the words themselves, so that one file is left out. */
function textFiles(): string[] {
  const top = [
    'README.md',
    'CONTRIBUTING.md',
    'index.html',
    'package.json',
    'package-lock.json',
    'vite.config.ts',
  ]
  return [...['src', 'e2e', '.ci', 'public'].flatMap(listFiles), ...top.flatMap(listFiles)]
    .filter((path) => /\.(tsx?|mjs|json|css|html|md|svg|sh)$|\.ci\/run$/.test(path))
    .filter((path) => !/^src\/testing\/tidy(-rules|\.test)\.ts$/.test(path))
}

const judge = (
  check: (source: ReturnType<typeof parseSource>) => string[],
  path: string,
  text: string,
): string[] => check(parseSource(path, text))

describe('the checker of banned calls', () => {
  test.each([
    ['src/core/sim/x.ts', 'const now = Date.now()'],
    ['src/core/sim/x.ts', 'const now = new Date()'],
    ['src/core/sim/x.ts', 'const draw = Math.random'],
    ['src/core/sim/x.ts', 'setTimeout(() => 1, 2)'],
    ['src/core/sim/x.ts', 'globalLog(console)'],
    ['src/core/sim/x.ts', 'const copy = { world: structuredClone(world) }'],
    ['src/core/sim/x.ts', 'export async function f() { await Promise.all([]) }'],
    ['src/core/sim/x.ts', 'const b = new TextEncoder().encode(s)'],
    ['src/core/sim/x.ts', 'names.sort((a, b) => a.localeCompare(b))'],
    ['src/view/x.ts', "select(root).transition().attr('x', 1)"],
    ['src/view/x.ts', "root.innerHTML = '<b>'"],
    ['src/app/x.tsx', 'export const a = <p dangerouslySetInnerHTML={{ __html: text }} />'],
  ])('in %s sees %s', (path, text) => {
    expect(judge(bannedUses, path, text)).toHaveLength(1)
  })

  test.each([
    ['src/core/sim/x.ts', '// Date.now is not simulated time'],
    ['src/core/sim/x.ts', "const text = 'Date: setTimeout(fetch)'"],
    ['src/core/sim/x.ts', 'const max = Math.max(a, b)'],
    ['src/core/sim/x.ts', 'const text = new Date(ms).toUTCString()'],
    ['src/core/sim/x.ts', 'const a = { fetch: 1, process: host.process }'],
    ['src/core/sim/x.ts', 'export function f(process: Proc) { return process.pid }'],
    ['src/core/sim/x.test.ts', 'const from = performance.now()'],
    ['src/engine/x.ts', 'setTimeout(slice, 0)'],
  ])('in %s lets pass %s', (path, text) => {
    expect(judge(bannedUses, path, text)).toEqual([])
  })

  test('says what to use', () => {
    expect(judge(bannedUses, 'src/core/sim/x.ts', '\nMath.random()')).toEqual([
      'src/core/sim/x.ts:2 Math.random: use core/base/prng.ts: one seeded generator per host',
    ])
  })
})

describe('the checkers of sizes', () => {
  const body = (lines: number): string => 'a()\n'.repeat(lines)

  test('files: 400 lines, tests 600, prose free', () => {
    expect(tooLong('src/core/sim/x.ts', body(400))).toEqual([])
    expect(tooLong('src/core/sim/x.ts', body(401))).toHaveLength(1)
    expect(tooLong('src/core/sim/x.test.ts', body(600))).toEqual([])
    expect(tooLong('src/core/sim/x.test.ts', body(601))).toHaveLength(1)
    expect(tooLong('src/content/x.ts', body(900))).toEqual([])
  })

  test.each([
    ['a function', `function f() {\n${body(59)}}`],
    ['an arrow', `const f = () => {\n${body(59)}}`],
    ['a method', `const o = { f() {\n${body(59)}} }`],
  ])('%s of 61 lines is too long, one of 60 is not', (_, text) => {
    const path = 'src/core/sim/x.ts'
    expect(longFunctions(parseSource(path, text))).toHaveLength(1)
    expect(longFunctions(parseSource(path, text.replace('a()\n', '')))).toEqual([])
  })

  test('a factory is measured without the functions in it, and those on their own', () => {
    const inner = (lines: number): string => `function f() {\n${body(lines)}}\n`
    const factory = (text: string): string => `export function createPlayer() {\n${text}return { f }\n}`
    const judge = (text: string): string[] => longFunctions(parseSource('src/app/x.ts', text))
    expect(judge(factory(inner(40) + inner(40)))).toEqual([])
    expect(judge(factory(inner(59)))).toHaveLength(1)
    expect(judge(factory(inner(40) + body(60)))).toHaveLength(1)
    expect(judge(factory(inner(40) + inner(40)).replace('createPlayer', 'play'))).toHaveLength(1)
  })

  test('a listed function may not grow, and its entry may not stay too high', () => {
    const source = parseSource('src/core/sim/x.ts', `function f() {\n${body(68)}}`)
    const id = 'src/core/sim/x.ts#f'
    expect(longFunctions(source, { [id]: 70 })).toEqual([])
    expect(longFunctions(source, { [id]: 69 })).toHaveLength(1)
    expect(longFunctions(source, { [id]: 71 })).toHaveLength(1)
  })
})

describe('the checker of words', () => {
  test.each([
    '// TODO later',
    '// see /work/x',
    'cat ../shared/golden',
    '// as issue #12 says',
    '"https://registry.x.org"',
  ])('sees %s', (line) => {
    expect(bannedWords('README.md', `fine\n${line}`)).toHaveLength(1)
  })

  test.each([
    '// golden A1',
    'TCP sessions',
    'User-Agent: curl/8.5.0',
    'certificates are issued',
    'a shared folder',
  ])('lets pass %s', (line) => {
    expect(bannedWords('README.md', line)).toEqual([])
  })
})

describe('the checker of names', () => {
  test.each([
    ['src/core/sim/Utils.ts', ''],
    ['src/core/sim/utils.ts', ''],
    ['src/core/kernel/ip/index.ts', "export { a } from './a.ts'"],
    ['src/app/all.ts', "import { a } from './a.ts'\nexport { a }"],
    ['src/app/x.tsx', 'export default function X() {}'],
    ['src/app/x.tsx', 'export default 1'],
  ])('refuses %s %s', (path, text) => {
    expect(judge(badNames, path, text)).toHaveLength(1)
  })

  test.each([
    ['src/engine/index.ts', "export { a } from './a.ts'"],
    ['src/core/wire/tcp-options.test.ts', 'export const a = 1'],
    ['src/i18n/en/index.ts', "import { a } from './a.ts'\nexport const en = { a }"],
  ])('allows %s %s', (path, text) => {
    expect(judge(badNames, path, text)).toEqual([])
  })
})
