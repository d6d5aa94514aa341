import { test as base, expect, type Locator, type Page } from '@playwright/test'

export const LANGS = ['en', 'zh'] as const
export const THEMES = ['light', 'dark', 'projector-light', 'projector-dark'] as const
export const SIZES = {
  '1280': { width: 1280, height: 720 },
  '1440': { width: 1440, height: 900 },
  '1920': { width: 1920, height: 1080 },
} as const
export const LAB = '/lab/course'
export const LESSON = '/lesson/ecmp/same-lb'

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

/** Opens a place of the page and waits until it is there: words, lab, fonts. Without a look: as a new visitor has it. */
export async function open(page: Page, place: string, look: Partial<Look> = {}): Promise<void> {
  await page.setViewportSize(SIZES[look.size ?? '1440'])
  const query = new URLSearchParams()
  if (look.lang) query.set('lang', look.lang)
  if (look.theme) query.set('theme', look.theme)
  await page.goto(`./?${query.toString()}#${place}`)
  await expect(page.locator('html')).toHaveAttribute('lang', look.lang === 'zh' ? 'zh-CN' : 'en')
  await expect(page.locator('main')).toBeVisible()
  expect(new URL(page.url()).hash, 'the place is known').toBe(`#${place}`)
  if (place.startsWith('/l')) await expect(page.locator('[data-host="router"]')).toBeVisible()
  await settle(page)
}

/** Waits until what is shown has come: pages and panels that load when first opened, and fonts. */
export async function settle(page: Page): Promise<void> {
  await expect(page.locator('main.booting')).toHaveCount(0)
  await expect(page.locator('[role=tabpanel]:empty')).toHaveCount(0)
  await page.evaluate(async () => {
    await document.fonts.ready
  })
}

/** The parts of a lab that tests speak to, by the names a person hears. */
export function lab(page: Page) {
  const transport = page.getByRole('region', { name: 'Transport' })
  const knobs = page.getByRole('region', { name: 'Settings of the experiment' })
  return {
    knobs,
    transport,
    forward: transport.getByRole('button', { name: 'Step forward' }),
    back: transport.getByRole('button', { name: 'Step back' }),
    end: transport.getByRole('button', { name: 'End' }),
    /** Shown while nothing moves. */
    atRest: transport.getByRole('button', { name: 'Play' }),
    clock: transport.getByTitle('Simulated time'),
    send: (count: number): Locator =>
      knobs.getByRole('button', { name: count === 1 ? 'Send 1 request' : `Send ${count} requests` }),
    /** Turns to one of the experiment's switches. */
    turnTo: (knob: string) => turnTo(knobs, knob),
    /** One of a switch's values. */
    value: (knob: string, name: string): Locator =>
      knobs.getByRole('radiogroup', { name: knob, exact: true }).getByRole('radio', { name, exact: true }),
    policy: (value: number): Locator =>
      knobs.getByRole('radiogroup', { name: 'hash policy' }).getByRole('radio', { name: String(value) }),
    tab: (name: string): Locator => page.getByRole('tab', { name, exact: true }),
    said: page.getByRole('status').last(),
  }
}

async function turnTo(knobs: Locator, knob: string): Promise<void> {
  const choice = knobs.getByRole('group', { name: 'Setting' })
  const inSight = choice.getByRole('button', { name: knob, exact: true })
  if (await inSight.isVisible()) await inSight.click()
  else await choice.getByRole('combobox', { name: 'More' }).selectOption({ label: knob })
}

/** Sends requests from the router and waits until the simulation has made the run; the playhead has not moved. */
export async function send(page: Page, count: number): Promise<void> {
  const { knobs, transport } = lab(page)
  if (await knobs.getByRole('group', { name: 'Setting' }).isVisible()) await turnTo(knobs, 'send')
  await lab(page).send(count).click()
  await expect(transport.getByRole('button', { name: 'End' })).toBeEnabled()
  await expect(lab(page).send(count)).toBeEnabled({ timeout: 30_000 })
}

/** Numbers of a bar chart, read from its accessible name: 'Requests per server: server1 3, server2 4'. */
export async function bars(page: Page, title: string): Promise<Record<string, number>> {
  const chart = page.getByRole('img', { name: new RegExp(`^${title}:`) })
  const label = (await chart.getAttribute('aria-label')) ?? ''
  const list = label.slice(label.indexOf(':') + 1).split(',')
  return Object.fromEntries(
    list.map((entry) => {
      const [name = '', count = ''] = entry.trim().split(' ')
      return [name, Number(count)]
    }),
  )
}

/** Types a line in a host's terminal, as a person does. */
export async function typeOn(page: Page, host: string, line: string): Promise<void> {
  await page.getByRole('textbox', { name: `Command on ${host}` }).focus()
  await page.keyboard.type(line)
  await page.keyboard.press('Enter')
}

/** What stands on a host's terminal, as it is read out. */
export function terminalOf(page: Page, host: string): Locator {
  return page.getByRole('log', { name: `Terminal: ${host}` })
}
