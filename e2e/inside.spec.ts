import { expect, type Page } from '@playwright/test'
import { lab, type Look, open, send, settle, test } from './visit.ts'

/** The lab without daemons: its runs are the same from day to day. */
const STILL = '/lab/course-static'

async function stepTo(page: Page, keys: string): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

/** Inside a load balancer, with a request sent in the default mode. */
async function goInside(page: Page, look: Partial<Look> = {}): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await open(page, STILL, look)
  await page.keyboard.press('s')
  await expect(page.locator('.transport .btn.main')).toBeEnabled()
  await stepTo(page, 'cc')
  await page.locator('[data-host="LB2"]').dblclick()
  await expect(page.locator('.host-map svg [data-place="input"]')).toBeVisible()
}

test('a double click looks into a host, the step key goes from decision to decision, Escape comes out', async ({
  page,
}) => {
  await goInside(page)
  const table = page.locator('.walk-table')
  await expect(page.getByRole('heading', { name: /Inside LB2/ })).toBeVisible()
  for (let i = 0; i < 12; i++) {
    if ((await table.locator('[aria-current]').textContent())?.includes('STOLEN') === true) break
    await page.keyboard.press('n')
  }
  await expect(table.locator('[aria-current]')).toContainText('STOLEN ip_vs_in')
  await expect(page.locator('[data-place="input"]')).toHaveAttribute('aria-label', /INPUT, STOLEN/)
  await page.keyboard.press('p')
  await expect(table.locator('[aria-current]')).not.toContainText('goes out')
  await page.keyboard.press('Escape')
  await expect(page.locator('.host-map')).toHaveCount(0)
  await expect(page.locator('[data-host="LB2"]')).toBeVisible()
})

test('Enter on a host and the button on its card lead inside, too', async ({ page }) => {
  await open(page, STILL)
  await page.locator('[data-host="server1"]').focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: /Inside server1/ })).toBeVisible()
  await page.getByRole('button', { name: 'Back to the lab' }).click()
  await page.locator('[data-host="router"]').click()
  await page.getByRole('button', { name: 'Look inside router' }).click()
  await expect(page.getByRole('heading', { name: /Inside router/ })).toBeVisible()
})

test('why tells which next hop lost and by what bound', async ({ page }) => {
  await open(page, STILL)
  await send(page, 1)
  await page.keyboard.press('c')
  await lab(page).tab('Why').click()
  const evidence = page.locator('.evidence').filter({ hasText: 'nexthop via' })
  await expect(evidence).toContainText('is above')
  await expect(evidence).toContainText('is at most')
})

test('both ways under NAT: the reply takes FORWARD, and the legend says which line it is', async ({
  page,
}) => {
  await open(page, STILL)
  await lab(page).turnTo('LVS mode')
  await lab(page).value('LVS mode', 'NAT').click()
  await expect(lab(page).value('LVS mode', 'NAT')).toBeChecked()
  await send(page, 1)
  await stepTo(page, 'ccc')
  await page.locator('[data-host="LB2"]').dblclick()
  await page.getByRole('button', { name: 'Both ways' }).click()
  await expect(page.locator('.host-map-box svg')).toContainText('way of the reply')
})

test('the inside of a load balancer looks as it did: a request in direct routing', async ({ page }) => {
  await goInside(page, { lang: 'en', theme: 'dark', size: '1440' })
  await stepTo(page, 'nnnnnnnnn')
  await settle(page)
  await expect(page).toHaveScreenshot('inside-request.png')
})

test('the inside of a load balancer looks as it did: a reply under NAT', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await open(page, STILL, { lang: 'zh', theme: 'light', size: '1280' })
  await page.getByRole('button', { name: 'LVS 模式', exact: true }).click()
  await page.getByRole('radio', { name: 'NAT', exact: true }).click()
  await expect(page.getByRole('radio', { name: 'NAT', exact: true })).toBeChecked()
  await page.keyboard.press('s')
  await expect(page.locator('.transport .btn.main')).toBeEnabled()
  await page.keyboard.press('w')
  await page.locator('[data-host="LB2"]').dblclick()
  for (let i = 0; i < 40; i++) {
    if ((await page.locator('.why [aria-current]').last().textContent())?.includes('还原为') === true) break
    await page.keyboard.press('n')
  }
  await page.getByRole('button', { name: '往返对照' }).click()
  await settle(page)
  await expect(page).toHaveScreenshot('inside-reply-zh.png')
})
