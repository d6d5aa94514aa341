/**
 * `npm test`: every check there is, one after the other. `--no-browser` leaves out build and browser tests,
 * `--only NAME` runs one step. A failing step does not hide the later ones; the last line is the true total.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { BIN, ROOT, ensureChromium, ensurePackages, nodeIsNewEnough, run } from './install.mjs'

const CACHE = join(ROOT, '.cache')
const UNIT_REPORT = join(CACHE, 'unit.json')
const E2E_REPORT = join(CACHE, 'e2e.json')

const tool = (name, args, env) => run(join(BIN, name), args, env)
const check = (status) => ({ passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 })
const types = (project, info) => () =>
  check(
    tool('tsc', ['-p', project, '--incremental', '--tsBuildInfoFile', join(CACHE, `${info}.tsbuildinfo`)]),
  )

const STEPS = [
  ['format', () => check(tool('prettier', ['--check', '--log-level', 'warn', '.']))],
  ['types-core', types('src/core', 'core')],
  ['types-src', types('src', 'src')],
  ['types-e2e', types('e2e', 'e2e')],
  ['lint', () => check(run('npm', ['run', '--silent', 'lint']))],
  ['unused', () => check(tool('knip', ['--no-progress']))],
  ['unit', unit],
  ['build', () => check(tool('vite', ['build', '--logLevel', 'warn']))],
  ['size', () => check(run(process.execPath, [join(ROOT, '.ci', 'size.mjs')]))],
  ['e2e', browser],
]
const IN_BROWSER = new Set(['build', 'size', 'e2e'])

process.exitCode = main(process.argv.slice(2))

function main(args) {
  if (!nodeIsNewEnough() || !ensurePackages()) {
    console.log('0 passed, 1 failed')
    return 1
  }
  mkdirSync(CACHE, { recursive: true })
  const total = { passed: 0, failed: 0, skipped: 0 }
  const table = []
  for (const [name, step] of chosen(args)) {
    console.log(`\n== ${name}`)
    const from = Date.now()
    const result = step()
    for (const key of Object.keys(total)) total[key] += result[key]
    const seconds = ((Date.now() - from) / 1000).toFixed(1)
    table.push(`${name.padEnd(12)}${seconds.padStart(7)} s   ${summary(result)}`)
    console.log(`-- ${table.at(-1)}`)
  }
  console.log(`\n${table.join('\n')}\n`)
  console.log(summary(total))
  return total.failed === 0 && total.passed > 0 ? 0 : 1
}

function chosen(args) {
  const only = args.indexOf('--only')
  if (only >= 0) return STEPS.filter(([name]) => args.slice(only + 1).includes(name))
  return args.includes('--no-browser') ? STEPS.filter(([name]) => !IN_BROWSER.has(name)) : STEPS
}

function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

/** A file that could not be loaded, or an error outside of any test, has no test of its own: it counts as one failure. */
function unit() {
  rmSync(UNIT_REPORT, { force: true })
  const status = tool('vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${UNIT_REPORT}`,
  ])
  const report = readJson(UNIT_REPORT)
  if (!report) return check(1)
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  const failed = report.numFailedTests + broken.length
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

function browser() {
  const chromium = ensureChromium()
  if (!chromium.ok) {
    console.error('No Chromium could be installed: the browser tests did not run.')
    return check(1)
  }
  rmSync(E2E_REPORT, { force: true })
  const status = tool(
    'playwright',
    ['test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json'],
    {
      CHROMIUM: chromium.path,
      PLAYWRIGHT_JSON_OUTPUT_FILE: E2E_REPORT,
    },
  )
  const report = readJson(E2E_REPORT)
  if (!report) return check(1)
  const failed = report.stats.unexpected + report.stats.flaky
  return {
    passed: report.stats.expected,
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: report.stats.skipped,
  }
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
