import { expect } from '@playwright/test'
import { LAB, lab, open, send, test } from './visit.ts'

test('language changes at once, everywhere, and is remembered', async ({ page }) => {
  await open(page, LAB)
  await send(page, 1)
  const clock = await lab(page).clock.textContent()
  await page.getByRole('button', { name: '中文' }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await expect(page.locator('.clock')).toHaveText(clock ?? '')
  await expect(page.getByRole('button', { name: 'Step forward' })).toBeHidden()
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await page.getByRole('button', { name: /^EN/ }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await expect(lab(page).forward).toBeVisible()
})

test('Chinese is drawn in the bundled font', async ({ page }) => {
  await open(page, '/', { lang: 'zh' })
  const loaded = await page.evaluate(() =>
    [...document.fonts]
      .filter((face) => face.status === 'loaded')
      .map((face) => face.family.replaceAll('"', '')),
  )
  expect(loaded).toContain('Noto Sans SC')
})

test('English pages do not load the Chinese font', async ({ page }) => {
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await open(page, '/about', { lang: 'en' })
  // The name of the language itself is Chinese: only what it needs at its weight may come.
  expect(asked.filter((url) => url.includes('noto-sans-sc-600'))).toEqual([])
})

test('the theme follows the system until one is chosen, and is remembered', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  await open(page, '/')
  const html = page.locator('html')
  await expect(html).toHaveAttribute('data-theme', 'dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await expect(html).toHaveAttribute('data-theme', 'light')
  await page.getByRole('combobox', { name: 'Theme' }).selectOption('Dark')
  await expect(html).toHaveAttribute('data-theme', 'dark')
  await page.reload()
  await expect(html).toHaveAttribute('data-theme', 'dark')
})

test('everything is done by keys alone', async ({ page }) => {
  await open(page, LAB)
  const { clock, forward, said } = lab(page)
  await expect(lab(page).send(1)).toBeEnabled()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to the stage' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.locator('main')).toBeFocused()
  const start = await clock.textContent()
  await page.keyboard.press('s')
  await expect(forward).toBeEnabled()
  await page.keyboard.press('ArrowRight')
  await expect(said).toContainText('router')
  await page.keyboard.press('Shift+ArrowRight')
  await expect(clock).not.toHaveText(start ?? '')
  await page.keyboard.press('Home')
  await expect(clock).toHaveText(start ?? '')
  await page.keyboard.press('5')
  await expect(lab(page).tab('Log')).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('t')
  await expect(page.getByRole('textbox', { name: /^Command on/ })).toBeFocused()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Shift+?')
  const keys = page.getByRole('dialog', { name: 'Keys' })
  await expect(keys).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(keys).toBeHidden()
})

test('hosts are reached and opened by keys', async ({ page }) => {
  await open(page, LAB)
  const host = page.locator('[data-host="LB1"]')
  await host.focus()
  await page.keyboard.press('Space')
  await expect(lab(page).tab('Host')).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByRole('complementary', { name: 'Inspector' })).toContainText('LB1')
  await host.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: /Inside LB1/ })).toBeVisible()
})

test('nothing moves by itself, and with reduced motion a step is still at once', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await open(page, LAB)
  await send(page, 1)
  const stage = page.locator('main')
  for (let step = 0; step < 4; step += 1) {
    await lab(page).forward.click()
    await page.waitForTimeout(200)
    const first = await stage.screenshot()
    await page.waitForTimeout(400)
    expect(first.equals(await stage.screenshot())).toBe(true)
  }
})

test('no region is cut off at any designed size', async ({ page }) => {
  for (const size of ['1280', '1440', '1920'] as const) {
    await open(page, LAB, { size })
    const box = await page.evaluate(() => ({
      width: document.documentElement.scrollWidth - window.innerWidth,
      height: document.documentElement.scrollHeight - window.innerHeight,
    }))
    expect(box).toEqual({ width: 0, height: 0 })
  }
})
