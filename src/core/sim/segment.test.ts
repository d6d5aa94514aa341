import { describe, expect, test } from 'vitest'
import { MAC_BROADCAST, SEC, type Mac } from '../base/ids.ts'
import { AGEING_NS, attachPort, createSegment, forgetPort, switchFrame, type Segment } from './segment.ts'

const A = 0x02000000000a as Mac
const B = 0x02000000000b as Mac
const C = 0x02000000000c as Mac

/** The hosts behind the ports, all up but those named. */
function up(...down: string[]): Parameters<typeof switchFrame>[5] {
  const host = (id: string) => ({ devs: { eth0: { up: true, carrier: !down.includes(id) } } })
  return { hosts: { a: host('a'), b: host('b'), c: host('c') }, halted: null }
}

/** Who gets it. */
function sendTo(...args: Parameters<typeof switchFrame>): string {
  return switchFrame(...args)
    .map(({ host }) => host)
    .join(' ')
}

function lan(): Segment {
  const segment = createSegment('lan', 50_000, 1500)
  for (const host of ['a', 'b', 'c']) attachPort(segment, host, 'eth0')
  return segment
}

describe('switching', () => {
  test('an unknown address is flooded, the last attached port first, never back', () => {
    expect(sendTo(lan(), 0, A, B, 0, up())).toBe('c b')
    expect(sendTo(lan(), 1, B, C, 0, up())).toBe('c a')
  })

  test('a learned address gets the frame alone', () => {
    const segment = lan()
    switchFrame(segment, 1, B, A, 0, up())
    expect(sendTo(segment, 0, A, B, 1, up())).toBe('b')
  })

  test('group frames are always flooded and group senders never learned', () => {
    const segment = lan()
    expect(sendTo(segment, 0, MAC_BROADCAST, MAC_BROADCAST, 0, up())).toBe('c b')
    expect(segment.fdb).toEqual([])
  })

  test('a frame for the port it came from goes nowhere', () => {
    const segment = lan()
    switchFrame(segment, 0, A, C, 0, up())
    switchFrame(segment, 0, B, C, 0, up())
    expect(sendTo(segment, 0, B, A, 0, up())).toBe('')
  })

  test('an address that moves is found at its new port', () => {
    const segment = lan()
    switchFrame(segment, 0, A, B, 0, up())
    switchFrame(segment, 2, A, B, 1, up())
    expect(sendTo(segment, 1, B, A, 2, up())).toBe('c')
  })

  test('what was not seen for 300 s is unknown again', () => {
    const segment = lan()
    switchFrame(segment, 1, B, A, SEC, up())
    expect(sendTo(segment, 0, A, B, SEC + AGEING_NS, up())).toBe('b')
    expect(sendTo(segment, 0, A, B, SEC + AGEING_NS + 1, up())).toBe('c b')
  })

  test('ports that are down get nothing, and are forgotten', () => {
    const segment = lan()
    switchFrame(segment, 1, B, A, 0, up())
    expect(sendTo(segment, 0, A, MAC_BROADCAST, 0, up('b'))).toBe('c')
    expect(sendTo(segment, 0, A, B, 0, up('b'))).toBe('')
    forgetPort(segment, 1)
    expect(sendTo(segment, 0, A, B, 0, up())).toBe('c b')
  })
})
