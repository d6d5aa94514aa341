import { readFile } from 'node:fs/promises'
import { expect, type Page } from '@playwright/test'
import { LAB, lab, open, send, terminalOf, test, typeOn } from './visit.ts'

/** What the last request was answered with, as the terminal of the router shows it. */
async function answered(page: Page): Promise<void> {
  const { end, tab } = lab(page)
  if (await end.isEnabled()) await end.click()
  await tab('Terminal').click()
  await page.getByRole('radio', { name: 'router', exact: true }).last().click()
  await expect(terminalOf(page, 'router')).toContainText('HTTP/1.1 200 OK')
}

for (const [mode, changed] of [
  ['NAT', /put server\d's IP in place of the VIP/],
  ['FULLNAT', /put its own IP here/],
  ['TUN', /wrapped the packet into another one/],
] as const) {
  test(`${mode} is chosen, set up by commands, and the first rewrite shows it`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await open(page, LAB)
    const { turnTo, value, transport } = lab(page)
    await turnTo('LVS mode')
    await expect(value('LVS mode', 'DR')).toBeChecked()
    await value('LVS mode', mode).click()
    await expect(value('LVS mode', mode)).toBeChecked()
    await expect(page.locator('[data-host="LB1"]')).toHaveAccessibleName(new RegExp(`${mode}, rr`))
    await send(page, 1)
    await transport.getByRole('button', { name: 'rewrite' }).click()
    await expect(page.locator('.stage-packet')).toContainText(changed)
    await answered(page)
  })
}

test('the commands of every mode can be read before they are typed', async ({ page }) => {
  await open(page, LAB)
  const { turnTo, knobs } = lab(page)
  await turnTo('LVS mode')
  await knobs.getByRole('button', { name: 'Commands' }).click()
  const dialog = page.getByRole('dialog', { name: 'What each mode sets up' })
  await expect(dialog).toContainText('ipvsadm -e -t 172.16.253.100:8080 -r 172.16.253.130:8080 -m -w 10')
  await expect(dialog).toContainText('modprobe ipip')
  await expect(dialog).toContainText('DR is set up')
})

test('a click on a link takes its cable out, another one puts it in', async ({ page }) => {
  await open(page, LAB)
  const { turnTo, value } = lab(page)
  await turnTo('cable')
  await page.getByRole('button', { name: 'Cable of LB1 ens33: take it out' }).click()
  await expect(page.locator('[data-host="LB1"]')).toHaveAccessibleName(/down: the cable is out/)
  await page.getByRole('radiogroup', { name: 'Host' }).getByRole('radio', { name: 'LB1' }).first().click()
  await expect(value('cable', 'out')).toBeChecked()
  await page.getByRole('button', { name: 'Cable of LB1 ens33: put it in' }).press('Enter')
  await expect(value('cable', 'in')).toBeChecked()
})

test('a link that loses everything is marked, and requests are lost on it', async ({ page }) => {
  await open(page, LAB)
  const { turnTo, knobs, value, transport } = lab(page)
  await turnTo('loss and delay')
  await value('loss %', '100').click()
  await expect(value('loss %', '100')).toBeChecked()
  await expect(knobs).toContainText('@fault router ens33 in loss 100%')
  await expect(page.locator('.stage-still')).toContainText('loss 100%')
  await send(page, 1)
  await transport.getByRole('button', { name: 'drop' }).click()
  await expect(page.getByText(/Lost here/).first()).toBeVisible()
})

test('a server without power does not answer, and boots again', async ({ page }) => {
  await open(page, LAB)
  const { turnTo, value, knobs } = lab(page)
  await turnTo('power')
  await knobs.getByRole('radio', { name: 'server1', exact: true }).click()
  await value('power', 'off').click()
  await expect(page.locator('[data-host="server1"]')).toHaveAccessibleName(/down: no power/)
  await value('power', 'on').click()
  await expect(page.locator('[data-host="server1"]')).toHaveAccessibleName(/V on lo, answers ARP for it/)
})

test('settings stand on what the host says, wherever it was typed', async ({ page }) => {
  await open(page, LAB)
  const { turnTo, value, tab } = lab(page)
  await tab('Terminal').click()
  await page.getByRole('radio', { name: 'router', exact: true }).click()
  await typeOn(
    page,
    'router',
    'systemctl start firewalld; sysctl -w net.ipv4.ip_forward=0; ip link set ens33 mtu 1400',
  )
  await turnTo('firewall')
  await expect(value('firewall', 'on')).toBeChecked()
  await turnTo('ip_forward')
  await expect(value('ip_forward', '0')).toBeChecked()
  await turnTo('MTU')
  await page.getByRole('combobox', { name: 'Interface' }).selectOption({ label: 'R router ens33' })
  await expect(value('MTU', '1400')).toBeChecked()
})

test('what passed an interface is saved as a capture file', async ({ page }) => {
  await open(page, LAB)
  const { tab } = lab(page)
  await send(page, 1)
  await tab('Packets').click()
  await page.getByRole('combobox', { name: 'Seen at' }).selectOption({ label: 'router ens33' })
  const waiting = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save pcapng' }).click()
  const download = await waiting
  expect(download.suggestedFilename()).toBe('course-router-ens33.pcapng')
  const bytes = await readFile(await download.path())
  expect(bytes.readUInt32LE(0)).toBe(0x0a0d0d0a)
  expect(bytes.length).toBeGreaterThan(500)
})

test('the open dock of a low window leaves the packet and its text in sight', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await open(page, LAB, { size: '1280' })
  const { tab, transport } = lab(page)
  await send(page, 1)
  await tab('Packets').click()
  await transport.getByRole('button', { name: 'rewrite' }).click()
  const text = await page.locator('.stage-packet').boundingBox()
  const dock = await page.locator('.dock-side').boundingBox()
  expect((text?.y ?? 0) + (text?.height ?? 0)).toBeLessThanOrEqual((dock?.y ?? 0) + 1)
})

test('the fidelity page lists the recordings and gives reasons', async ({ page }) => {
  await open(page, '/about', { lang: 'zh' })
  const table = page.getByRole('region', { name: '在真机上录制的场景' })
  await expect(table).toContainText('课程实验，哈希策略 0')
  expect(await table.getByRole('rowheader').count()).toBeGreaterThan(60)
  await table.locator('summary').first().click()
  await expect(table.locator('details[open] p').first()).toBeVisible()
})
