import { expect, type Page } from '@playwright/test'
import { LESSON, open, test } from './visit.ts'

/** Does what the step asks, always taking the first answer, until its Next opens. */
async function doStep(page: Page): Promise<void> {
  const panel = page.getByRole('complementary', { name: 'Lesson' })
  const next = panel.getByRole('button', { name: /^(Next|Finish)$/ })
  const acts = [
    panel.getByRole('button', { name: 'Go to the result' }),
    panel.getByRole('button', { name: 'Lock in A' }),
    panel.getByRole('radio').first(),
    panel.getByRole('button', { name: 'Show me' }),
    panel.locator('.task .btn.main'),
  ]
  await expect(async () => {
    if (await next.isVisible()) return
    for (const act of acts) {
      const isChoice = (await act.getAttribute('role', { timeout: 100 }).catch(() => null)) === 'radio'
      if (isChoice && (await act.isChecked())) continue
      if ((await act.isVisible()) && (await act.isEnabled())) {
        await act.click({ timeout: 1000 })
        break
      }
    }
    await expect(next).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 30_000, intervals: [100] })
}

test('a lesson is played from start to end', async ({ page }) => {
  test.setTimeout(120_000)
  await open(page, '/')
  await page.getByRole('link', { name: 'Start' }).click()
  const panel = page.getByRole('complementary', { name: 'Lesson' })
  for (let step = 0; step < 20; step += 1) {
    if (await panel.getByText('Lesson done').isVisible()) break
    await doStep(page)
    await panel.getByRole('button', { name: /^(Next|Finish)$/ }).click()
  }
  await expect(panel).toContainText('predictions came true')
  await page.getByRole('link', { name: 'Go on in the free lab' }).click()
  await expect(page.getByRole('button', { name: 'Send 1 request' })).toBeEnabled()
})

test('play is locked until a prediction is locked in, and the run decides what is right', async ({
  page,
}) => {
  await open(page, LESSON)
  await doStep(page)
  const panel = page.getByRole('complementary', { name: 'Lesson' })
  await panel.getByRole('button', { name: 'Next' }).click()
  const locked = page.getByRole('button', { name: 'Answer first' })
  await expect(locked).toBeVisible()
  await expect(page.getByRole('button', { name: 'Step forward' })).toBeDisabled()
  await panel.getByRole('radio').first().click()
  await panel.getByRole('button', { name: 'Lock in A' }).click()
  await expect(locked).toBeHidden()
  await expect(panel.getByText('What happened')).toBeHidden()
  await panel.getByRole('button', { name: 'Go to the result' }).click()
  await expect(panel.getByText('You said')).toBeVisible()
  await expect(panel.getByText('What happened')).toBeVisible()
})

test('a lesson is found again where it was left', async ({ page }) => {
  await open(page, LESSON)
  await doStep(page)
  const panel = page.getByRole('complementary', { name: 'Lesson' })
  await panel.getByRole('button', { name: 'Next' }).click()
  await expect(panel).toContainText('step 2 of')
  await page.reload()
  await expect(panel).toContainText('step 2 of')
})
