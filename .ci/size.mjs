/** How much a first visit loads: the scripts that index.html names, compressed, against a budget. */
import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { gzipSync } from 'node:zlib'
import { ROOT } from './install.mjs'

const BUDGET = 130 * 1024
const DIST = join(ROOT, 'dist')

const html = readFileSync(join(DIST, 'index.html'), 'utf8')
const named = [...html.matchAll(/(?:src|href)="\.?\/?([^"]+\.js)"/g)].map((match) => match[1])
const seen = new Set()
for (const path of named) follow(path)
let total = 0
for (const path of [...seen].sort()) {
  const bytes = gzipSync(readFileSync(join(DIST, path))).length
  total += bytes
  console.log(`${path.padEnd(48)} ${kilobytes(bytes)}`)
}
console.log(`first visit: ${kilobytes(total)} of ${kilobytes(BUDGET)} (scripts, gzip)`)
if (seen.size === 0 || total > BUDGET) process.exitCode = 1

/** Static imports are loaded with the chunk that names them; `import()` is not. */
function follow(path) {
  if (seen.has(path) || !existsSync(join(DIST, path))) return
  seen.add(path)
  const code = readFileSync(join(DIST, path), 'utf8')
  for (const match of code.matchAll(
    /(?:^|[;}\s])(?:import|export)(?:[^'"()]*?from)?\s*["'](\.[^"']+\.js)["']/g,
  )) {
    follow(posix.normalize(posix.join(posix.dirname(path), match[1])))
  }
}

function kilobytes(bytes) {
  return `${(bytes / 1024).toFixed(1)} kB`
}
