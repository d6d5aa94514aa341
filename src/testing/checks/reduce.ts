import { must } from '../../core/base/assert.ts'
import { parseIp4 } from '../../core/base/ids.ts'
import { type PointFrame, reducePoint, type Reduced } from '../../core/wire/compare.ts'
import { ETH, ETH_P_IP, ethType } from '../../core/wire/ethernet.ts'
import { ipDst, ipProto, ipSrc, PROTO_TCP } from '../../core/wire/ipv4.ts'
import type { PAIRS } from './lab.ts'

/** The health checks of one load balancer at a capture point: all TCP between it and its server, addresses their own. */
export function checksOf(frames: readonly PointFrame[], pair: (typeof PAIRS)[number]): Reduced[] {
  const [lb, server] = [pair.lbIp, pair.serverIp].map((text) => must(parseIp4(text), text))
  const mine = frames.filter(({ bytes }) => {
    if (ethType(bytes) !== ETH_P_IP || ipProto(bytes, ETH.size) !== PROTO_TCP) return false
    const [src, dst] = [ipSrc(bytes, ETH.size), ipDst(bytes, ETH.size)]
    return (src === lb && dst === server) || (src === server && dst === lb)
  })
  return reducePoint(mine, { withHealth: true })
}

/** The conversations of a list, in order, without the number of the random port. */
export function talksOf(list: readonly Reduced[]): string[][] {
  const talks = new Map<number, string[]>()
  for (const { conn, text } of list) {
    const talk = talks.get(conn) ?? []
    talk.push(text.replace(/ e\d+(?= |$)/g, ' e'))
    talks.set(conn, talk)
  }
  return [...talks.values()]
}

/**
 * What of a conversation does not depend on the speed of the machine: each direction for itself, without bare ACKs. The recorded one
 * was so slow that twice the delayed ACK was sent before the program had closed, and once a FIN and an ACK crossed.
 */
export function withoutTiming(talk: readonly string[]): string[] {
  const essential = talk.filter((text) => !/ \[\.\] .* data 0$/.test(text))
  return essential
    .map((text, i) => ({ text, i, from: text.slice(0, 17) }))
    .sort((a, b) => (a.from < b.from ? -1 : Number(a.from > b.from)) || a.i - b.i)
    .map(({ text }) => text)
}
