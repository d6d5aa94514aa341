import { test as base, expect, type Page } from '@playwright/test'

export const LANGS = ['en', 'zh'] as const
export const THEMES = ['light', 'dark', 'projector-light', 'projector-dark'] as const
export const SIZES = {
  '1280': { width: 1280, height: 720 },
  '1440': { width: 1440, height: 900 },
  '1920': { width: 1920, height: 1080 },
} as const

export interface Look {
  lang: (typeof LANGS)[number]
  theme: (typeof THEMES)[number]
  size: keyof typeof SIZES
}

/** A test fails when its page logs an error, throws, or asks any other host for anything. */
export const test = base.extend<{ quiet: undefined }>({
  quiet: [
    async ({ page, baseURL }, use) => {
      const faults: string[] = []
      page.on('pageerror', (error) => faults.push(`thrown: ${error.message}`))
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning')
          faults.push(`logged: ${message.text()}`)
      })
      page.on('request', (request) => {
        const isOwn = /^(data|blob):/.test(request.url()) || request.url().startsWith(baseURL ?? '')
        if (!isOwn) faults.push(`asked: ${request.url()}`)
      })
      await use(undefined)
      expect(faults).toEqual([])
    },
    { auto: true },
  ],
})

/** Opens a place of the page (`/lab/course`) and waits until the lab has booted and its fonts are there. */
export async function open(page: Page, place: string, look: Partial<Look> = {}): Promise<void> {
  const { lang = 'en', theme = 'light', size = '1440' } = look
  await page.setViewportSize(SIZES[size])
  await page.goto(`./?lang=${lang}&theme=${theme}#${place}`)
  await expect(page.locator('html')).toHaveAttribute('lang', lang === 'zh' ? /^zh/ : 'en')
  await expect(page.locator('main')).toBeVisible()
  await settle(page)
}

/** Waits until the fonts of all text on the page are loaded. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready
  })
}
