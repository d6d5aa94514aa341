/**
 * Writes fixtures/golden/**.json and fixtures/frames.json from recorded captures. Run by hand:
 * `npx tsx src/testing/make-fixtures.ts GOLDEN_DIR`; needs tcpdump 4.99, whose lines are stored as the expected ones.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { hexOf } from '../core/base/bytes.ts'
import { formatIp4, formatMac } from '../core/base/ids.ts'
import { outsideLab } from '../core/lab/labs/outside.ts'
import { legKey } from '../core/wire/compare/conns.ts'
import { ETH, ETH_P_ARP, ETH_P_IP, ethSrc, ethType } from '../core/wire/ethernet.ts'
import { ipDst, ipHeaderLength, ipProto, ipSrc, PROTO_OSPF, PROTO_TCP } from '../core/wire/ipv4.ts'
import { parseTcp, SYN } from '../core/wire/tcp.ts'
import { findHealthLegs, reducePoint } from '../core/wire/compare.ts'
import { formatFrame } from '../core/wire/format.ts'
import { parsePcap, pcapFile, type PcapRecord } from '../core/wire/pcap.ts'
import type { FrameFixture, FramesFixture } from './frames-fixture.ts'
import { type GoldenCommand, goldenJson, packGolden } from './golden/fixture.ts'
import { takeId } from './golden/scenario.ts'
import { SCENARIOS } from './golden/scenarios.ts'

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
  const folder = join(golden, id)
  const points = new Map<string, PcapRecord[]>()
  for (const file of readdirSync(join(folder, 'pcap')).sort())
    points.set(basename(file, '.pcap'), readRecords(join(folder, 'pcap', file)))
  const healthLegs = findHealthLegs([...points.values()].flat())
  const reduced = new Map([...points].map(([name, records]) => [name, reducePoint(records, { healthLegs })]))
  const checks = readChecks(folder, points.get('sw-br0') ?? [], healthLegs)
  const commands = [...readCommands(folder), ...checks]
  moveToFirstPacket(folder, commands, points, checks)
  const captured = commands.filter(({ at }) => at < Infinity)
  const out = join(OUT, 'golden', `${id}.json`)
  mkdirSync(dirname(out), { recursive: true })
  writeFileSync(
    out,
    goldenJson(
      packGolden(
        id,
        captured.sort((a, b) => a.at - b.at),
        reduced,
      ),
    ),
  )
}

/** Transcripts. Times begin anew when the captures are started: what was typed before that gets a negative time. */
function readCommands(folder: string): GoldenCommand[] {
  const path = join(folder, 'commands.txt')
  if (!existsSync(path)) return []
  const commands: GoldenCommand[] = []
  for (const block of readFileSync(path, 'utf8').split(/\n\n(?=\[t=|## )/)) {
    const m = /^\[t=([\d.]+) (\S+)\]\n\$ ([^\n]*)\n?([^]*)$/.exec(block.trimEnd())
    if (!m) continue
    const [, seconds = '', host = '', line = '', text = ''] = m
    const at = Math.round(Number(seconds) * 1000)
    const before = commands.at(-1)
    if (before && at < before.at) commands.forEach((command) => (command.at = Math.min(command.at, 0) - 1))
    commands.push({ at, host, line, output: text === '' ? [] : text.split('\n') })
  }
  return commands
}

/** Programs start slowly on an emulated machine: what sends packets is moved to the time of its first one. */
function moveToFirstPacket(
  folder: string,
  commands: readonly GoldenCommand[],
  points: ReadonlyMap<string, readonly PcapRecord[]>,
  checks: readonly GoldenCommand[],
): void {
  const typed = commands.filter((command) => command.at >= 0 && command.check !== true)
  typed.forEach((command, i) => {
    if (!/^(curl|ping|arping|traceroute) /.test(command.line)) return
    const typedAt = command.at
    // what was typed after the captures had ended is not part of them
    command.at = Infinity
    const name = [...points.keys()].find((point) => point.startsWith(`${command.host}-`))
    const device = devices(command.host)
    if (name === undefined) return
    const end = typed[i + 1]?.at ?? Infinity
    for (const { at, bytes } of points.get(name) ?? []) {
      const ms = sinceStart(folder, name, at)
      const isOwn =
        device.includes(formatMac(ethSrc(bytes))) && [ETH_P_IP, ETH_P_ARP].includes(ethType(bytes))
      const isCheck = checks.some((check) => check.host === command.host && Math.abs(check.at - ms) < 300)
      if (!isOwn || isCheck || isOspf(bytes) || ms < typedAt) continue
      command.at = ms < end ? ms : typedAt
      return
    }
  })
}

function isOspf(b: Uint8Array): boolean {
  return ethType(b) === ETH_P_IP && ipProto(b, ETH.size) === PROTO_OSPF
}

/** MAC addresses of a host: the same in every recording. */
function devices(host: string): string[] {
  return Object.values(outsideLab().hosts[host]?.interfaces ?? {}).map(({ mac }) => mac)
}

/** Milliseconds from the start of the captures to a time of one capture file. */
function sinceStart(folder: string, point: string, at: number): number {
  const file = readFileSync(join(folder, 'pcap', `${point}.pcap`))
  const t0 = Number(readFileSync(join(folder, 't0'), 'utf8'))
  return Math.round((file.readUInt32LE(24) - t0) * 1000 + at / 1e6)
}

/** keepalived's checks, seen as the SYN that begins one. */
function readChecks(
  folder: string,
  records: readonly PcapRecord[],
  legs: ReadonlySet<string>,
): GoldenCommand[] {
  const lbs: Record<string, string> = { '172.16.253.131': 'LB1', '172.16.253.129': 'LB2' }
  return records.flatMap(({ at, bytes }) => {
    const parsed = dissectSyn(bytes)
    if (!parsed || !legs.has(parsed.leg)) return []
    // the question for the server's MAC address comes a little earlier
    const ms = Math.max(0, sinceStart(folder, 'sw-br0', at) - 3)
    const line = `curl -s http://${parsed.dst}:${parsed.dport}`
    return [{ at: ms, host: lbs[parsed.src] ?? '', line, output: [], check: true }]
  })
}

function dissectSyn(b: Uint8Array): { src: string; dst: string; dport: number; leg: string } | undefined {
  const at = ETH.size
  if (b.length < 54 || ethType(b) !== ETH_P_IP || ipProto(b, at) !== PROTO_TCP) return undefined
  const tcp = parseTcp(b, at + ipHeaderLength(b, at), b.length)
  if (!tcp.ok || tcp.value.flags !== SYN) return undefined
  const { dport } = tcp.value
  return { src: formatIp4(ipSrc(b, at)), dst: formatIp4(ipDst(b, at)), dport, leg: legKey(b, at) }
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
      const tshark: Record<string, string> = {}
      for (const name of READ_BY_TSHARK) if (rows[i]?.[name]) tshark[name] = rows[i][name]
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
for (const scenario of SCENARIOS)
  for (const take of scenario.takes) writeGolden(golden, takeId(scenario, take))
writeFrames(golden)
