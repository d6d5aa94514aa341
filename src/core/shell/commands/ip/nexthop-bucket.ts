import { SEC } from '../../../base/ids.ts'
import type { NextHopObject } from '../../../kernel/route/nexthop-object.ts'
import type { Io } from '../../sys.ts'
import { notModelled, readWords, type Refusal, refuse, tell, wrong } from '../words.ts'

/**
 * `ip nexthop bucket`: the buckets of resilient groups (iproute2 ipnexthop.c). A bucket never looked up counts as idle since
 * its group was last out of balance; the kernel counts from when it got its member.
 */
export function ipBucket(args: readonly string[], io: Io): number {
  const [verb = 'show', ...rest] = args
  if (!['show', 'list', 'lst', 'get'].includes(verb))
    return tell(io, notModelled(`\`ip nexthop bucket ${verb}'`))
  const want: { id?: number; index?: number; nhid?: number } = {}
  const number =
    (key: keyof typeof want) =>
    (word: string): Refusal | undefined =>
      /^\d{1,10}$/.test(word) ? void (want[key] = Number(word)) : wrong(word, `invalid ${key} value`)
  const refusal = readWords(args.length === 0 ? [] : rest, {
    values: { id: number('id'), index: number('index'), nhid: number('nhid') },
    other: (word) => refuse(`Error: argument "${word}" is wrong: unknown bucket attribute`, 255),
  })
  if (refusal) return tell(io, refusal)
  const { nexthops } = io.sys.host()
  if (want.id !== undefined && !nexthops[want.id]?.resilient)
    return tell(
      io,
      refuse(verb === 'get' ? 'RTNETLINK answers: No such file or directory' : 'Dump terminated', 2),
    )
  for (const object of Object.values(nexthops))
    if (want.id === undefined || object.id === want.id) io.out(bucketLines(object, want, io.sys.now()))
  return 0
}

function bucketLines(
  { id, resilient }: NextHopObject,
  want: { index?: number; nhid?: number },
  now: number,
): string {
  if (!resilient) return ''
  let lines = ''
  resilient.owner.forEach((owner, index) => {
    if (want.index !== undefined && index !== want.index) return
    if (want.nhid !== undefined && owner !== want.nhid) return
    const used = resilient.usedNs[index] ?? -1
    const idle = Math.round((now - (used < 0 ? resilient.unbalancedSinceNs : used)) / (SEC / 100)) / 100
    lines += `id ${id} index ${index} idle_time ${idle} nhid ${owner} \n`
  })
  return lines
}
