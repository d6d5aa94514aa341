import { expect } from '@playwright/test'
import { LANGS, open, test } from './visit.ts'

for (const lang of LANGS) {
  test(`the page opens in ${lang}`, async ({ page }) => {
    await open(page, '/', { lang })
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  })
}
