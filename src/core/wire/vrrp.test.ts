import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOfHex, hexOf } from '../base/bytes.ts'
import { formatIp4, type Ip4 } from '../base/ids.ts'
import { dissect, findField } from './dissect.ts'
import { formatFrame } from './format.ts'
import { readIpv4 } from './ipv4.ts'
import { emitVrrp, parseVrrp, vrrpLength } from './vrrp.ts'

/** Frames that keepalived 2.2.7 sent, with tcpdump's line for each. */
const REAL = [
  {
    hex: '01005e000012000c29310131080045c0002800010000ff7030feac10fd83e00000122133960100019f54ac10fd640000000000000000',
    line: 'IP 172.16.253.131 > 224.0.0.18: VRRPv2, Advertisement, vrid 51, prio 150, authtype none, intvl 1s, length 20',
  },
  {
    hex: '01005e000012000c29df3ccc080045c0002800010000ff703100ac10fd81e00000122133640101016df2ac10fd643131313100000000',
    line: 'IP 172.16.253.129 > 224.0.0.18: VRRPv2, Advertisement, vrid 51, prio 100, authtype simple, intvl 1s, length 20',
  },
  {
    hex: '01005e000012000c29310131080045c0002000010000ff703106ac10fd83e000001231336401006436ceac10fd64',
    line: 'IP 172.16.253.131 > 224.0.0.18: VRRPv3, Advertisement, vrid 51, prio 100, intvl 100cs, length 12',
  },
  {
    hex: '000c29df3ccc000c29310131080045c0002800040000ff70677bac10fd83ac10fd812133960100019f54ac10fd640000000000000000',
    line: 'IP 172.16.253.131 > 172.16.253.129: VRRPv2, Advertisement, vrid 51, prio 150, authtype none, intvl 1s, length 20',
  },
] as const
const PAYLOAD = 34

test.each(REAL)('a real advertisement is read and written back byte for byte: $line', ({ hex, line }) => {
  const frame = bytesOfHex(hex)
  const ip = readIpv4(frame, 14)
  const parsed = parseVrrp(frame, PAYLOAD, frame.length, ip.src, ip.dst)
  if (!parsed.ok) throw new Error(parsed.error)
  expect(parsed.value.addresses.map(formatIp4)).toEqual(['172.16.253.100'])
  expect(hexOf(emitVrrp(parsed.value, ip.src, ip.dst))).toBe(hexOf(frame.subarray(PAYLOAD)))
  expect(formatFrame(frame)).toBe(line)
})

test('the fields of an advertisement, password included', () => {
  const layers = dissect(bytesOfHex(REAL[1].hex))
  expect(layers.map((layer) => layer.title)).toEqual(['Ethernet II', 'IPv4', 'VRRPv2'])
  const texts = ['vrrp.virt_rtr_id', 'vrrp.prio', 'vrrp.ip_addr', 'vrrp.auth_string'].map(
    (name) => findField(layers, name)?.text,
  )
  expect(texts).toEqual(['51', '100', '172.16.253.100', '1111'])
  expect(findField(layers, 'vrrp.checksum')?.note).toBeUndefined()
})

test('a changed byte is a wrong checksum; in version 3 a changed address too', () => {
  const frame = bytesOfHex(REAL[2].hex)
  const ip = readIpv4(frame, 14)
  expect(parseVrrp(frame, PAYLOAD, frame.length, (ip.src + 1) as Ip4, ip.dst)).toEqual({
    ok: false,
    error: 'vrrp.checksum',
  })
  frame[PAYLOAD + 2] = 1
  expect(parseVrrp(frame, PAYLOAD, frame.length, ip.src, ip.dst)).toEqual({
    ok: false,
    error: 'vrrp.checksum',
  })
  expect(findField(dissect(frame), 'vrrp.checksum')?.note).toBe('bad checksum')
})

test('what is written can be read', () => {
  const u32 = fc.integer({ min: 0, max: 0xffffffff }) as fc.Arbitrary<Ip4>
  const byte = fc.integer({ min: 0, max: 255 })
  const addresses = fc.array(u32, { maxLength: 20 })
  fc.assert(
    fc.property(
      byte,
      byte,
      addresses,
      fc.stringMatching(/^[a-z0-9]{0,8}$/),
      u32,
      u32,
      (vrid, priority, list, auth, src, dst) => {
        for (const version of [2, 3] as const) {
          const authType = version === 2 && auth !== '' ? 1 : 0
          const message = {
            version,
            vrid,
            priority,
            intervalCs: version === 2 ? 300 : 123,
            addresses: list,
            authType,
            auth: version === 2 ? auth : '',
          }
          const bytes = emitVrrp(message, src, dst)
          expect(bytes.length).toBe(vrrpLength(version, list.length))
          expect(parseVrrp(bytes, 0, bytes.length, src, dst)).toEqual({ ok: true, value: message })
        }
      },
    ),
    { numRuns: 200, seed: 1 },
  )
})

test('no bytes make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      parseVrrp(bytes, 0, bytes.length, 1 as Ip4, 2 as Ip4)
      const frame = bytesOfHex(REAL[0].hex)
      frame.set(bytes.subarray(0, 20), PAYLOAD)
      dissect(frame)
      expect(formatFrame(frame)).toContain('VRRP')
    }),
    { numRuns: 500, seed: 1 },
  )
})
