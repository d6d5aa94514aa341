import { describe, expect, it } from 'vitest'
import { DROP_REASONS } from '../core/kernel/drop.ts'
import type { Ip4, Mac } from '../core/base/ids.ts'
import { words as en } from './en/index.ts'
import { noteSentence } from './note-sentence.ts'
import { ip, mac, mono, say } from './parts.ts'
import { textOf } from './text-of.ts'
import { words as zh } from './zh/index.ts'

const CHINESE = /[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]/
/** Names that are the same in every language: protocol and program words, addresses, signs. */
const SAME = /^[\w\s.:;/*#=?×·→%,-]*$/

function leaves(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, one]) => leaves(one, `${path}.${key}`))
}

describe('words', () => {
  it('are not left in English in the Chinese dictionary', () => {
    const english = new Map(leaves(en.ui, 'ui'))
    const untold = leaves(zh.ui, 'ui').filter(
      ([path, text]) => !CHINESE.test(text) && english.get(path) !== text,
    )
    expect(untold.filter(([, text]) => !SAME.test(text))).toEqual([])
    const copied = leaves(zh.ui, 'ui').filter(
      ([path, text]) => /[a-z]{3} [a-z]{3}/.test(text) && english.get(path) === text,
    )
    expect(copied.filter(([, text]) => !text.includes('tcp.port'))).toEqual([])
  })

  it('hold no Chinese in English', () => {
    for (const part of [en.ui, en.drops, en.glossary])
      expect(leaves(part, '').filter(([, text]) => CHINESE.test(text))).toEqual([])
  })

  it('give every drop reason a name and a cause in both languages', () => {
    for (const reason of DROP_REASONS)
      for (const { drops } of [en, zh]) {
        expect(drops[reason].what).not.toBe('')
        expect(drops[reason].why).toMatch(/[.。]$/)
      }
  })
})

describe('sentences', () => {
  const address = 0xac10fd64 as Ip4

  it('keep addresses apart from the text around them', () => {
    const parts = say`to ${ip(address, 8080)} at ${mac(0x000c29300130 as Mac)}, TTL ${63}`
    expect(parts).toEqual(['to ', ip(address, 8080), ' at ', mac(0x000c29300130 as Mac), ', TTL ', '63'])
    expect(textOf(parts)).toBe('to 172.16.253.100:8080 at 00:0c:29:30:01:30, TTL 63')
    expect(textOf([mono('x')])).toBe('x')
  })

  it('say why a packet goes where it goes, in both languages', () => {
    const note = {
      kind: 'ipvs.pick',
      ...{
        vip: address,
        vport: 8080,
        scheduler: 'rr',
        dip: 0xac10fd82 as Ip4,
        dport: 8080,
        candidates: 1,
        weight: 10,
      },
    } as const
    for (const words of [en, zh]) {
      const text = textOf(noteSentence(words, note))
      expect(text).toContain('172.16.253.100:8080')
      expect(text).toContain('172.16.253.130:8080')
      expect(text).toContain('rr')
    }
  })

  it('name the larger of two places of a sysctl', () => {
    const base = { dev: 'ens33', target: address, from: address, owner: 'lo', ignore: 1, all: 1, own: 0 }
    expect(textOf(noteSentence(en, { kind: 'arp.ignored', ...base }))).toContain(
      'max(all 1, interface 0) = 1',
    )
  })
})
