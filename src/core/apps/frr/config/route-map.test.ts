import { describe, expect, it } from 'vitest'
import { parseCidr } from '../../../base/cidr.ts'
import { formatIp4, type Ip4 } from '../../../base/ids.ts'
import { askMap } from './route-map.ts'
import { applyZebra, noZebraConfig } from './zebra.ts'
import { readConfig } from './read.ts'

/** Verdict of map M on a prefix: 'deny', or 'permit' with the source it sets. */
function ask(lines: readonly string[], prefixText: string, gateway = 0): string {
  const config = noZebraConfig()
  for (const { node, text } of readConfig(lines.join('\n')).lines.zebra) applyZebra(config, node, text)
  const cidr = parseCidr(prefixText)
  if (!cidr) throw new Error(prefixText)
  const about = {
    dst: cidr.ip,
    prefix: cidr.prefix,
    gateway: gateway as Ip4,
    dev: 'ens33',
    type: 'ospf',
    tag: 0,
  }
  const { permit, src } = askMap(config.maps['M'], config.lists, about)
  return permit ? `permit ${formatIp4(src)}` : 'deny'
}

const MATCH = ['route-map M permit 10', ' match ip address prefix-list L', ' set src 10.0.0.1', 'exit']

describe('askMap', () => {
  it('a list covers its own length only, unless it says ge or le', () => {
    const exact = ['ip prefix-list L permit 10.0.0.0/8', ...MATCH]
    expect(ask(exact, '10.0.0.0/8')).toBe('permit 10.0.0.1')
    expect(ask(exact, '10.1.0.0/16')).toBe('deny')
    const range = ['ip prefix-list L permit 10.0.0.0/8 ge 16 le 24', ...MATCH]
    expect(
      ['10.0.0.0/8', '10.1.0.0/16', '10.1.1.0/24', '10.1.1.0/25', '11.0.0.0/16'].map((p) => ask(range, p)),
    ).toEqual(['deny', 'permit 10.0.0.1', 'permit 10.0.0.1', 'deny', 'deny'])
  })

  it('the first entry that matches decides, in order of numbers', () => {
    const lines = [
      'ip prefix-list L permit 10.0.0.0/8',
      'route-map M permit 20',
      'route-map M deny 10',
      ' match ip address prefix-list L',
    ]
    expect(ask(lines, '10.0.0.0/8')).toBe('deny')
    expect(ask(lines, '11.0.0.0/8')).toBe('permit 0.0.0.0')
  })

  it('a map or list that is not there lets nothing through', () => {
    expect(ask([], '10.0.0.0/8')).toBe('deny')
    expect(ask(MATCH, '10.0.0.0/8')).toBe('deny')
  })
})
