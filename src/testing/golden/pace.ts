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
 * the last FIN, in equal parts. Time spent on the way counts as theirs.
 */
export function pacesOf(fixture: GoldenFixture): Nanos[] {
  const { kinds = {}, packets = [] } = fixture.points['sw-br0'] ?? {}
  const spans = new Map<number, { from: number; to: number }>()
  for (const [us, conn, shape] of packets) {
    if (kinds[conn]?.startsWith('TCP ') !== true) continue
    const span = spans.get(conn) ?? { from: -1, to: -1 }
    const text = fixture.shapes[shape] ?? ''
    if (/\[S\.\]/.test(text) && span.from < 0) span.from = us
    if (/\[F/.test(text)) span.to = us
    spans.set(conn, span)
  }
  return [...spans.values()].map(({ from, to }) => Math.round(((to - from) / REACTIONS) * US))
}
