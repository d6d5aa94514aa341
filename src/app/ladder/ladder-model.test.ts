import { beforeAll, describe, expect, it } from 'vitest'
import { words } from '../../i18n/en/index.ts'
import { courseRun, CURL, type CourseRun } from '../model/course-run.fixture.ts'
import { LiveCapture } from '../packets/capture.ts'
import { changesOf } from './changes.ts'
import { Flows } from './flows.ts'
import { framesOfFlow, hostsMet, ladderFrames } from './ladder-frames.ts'

let course: CourseRun
let flows: Flows

beforeAll(async () => {
  course = await courseRun([CURL, ['router', 'ping -c 1 172.16.253.131'], CURL])
  flows = new Flows(course.run, course.owners)
  flows.extend()
}, 60_000)

function framesOf(flow: number) {
  const { run } = course
  const captured = new LiveCapture(run, { at: 'all' })
  captured.extend()
  return framesOfFlow({ run, captured: captured.frames, flows, flow: flows.list[flow] })
}

describe('flows of a run', () => {
  it('are conversations from end to end: a curl is one, forwarded or not', () => {
    const tcp = flows.list.filter(({ name }) => name.to === 'V')
    expect(tcp).toHaveLength(2)
    for (const { name } of tcp) expect(name.from).toMatch(/^R:\d+$/)
  })

  it('meet the router, one load balancer and its server', () => {
    const met = hostsMet(framesOf(0), course.owners.hosts)
    expect(met).toHaveLength(3)
    expect(met[0]).toBe('router')
  })
})

describe('the ladder of a flow', () => {
  it('holds its segments on both ways and the ARP asked meanwhile', () => {
    const frames = framesOf(0)
    const kinds = new Set(frames.map(({ record }) => course.flags.ofFlight(record)?.kind))
    expect([...kinds].sort()).toEqual(['ack', 'arp', 'data', 'fin', 'syn', 'synack'])
  })

  it('tells what each side thinks, each beside the frame that made it so', () => {
    const { run, owners } = course
    const frames = framesOf(0)
    const columns = hostsMet(frames, owners.hosts)
    const columnOf = (host: string): number => columns.indexOf(host)
    const around = { run, flows, owners, words, flow: 0, columnOf }
    const changes = changesOf(around, run.bootRecord + 1, flows.list[0]?.last ?? 0)
    const labels = (column: number): string[] =>
      changes.flatMap((one) => (one.column === column && one.kind === 'state' ? [one.label] : []))
    expect(labels(0).slice(0, 2)).toEqual(['SYN-SENT', 'ESTABLISHED'])
    expect(labels(1)).toEqual(['SYN_RECV', 'ESTABLISHED', 'FIN_WAIT'])
    expect(labels(2)).toEqual(expect.arrayContaining(['SYN-RECV', 'ESTABLISHED', 'CLOSE-WAIT', 'LAST-ACK']))
    const opened = changes.find(({ column, label }) => column === 0 && label === 'SYN-SENT')
    expect(opened?.phase).toBe('changing')
    expect(frames.map(({ record }) => record)).toContain(opened?.frame?.id)
  })

  it('counts time from its first frame and keeps who sent and who got it', () => {
    const frames = framesOf(0)
    const columns = hostsMet(frames, course.owners.hosts)
    const rows = ladderFrames(course.run, frames, course.clock, columns)
    expect(rows[0]?.time).toBe('0.000')
    expect(rows).toHaveLength(frames.length)
    for (const row of rows) expect(row.to).not.toContain(row.from)
  })
})
