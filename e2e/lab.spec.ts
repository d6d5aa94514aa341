import { expect } from '@playwright/test'
import { LAB, bars, lab, open, send, terminalOf, test, typeOn } from './visit.ts'

test('a request is followed step by step, forward and back', async ({ page }) => {
  await open(page, LAB)
  const { forward, back, clock, said, atRest } = lab(page)
  await send(page, 1)
  const before = await clock.textContent()
  await forward.click()
  await expect(atRest).toBeVisible()
  await expect(said).toContainText('router')
  await expect(page.getByRole('img', { name: /frame from .* to / }).first()).toBeVisible()
  await forward.click()
  await expect(atRest).toBeVisible()
  await expect(clock).not.toHaveText(before ?? '')
  await back.click()
  await back.click()
  await expect(clock).toHaveText(before ?? '')
})

test('policy 0 sends all requests of one client to one load balancer, policy 1 shares them', async ({
  page,
}) => {
  await open(page, LAB)
  const { end, tab, turnTo, policy } = lab(page)
  await tab('Charts').click()
  await send(page, 10)
  await end.click()
  const same = await bars(page, 'Connections per load balancer')
  expect(Object.values(same).sort((a, b) => a - b)).toEqual([0, 10])
  expect(Object.values(await bars(page, 'Requests per server')).reduce((a, b) => a + b)).toBe(10)

  await turnTo('hash policy')
  await expect(policy(0)).toBeChecked()
  await policy(1).click()
  await expect(policy(1)).toBeChecked()
  await send(page, 100)
  await end.click()
  const shared = await bars(page, 'Connections per load balancer')
  expect(Object.values(shared).reduce((a, b) => a + b)).toBe(110)
  for (const [name, count] of Object.entries(shared)) expect(count).toBeGreaterThan(same[name] ?? 0)
})

test('a command typed in a terminal moves the knob, and the knob is a command in the terminal', async ({
  page,
}) => {
  await open(page, LAB)
  const { tab, turnTo, policy, end } = lab(page)
  await turnTo('hash policy')
  await tab('Terminal').click()
  await page.getByRole('radio', { name: 'router', exact: true }).click()
  await typeOn(page, 'router', 'sysctl -w net.ipv4.fib_multipath_hash_policy=1')
  await expect(policy(1)).toBeChecked()

  await policy(0).click()
  await expect(policy(0)).toBeChecked()
  if (await end.isEnabled()) await end.click()
  await expect(terminalOf(page, 'router')).toContainText('sysctl -w net.ipv4.fib_multipath_hash_policy=0')
})

test('the terminal answers as Linux does', async ({ page }) => {
  await open(page, LAB)
  await lab(page).tab('Terminal').click()
  await page.getByRole('radio', { name: 'router', exact: true }).click()
  await typeOn(page, 'router', 'ip route')
  await expect(terminalOf(page, 'router')).toContainText('nexthop via')
  await typeOn(page, 'router', 'nonsense')
  await expect(terminalOf(page, 'router')).toContainText('bash: nonsense: command not found')
})

test('a row of Packets goes to its frame, and the inspector shows its bytes', async ({ page }) => {
  await open(page, LAB)
  const { tab, end } = lab(page)
  await send(page, 1)
  await end.click()
  await tab('Packets').click()
  const filter = page.getByRole('combobox', { name: 'Filter' })
  await filter.fill('tcp.flags.syn == 1')
  await filter.press('Enter')
  const rows = page.getByRole('grid', { name: 'Packets' }).getByRole('row')
  await rows.nth(1).click()
  await tab('Packet').click()
  const inspector = page.getByRole('complementary', { name: 'Inspector' })
  await expect(inspector).toContainText(/Frame \d+/)
  await expect(inspector).toContainText('172.16.253.100')
  await filter.fill('quux')
  await filter.press('Enter')
  await expect(page.getByText('No such field: quux')).toBeVisible()
})

test('the past is changed on a branch of its own, and the old one is kept', async ({ page }) => {
  await open(page, LAB)
  const { forward, transport, end, atRest } = lab(page)
  await send(page, 1)
  await forward.click()
  await forward.click()
  await expect(atRest).toBeVisible()
  await transport.getByRole('button', { name: /branch 1 of 1/ }).click()
  await page.getByRole('button', { name: 'Change the past here' }).click()
  await expect(transport.getByRole('button', { name: /branch 2 of 2/ })).toBeVisible()
  await send(page, 1)
  await end.click()
})

test('what does not exist is said, with a way out', async ({ page }) => {
  for (const place of ['/lab/atlantis', '/lesson/atlantis']) {
    await page.goto(`./?lang=en#${place}`)
    await page.getByRole('link', { name: 'To the way in' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Watch a virtual IP scale out')
  }
})
