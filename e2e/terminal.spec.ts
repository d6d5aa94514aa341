import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { LAB, LESSON, lab, open, terminalOf, test, typeOn } from './visit.ts'

/** A lab with its terminals open, the router's in front. */
async function openTerminal(page: Page): Promise<void> {
  await open(page, LAB)
  await lab(page).tab('Terminal').click()
  await expect(page.locator('.xterm-screen').first()).toBeVisible()
  await page.getByRole('radio', { name: 'router', exact: true }).last().click()
  await expect(page.getByRole('textbox', { name: 'Command on router' })).toBeAttached()
}

test('keys edit the line, Tab completes it, the history brings it back, pipes answer', async ({ page }) => {
  await openTerminal(page)
  await page.getByRole('textbox', { name: 'Command on router' }).focus()
  await page.keyboard.type('ip rou')
  await page.keyboard.press('Tab')
  await page.keyboard.type('| grep -c via')
  await page.keyboard.press('Home')
  await page.keyboard.type('XX')
  await page.keyboard.press('Home')
  await page.keyboard.press('Delete')
  await page.keyboard.press('Delete')
  await page.keyboard.press('Enter')
  const screen = terminalOf(page, 'router')
  await expect(screen.getByText('root@router:~# ip route | grep -c via')).toBeAttached()
  await expect(screen.getByText('2', { exact: true })).toBeAttached()
  await typeOn(page, 'router', 'cd /etc')
  await page.keyboard.press('Control+r')
  await page.keyboard.type('grep')
  await page.keyboard.press('Enter')
  await expect(screen.getByText(/ip route \| grep -c via/)).toHaveCount(2)
})

test('ping runs with simulated time, can be held, and ends at Ctrl-C', async ({ page }) => {
  await openTerminal(page)
  await typeOn(page, 'router', 'ping 172.16.253.131')
  const screen = terminalOf(page, 'router')
  await expect(screen).toContainText('icmp_seq=2')
  await page.getByRole('button', { name: 'Hold time' }).click()
  await expect(page.getByText('Time stands still, so ping 172.16.253.131 waits.')).toBeVisible()
  await page.getByRole('button', { name: 'Let time run' }).click()
  await page.getByRole('textbox', { name: 'Command on router' }).focus()
  await page.keyboard.press('Control+c')
  await expect(screen).toContainText('ping statistics')
  await typeOn(page, 'router', 'echo on')
  await expect(screen.getByText('on', { exact: true })).toBeAttached()
})

test('terminals stand side by side, and one captures what another sends', async ({ page }) => {
  await openTerminal(page)
  await page.getByRole('button', { name: 'Side by side' }).click()
  await typeOn(page, 'LB1', 'tcpdump -i ens33 -n icmp')
  await expect(terminalOf(page, 'LB1')).toContainText('listening on')
  await typeOn(page, 'router', 'ping -c 1 172.16.253.131')
  await expect(terminalOf(page, 'LB1')).toContainText('ICMP echo request')
  await page.getByRole('textbox', { name: 'Command on LB1' }).focus()
  await page.keyboard.press('Control+c')
  await expect(terminalOf(page, 'LB1')).toContainText('packets captured')
  const { violations } = await new AxeBuilder({ page }).include('.dock-side').analyze()
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target.join(' '))])).toEqual([])
})

test('going back takes the terminal back, and typing in the past asks before it forks', async ({ page }) => {
  await openTerminal(page)
  await typeOn(page, 'router', 'curl -s http://172.16.253.100:8080')
  await typeOn(page, 'router', 'echo later')
  const screen = terminalOf(page, 'router')
  await expect(screen.getByText('later', { exact: true })).toBeAttached()
  await lab(page).back.click()
  await lab(page).back.click()
  await expect(screen.getByText('later', { exact: true })).not.toBeAttached()
  await typeOn(page, 'router', 'echo instead')
  await page.getByRole('button', { name: 'Here, on a new branch' }).click()
  await expect(screen.getByText('instead', { exact: true })).toBeAttached()
  await expect(lab(page).transport.getByRole('button', { name: /branch 2 of 2/ })).toBeVisible()
})

test('vi opens the editor; saving writes the file by a command, and nginx finds the fault', async ({
  page,
}) => {
  await openTerminal(page)
  await page.getByRole('radio', { name: 'server1', exact: true }).last().click()
  await typeOn(page, 'server1', 'vi /etc/nginx/nginx.conf')
  const files = page.getByRole('region', { name: 'Files of server1' })
  const edited = files.getByRole('textbox', { name: '/etc/nginx/nginx.conf, edited' })
  await edited.click()
  await page.keyboard.press('Control+End')
  await page.keyboard.type('nonsense here;')
  await expect(files.getByText('1 line differs')).toBeVisible()
  await page.keyboard.press('Control+s')
  await expect(files.getByText(/nginx -t says/)).toBeVisible()
  await expect(files.getByText(/unknown directive "nonsense"/)).toBeVisible()
  await files.getByRole('button', { name: 'Close the files' }).click()
  await expect(terminalOf(page, 'server1')).toContainText("cat > /etc/nginx/nginx.conf <<'EOF'")
  await typeOn(page, 'server1', 'tail -n 1 /etc/nginx/nginx.conf')
  await expect(terminalOf(page, 'server1').getByText('nonsense here;')).not.toHaveCount(0)
})

test('with keys alone: to the terminal, out of it, and to its tools', async ({ page }) => {
  await open(page, LAB)
  await page.keyboard.press('t')
  await expect(page.getByRole('textbox', { name: /^Command on/ })).toBeFocused()
  await page.keyboard.type('ip neigh')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Alt+Enter')
  await expect(page.locator('.terminal.full')).toBeVisible()
  await page.keyboard.press('Alt+Enter')
  await expect(page.locator('.terminal.full')).not.toBeVisible()
  await page.getByRole('textbox', { name: /^Command on/ }).focus()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('textbox', { name: /^Command on/ })).not.toBeFocused()
})

test('a lesson is a page like others: no command is shown before it is asked for', async ({ page }) => {
  await open(page, LESSON)
  await expect(page.getByText('Show the command the lesson waits for')).toHaveCount(0)
})
