import { expect, test } from '@playwright/test'

test('the hash explorer: a change of policy, an LB that goes, a million flows', async ({ page }) => {
  await page.goto('./?lang=en#/hash')
  const ring = page.locator('.hash-ring svg')
  await expect(ring).toContainText('of 60 flows moved')
  await expect(page.getByRole('tabpanel')).toContainText('Block of 48 bytes')
  await page.getByRole('radio', { name: '0', exact: true }).click()
  // one client, policy 0: one hash, so all flows go one way
  await page.getByRole('tab', { name: 'All flows' }).click()
  await expect(page.getByRole('tabpanel')).toContainText('Only 1 different hashes')
  await page.getByLabel('Clients').selectOption('clients')
  await page.getByRole('radio', { name: '1', exact: true }).click()
  await page.getByRole('button', { name: 'Hash a million flows' }).click()
  await expect(page.getByRole('tabpanel')).toContainText('1,000,000 flows')
  await page.getByRole('radio', { name: 'resilient' }).click()
  await expect(ring).toContainText('none of them needlessly')
  await page.getByLabel('Change').selectOption('none')
  await expect(ring).toContainText('3 LBs share the hash space')
})

test('a seed that is none is refused and nothing is lost; settings come back', async ({ page }) => {
  await page.goto('./?lang=zh#/hash')
  const seed = page.getByLabel('种子', { exact: true })
  await seed.fill('abc')
  await expect(page.getByRole('alert')).toContainText('种子是')
  await expect(page.locator('.hash-ring svg')).toContainText('60 条流')
  await seed.fill('42')
  await expect(page.getByRole('alert')).toHaveCount(0)
  await page.getByLabel('LB 数').selectOption('5')
  await page.reload()
  await expect(page.getByLabel('种子', { exact: true })).toHaveValue('42')
  await expect(page.getByLabel('LB 数')).toHaveValue('5')
})
