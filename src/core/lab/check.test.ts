import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatLabError, parseLab } from './check.ts'
import { course } from './labs/course.ts'
import { LABS } from './labs/index.ts'

type Json = Record<string, unknown>

/** The course lab with one place of its JSON changed; undefined takes the place out. */
function broken(path: string, value: unknown): unknown {
  const lab = structuredClone(course) as unknown as Json
  const keys = path.split('.')
  let at = lab
  for (const key of keys.slice(0, -1)) at = at[key] as Json
  const last = keys.at(-1) ?? ''
  if (value === undefined) Reflect.deleteProperty(at, last)
  else at[last] = value
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
  const LB1_MAC = '00:0C:29:31:01:31'
  it.each<[string, string, unknown]>([
    ['colour: unknown key', 'colour', 1],
    ['hosts.LB1.interfaces.ens33.ip: unknown key', 'hosts.LB1.interfaces.ens33.ip', 'x'],
    ['vipscope: must be 1: the version of the lab format', 'vipscope', 2],
    ['hosts.LB2.interfaces: is missing', 'hosts.LB2.interfaces', undefined],
    ['title.zh: is missing', 'title.zh', undefined],
    ['seed: must be a whole number', 'seed', 1.5],
    ['profile: must be one of ubuntu-24.04, debian-12', 'profile', 'arch'],
    ['hosts.router.role: must be router, lb, server or client', 'hosts.router.role', 'switch'],
    [`${ens33}.mac: must be a MAC address like 00:0c:29:35:01:35`, `${ens33}.mac`, '00:0c:29'],
    [
      `${ens33}.mac: must be the address of one interface, not a group address`,
      `${ens33}.mac`,
      '01:0c:29:00:00:01',
    ],
    [
      `hosts.LB1.interfaces.ens33.mac: 00:0c:29:31:01:31 is already taken on segment lan by ${ens33}.mac`,
      `${ens33}.mac`,
      LB1_MAC,
    ],
    [
      `hosts.LB1.interfaces.ens33.addresses[0]: 172.16.253.131 is already taken on segment lan by ${ens33}.addresses[0]`,
      `${ens33}.addresses`,
      ['172.16.253.131/25'],
    ],
    [
      `${ens33}.addresses[0]: must be an IPv4 address with prefix length like 172.16.253.135/24`,
      `${ens33}.addresses`,
      ['172.16.253.300/24'],
    ],
    [
      `${ens33}.addresses[0]: must be an IPv4 address with prefix length like 172.16.253.135/24`,
      `${ens33}.addresses`,
      ['172.16.253.30/33'],
    ],
    [`${ens33}.segment: there is no segment "wan"`, `${ens33}.segment`, 'wan'],
    [
      'hosts.router.interfaces.abcdefghijklmnop: interface names have at most 15 characters',
      'hosts.router.interfaces.abcdefghijklmnop',
      { segment: 'lan', mac: '02:00:00:00:00:01' },
    ],
    [
      "hosts.server1.boot[0]: bash: unexpected EOF while looking for matching `''",
      'hosts.server1.boot',
      ["echo 'a"],
    ],
    ['hosts.server1.boot[0]: must be string, not 5', 'hosts.server1.boot', [5]],
    ['hosts: a lab has at least one host', 'hosts', {}],
  ])('%s', (error, path, value) => {
    expect(errors(broken(path, value))).toEqual([error])
  })

  it.each([null, 5, 'x', [], {}])('%j is no lab', (json) => {
    expect(errors(json).length).toBeGreaterThan(0)
  })

  it('any JSON gets an answer', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('hosts', 'segments', 'title', 'hosts.router', 'hosts.LB1.interfaces'),
        (json, path) => {
          expect(typeof parseLab(json).ok).toBe('boolean')
          expect(typeof parseLab(broken(path, json)).ok).toBe('boolean')
        },
      ),
      { numRuns: 300, seed: 1 },
    )
  })
})
