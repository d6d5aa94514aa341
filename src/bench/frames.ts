/**
 * How the built page (dist/) draws: opens it at `?bench=flags` in Chromium and takes what it says of itself, see README.
 * In software rendering frames per second tell more of the machine than of the page; script time per frame does not.
 */
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from '@playwright/test'
import { type Bench, medianOf, quantileOf } from './bench.ts'

/** What the page puts at window.__bench after 3 s: ms between frames, and ms of script in each. */
interface PageBench {
  frames: number[]
  jsMs: number[]
}

const DIST = fileURLToPath(new URL('../../dist', import.meta.url))
const WAIT_MS = 15_000
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
}

function serveDist(): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const path = join(DIST, pathname.endsWith('/') ? `${pathname}index.html` : pathname)
    if (!path.startsWith(DIST) || !existsSync(path)) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' })
    response.end(readFileSync(path))
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

async function readPage(page: Page, port: number): Promise<PageBench> {
  await page.goto(`http://127.0.0.1:${port}/?bench=flags`)
  const offered = await page
    .waitForFunction(() => '__bench' in window, undefined, { timeout: WAIT_MS })
    .catch(() => undefined)
  if (!offered) throw new Error(`the page offers no window.__bench at ?bench=flags`)
  const bench = await page.evaluate(() => (window as unknown as { __bench: PageBench }).__bench)
  if (bench.frames.length === 0 || bench.jsMs.length === 0) throw new Error('window.__bench is empty')
  return bench
}

/** Open the built page in Chromium and read something of it. */
async function visit<T>(read: (page: Page, port: number) => Promise<T>): Promise<T> {
  if (!existsSync(join(DIST, 'index.html'))) throw new Error('no dist/: npm run build first')
  const system = process.env['CHROMIUM'] ?? ['/usr/bin/chromium'].find((path) => existsSync(path))
  const server = await serveDist()
  try {
    const browser = await chromium.launch({
      ...(system ? { executablePath: system } : {}),
      chromiumSandbox: false,
      args: ['--disable-gpu', '--disable-background-networking', '--no-first-run'],
    })
    try {
      const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
      return await read(page, (server.address() as AddressInfo).port)
    } finally {
      await browser.close()
    }
  } finally {
    server.close()
  }
}

/** Longest task of the main thread (ms; those under 50 ms are not reported and count as 0) until the stage stands. */
async function readLongTask(page: Page, port: number): Promise<number> {
  await page.addInitScript(() => {
    const seen = window as unknown as { __long: number }
    seen.__long = 0
    new PerformanceObserver((list) => {
      for (const task of list.getEntries()) seen.__long = Math.max(seen.__long, task.duration)
    }).observe({ type: 'longtask', buffered: true })
  })
  await page.goto(`http://127.0.0.1:${port}/#/lab/course`)
  await page.waitForSelector('.vs [data-host]', { timeout: WAIT_MS })
  await page.waitForTimeout(300)
  return page.evaluate(() => (window as unknown as { __long: number }).__long)
}

export const firstStage: Bench = {
  name: 'longest task until the first stage is drawn',
  unit: 'ms',
  target: { atMost: 200 },
  repeat: 3,
  run: () => visit(readLongTask),
}

/** One visit serves both numbers. */
let visited: Promise<PageBench> | undefined
const pageBench = (): Promise<PageBench> => (visited ??= visit(readPage))

export const frameRate: Bench = {
  name: '60 flags in flight, frames per second (median)',
  unit: 'fps',
  target: { atLeast: 55 },
  repeat: 1,
  run: async () => 1000 / medianOf((await pageBench()).frames),
}

export const scriptTime: Bench = {
  name: '60 flags in flight, script per frame (p95)',
  unit: 'ms',
  target: { atMost: 4 },
  repeat: 1,
  run: async () => quantileOf((await pageBench()).jsMs, 0.95),
}
