import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Filtered, parseFilter } from './packet-filter.ts'

const syn: Filtered = {
  proto: 'tcp',
  kind: 'syn',
  ips: ['172.16.253.135', '172.16.253.100'],
  ports: [49900, 8080],
  ttl: 64,
  payload: 0,
  text: '',
  hosts: ['router', 'LB1'],
  lost: false,
}
const arp: Filtered = {
  ...syn,
  proto: 'arp',
  kind: 'arp',
  ports: [],
  ips: ['172.16.253.131', '172.16.253.130'],
}

function passes(text: string, frame: Filtered): boolean {
  const parsed = parseFilter(text)
  if (!parsed.ok) throw new Error(`not understood: ${parsed.word}`)
  return parsed.value(frame)
}

describe('the packet filter', () => {
  it('lets everything pass when empty', () => {
    expect(passes('  ', syn)).toBe(true)
  })

  it('knows protocols, kinds, hosts, addresses and ports', () => {
    expect(passes('arp', arp)).toBe(true)
    expect(passes('arp', syn)).toBe(false)
    expect(passes('SYN', syn)).toBe(true)
    expect(passes('host == LB1', syn)).toBe(true)
    expect(passes('host==LB2', syn)).toBe(false)
    expect(passes('ip.addr == 172.16.253.130', arp)).toBe(true)
    expect(passes('tcp.port == 8080', syn)).toBe(true)
    expect(passes('tcp.port == 8080', arp)).toBe(false)
  })

  it('binds not before and before or', () => {
    expect(passes('arp and host == nobody or syn', syn)).toBe(true)
    expect(passes('not arp and syn', syn)).toBe(true)
    expect(passes('not arp or arp', arp)).toBe(true)
  })

  it('names the word it does not understand', () => {
    expect(parseFilter('foo')).toEqual({ ok: false, word: 'foo' })
    expect(parseFilter('arp syn')).toEqual({ ok: false, word: 'syn' })
    expect(parseFilter('arp and')).toEqual({ ok: false, word: 'and' })
    expect(parseFilter('host ==')).toMatchObject({ ok: false })
  })

  it('never throws', () => {
    const word = fc.constantFrom('arp', 'and', 'or', 'not', '==', 'host', 'tcp.port', 'x', '=', '')
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map((list) => list.join(' ')),
        ),
        (text) => {
          const parsed = parseFilter(text)
          if (parsed.ok) parsed.value(syn)
        },
      ),
    )
  })
})
