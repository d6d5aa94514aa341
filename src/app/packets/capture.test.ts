import { beforeAll, describe, expect, it } from 'vitest'
import { compileDisplayFilter } from '../../core/wire/display-filter/filter.ts'
import { parseCapture } from '../../core/wire/pcapng-read.ts'
import { pcapngFile } from '../../core/wire/pcapng.ts'
import { courseRun, CURL, type CourseRun } from '../model/course-run.fixture.ts'
import { type CapturedFrame, type CapturePoint, fileOfFrames, framesOfFile, LiveCapture } from './capture.ts'
import { frameInfo } from './frame-info.ts'

let course: CourseRun

beforeAll(async () => {
  course = await courseRun([CURL])
}, 60_000)

function at(point: CapturePoint): readonly CapturedFrame[] {
  const capture = new LiveCapture(course.run, point)
  capture.extend()
  return capture.frames
}

function passing(frames: readonly CapturedFrame[], text: string): CapturedFrame[] {
  const filter = compileDisplayFilter(text)
  if (!filter.ok) throw new Error(filter.error.code)
  return frames.filter(filter.value)
}

describe('a capture of the run', () => {
  it('sees a forwarded SYN on both links, and at the router once', () => {
    const syn = 'tcp.flags.syn == 1 and tcp.flags.ack == 0'
    expect(passing(at({ at: 'all' }), syn)).toHaveLength(2)
    const router = passing(at({ at: 'port', host: 'router', dev: 'ens33' }), syn)
    expect(router.map(({ way }) => way)).toEqual(['out'])
  })

  it('does not take a packet that a load balancer passes on for one sent twice', () => {
    for (const host of course.owners.hosts)
      expect(passing(at({ at: 'host', host }), 'tcp.analysis.flags')).toEqual([])
  })

  it('is numbered from 1, and its times rise', () => {
    const frames = at({ at: 'all' })
    expect(frames.map(({ number }) => number)).toEqual(frames.map((_, i) => i + 1))
    for (const { sinceLast } of frames) expect(sinceLast).toBeGreaterThanOrEqual(0)
  })

  it('becomes a file and comes back with the same bytes, times and interfaces', () => {
    const frames = at({ at: 'all' })
    const parsed = parseCapture(
      pcapngFile(
        fileOfFrames(frames, () => ''),
        'VipScope',
      ),
    )
    if (!parsed.ok) throw new Error(parsed.error.code)
    const back = framesOfFile(parsed.value)
    expect(back.map(({ bytes }) => [...bytes])).toEqual(frames.map(({ bytes }) => [...bytes]))
    expect(back.map(({ sinceFirst }) => sinceFirst)).toEqual(frames.map(({ sinceFirst }) => sinceFirst))
    expect(back.map(({ point }) => point)).toEqual(frames.map(({ point }) => point))
  })
})

describe('a row', () => {
  it('tells a segment in tcpdump words without what stands beside', () => {
    const [get] = passing(at({ at: 'port', host: 'router', dev: 'ens33' }), 'http.request')
    const info = get && frameInfo(get)
    expect(info).toMatchObject({
      protocol: 'HTTP',
      from: { text: '172.16.253.135' },
      to: { text: '172.16.253.100' },
      marks: [],
    })
    expect(info?.text).toMatch(
      /^Flags \[P\.\], seq 1:\d+, ack 1, win \d+, length \d+: HTTP: GET \/ HTTP\/1\.1$/,
    )
  })

  it('points at a wrong checksum, a loss and a last hop', () => {
    const [get] = passing(at({ at: 'all' }), 'http.request')
    if (get === undefined) throw new Error('the run has a request')
    const bytes = get.bytes.slice()
    bytes[22] = 1
    expect(frameInfo({ ...get, bytes, lost: true }).marks).toEqual(['lost', 'checksum', 'ttl'])
  })
})
