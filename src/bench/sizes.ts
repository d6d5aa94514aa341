/** Sizes of the built page (dist/): what a browser loads before anything shows, and the worker. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Bench } from './bench.ts'

const DIST = fileURLToPath(new URL('../../dist', import.meta.url))

/** Scripts that index.html names, with what they import statically; paths from the root of the build. */
export function initialScripts(dist: string): string[] {
  const html = readFileSync(join(dist, 'index.html'), 'utf8')
  const tags = html.match(/<(script|link)\b[^>]*>/g) ?? []
  const named = tags
    .filter((tag) => tag.startsWith('<script') || /rel="?modulepreload/.test(tag))
    .flatMap((tag) => /(?:src|href)="?\.?\/?([^">\s]+\.js)/.exec(tag)?.[1] ?? [])
  return withImports(dist, named)
}

/** The worker's scripts: chunks called worker, with what they import. */
export function workerScripts(dist: string): string[] {
  const assets = existsSync(join(dist, 'assets')) ? readdirSync(join(dist, 'assets')) : []
  const workers = assets.filter((file) => /worker.*\.js$/.test(file)).sort()
  return withImports(
    dist,
    workers.map((file) => `assets/${file}`),
  )
}

function withImports(dist: string, roots: readonly string[]): string[] {
  const found = new Set<string>()
  const visit = (path: string): void => {
    if (found.has(path)) return
    found.add(path)
    const code = readFileSync(join(dist, path), 'utf8')
    for (const [, target] of code.matchAll(/(?:\bfrom|\bimport)\s*["'](\.{1,2}\/[^"']+\.js)["']/g)) {
      if (target !== undefined) visit(join(dirname(path), target))
    }
  }
  roots.forEach(visit)
  return [...found]
}

/** kB of 1024 bytes, each file compressed by itself at level 9 as a server would. */
export function gzipKb(dist: string, paths: readonly string[]): number {
  const bytes = paths.map((path) => gzipSync(readFileSync(join(dist, path)), { level: 9 }).length)
  return bytes.reduce((sum, n) => sum + n, 0) / 1024
}

function sizeOf(find: (dist: string) => string[], what: string): number {
  if (!existsSync(join(DIST, 'index.html'))) throw new Error('no dist/: npm run build first')
  const paths = find(DIST)
  if (paths.length === 0) throw new Error(`no ${what} in dist/`)
  return gzipKb(DIST, paths)
}

export const initialJs: Bench = {
  name: 'initial JS, gzip',
  unit: 'kB',
  target: { atMost: 130 },
  repeat: 1,
  run: () => sizeOf(initialScripts, 'script'),
}

export const workerJs: Bench = {
  name: 'simulator worker, gzip',
  unit: 'kB',
  target: { atMost: 60 },
  repeat: 1,
  run: () => sizeOf(workerScripts, 'worker chunk'),
}
