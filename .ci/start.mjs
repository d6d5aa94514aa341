/** `npm start`: installs what is missing and serves the page; Vite prints the address. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { BIN, ROOT, ensurePackages, nodeIsNewEnough } from './install.mjs'

if (!nodeIsNewEnough() || !ensurePackages()) process.exit(1)
const server = spawn(join(BIN, 'vite'), process.argv.slice(2), {
  cwd: ROOT,
  stdio: 'inherit',
  shell: process.platform === 'win32',
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal))
server.on('exit', (code) => process.exit(code ?? 0))
