import { describe, expect, it } from 'vitest'
import { formatLabError, parseLab } from './check.ts'
import { course } from './labs/course.ts'
import { LABS } from './labs/index.ts'

/** The course lab with one place of its JSON changed. */
function broken(change: (lab: any) => void): unknown {
  const lab = structuredClone(course)
  change(lab)
  return lab
}

function errors(json: unknown): string[] {
  const parsed = parseLab(json)
  return parsed.ok ? [] : parsed.error.map(formatLabError)
}

describe('labs that come with the program', () => {
  it.each(Object.values(LABS))('$id is right', (lab) => {
    expect(parseLab(lab)).toEqual({ ok: true, value: lab })
  })
})

describe('defaults', () => {
  it('are filled in', () => {
    const least = {
      vipscope: 1,
      id: 'a',
      title: { en: 'A', zh: '甲' },
      segments: { lan: {} },
      hosts: { h: { role: 'client', interfaces: { eth0: { segment: 'lan', mac: '02:00:00:00:00:01' } } } },
    }
    const parsed = parseLab(least)
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        seed: 1,
        profile: 'ubuntu-24.04',
        segments: { lan: { mtu: 1500, delayUs: 50 } },
        hosts: { h: { files: {}, boot: [], interfaces: { eth0: { addresses: [] } } } },
      },
    })
  })
})

describe('each error names its place', () => {
  const ens33 = 'hosts.router.interfaces.ens33'
  it.each<[string, (lab: any) => void]>([
    ['colour: unknown key', (lab) => (lab.colour = 1)],
    ['hosts.LB1.interfaces.ens33.ip: unknown key', (lab) => (lab.hosts.LB1.interfaces.ens33.ip = 'x')],
    ['vipscope: must be 1: the version of the lab format', (lab) => (lab.vipscope = 2)],
    ['hosts.LB2.interfaces: is missing', (lab) => delete lab.hosts.LB2.interfaces],
    ['title.zh: is missing', (lab) => delete lab.title.zh],
    ['seed: must be a whole number', (lab) => (lab.seed = 1.5)],
    ['profile: must be one of ubuntu-24.04, debian-12', (lab) => (lab.profile = 'arch')],
    ['hosts.router.role: must be router, lb, server or client', (lab) => (lab.hosts.router.role = 'switch')],
    [
      `${ens33}.mac: must be a MAC address like 00:0c:29:35:01:35`,
      (lab) => (lab.hosts.router.interfaces.ens33.mac = '00:0c:29'),
    ],
    [
      `${ens33}.mac: must be the address of one interface, not a group address`,
      (lab) => (lab.hosts.router.interfaces.ens33.mac = '01:0c:29:00:00:01'),
    ],
    [
      `${ens33}.mac: 00:0c:29:31:01:31 is already taken on segment lan by`,
      (lab) => {
        const { LB1, router } = lab.hosts
        router.interfaces.ens33.mac = LB1.interfaces.ens33.mac.toUpperCase()
        lab.hosts = { LB1, router }
      },
    ],
    [
      'hosts.LB1.interfaces.ens33.addresses[0]: 172.16.253.135 is already taken on segment lan by',
      (lab) => (lab.hosts.LB1.interfaces.ens33.addresses = ['172.16.253.135/25']),
    ],
    [
      `${ens33}.addresses[0]: must be an IPv4 address with prefix length`,
      (lab) => (lab.hosts.router.interfaces.ens33.addresses = ['172.16.253.300/24']),
    ],
    [
      `${ens33}.addresses[0]: must be an IPv4 address with prefix length`,
      (lab) => (lab.hosts.router.interfaces.ens33.addresses = ['172.16.253.30/33']),
    ],
    [
      `${ens33}.segment: there is no segment "wan"`,
      (lab) => (lab.hosts.router.interfaces.ens33.segment = 'wan'),
    ],
    [
      'interface names have at most 15 characters',
      (lab) => (lab.hosts.router.interfaces.abcdefghijklmnop = lab.hosts.router.interfaces.ens33),
    ],
    ['hosts.server1.boot[2]: bash: unexpected EOF', (lab) => (lab.hosts.server1.boot[2] = "echo 'a")],
    ['hosts.server1.boot[0]: must be string, not 5', (lab) => (lab.hosts.server1.boot[0] = 5)],
    ['hosts: a lab has at least one host', (lab) => (lab.hosts = {})],
  ])('%s', (start, change) => {
    const found = errors(broken(change))
    expect(found.some((error) => error.includes(start))).toBe(true)
    expect(found.every((error) => !error.includes('\n'))).toBe(true)
  })

  it.each([null, 5, 'x', [], {}])('%j is no lab', (json) => {
    expect(errors(json).length).toBeGreaterThan(0)
  })
})
