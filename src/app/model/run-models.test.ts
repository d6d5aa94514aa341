import { beforeAll, describe, expect, it } from 'vitest'
import { formatIp4 } from '../../core/base/ids.ts'
import { words } from '../../i18n/en/index.ts'
import { calloutOf } from './callout.ts'
import { chainOf, flightBefore, frameAt, staysOf } from './chain.ts'
import { countAt } from './counts.ts'
import { type CourseRun, courseRun, CURL, noteOf } from './course-run.fixture.ts'
import { expectedShares } from './expected.ts'
import { beforeOf } from './flags.ts'
import { hookBoxes } from './hook-boxes.ts'
import { nextJump } from './jumps.ts'
import { marksOf } from './marks.ts'
import { infoOf } from './packet-info.ts'
import { nextStop, previousStop } from './stops.ts'
import { terminalEntries } from './terminal-entries.ts'

let course: CourseRun
beforeAll(async () => {
  course = await courseRun([CURL, CURL, ['router', 'ip neigh']])
})

/** The SYN as the load balancer sends it on: the first flight that has a frame before it. */
const synOut = (): number => nextJump(course.run, 'rewrite', course.run.bootRecord) ?? -1

describe('stops', () => {
  it('stands at every frame of a hop, in order, and nowhere in boot', () => {
    const { run, stops, lists } = course
    const kinds = stops.hop.map((k) => run.records[k]?.kind)
    expect(kinds.filter((kind) => kind === 'flight')).toHaveLength(lists.flights.length)
    expect(Math.min(...stops.hop)).toBeGreaterThan(run.bootRecord)
    expect(stops.hop).toEqual([...stops.hop].sort((a, b) => a - b))
  })

  it('finds three exchanges in a request: opening, asking, closing', () => {
    const { run, stops } = course
    const second = run.records.findIndex((record) => record.kind === 'command' && record.i > run.bootRecord)
    const first = stops.exchange.filter((k) => k < second && run.records[k]?.kind === 'flight')
    const labels = first.map((k) => course.flags.ofFlight(k)?.label)
    expect(labels[0]).toBe('SYN')
    expect(labels.length).toBeGreaterThanOrEqual(3)
    expect(labels).not.toContain('SYN,ACK')
  })

  it('goes forward and back over the same stops and ends at the ends', () => {
    const { run, stops } = course
    const end = run.records.length - 1
    let k = run.bootRecord
    const way: number[] = []
    while (k < end) way.push((k = nextStop(stops, 'hop', k, end)))
    expect(way.at(-1)).toBe(end)
    const back: number[] = []
    for (let at = end; at > run.bootRecord;) back.push((at = previousStop(stops, 'hop', at, run.bootRecord)))
    expect(back.at(-1)).toBe(run.bootRecord)
    expect(back.slice(0, -1).reverse()).toEqual(way.filter((at) => at !== end))
  })
})

describe('causes', () => {
  it('follows a packet from the program through the load balancer', () => {
    const { run } = course
    const chain = chainOf(run.records, synOut())
    expect(run.records[chain[0] ?? -1]?.kind).toBe('proc.start')
    const hosts = staysOf(run.records, synOut()).map((stay) => stay.host)
    expect(hosts[0]).toBe('router')
    expect(hosts.at(-1)).toMatch(/^LB/)
  })

  it('knows which hop brought a packet, and which frame a note speaks of', () => {
    const { run } = course
    const came = flightBefore(run.records, synOut()) ?? -1
    expect(run.records[came]).toMatchObject({ kind: 'flight', host: 'router' })
    const pick = noteOf(run, 'ipvs.pick')
    const frame = frameAt(run.records, pick)
    expect(run.flightOf[frame ?? 0]).toBe(came)
  })

  it('shows the hooks of direct routing: IN and OUT, not FORWARD', () => {
    const boxes = hookBoxes(course.run, synOut())
    expect(boxes?.map((box) => box.state)).toEqual(['done', 'done', 'skip', 'done', 'now'])
  })
})

