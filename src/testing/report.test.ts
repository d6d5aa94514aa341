import { describe, expect, test } from 'vitest'
import { add, countBrowser, countStep, countUnit, summary } from '../../.ci/report.mjs'

const unit = { numPassedTests: 7, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1, testResults: [] }
const browser = { stats: { expected: 5, unexpected: 0, flaky: 0, skipped: 2 } }
const good = { status: 'passed', assertionResults: [{ status: 'passed' }] }

describe('the total of npm test', () => {
  test('a step counts as one test', () => {
    expect(countStep(0)).toEqual({ passed: 1, failed: 0, skipped: 0 })
    expect(countStep(2)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })

  test('unit tests count as the report says', () => {
    expect(countUnit({ ...unit, testResults: [good] }, 0)).toEqual({ passed: 7, failed: 0, skipped: 2 })
  })

  test('a file that does not load is a failure, a file with a failed test is not one more', () => {
    const unloadable = { status: 'failed', assertionResults: [] }
    expect(countUnit({ ...unit, testResults: [good, unloadable] }, 1).failed).toBe(1)
    const failing = { status: 'failed', assertionResults: [{ status: 'failed' }] }
    expect(countUnit({ ...unit, numFailedTests: 1, testResults: [failing, unloadable] }, 1).failed).toBe(2)
  })

  test('a runner that dies, or ends badly with all tests passed, has failed once', () => {
    expect(countUnit(undefined, 0).failed).toBe(1)
    expect(countUnit(unit, 1).failed).toBe(1)
    expect(countBrowser(undefined, 0).failed).toBe(1)
    expect(countBrowser(browser, 1).failed).toBe(1)
  })

  test('a flaky browser test has failed', () => {
    expect(countBrowser({ stats: { ...browser.stats, flaky: 1 } }, 0)).toEqual({
      passed: 5,
      failed: 1,
      skipped: 2,
    })
  })

  test('the last line names skipped tests only when there are any', () => {
    expect(summary(add([countStep(0), countUnit(unit, 0), countBrowser(browser, 0)]))).toBe(
      '13 passed, 0 failed, 4 skipped',
    )
    expect(summary(countStep(1))).toBe('0 passed, 1 failed')
  })
})
