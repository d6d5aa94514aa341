import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileFilter } from './parse.ts'

/** 172.16.253.135:47312 > 172.16.253.100:8080, SYN, from 00:0c:29:35:01:35 to 00:0c:29:31:01:31. */
const SYN = hex(
  '000c29310131 000c29350135 0800 4500003c 1c464000 4006 0000 ac10fd87 ac10fd64 b8d01f90 00000001 00000000 a002faf0 00000000 020405b4 0402080a 00000001 00000000 01030307',
)
const ARP = hex('ffffffffffff 000c29350135 0806 0001080006040001 000c29350135 ac10fd87 000000000000 ac10fd83')
const ECHO = hex(
  '000c29310131 000c29350135 0800 4500001c 00010000 4001 0000 0a00000a ac10fd64 0800 0000 00010001',
)

function hex(text: string): Uint8Array {
  return new Uint8Array(
    (text.replaceAll(' ', '').match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)),
  )
}

test.each([
  ['', 'SAE'],
  ['tcp', 'S'],
  ['arp', 'A'],
  ['icmp', 'E'],
  ['ip', 'SE'],
  ['not arp', 'SE'],
  ['port 8080', 'S'],
  ['tcp port 8080', 'S'],
  ['udp port 8080', ''],
  ['src port 8080', ''],
  ['dst port 8080', 'S'],
  ['port 80 or 8080', 'S'],
  ['portrange 8000-9000', 'S'],
  ['host 172.16.253.100', 'SE'],
  ['host 172.16.253.135', 'SA'],
  ['src host 10.0.0.10', 'E'],
  ['dst 172.16.253.100 and tcp', 'S'],
  ['src 172.16.253.135 or 10.0.0.10', 'SAE'],
  ['src or dst 10.0.0.10', 'E'],
  ['net 172.16.253.0/24', 'SAE'],
  ['net 10', 'E'],
  ['net 10.0.0.0 mask 255.255.255.0', 'E'],
  ['src net 172.16 and not arp', 'S'],
  ['ether src 00:0c:29:35:01:35', 'SAE'],
  ['ether host 00:0c:29:31:01:31', 'SE'],
  ['ether broadcast', 'A'],
  ['broadcast or icmp', 'AE'],
  ['ip proto 6', 'S'],
  ['ip proto 89', ''],
  ['ip proto \\icmp', 'E'],
  ['ether proto 0x806', 'A'],
  ['tcp[tcpflags] & tcp-syn != 0', 'S'],
  ['tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn', 'S'],
  ['tcp[13] = 2', 'S'],
  ['tcp[2:2] == 8080', 'S'],
  ['icmp[icmptype] == icmp-echo', 'E'],
  ['ip[8] == 64', 'SE'],
  ['len > 50', 'S'],
  ['less 50', 'AE'],
  ['(tcp or icmp) and host 172.16.253.100', 'SE'],
  ['arp or (icmp and src 10.0.0.10)', 'AE'],
  ['!tcp && !icmp', 'A'],
  ['TCP and PORT 8080', 'S'],
])('%s', (expression, wanted) => {
  const filter = compileFilter(expression)
  if (!filter.ok) throw new Error(filter.error)
  const found = (['S', 'A', 'E'] as const).filter((name) =>
    filter.value({ S: SYN, A: ARP, E: ECHO }[name], false),
  )
  expect(found.join('')).toBe(wanted)
})

test.each([
  ['tcp and', "can't parse filter expression: syntax error"],
  ['port', "can't parse filter expression: syntax error"],
  ['(tcp', "can't parse filter expression: syntax error"],
  ['foo', "unknown host 'foo'"],
  ['port http2', "unknown port 'http2'"],
  ['port 70000', 'illegal port number 70000 > 65535'],
  ['net 10.0.0.1/24', 'non-network bits set in "10.0.0.1/24"'],
  ['ip6', "vipscope: `ip6' is not modelled in filters"],
  ['tcp[0:3] = 1', 'data size must be 1, 2, or 4'],
])('%s is refused', (expression, error) => {
  expect(compileFilter(expression)).toEqual({ ok: false, error })
})

test('a tunnel has no link header', () => {
  const filter = compileFilter('tcp port 8080')
  expect(filter.ok && filter.value(SYN.subarray(14), true)).toBe(true)
})

test('no text and no frame makes it throw', () => {
  const word = fc.constantFrom(
    ...'tcp udp ip arp host net port and or not ( ) [ ] 0 13 & = != src dst 10.0.0.1 ether len : proto'.split(
      ' ',
    ),
  )
  fc.assert(
    fc.property(fc.array(word, { maxLength: 10 }), fc.uint8Array({ maxLength: 60 }), (words, bytes) => {
      const filter = compileFilter(words.join(' '))
      if (filter.ok) filter.value(bytes, bytes.length % 2 === 0)
    }),
    { seed: 3, numRuns: 2000 },
  )
})
