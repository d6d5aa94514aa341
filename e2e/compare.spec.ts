import { expect, test } from '@playwright/test'

test('the four modes beside each other: steps by key, other packets, the commands of a mode', async ({
  page,
}) => {
  await page.goto('./?lang=en#/compare')
  const head = page.locator('.compare-head p')
  await expect(head).toContainText('LB1 has just sent the request on', { timeout: 30_000 })
  await expect(page.getByRole('columnheader')).toHaveCount(4)
  await expect(page.getByText('does not pass L1')).toHaveCount(2)
  await page.keyboard.press('ArrowRight')
  await expect(head).toContainText('server1 has just sent the answer')
  await page.getByRole('radio', { name: 'request and answer' }).click()
  await expect(page.locator('.compare-flag').first()).toHaveCount(1)
  await page.getByText('10 commands').click()
  await expect(page.locator('.compare-typed[open] pre')).toContainText('modprobe ipip')
  const seen = page.getByRole('row', { name: /^Server sees/ })
  await expect(seen).toContainText('not the client')
})
