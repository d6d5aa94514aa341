import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { LAB, LANGS, LESSON, THEMES, open, settle, test } from './visit.ts'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze()
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}`),
  )
}

for (const [name, place] of [
  ['home', '/'],
  ['about', '/about'],
  ['the challenges', '/challenges'],
  ['a challenge', '/challenge/dr-no-vip'],
  ['the glossary', '/glossary'],
  ['lesson', LESSON],
] as const) {
  for (const lang of LANGS) {
    test(`axe finds nothing on ${name} in ${lang}, in any theme`, async ({ page }) => {
      for (const theme of THEMES) {
        await open(page, place, { lang, theme })
        expect(await faults(page), theme).toEqual([])
      }
    })
  }
}

for (const theme of THEMES) {
  test(`axe finds nothing in a lab in use, ${theme}`, async ({ page }) => {
    test.slow()
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await open(page, LAB, { lang: 'en', theme })
    expect(await faults(page), 'before').toEqual([])
    if (theme.startsWith('projector')) return
    await page.keyboard.press('s')
    await expect(page.getByRole('button', { name: 'Step forward' })).toBeEnabled()
    for (let step = 0; step < 5; step += 1) await page.keyboard.press('ArrowRight')
    for (const key of ['1', '2', '3', '4', '5']) {
      await page.keyboard.press(key)
      await page.keyboard.press('i')
      await settle(page)
      expect(await faults(page), `dock ${key}`).toEqual([])
    }
  })
}
