/** Writes fixtures/checks.json, the health checks of golden A7. Run by hand: `npx tsx src/testing/make-checks.ts GOLDEN_DIR`. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parsePcap } from '../core/wire/pcap.ts'
import { PAIRS } from './checks/lab.ts'
import { checksOf } from './checks/reduce.ts'
import { goldenJson, packGolden } from './golden/fixture.ts'

const golden = process.argv[2]
if (golden === undefined) throw new Error('usage: make-checks.ts GOLDEN_DIR')
const folder = join(golden, 'A7', 'pcap')
const points = new Map<string, ReturnType<typeof checksOf>>()
for (const file of readdirSync(folder).sort()) {
  const parsed = parsePcap(new Uint8Array(readFileSync(join(folder, file))))
  if (!parsed.ok) throw new Error(`${file}: ${parsed.error}`)
  for (const pair of PAIRS) {
    const list = checksOf(parsed.value, pair)
    if (list.length > 0) points.set(`${basename(file, '.pcap')} ${pair.lb}`, list)
  }
}
writeFileSync(join(import.meta.dirname, 'fixtures', 'checks.json'), goldenJson(packGolden('A7', [], points)))
