import { type Nanos, US } from '../../core/base/ids.ts'
import type { GoldenFixture } from './fixture.ts'

/**
 * How slow the recorded machine was. It emulated its processor, so that one exchange took it tens of milliseconds, now
 * more, now less; where a rule measures time (redirects are sent no more often than every 40, 80, 160 ms) that decides.
 */

/** What programs do in one exchange: ask, answer, close, close. */
const REACTIONS = 4

/**
 * For each TCP connection of a recording, in order, how long a program took on average: the time from the first SYN-ACK to
 * the last FIN, in equal parts; without an answer the time until something was asked. Time spent on the way counts as
 * theirs.
 */
export function pacesOf(fixture: GoldenFixture): Nanos[] {
  const { kinds = {}, packets = [] } = fixture.points['sw-br0'] ?? {}
  const spans = new Map<number, { from: number; asked: number; answered: boolean; to: number }>()
  for (const [us, conn, shape] of packets) {
    if (kinds[conn]?.startsWith('TCP ') !== true) continue
    const span = spans.get(conn) ?? { from: -1, asked: -1, answered: false, to: -1 }
    const text = fixture.shapes[shape] ?? ''
    if (/\[S\.\]/.test(text) && span.from < 0) span.from = us
    if (span.asked < 0 && /HTTP\/1/.test(text)) span.asked = us
    if (/\| HTTP\/1/.test(text)) span.answered = true
    if (/\[F/.test(text)) span.to = us
    spans.set(conn, span)
  }
  return [...spans.values()].map(({ from, asked, answered, to }) =>
    Math.round((answered ? (to - from) / REACTIONS : asked - from) * US),
  )
}

/**
 * How long a frame took from one host to the next at the beginning of a recording, on average: the time in which the client
 * got its first SYN-ACK, in as many parts as frames were needed for it on its own segment and on the servers'. Round
 * trips decide how large the bundles are that TCP sends (tcp_tso_autosize). Undefined without a handshake.
 */
export function cableOf(fixture: GoldenFixture): Nanos | undefined {
  const lists = ['client-eth0', 'sw-br0'].map((point) => {
    const { packets = [] } = fixture.points[point] ?? {}
    return packets.slice(0, 1 + packets.findIndex(([, , shape]) => fixture.shapes[shape]?.includes(' [S.] ')))
  })
  const [first, last] = [lists[0]?.[0], lists[0]?.at(-1)]
  return first && last ? Math.round(((last[0] - first[0]) / lists.flat().length) * US) : undefined
}
