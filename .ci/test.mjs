/**
 * `npm test`: every check there is, one after the other. `--no-browser` leaves out build and browser tests,
 * `--only NAME...` runs some steps. A failing step does not hide the later ones; the last line is the true total.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { BIN, ROOT, ensureChromium, ensurePackages, nodeIsNewEnough, run } from './install.mjs'
import { add, countBrowser, countStep, countUnit, summary } from './report.mjs'

const CACHE = join(ROOT, '.cache')
const UNIT_REPORT = join(CACHE, 'unit.json')
const BROWSER_REPORT = join(CACHE, 'e2e.json')

const tool = (name, args, env) => run(join(BIN, name), args, env)
const types = (project, info) => () =>
  countStep(
    tool('tsc', ['-p', project, '--incremental', '--tsBuildInfoFile', join(CACHE, `${info}.tsbuildinfo`)]),
  )

const STEPS = [
  ['format', () => countStep(tool('prettier', ['--check', '--log-level', 'warn', '.']))],
  ['types-core', types('src/core', 'core')],
  ['types-src', types('src', 'src')],
  ['types-e2e', types('e2e', 'e2e')],
  ['lint', () => countStep(run('npm', ['run', '--silent', 'lint']))],
  ['unused', () => countStep(tool('knip', ['--no-progress']))],
  ['unit', unit],
  ['build', () => countStep(tool('vite', ['build', '--logLevel', 'warn']))],
  ['size', () => countStep(run(process.execPath, [join(ROOT, '.ci', 'size.mjs')]))],
  ['e2e', browser],
]
const IN_BROWSER = new Set(['build', 'size', 'e2e'])

process.exitCode = main(process.argv.slice(2))

function main(args) {
  if (!nodeIsNewEnough() || !ensurePackages()) {
    console.log(summary(countStep(1)))
    return 1
  }
  mkdirSync(CACHE, { recursive: true })
  const counts = []
  const table = []
  for (const [name, step] of chosen(args)) {
    console.log(`\n== ${name}`)
    const from = Date.now()
    const count = step()
    counts.push(count)
    const seconds = ((Date.now() - from) / 1000).toFixed(1)
    table.push(`${name.padEnd(12)}${seconds.padStart(7)} s   ${summary(count)}`)
    console.log(`-- ${table.at(-1)}`)
  }
  const total = add(counts)
  console.log(`\n${table.join('\n')}\n`)
  console.log(summary(total))
  return total.failed === 0 && total.passed > 0 ? 0 : 1
}

function chosen(args) {
  const only = args.indexOf('--only')
  if (only >= 0) return STEPS.filter(([name]) => args.slice(only + 1).includes(name))
  return args.includes('--no-browser') ? STEPS.filter(([name]) => !IN_BROWSER.has(name)) : STEPS
}

function unit() {
  rmSync(UNIT_REPORT, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${UNIT_REPORT}`]
  const status = tool('vitest', ['run', ...reporters])
  return countUnit(readJson(UNIT_REPORT), status)
}

function browser() {
  const chromium = ensureChromium()
  if (!chromium.ok) {
    console.error('No Chromium could be installed: the browser tests did not run.')
    return countStep(1)
  }
  rmSync(BROWSER_REPORT, { force: true })
  const status = tool(
    'playwright',
    ['test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json'],
    {
      CHROMIUM: chromium.path,
      PLAYWRIGHT_JSON_OUTPUT_FILE: BROWSER_REPORT,
    },
  )
  return countBrowser(readJson(BROWSER_REPORT), status)
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
