/** Brings what a fresh clone lacks: npm packages by the lock file, and a Chromium for the browser tests. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))
export const BIN = join(ROOT, 'node_modules', '.bin')

/** Runs a program in the foreground, without stdin. Returns its exit status (127 when it cannot be started). */
export function run(command, args, env = {}) {
  const windows = process.platform === 'win32'
  const { status, error } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: windows,
    env: { ...process.env, ...env },
  })
  if (error) console.error(`${command}: ${error.message}`)
  return status ?? (error ? 127 : 1)
}

export function nodeIsNewEnough() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return true
  console.error(`Node ${process.versions.node} is too old: 20.19 or newer is needed.`)
  return false
}

/** `npm ci` when node_modules is absent or older than the lock file. Returns false when that failed. */
export function ensurePackages() {
  const done = join(ROOT, 'node_modules', '.package-lock.json')
  const lock = join(ROOT, 'package-lock.json')
  if (existsSync(done) && statSync(done).mtimeMs >= statSync(lock).mtimeMs) return true
  console.log('Installing packages (npm ci) ...')
  return run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund']) === 0
}

/** Path of an installed Chromium or Chrome, or '' when there is none. `CHROMIUM` in the environment wins. */
export function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM
  const names = ['chromium', 'google-chrome', 'google-chrome-stable']
  for (const dir of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      const path = join(dir, name)
      if (dir && isExecutable(path)) return path
    }
  }
  return ''
}

/**
 * A browser for the tests: one that is installed, else Debian's by apt (as root on Debian), else Playwright's own
 * build. Returns { ok, path }; an empty path means Playwright's own.
 */
export function ensureChromium() {
  const path = findChromium()
  if (path) return { ok: true, path }
  if (isDebian() && process.getuid?.() === 0) {
    console.log('Installing chromium (apt-get) ...')
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    run('apt-get', ['update', '-q'], env)
    run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], env)
    const installed = findChromium()
    if (installed) return { ok: true, path: installed }
  }
  console.log("Installing Playwright's Chromium ...")
  const args = ['install', ...(process.getuid?.() === 0 ? ['--with-deps'] : []), 'chromium']
  return { ok: run(join(BIN, 'playwright'), args) === 0, path: '' }
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function isDebian() {
  try {
    return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}
