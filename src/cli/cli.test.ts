import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { course } from '../core/lab/labs/course.ts'
import { parsePcap } from '../core/wire/pcap.ts'
import { main } from './main.ts'
import { SCHEMA_PATH, schemaText } from './make-schema.ts'

let dir = ''
beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'vipscope-'))))
afterAll(() => {
  rmSync(dir, { recursive: true })
})

function run(...args: string[]): { status: number; out: string; err: string } {
  let [out, err] = ['', '']
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true))
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true))
  try {
    return { status: main(args), out, err }
  } finally {
    stdout.mockRestore()
    stderr.mockRestore()
  }
}

function file(name: string, text: string): string {
  const path = join(dir, name)
  writeFileSync(path, text)
  return path
}

it('the committed schema is the one that labs are checked with', () => {
  expect(readFileSync(SCHEMA_PATH, 'utf8')).toBe(schemaText())
})

describe('wrong input has status 2 and one line that says what and where', () => {
  it.each<[string[], string]>([
    [['fly'], 'there is no command fly'],
    [['export', 'course'], 'usage: vipscope export LAB --to netns|containerlab'],
    [['export', 'course', '--to', 'docker'], '--to docker: must be one of netns, containerlab'],
    [['export', 'nolab', '--to', 'netns'], 'nolab: no such file'],
    [['export', 'course', '--to', 'netns', '--out', '/nope/lab.sh'], '/nope/lab.sh: cannot be written'],
    [['run'], 'usage: vipscope run LAB'],
    [
      ['run', 'nolab'],
      'nolab: no such file and no lab of that name (there are: course, course-static, outside, vrrp)',
    ],
    [['run', 'course', '--seed', 'x'], '--seed x: must be a whole number'],
    [['run', 'course', '--profile', 'arch'], '--profile arch: must be one of ubuntu-24.04, debian-12'],
    [['run', 'course', '--settle'], '--settle needs a value'],
    [['run', 'course', '--fast', '1'], '--fast: no such option'],
    [['run', 'course', '--script', '/nope'], '/nope: no such file'],
    [['experiment', 'fire'], 'there is no experiment fire (there are: cable, power,'],
    [['experiment', '--hops', 'x'], '--hops x: must be one of ospf, plain, resilient'],
    [['experiment', '--balancers', '9'], '--balancers 9: must be a number from 2 to 8'],
    [['experiment', 'ospfd-killed', '--way', 'vrrp'], 'ospfd-killed: there is nothing to do with --way vrrp'],
    [['experiment', '--fast'], '--fast: no such option'],
  ])('%j', (args, text) => {
    const { status, out, err } = run(...args)
    expect({ status, out }).toEqual({ status: 2, out: '' })
    expect(err).toContain(text)
    expect(err.split('\n')).toHaveLength(2)
  })

  it('names the place in a lab and in a script', () => {
    const lab = file('bad.json', JSON.stringify({ ...course, seed: 'x', colour: 1 }))
    expect(run('run', lab).err).toContain(
      `${lab}: seed: must be number, not "x" (and 1 more; see vipscope check)`,
    )
    const script = file('bad.txt', 'router$ true\nnobody$ true\n')
    expect(run('run', 'course', '--script', script).err).toContain(
      `${script}: line 2: there is no host nobody`,
    )
    expect(run('run', file('no.json', '{')).err).toContain('not JSON')
  })
})

describe('check', () => {
  it('says of each lab whether it is right', () => {
    expect(run('check', 'course')).toEqual({
      status: 0,
      out: 'course: ok, lab course, 5 hosts, 1 segments\n',
      err: '',
    })
    const bad = file('worse.json', JSON.stringify({ ...course, seed: -1, colour: 1 }))
    const { status, err } = run('check', 'course', bad)
    expect(status).toBe(1)
    expect(err.trim().split('\n')).toHaveLength(2)
  })
})

describe('run', () => {
  it('prints a transcript and writes what headless comparison needs', () => {
    const out = join(dir, 'out')
    const script = file(
      's.txt',
      `router$ ip route show 172.16.253.100
router& ping -c 1 172.16.253.131
router$ curl -s -i http://172.16.253.130:8080
LB1$ false
@unplug server1 ens33
router$ curl -s --max-time 1 http://172.16.253.130:8080
`,
    )
    const result = run(
      'run',
      'course',
      '--script',
      script,
      '--out',
      out,
      '--profile',
      'debian-12',
      '--seed=3',
    )
    expect(result.err).toBe('')
    expect(result.status).toBe(0)
    expect(result.out).toContain(
      'router$ ip route show 172.16.253.100\n172.16.253.100 nhid 10 proto ospf metric 20 \n\tnexthop via',
    )
    expect(result.out).toContain('Server: nginx/1.22.1')
    expect(result.out).toContain('LB1$ false\n(exit status 1)\n')
    expect(result.out).toContain('(exit status 28)\n')
    expect(result.out).toMatch(/router& ping[^]*1 packets transmitted, 1 received/)
    expect(readFileSync(join(out, 'transcript.txt'), 'utf8')).toBe(result.out)
    expect(readdirSync(join(out, 'pcap')).sort()).toEqual(
      Object.keys(course.hosts)
        .map((host) => `${host}-ens33.pcap`)
        .sort(),
    )
    const packets = parsePcap(new Uint8Array(readFileSync(join(out, 'pcap', 'router-ens33.pcap'))))
    expect(packets.ok && packets.value.length).toBeGreaterThan(10)
    const trace = readFileSync(join(out, 'trace.jsonl'), 'utf8').trim().split('\n')
    expect(trace.every((line) => typeof (JSON.parse(line) as { kind: string }).kind === 'string')).toBe(true)
    const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as Record<string, unknown>
    expect(summary).toMatchObject({ lab: 'course', seed: 3, requestsPerServer: { server1: 1 } })
  })

  it('gives the same run for the same seed', () => {
    const script = file(
      'same.txt',
      'router$ sysctl -w net.ipv4.fib_multipath_hash_policy=1\n' +
        'router$ curl -sv http://172.16.253.100:8080\n'.repeat(8),
    )
    const once = (name: string): string => {
      run('run', 'course', '--script', script, '--out', join(dir, name), '--seed', '7')
      return readFileSync(join(dir, name, 'trace.jsonl'), 'utf8')
    }
    expect(once('one')).toBe(once('two'))
  })
})

it('an experiment prints a line of counts and its timeline, or everything as JSON', () => {
  const few = ['experiment', 'frr-stopped', '--every', '1000', '--long', '2']
  const { status, out } = run(...few)
  const [head = '', row = '', , first = ''] = out.split('\n')
  expect([status, head.split(/ +/).length, row.split(/ +/)[0]]).toEqual([0, 11, 'frr-stopped'])
  expect(first).toMatch(/^ {3}0\.000 {2}LB1 {6}fail$/)
  const [outcome] = JSON.parse(run(...few, '--json').out) as { short: { begun: number; lost: number } }[]
  expect(outcome?.short).toMatchObject({ begun: 56, lost: 0 })
})
