import { beforeAll, describe, expect, it } from 'vitest'
import { type CourseRun, courseRun } from '../model/course-run.fixture.ts'
import { editedFile } from './edited-file.ts'
import { inkOutput, plainText, thingsIn } from './ink.ts'
import { isCaptured, packetOfLine } from './packet-of-line.ts'
import { screenText, spokenText } from './screen-text.ts'
import type { Piece } from './transcript.ts'

let course: CourseRun
beforeAll(async () => {
  course = await courseRun([['router', 'tcpdump -i ens33 -n -c 2 icmp & ping -c 1 172.16.253.131; wait']])
})

describe('the looks of output', () => {
  it('underlines addresses of the lab and changes no letter', () => {
    const text = '64 bytes from 172.16.253.131 and 9.9.9.9\n'
    const inked = inkOutput(text, course.owners)
    expect(inked).not.toBe(text)
    expect(plainText(inked)).toBe(text)
    expect(inkOutput('from 9.9.9.9', course.owners)).toBe('from 9.9.9.9')
  })

  it('finds what can be pointed at: an address is its owner, the VIP is all that have it', () => {
    const on = { host: 'router', owners: course.owners, views: course.views }
    const things = thingsIn('172.16.253.100 via 172.16.253.131 dev ens33', on)
    expect(things.map(({ from, lit }) => [from, lit.text])).toEqual([
      [0, '172.16.253.100'],
      [19, '172.16.253.131'],
      [38, 'ens33'],
    ])
    expect(things[0]?.lit.hosts.length).toBeGreaterThan(1)
    expect(things[1]?.lit.hosts).toEqual(['LB1'])
    expect(things[2]?.lit.hosts).toEqual(['router'])
  })
})

describe('the screen', () => {
  const entry = { note: 3, before: 2, line: 'ip a', output: 'x', status: 0, open: false }
  const pieces: Piece[] = [
    { kind: 'line', entry, by: 'knob', prompt: undefined },
    {
      kind: 'line',
      entry: { ...entry, note: 4, line: 'nope', output: 'no\n', status: 127 },
      by: 'hand',
      prompt: '> ',
    },
    { kind: 'open', line: 'ping h', output: 'PING', by: 'hand' },
  ]

  it('shows prompts, marks what a control has typed, ends each output', () => {
    const text = screenText(pieces, { owners: course.owners, prompt: '# ', byKnob: 'by a knob' })
    expect(plainText(text)).toBe('# ip a  # by a knob\nx\n> nope\nno\n# ping h\nPING')
  })

  it('is read out line by line', () => {
    expect(spokenText(pieces, '# ')).toEqual(['# ip a', 'x', '# nope', 'no', '# ping h', 'PING'])
  })
})

describe('lines of tcpdump', () => {
  it('lead to the packet they tell of', () => {
    const { run, lists } = course
    const lines = lists.prints.flatMap((note) => {
      const record = run.records[note]
      return record?.kind === 'stdout' ? record.text.split('\n').filter(isCaptured) : []
    })
    expect(lines).toHaveLength(2)
    const k = run.records.length - 1
    const packets = lines.map((line) => packetOfLine(run, lists.prints, { host: 'router', line, k }))
    const hosts = packets.map((note) => run.records[note ?? -1]?.host)
    expect(hosts).toEqual(['router', 'LB1'])
    expect(packetOfLine(run, lists.prints, { host: 'LB1', line: lines[0] ?? '', k })).toBeUndefined()
  })
})

describe('editors', () => {
  it.each([
    ['vi nginx.conf', '/etc/nginx/nginx.conf'],
    ['sudo vim +12 /etc/hosts', '/etc/hosts'],
    ['nano ../hosts', '/etc/hosts'],
    ['vi', ''],
    ['vi a; rm b', undefined],
    ['view x', undefined],
    ['cat vi', undefined],
  ])('%s opens %s', (line, path) => {
    expect(editedFile(line, '/etc/nginx')).toBe(path)
  })
})
