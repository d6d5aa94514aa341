import { describe, expect, it } from 'vitest'
import { matchCommand } from './match.ts'
import { parsePattern } from './pattern.ts'

const commands = [
  'show ip route [<connected|ospf>]',
  'show ip route <A.B.C.D|A.B.C.D/M>',
  'show ip ospf neighbor [<IFNAME|A.B.C.D>] detail',
  'show ip ospf neighbor [<IFNAME|A.B.C.D>]',
  'show interface [IFNAME]',
  'show ipv6 route',
  'ip route <A.B.C.D/M|A.B.C.D A.B.C.D> <A.B.C.D|IFNAME|Null0> [{tag (1-100)|(1-255)}]',
  'description LINE...',
].map((pattern) => ({ pattern, parts: parsePattern(pattern) }))

function meaning(line: string): string {
  const found = matchCommand(line.split(' '), commands)
  return found.kind === 'ok' ? `${found.command.pattern} = ${found.words.join(' ')}` : found.kind
}

describe('matchCommand', () => {
  it('writes shortened words out', () => {
    expect(meaning('sh ip ro ospf')).toBe('show ip route [<connected|ospf>] = show ip route ospf')
    expect(meaning('sh int')).toBe('show interface [IFNAME] = show interface')
  })

  it('prefers whole words, then shortened ones, then exact kinds of values, then names', () => {
    expect(meaning('show ip ospf neighbor detail')).toContain('] detail = ')
    expect(meaning('show ip route 1.2.3.4')).toContain('<A.B.C.D|A.B.C.D/M> = ')
    expect(meaning('show ip ospf neighbor ens33')).toContain('<IFNAME|A.B.C.D>] = ')
    expect(meaning('ip route 10.0.0.0/8 1.2.3.4')).toContain('1.2.3.4')
  })

  it('takes the members of a set once each, in any order', () => {
    const head = 'ip route 10.0.0.0/8 ens33'
    for (const rest of ['200 tag 5', 'tag 5 200', '200', 'tag 5'])
      expect(meaning(`${head} ${rest}`)).toContain(rest)
    expect(meaning(`${head} tag 5 tag 6`)).toBe('unknown')
    expect(meaning(`${head} 256`)).toBe('unknown')
  })

  it('says what is wrong', () => {
    expect(meaning('show')).toBe('incomplete')
    expect(meaning('sho i')).toBe('show interface [IFNAME] = show interface')
    expect(meaning('show ip')).toBe('incomplete')
    expect(meaning('show ip foo')).toBe('unknown')
    expect(meaning('show ip route 300.1.1.1')).toBe('unknown')
    expect(meaning('show ip route 1.2.3.0/33')).toBe('unknown')
  })

  it('is ambiguous only between different commands', () => {
    const two = ['log file WORD', 'log fire WORD'].map((pattern) => ({ parts: parsePattern(pattern) }))
    expect(matchCommand(['log', 'fi', 'x'], two).kind).toBe('ambiguous')
    expect(matchCommand(['log', 'fil', 'x'], two).kind).toBe('ok')
    const same = ['log file WORD', 'log file WORD'].map((pattern) => ({ parts: parsePattern(pattern) }))
    expect(matchCommand(['lo', 'fi', 'x'], same).kind).toBe('ok')
  })

  it('keeps the rest of a line as it is', () => {
    expect(meaning('desc to the router')).toBe('description LINE... = description to the router')
    expect(meaning('description')).toBe('incomplete')
  })
})
