import { expect, type Page } from '@playwright/test'
import { LAB, LESSON, type Look, open, settle, test } from './visit.ts'

/** Few pictures, each of a state that many parts take part in. `npm run shots` takes them again. */
const SHOTS: readonly [name: string, place: string, look: Look, keys: readonly string[]][] = [
  ['home', '/', { lang: 'en', theme: 'light', size: '1440' }, []],
  ['home-zh', '/', { lang: 'zh', theme: 'dark', size: '1280' }, []],
  [
    'lab-ecmp',
    LAB,
    { lang: 'en', theme: 'dark', size: '1920' },
    ['s', 'c', 'ArrowRight', 'ArrowRight', 'i', 'i', '2'],
  ],
  ['lab-dr', LAB, { lang: 'en', theme: 'light', size: '1440' }, ['s', 'w', '2']],
  ['lab-zh', LAB, { lang: 'zh', theme: 'light', size: '1280' }, ['s', 'w', 'i', '4']],
  ['lab-projector', LAB, { lang: 'en', theme: 'projector-light', size: '1280' }, []],
  ['lab-projector-dark', LAB, { lang: 'zh', theme: 'projector-dark', size: '1440' }, []],
  [
    'packets',
    LAB,
    { lang: 'en', theme: 'dark', size: '1440' },
    ['s', '2', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'l'],
  ],
  ['ladder-zh', LAB, { lang: 'zh', theme: 'light', size: '1280' }, ['s', '3', 'l', 'w']],
  ['lesson-zh', LESSON, { lang: 'zh', theme: 'light', size: '1440' }, []],
]

async function press(page: Page, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    await page.keyboard.press(key)
    if (key === 's') await expect(page.locator('.transport .btn.main')).toBeEnabled()
  }
}

for (const [name, place, look, keys] of SHOTS) {
  test(`${name} looks as it did`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await open(page, place, look)
    await press(page, keys)
    await settle(page)
    await expect(page).toHaveScreenshot(`${name}.png`)
  })
}
