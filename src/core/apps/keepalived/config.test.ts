import fc from 'fast-check'
import { expect, test } from 'vitest'
import recorded from '../../../testing/fixtures/keepalived-test.json' with { type: 'json' }
import { makeNet } from '../../../testing/net.ts'
import { SEC } from '../../base/ids.ts'
import { readLines } from './config/lines.ts'
import { parseConfig, type Role } from './config/parse.ts'
import { resolveServices } from './health/validate.ts'
import { checkInstances } from './vrrp/validate.ts'

test.each(recorded)('keepalived -t says what the real one says: $what', ({ conf, said }) => {
  const net = makeNet({ hosts: { LB1: '10.0.0.1/24' } })
  net.host('LB1').files['x.conf'] = `${conf.join('\n')}\n`
  const pid = net.start('LB1', 'keepalived -t -f x.conf')
  net.run(SEC)
  expect(net.output(pid).trimEnd().split('\n')).toEqual(said)
  expect(net.status(pid, 'LB1')).toBe(5)
})

function words(text: string, files: Record<string, string> = {}): string[][] {
  return readLines('/etc/x.conf', (path) => ({ '/etc/x.conf': text, ...files })[path]).lines.map(
    (line) => line.words,
  )
}

test('comments, quotes, braces and escapes', () => {
  expect(words('a { b ! c }\n}\n# all\nscript "x # y" z\\!\n')).toEqual([
    ['a'],
    ['{'],
    ['b'],
    ['}'],
    ['script', 'x # y', 'z!'],
  ])
})

test('definitions and included files', () => {
  const text = '$VIP=10.0.0.1 80\ninclude more.conf\nvirtual_server $VIP {\n}\nx ${VIP}9 $NOT\n'
  expect(words(text, { '/etc/more.conf': 'router_id $VIP\n' })).toEqual([
    ['router_id', '10.0.0.1', '80'],
    ['virtual_server', '10.0.0.1', '80'],
    ['{'],
    ['}'],
    ['x', '10.0.0.1', '809', '$NOT'],
  ])
})

const ROLES: readonly Role[] = ['parent', 'checkers', 'vrrp', 'bfd']
const KEYWORDS = [
  ...['global_defs', 'virtual_server', 'real_server', 'HTTP_GET', 'url', 'vrrp_instance', 'vrrp_script'],
  ...[
    'virtual_ipaddress',
    'vrrp_sync_group',
    'group',
    'authentication',
    'weight',
    'delay_loop',
    'quorum',
    'path',
  ],
  ...[
    '{',
    '}',
    '{',
    '}',
    '10.0.0.1',
    '80',
    'eth0',
    '-1',
    'abc',
    '"',
    '$A=1',
    '$A',
    '!',
    'include x',
    '\n',
    '\n',
  ],
]

test('nothing that is written makes it throw', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...KEYWORDS), { maxLength: 60 }), fc.string(), (list, noise) => {
      const text = list.join(' ') + noise
      for (const role of ROLES) {
        const readFile = (): string => text
        const source = { path: 'x', readFile, hasDev: () => true, role, reload: true, testing: false }
        const { config } = parseConfig(source)
        resolveServices(config, false, () => undefined)
        checkInstances(config, () => undefined)
      }
    }),
    { numRuns: 300, seed: 1 },
  )
})

test('a number with a tail counts outside of a test, with a warning', () => {
  const conf =
    'virtual_server 10.0.0.1 80 {\n protocol TCP\n lvs_sched rr\n lvs_method DR\n real_server 10.0.0.2 80 {\n weight 7x\n }\n}\n'
  const parsed = parseConfig({
    path: 'x',
    readFile: () => conf,
    hasDev: () => true,
    role: 'checkers',
    reload: false,
    testing: false,
  })
  expect(parsed.errors).toEqual([{ line: 6, text: "WARNING - invalid number '7x'" }])
  expect(parsed.config.services[0]?.servers[0]?.weight).toBe(7)
})
