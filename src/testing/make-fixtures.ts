/**
 * Writes fixtures/golden/{A1,A2,A3}.json and fixtures/frames.json from recorded captures. Run by hand:
 * `npx tsx src/testing/make-fixtures.ts GOLDEN_DIR`; needs tcpdump 4.99, whose lines are stored as the expected ones.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { hexOf } from '../core/base/bytes.ts'
import { findHealthLegs, reducePoint } from '../core/wire/compare.ts'
import { formatFrame } from '../core/wire/format.ts'
import { parsePcap, pcapFile, type PcapRecord } from '../core/wire/pcap.ts'
import type { FrameFixture, FramesFixture } from './frames-fixture.ts'
import { goldenJson, packGolden } from './golden-fixture.ts'

const OUT = join(import.meta.dirname, 'fixtures')
/** Captures that between them hold every kind of packet the lab knows; the first frame of each kind is taken. */
const FRAME_SOURCES = [
  'A1/sw-br0',
  'A6/servers-all/sw-br0',
  'A4/router-ens33',
  'B12/router-eth0',
  'B12/router-ens33',
  'B12/sw-br0',
  'B2R/redirects-accepted/sw-br0',
  'B5/router-ens33',
  'B5/server1-tunl0',
  'B6/no-ipip-module/sw-br0',
  'B7/default/client-eth0',
  'B7/default/sw-br0',
  'B7/pmtu_disc0/sw-br0',
  'N1/FULLNAT/sw-br0',
  'N1/ping-vip/client-eth0',
  'N1/no-service/sw-br0',
]
const CONVERSATION = 'N1/FULLNAT/sw-br0'

function readRecords(path: string): PcapRecord[] {
  const parsed = parsePcap(new Uint8Array(readFileSync(path)))
  if (!parsed.ok) throw new Error(`${path}: ${parsed.error}`)
  return parsed.value
}

/** 'B7/default/sw-br0' -> its folder and the path of the capture. */
function locate(golden: string, source: string): { folder: string; point: string; path: string } {
  const folder = join(golden, source, '..')
  const point = basename(source)
  return { folder, point, path: join(folder, 'pcap', `${point}.pcap`) }
}

function writeGolden(golden: string, id: string): void {
  const folder = join(golden, id, 'pcap')
  const points = new Map<string, PcapRecord[]>()
  for (const file of readdirSync(folder).sort())
    points.set(basename(file, '.pcap'), readRecords(join(folder, file)))
  const healthLegs = findHealthLegs([...points.values()].flat())
  const reduced = new Map([...points].map(([name, records]) => [name, reducePoint(records, { healthLegs })]))
  writeFileSync(join(OUT, 'golden', `${id}.json`), goldenJson(packGolden(id, reduced)))
}

/** tcpdump's lines for the records, time stamps cut off. */
function tcpdumpLines(records: readonly PcapRecord[], flags: string): string[] {
  const dir = mkdtempSync(join(tmpdir(), 'frames-'))
  try {
    const file = join(dir, 'frames.pcap')
    writeFileSync(file, pcapFile(records))
    const out = execFileSync('tcpdump', [`-tn${flags}r`, file], {
      stdio: ['ignore', 'pipe', 'ignore'],
    }).toString()
    return out
      .replace(/\n\t.*/g, '')
      .trimEnd()
      .split('\n')
  } finally {
    rmSync(dir, { recursive: true })
  }
}

/** The rows of events.tsv (tshark's reading) of one capture point, in the order of its frames. */
function tsharkRows(folder: string, point: string): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync(join(folder, 'events.tsv'), 'utf8').trimEnd().split('\n')
  const names = head.split('\t')
  const rows = lines.map((line) => {
    const cells = line.split('\t')
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']))
  })
  return rows.filter((row) => row['capture_point'] === point)
}

const READ_BY_TSHARK = [
  'eth.src', 'eth.dst', 'ip.src', 'ip.dst', 'ip.ttl', 'ip.proto', 'ip.id', 'ip.df', 'ip.len', 'inner.src', 'inner.dst',
  'inner.ttl', 'l4.sport', 'l4.dport', 'tcp.flags', 'payload_len', 'icmp.type/code', 'bad_checksum',
] // prettier-ignore

function collectFrames(golden: string): FrameFixture[] {
  const frames: FrameFixture[] = []
  const seen = new Set<string>()
  for (const source of FRAME_SOURCES) {
    const { folder, point, path } = locate(golden, source)
    const records = readRecords(path)
    const rows = tsharkRows(folder, point)
    if (rows.length !== records.length)
      throw new Error(`${source}: ${rows.length} rows, ${records.length} frames`)
    records.forEach((record, i) => {
      const raw = record.raw === true
      const kind =
        (raw ? 'raw ' : '') +
        formatFrame(record.bytes, { raw }).replace(/[0-9a-f]{2}(:[0-9a-f]{2}){5}|\d+/g, 'N')
      if (seen.has(kind)) return
      seen.add(kind)
      const tshark: Record<string, string> = Object.fromEntries(
        READ_BY_TSHARK.map((name): [string, string] => [name, rows[i]?.[name] ?? '']).filter(([, v]) => v),
      )
      const [line = ''] = tcpdumpLines([record], 'S')
      const [linkLine = ''] = tcpdumpLines([record], 'Se')
      frames.push({
        source: `${source} ${i + 1}`,
        ...(raw ? { raw } : {}),
        hex: hexOf(record.bytes),
        line,
        linkLine,
        tshark,
      })
    })
  }
  return frames
}

function writeFrames(golden: string): void {
  const { path } = locate(golden, CONVERSATION)
  const records = readRecords(path).slice(0, 24)
  const lines = tcpdumpLines(records, '')
  const fixture: FramesFixture = {
    frames: collectFrames(golden),
    conversation: records.map((record, i) => ({ hex: hexOf(record.bytes), line: lines[i] ?? '' })),
  }
  const rows = (list: readonly unknown[]): string => list.map((row) => `  ${JSON.stringify(row)}`).join(',\n')
  const text = `{"frames": [\n${rows(fixture.frames)}\n ], "conversation": [\n${rows(fixture.conversation)}\n ]}\n`
  writeFileSync(join(OUT, 'frames.json'), text)
}

const [golden] = process.argv.slice(2)
if (golden === undefined) throw new Error('usage: make-fixtures.ts GOLDEN_DIR')
mkdirSync(join(OUT, 'golden'), { recursive: true })
for (const id of ['A1', 'A2', 'A3']) writeGolden(golden, id)
writeFrames(golden)
