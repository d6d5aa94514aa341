import { expect } from '@playwright/test'
import { open, test } from './visit.ts'

test('a challenge is checked, mended by its solution, and kept as repaired', async ({ page }) => {
  await open(page, '/')
  await page
    .getByRole('link', { name: /^Challenges/ })
    .first()
    .click()
  await expect(page.getByText('0 of 39 repaired')).toBeVisible()
  await page.getByRole('link', { name: /^Every second request hangs/ }).click()
  const panel = page.getByRole('complementary', { name: 'Lesson' })
  await panel.getByRole('button', { name: 'Check' }).click()
  await expect(panel.getByText('1 of 3', { exact: true })).toBeVisible()
  await expect(panel.getByText(/6 of 12 answered/)).toBeVisible()
  await panel.getByRole('button', { name: 'See it' }).first().click()
  for (const n of [1, 2, 3]) await panel.getByRole('button', { name: `Hint ${n} of 3` }).click()
  await panel.getByRole('button', { name: 'Show a solution' }).click()
  await panel.getByRole('button', { name: 'Type it' }).click()
  await panel.getByRole('button', { name: 'Check' }).click()
  await expect(panel.getByText('Repaired.')).toBeVisible()
  await panel.getByRole('link', { name: 'All challenges' }).click()
  await expect(page.getByText('1 of 39 repaired')).toBeVisible()
})

test('a variant has other addresses, and a wrong name is told kindly', async ({ page }) => {
  await open(page, '/challenge/dr-no-vip/7')
  await expect(page.getByText('Variant 7: other addresses')).toBeVisible()
  await expect(page.locator('[data-host="LB1"]')).not.toContainText('172.16.253')
  await open(page, '/challenge/no-such-thing')
  await expect(page.getByText('There is no such challenge')).toBeVisible()
})

test('a challenge begins anew as it was', async ({ page }) => {
  await open(page, '/challenge/ipvs-weight-zero')
  const panel = page.getByRole('complementary', { name: 'Lesson' })
  for (const n of [1, 2, 3]) await panel.getByRole('button', { name: `Hint ${n} of 3` }).click()
  await panel.getByRole('button', { name: 'Begin anew' }).click()
  await expect(panel.getByRole('button', { name: 'Hint 1 of 3' })).toBeVisible()
  await panel.getByRole('button', { name: 'Check' }).click()
  await expect(panel.getByText('server1 12, server2 0')).toBeVisible()
})