describe('flags', () => {
  it('rings the MAC destination as decided and the MAC source as every hop does it', () => {
    const flag = course.flags.ofFlight(synOut())
    expect(flag?.mac[1].ring).toBe('decision')
    expect(flag?.mac[0].ring).toBe('hop')
    expect(flag?.ip?.map((cell) => cell.ring)).toEqual([undefined, undefined])
    expect(flag?.ttl).toEqual({ value: 63, old: 64 })
  })

  it('takes an ARP reply as a frame of its own', () => {
    const { run, flags } = course
    const reply = noteOf(run, 'arp.reply')
    const flight = run.records.findIndex((record) => record.kind === 'flight' && record.i > reply)
    const record = run.records[flight]
    expect(record?.kind === 'flight' && beforeOf(run, record.frame)).toBeUndefined()
    expect(flags.ofFlight(flight)?.ip?.map((cell) => cell.old)).toEqual([undefined, undefined])
  })

  it('says at the packet what the load balancer has done', () => {
    const { run, owners } = course
    const callout = calloutOf(run, synOut(), owners, words)
    expect(callout?.field).toBe('macTo')
    expect(callout?.title).toMatch(/^LB\d put server\d's MAC here/)
  })
})

describe('lists', () => {
  it('counts each request once at a load balancer and once at its server', () => {
    const { run, lists } = course
    const end = run.records.length - 1
    const sum = (map: ReadonlyMap<string, number[]>): number =>
      [...map.values()].reduce((total, notes) => total + countAt(notes, end), 0)
    expect(sum(lists.tally.lb)).toBe(2)
    expect(sum(lists.tally.server)).toBe(2)
    expect([...lists.tally.lb.values()].map((notes) => countAt(notes, run.bootRecord))).toEqual([0])
  })

  it('expects equal shares from two next hops of equal weight', () => {
    const shares = expectedShares(course.views)
    expect(shares.lb).toEqual({ LB1: 0.5, LB2: 0.5 })
    expect(shares.server).toEqual({ server1: 0.5, server2: 0.5 })
  })

  it('prints in the terminal what the run has printed by then', () => {
    const { run, lists } = course
    const at = (k: number) => terminalEntries(run, lists.commands, 'router', k)
    const booted = at(run.bootRecord).length
    const end = at(run.records.length - 1)
    expect(end.length).toBe(booted + 3)
    expect(end.at(-1)?.output).toContain('lladdr')
    const curl = end[booted]
    const midway = at(synOut())[booted]
    expect(midway).toMatchObject({ line: CURL[1], open: true })
    expect(curl?.output.startsWith(midway?.output ?? '?')).toBe(true)
    expect(curl?.output).toContain('X-Host: server')
    expect(curl?.before).toBe(run.bootRecord)
  })

  it('reads addresses, ports and TTL of a frame', () => {
    const { run } = course
    const record = run.records[synOut()]
    const bytes = record?.kind === 'flight' ? run.frames[record.frame]?.bytes : undefined
    expect(bytes && infoOf(bytes)).toMatchObject({
      proto: 'tcp',
      ttl: 63,
      ips: ['172.16.253.135', '172.16.253.100'],
    })
  })

  it('marks no more than the track holds', () => {
    const { run, clock } = course
    const marks = marksOf(run, clock, 200)
    expect(marks.length).toBeGreaterThan(2)
    expect(marks.length).toBeLessThanOrEqual(20)
  })
})

describe('owners', () => {
  it('gives the VIP to nobody but itself', () => {
    const { owners } = course
    expect(owners.hosts.map((host) => owners.codeOf(host))).toEqual(['R', 'L1', 'L2', 'S1', 'S2'])
    expect(owners.vips.map(formatIp4)).toEqual(['172.16.253.100'])
    const [vip] = owners.vips
    expect(vip !== undefined && owners.ofIp(vip)).toBe('V')
  })
})

describe('the clock', () => {
  it('never runs backwards, and finds the note again', () => {
    const { run, clock } = course
    for (let k = run.bootRecord + 1; k < run.records.length; k++) {
      expect(clock.at(k)).toBeGreaterThanOrEqual(clock.at(k - 1))
      expect(clock.at(clock.kAt(clock.at(k)))).toBe(clock.at(k))
    }
  })
})

describe('callouts', () => {
  it('say something at every packet of a request', () => {
    const { run, owners, lists } = course
    for (const k of lists.flights) expect(calloutOf(run, k, owners, words)?.title ?? '').not.toBe('')
  })
})
