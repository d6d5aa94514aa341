import { readFile } from 'node:fs/promises'
import { expect, type Page } from '@playwright/test'
import { LAB, lab, open, send, test } from './visit.ts'

const filterOf = (page: Page) => page.getByRole('combobox', { name: 'Filter' })
const rowsOf = (page: Page) => page.getByRole('grid', { name: 'Packets', exact: true }).getByRole('row')

async function openPackets(page: Page): Promise<void> {
  await open(page, LAB)
  await send(page, 1)
  await lab(page).end.click()
  await lab(page).tab('Packets').click()
  await page.getByRole('button', { name: 'Large' }).click()
  await expect(rowsOf(page).nth(1)).toBeVisible()
}

test('a filter is completed while it is typed, keeps what fits, and says where it is wrong', async ({
  page,
}) => {
  await openPackets(page)
  await filterOf(page).pressSequentially('tcp.flags.sy')
  await page.getByRole('option', { name: 'tcp.flags.syn' }).click()
  await filterOf(page).pressSequentially('== 1 and tcp.flags.ack == 0')
  await filterOf(page).press('Enter')
  // on the router's link and on the load balancer's
  await expect(rowsOf(page)).toHaveCount(3)
  await expect(rowsOf(page).nth(1)).toContainText('Flags [S]')

  await filterOf(page).fill('ip.ttl == soon')
  await filterOf(page).press('Enter')
  await expect(filterOf(page)).toHaveAccessibleDescription(/Not a value of this field: soon \(at 11\)/)
  await filterOf(page).fill('arp and icmp')
  await filterOf(page).press('Enter')
  await page.getByRole('button', { name: 'Clear the filter' }).click()
  await expect(filterOf(page)).toHaveValue('')
})

test('a flow is followed with one click, at one interface', async ({ page }) => {
  await openPackets(page)
  await page.getByRole('combobox', { name: 'Seen at' }).selectOption({ label: 'router ens33' })
  await filterOf(page).fill('http.request')
  await filterOf(page).press('Enter')
  await rowsOf(page).nth(1).click()
  await page.getByRole('button', { name: 'Follow flow' }).click()
  await expect(filterOf(page)).toHaveValue(/^tcp\.stream == \d+$/)
  await expect(rowsOf(page).nth(1)).toContainText('Flags [S]')
  await expect(rowsOf(page).filter({ hasText: 'ARP' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Follow flow' }).click()
  await expect(filterOf(page)).toHaveValue('')
})

test('what is listed is saved as pcapng, and a saved file is looked at beside the run', async ({
  page,
}, info) => {
  await openPackets(page)
  await filterOf(page).fill('tcp')
  await filterOf(page).press('Enter')
  const shown = await page.getByText(/\d+ of \d+ frames/).textContent()
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save pcapng' }).click()
  const download = await saving
  expect(download.suggestedFilename()).toBe('course-all.pcapng')
  const path = info.outputPath('saved.pcapng')
  await download.saveAs(path)
  expect((await readFile(path)).subarray(0, 4).toString('hex')).toBe('0a0d0d0a')

  const file = page.getByLabel('Open a capture')
  await file.setInputFiles(path)
  const rows = page.getByRole('grid', { name: 'Packets of saved.pcapng' }).getByRole('row')
  await expect(page.getByText(`${shown?.split(' ')[0]} frames`)).toBeVisible()
  await rows.nth(2).click()
  await expect(page.getByRole('region', { name: 'Fields and bytes' })).toContainText('172.16.253.100')

  await file.setInputFiles({
    name: 'not.pcap',
    mimeType: 'text/plain',
    buffer: Buffer.from('this is no capture file at all'),
  })
  await expect(page.getByRole('alert')).toContainText('This is not a pcap or pcapng file')
  await page.getByRole('button', { name: 'Close the file' }).click()
  await expect(rowsOf(page).nth(1)).toBeVisible()
})

test('the ladder leads to a frame, by pointer and by keys, and has a table as its twin', async ({ page }) => {
  await open(page, LAB)
  await send(page, 1)
  await lab(page).tab('Ladder').click()
  await page.getByRole('button', { name: 'Large' }).click()
  const ladder = page.getByRole('listbox', { name: /^Ladder/ })
  const rows = ladder.getByRole('option')
  await expect(rows.first()).toHaveAccessibleName(/0\.000 ms, router to LB\d: SYN/)
  await rows.nth(1).click()
  await expect(rows.nth(1)).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByRole('complementary', { name: 'Inspector' })).toContainText(/SYN, as it leaves LB\d/)
  await ladder.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(rows.nth(2)).toHaveAttribute('aria-selected', 'true')

  await page.getByRole('radio', { name: 'Slanted by time' }).click()
  await rows.first().hover()
  await expect(page.locator('.ladder-tip')).toContainText('Flags [S]')
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save SVG' }).click()
  const svg = await readFile(await (await saving).path(), 'utf8')
  expect(svg).toContain('xmlns="http://www.w3.org/2000/svg"')
  expect(svg).not.toContain('var(--')

  await page.getByRole('button', { name: 'Table', exact: true }).click()
  const table = page.getByRole('grid', { name: 'Ladder as a table' })
  await expect(table.getByRole('row').nth(1)).toContainText('0.000')
})
