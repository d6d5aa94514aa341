/** Counting of `npm test`: what a runner's own report says, and nothing else. */

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Count
 * @typedef {{ status: string, assertionResults: { status: string }[] }} UnitFile
 * @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   testResults: UnitFile[] }} UnitReport
 * @typedef {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number } }} BrowserReport
 */

/**
 * A step without a report of its own is one test.
 * @param {number} status exit status
 * @returns {Count}
 */
export function countStep(status) {
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 }
}

/**
 * Vitest's JSON. A file that could not be loaded has no failed test in it and counts as one; so does an error outside
 * of any test, which only the exit status tells.
 * @param {UnitReport | undefined} report
 * @param {number} status
 * @returns {Count}
 */
export function countUnit(report, status) {
  if (!report) return countStep(1)
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

/**
 * Playwright's JSON. A test that passed only when repeated has failed.
 * @param {BrowserReport | undefined} report
 * @param {number} status
 * @returns {Count}
 */
export function countBrowser(report, status) {
  if (!report) return countStep(1)
  const { expected, unexpected, flaky, skipped } = report.stats
  const failed = unexpected + flaky
  return { passed: expected, failed: failed === 0 && status !== 0 ? 1 : failed, skipped }
}

/**
 * @param {readonly Count[]} counts
 * @returns {Count}
 */
export function add(counts) {
  const sum = { passed: 0, failed: 0, skipped: 0 }
  for (const count of counts) {
    sum.passed += count.passed
    sum.failed += count.failed
    sum.skipped += count.skipped
  }
  return sum
}

/** @param {Count} count */
export function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
