import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesOfHex, hexOf } from '../base/bytes.ts'
import { SEC } from '../base/ids.ts'
import { pcapFile } from './pcap.ts'
import { parseCapture } from './pcapng-read.ts'
import { type Capture, pcapngFile } from './pcapng.ts'

const name = fc.string({ maxLength: 12, unit: 'grapheme' }).filter((text) => !text.includes('\0'))

const captures: fc.Arbitrary<Capture> = fc
  .array(fc.record({ name, description: name, raw: fc.boolean() }), { minLength: 1, maxLength: 4 })
  .chain((interfaces) => {
    const packet = fc.record(
      {
        iface: fc.nat(interfaces.length - 1),
        at: fc.integer({ min: 0, max: 5 * SEC }),
        bytes: fc.uint8Array({ maxLength: 80 }),
        way: fc.constantFrom('in' as const, 'out' as const),
        comment: name,
      },
      { requiredKeys: ['iface', 'at', 'bytes'] },
    )
    return fc.array(packet, { maxLength: 20 }).map((packets) => ({ interfaces, packets }))
  })

function read(file: Uint8Array): Capture {
  const parsed = parseCapture(file)
  if (!parsed.ok) throw new Error(`${parsed.error.code} at ${parsed.error.at}`)
  return parsed.value
}

describe('pcapng', () => {
  it('gives back what was written, to the nanosecond, with a date of today', () => {
    fc.assert(
      fc.property(captures, fc.constantFrom(0, 1_790_000_000), (capture, epoch) => {
        const back = read(pcapngFile(capture, 'test', epoch))
        const first = Math.floor((capture.packets[0]?.at ?? 0) / SEC) * SEC
        const packets = capture.packets.map((packet) => ({ ...packet, at: packet.at - first }))
        expect(back).toEqual({ interfaces: capture.interfaces, packets })
      }),
    )
  })

  it('refuses or reads a damaged file, and never throws', () => {
    fc.assert(
      fc.property(captures, fc.nat(), fc.nat(255), fc.nat(), (capture, where, value, cut) => {
        const file = pcapngFile(capture, 'test')
        file[where % file.length] = value
        const parsed = parseCapture(file.subarray(0, cut % (file.length + 1)))
        if (!parsed.ok) expect(parsed.error.at).toBeLessThanOrEqual(file.length)
      }),
    )
  })

  it('says at which byte a cut-off file ends', () => {
    const file = pcapngFile(
      { interfaces: [{ name: 'eth0', description: '', raw: false }], packets: [] },
      'test',
    )
    expect(parseCapture(file.subarray(0, file.length - 4))).toEqual({
      ok: false,
      error: { code: 'block', at: expect.any(Number) as number },
    })
    expect(parseCapture(bytesOfHex('00'))).toEqual({ ok: false, error: { code: 'short', at: 1 } })
    expect(parseCapture(new Uint8Array(64))).toMatchObject({ ok: false, error: { code: 'magic' } })
  })

  it('reads big endian, powers of two and an offset in seconds', () => {
    const section = '0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c'
    const iface =
      '00000001 00000028 0001 0000 00000000 0009 0001 8a000000 000e 0008 0000000000000064 00000028'
    const packet = '00000006 00000024 00000000 00000000 00000a00 00000002 00000003 abcd0000 00000024'
    const back = read(bytesOfHex(section + iface + packet))
    // 0xa00 of 1/1024 s: two and a half seconds, of which whole ones are left out
    expect(back.packets.map(({ at, bytes }) => [at, hexOf(bytes)])).toEqual([[SEC / 2, 'abcd']])
  })

  it('reads classic files too', () => {
    const file = pcapFile([{ at: 7, bytes: bytesOfHex('0102') }])
    expect(read(file)).toEqual({
      interfaces: [{ name: '', description: '', raw: false }],
      packets: [{ iface: 0, at: 7, bytes: bytesOfHex('0102') }],
    })
  })
})
