import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { defineConfig } from '@playwright/test'

/** Any free port, chosen once: the workers get it through the environment. */
const port = process.env.E2E_PORT ?? String(await freePort())
process.env.E2E_PORT = port
const address = `http://127.0.0.1:${port}/`

/** A Chromium of the system when there is one (`npm test` finds or installs it), else Playwright's own. */
const system = process.env.CHROMIUM || ['/usr/bin/chromium'].find((path) => existsSync(path))

/** The first line is for machines without GPU or network, the second keeps pixels the same from machine to machine. */
const ARGS = [
  ...[
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
  ...[
    '--font-render-hinting=none',
    '--force-color-profile=srgb',
    '--disable-lcd-text',
    '--disable-font-subpixel-positioning',
    '--hide-scrollbars',
  ],
]

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  snapshotPathTemplate: '{testDir}/shots/{arg}{ext}',
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  updateSnapshots: process.env.CI ? 'none' : 'missing',
  retries: 0,
  timeout: 60_000,
  reporter: 'list',
  expect: {
    timeout: 10_000,
    // Room for the noise of anti-aliasing on another processor, not for a moved line.
    toHaveScreenshot: {
      animations: 'disabled',
      caret: 'hide',
      scale: 'css',
      maxDiffPixelRatio: 0.001,
      threshold: 0.2,
    },
  },
  use: {
    baseURL: address,
    viewport: { width: 1440, height: 900 },
    deviceScaleFactor: 1,
    colorScheme: 'light',
    locale: 'en-US',
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
    launchOptions: { ...(system ? { executablePath: system } : {}), chromiumSandbox: false, args: ARGS },
  },
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --host 127.0.0.1 --port ${port} --strictPort`,
    cwd: new URL('..', import.meta.url).pathname,
    url: address,
    reuseExistingServer: false,
  },
})

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const at = server.address()
      server.close(() => {
        if (at && typeof at === 'object') resolve(at.port)
        else reject(new Error('no port'))
      })
    })
  })
}
