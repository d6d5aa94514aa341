/**
 * Own labs and a real machine. `npx tsx src/testing/make-own.ts write DIR` writes DIR/ID.sh and DIR/ID.txt for each lab; after
 * `bash ID.sh up; bash ID.sh play ID.txt REAL/ID; bash ID.sh down` there, `make-own.ts take REAL [ID...]` reduces what came of it
 * to fixtures/own.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { exportNetns } from '../core/lab/export/netns.ts'
import { findHealthLegs, reducePoint } from '../core/wire/compare.ts'
import { parsePcap } from '../core/wire/pcap.ts'
import { goldenJson, packGolden } from './golden/fixture.ts'
import { OWN_LABS } from './own/labs.ts'
import { readTranscript } from './own/play.ts'

const [verb, dir, ...ids] = process.argv.slice(2)
if (dir === undefined || (verb !== 'write' && verb !== 'take'))
  throw new Error('usage: make-own.ts write|take DIR')
for (const { id, lab, script, withoutHealth, wordsOnly } of OWN_LABS) {
  if (ids.length > 0 && !ids.includes(id)) continue
  if (verb === 'write') {
    mkdirSync(dir, { recursive: true })
    writeFileSync(join(dir, `${id}.sh`), exportNetns(lab))
    writeFileSync(join(dir, `${id}.txt`), script)
  } else if (existsSync(join(dir, id, 'pcap')))
    take(id, join(dir, id), withoutHealth !== true, wordsOnly === true)
  else process.stdout.write(`${id}: not there\n`)
}

function take(id: string, folder: string, withHealth: boolean, wordsOnly: boolean): void {
  const points = new Map<string, ReturnType<typeof reducePoint>>()
  const files = wordsOnly ? [] : readdirSync(join(folder, 'pcap')).sort()
  const frames = files.map((file) => {
    const parsed = parsePcap(new Uint8Array(readFileSync(join(folder, 'pcap', file))))
    if (!parsed.ok) throw new Error(`${file}: ${parsed.error}`)
    return parsed.value
  })
  const healthLegs = findHealthLegs(frames.flat())
  for (const [i, file] of files.entries())
    points.set(basename(file, '.pcap'), reducePoint(frames[i] ?? [], { withHealth, healthLegs }))
  const commands = readTranscript(readFileSync(join(folder, 'transcript.txt'), 'utf8'))
  const out = join(import.meta.dirname, 'fixtures', 'own')
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, `${id}.json`), goldenJson(packGolden(id, commands, points)))
}
