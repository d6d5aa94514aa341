import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hexOf } from '../../base/bytes.ts'
import { type Ip4, parseIp4 } from '../../base/ids.ts'
import { readVectors } from '../../../testing/fixtures/ecmp/vectors.ts'
import { explainHash, type HashInput, mixHashes, multipathHash } from './multipath-hash.ts'
import { boundsOf, selectByBounds } from './multipath-select.ts'
import { createResilient, selectResilient } from './resilient.ts'

const ip = (text: string): Ip4 => parseIp4(text) ?? (0 as Ip4)

type Row = Record<string, string | number>
interface Group {
  kind: string
  weights: number[]
  buckets?: number
}
const file = readVectors()
const rowsOf = (columns: string, rows: string): Row[] => {
  const names = file[columns] as string[]
  return (file[rows] as (string | number)[][]).map((row) =>
    Object.fromEntries(names.map((name, i) => [name, row[i] ?? 0])),
  )
}
const inputOf = (row: Row): HashInput => ({
  policy: Number(row['policy']),
  fields: Number(row['fields']),
  seed: Number(row['seed']),
  path: row['path'] === 'local' ? 'local' : 'fwd',
  outer: {
    src: ip(String(row['src'])),
    dst: ip(String(row['dst'])),
    proto: Number(row['proto']),
    sport: Number(row['sport']),
    dport: Number(row['dport']),
  },
})

const tcp: HashInput = {
  policy: 1,
  fields: 7,
  seed: 0xdeadbeef,
  path: 'fwd',
  outer: { src: ip('10.0.0.7'), dst: ip('172.16.253.100'), proto: 6, sport: 40000, dport: 8080 },
}

describe('choices of a real kernel', () => {
  const groups = file['groups'] as Group[]
  const rows = rowsOf('columns', 'rows')

  it.each(['legacy', 'mpath', 'resilient'])('every row of %s', (kind) => {
    const choose = groups.map(({ weights, buckets }) => {
      if (kind !== 'resilient') return (hash: number) => selectByBounds(hash, boundsOf(weights))
      const members = weights.map((weight, id) => ({ id, weight }))
      const group = createResilient({ members, buckets: buckets ?? 0 }, 0)
      return (hash: number) => selectResilient(group, hash, 0).id
    })
    const mine = rows.filter((row) => groups[Number(row['group'])]?.kind === kind)
    const wrong = mine.filter((row) => {
      const hash = multipathHash(inputOf(row))
      return hash !== row['hash32'] || choose[Number(row['group'])]?.(hash >>> 1) !== row['chosen']
    })
    expect(wrong).toEqual([])
    expect(mine.length).toBeGreaterThan(1300)
  })

  it('every full hash', () => {
    const full = rowsOf('fullhash_columns', 'fullhash_rows')
    expect(full.filter((row) => multipathHash(inputOf(row)) >>> 1 !== row['hash31'])).toEqual([])
    expect(full).toHaveLength(512)
  })
})

describe('explainHash', () => {
  it('shows the worked example: block, SipHash, 31 bits', () => {
    const { blocks, hash32, hash31, mixed } = explainHash(tcp)
    expect(blocks).toHaveLength(1)
    const [block] = blocks
    expect(hexOf(block?.block ?? new Uint8Array())).toBe(
      '00000600' + '00'.repeat(24) + '9c401f90' + '00000000' + '0a000007' + 'ac10fd64' + '00000000',
    )
    expect(block?.sip).toEqual({ hi: 0x5ceda6d1, lo: 0xc8888e85 })
    expect(block?.ports).toEqual([40000, 8080])
    expect([hash32, hash31, mixed]).toEqual([3364392581, 1682196290, undefined])
  })

  it('agrees with multipathHash on any input', () => {
    const u = (max: number) => fc.integer({ min: 0, max })
    const fields = fc.record({
      src: u(2 ** 32 - 1),
      dst: u(2 ** 32 - 1),
      proto: u(255),
      sport: u(65535),
      dport: u(65535),
    })
    const any = fc.record({
      policy: u(3),
      fields: u(0xfff),
      seed: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
      path: fc.constantFrom('fwd' as const, 'local' as const),
      outer: fields,
      inner: fc.option(fields, { nil: undefined }),
      quoted: fc.option(fields, { nil: undefined }),
    })
    fc.assert(
      fc.property(any, (input) => {
        expect(explainHash(input as HashInput).hash32).toBe(multipathHash(input as HashInput))
      }),
    )
  })
})

describe('what counts and what does not', () => {
  const hash = (change: Partial<HashInput['outer']>, settings: Partial<HashInput> = {}): number =>
    multipathHash({ ...tcp, ...settings, outer: { ...tcp.outer, ...change } })
  const { src, dst, sport, dport } = tcp.outer

  it('is the same in the other direction, and with only ports or only addresses swapped', () => {
    const plain = hash({})
    expect(hash({ src: dst, dst: src, sport: dport, dport: sport })).toBe(plain)
    expect(hash({ sport: dport, dport: sport })).toBe(plain)
    expect(hash({ src: dst, dst: src })).toBe(plain)
  })

  it('policy 0 looks at addresses alone, policy 1 at the whole tuple', () => {
    const changes = [{ sport: 1 }, { dport: 1 }, { proto: 17 }]
    for (const change of changes) {
      expect(hash(change, { policy: 0 })).toBe(hash({}, { policy: 0 }))
      expect(hash(change)).not.toBe(hash({}))
    }
  })

  it('policy 0 takes the quoted addresses of an ICMP error, so it goes the way of the flow it is about', () => {
    const error = { src: ip('10.9.9.9'), dst: src, proto: 1, sport: 0, dport: 0 }
    expect(multipathHash({ ...tcp, policy: 0, outer: error, quoted: { src, dst } })).toBe(
      hash({}, { policy: 0 }),
    )
    expect(multipathHash({ ...tcp, policy: 2, outer: error, quoted: { src, dst } })).not.toBe(
      hash({}, { policy: 2 }),
    )
  })

  it('policy 2 takes the innermost addresses of forwarded packets only', () => {
    const outer = { src: ip('10.9.9.9'), dst: ip('10.9.9.8'), proto: 4, sport: 0, dport: 0 }
    const tunnelled: HashInput = { ...tcp, policy: 2, outer, inner: tcp.outer }
    expect(multipathHash(tunnelled)).toBe(hash({}, { policy: 2 }))
    expect(multipathHash({ ...tunnelled, path: 'local' })).toBe(
      multipathHash({ ...tunnelled, inner: undefined }),
    )
  })

  it('policy 3 mixes once more when forwarding, so the same flow differs from a local one', () => {
    const local = hash({}, { policy: 3, fields: 0x37, path: 'local' })
    expect(local).toBe(hash({}, { policy: 1 }))
    expect(hash({}, { policy: 3, fields: 0x37 })).toBe(mixHashes(local, 0))
  })

  it('policy 3 without an outer field: 0 for local flows, one constant for forwarded ones', () => {
    expect(hash({}, { policy: 3, fields: 0xfc0, path: 'local' })).toBe(0)
    expect(hash({}, { policy: 3, fields: 0xfc0 })).toBe(0x58c184bf)
  })

  it('a forwarded ping has no ports, a local one has type and code', () => {
    const ping = { proto: 1, sport: 0, dport: 0x0800 }
    expect(hash(ping)).toBe(hash({ ...ping, dport: 0 }))
    expect(hash(ping, { path: 'local' })).not.toBe(hash({ ...ping, dport: 0 }, { path: 'local' }))
  })
})
