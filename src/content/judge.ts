import { formatIp4, formatMac, type HostId } from '../core/base/ids.ts'
import type { TraceRecord } from '../core/sim/trace.ts'
import type { DropReason, Goal } from './challenge.ts'
import type { L10n } from './lesson.ts'

/** What came of one goal, and if it is not met, why not and which note shows it. */
export interface Verdict {
  pass: boolean
  /** What was there instead. Absent when the goal is met. */
  got?: L10n
  /** Number of the note that shows it. */
  at?: number
  /** The loss behind it. */
  drop?: { why: DropReason; host: HostId }
}

type GoalOf<K extends Goal['kind']> = Extract<Goal, { kind: K }>
type Judges = { readonly [K in Goal['kind']]: (goal: GoalOf<K>, notes: readonly TraceRecord[]) => Verdict }

/** Judge one goal by the notes of a check. Without any notes nothing is met. */
export function judge(goal: Goal, notes: readonly TraceRecord[]): Verdict {
  const one = JUDGES[goal.kind] as (goal: Goal, notes: readonly TraceRecord[]) => Verdict
  return one(goal, notes)
}

/** Each goal that is met is a point. */
export function pointsOf(verdicts: readonly Verdict[]): { points: number; of: number } {
  return { points: verdicts.filter(({ pass }) => pass).length, of: verdicts.length }
}

const JUDGES: Judges = {
  answered: ({ of }, notes) => {
    const good = notes.filter((n) => n.kind === 'request' && n.role === 'client' && n.status === 200).length
    if (good >= of) return { pass: true }
    return { ...fail(`${good} of ${of} answered`, `${of} 个里答了 ${good} 个`), ...firstLoss(notes) }
  },
  servers: ({ hosts, least }, notes) => {
    const served = countBy(hosts, requestsServed(notes))
    return short(served, least)
  },
  balancers: ({ hosts, least }, notes) => {
    const picks = notes.filter((n) => n.kind === 'ipvs.pick')
    const stray = picks.find((n) => !hosts.includes(n.host))
    if (stray) return fail(`${stray.host} took one on`, `${stray.host} 也接了`, stray.i)
    return short(countBy(hosts, picks), least)
  },
  balanced: (_, notes) => {
    const known = new Set(
      notes.flatMap((n) => {
        if (n.kind === 'ipvs.conn') return `${n.cip}:${n.cport}`
        return n.kind === 'ipvs.local' ? `${n.lip}:${n.lport}` : []
      }),
    )
    const served = requestsServed(notes)
    const past = served.find((n) => !known.has(`${n.peer}:${n.peerPort}`))
    if (served.length === 0) return fail('no request was served', '一个请求也没有得到处理')
    if (past === undefined) return { pass: true }
    return fail(`${past.host} got one directly`, `${past.host} 直接收到了一个`, past.i)
  },
  arp: ({ ip, hosts }, notes) => {
    const replies = notes.filter((n) => n.kind === 'arp.reply' && formatIp4(n.target) === ip)
    const wrong = replies.find((n) => !hosts.includes(n.host))
    if (wrong) return fail(`${wrong.host} answered too`, `${wrong.host} 也应答了`, wrong.i)
    return replies.length > 0 ? { pass: true } : fail('nobody answered', '没有主机应答')
  },
  neighbour: ({ host, ip, mac }, notes) => {
    const seen = notes.filter(
      (n) => n.kind === 'neigh' && n.host === host && formatIp4(n.ip) === ip && n.mac !== 0,
    )
    const wrong = seen.find((n) => n.kind === 'neigh' && formatMac(n.mac) !== mac)
    if (wrong?.kind === 'neigh') {
      const text = formatMac(wrong.mac)
      return fail(`${host} noted ${text} for it`, `${host} 给它记下了 ${text}`, wrong.i)
    }
    return seen.length > 0 ? { pass: true } : fail(`${host} knows no MAC for it`, `${host} 不知道它的 MAC`)
  },
  source: ({ ip }, notes) => {
    const served = requestsServed(notes)
    const wrong = served.find((n) => formatIp4(n.peer) !== ip)
    if (wrong === undefined)
      return served.length > 0 ? { pass: true } : fail('no request was served', '一个请求也没有得到处理')
    const text = formatIp4(wrong.peer)
    return fail(`${wrong.host} saw ${text}`, `${wrong.host} 看到的是 ${text}`, wrong.i)
  },
  kept: ({ why }, notes) => {
    const lost = notes.find((n) => n.kind === 'drop' && why.includes(n.why))
    if (lost?.kind === 'drop')
      return { pass: false, at: lost.i, drop: { why: lost.why, host: lost.host }, got: LOST }
    return { pass: notes.length > 0 }
  },
  prompt: (_, notes) => {
    const again = notes.find((n) => n.kind === 'tcp.rexmit')
    if (again) return fail(`${again.host} had to send again`, `${again.host} 不得不重发`, again.i)
    return { pass: notes.some((n) => n.kind === 'request') }
  },
  policy: ({ policy }, notes) => {
    const made = notes.filter((n) => n.kind === 'ecmp')
    const wrong = made.find((n) => n.policy !== policy)
    if (wrong) return fail(`policy ${wrong.policy} was in force`, `当时生效的是策略 ${wrong.policy}`, wrong.i)
    return made.length > 0 ? { pass: true } : fail('no choice was made', '没有做过选择')
  },
}

const LOST: L10n = { en: 'a packet was lost', zh: '丢了一个包' }

function fail(en: string, zh: string, at?: number): Verdict {
  return { pass: false, got: { en, zh }, ...(at !== undefined && { at }) }
}

/** Requests that clients made of servers; health checks are not counted. */
function requestsServed(notes: readonly TraceRecord[]) {
  return notes.filter((n) => n.kind === 'request' && n.role === 'server' && n.check !== true) as Extract<
    TraceRecord,
    { kind: 'request' }
  >[]
}

function countBy(hosts: readonly HostId[], notes: readonly TraceRecord[]): [HostId, number][] {
  return hosts.map((host) => [host, notes.filter((n) => n.host === host).length])
}

function short(counts: readonly [HostId, number][], least: number): Verdict {
  if (counts.every(([, count]) => count >= least)) return { pass: true }
  const text = counts.map(([host, count]) => `${host} ${count}`)
  return fail(text.join(', '), text.join('，'))
}

/** Losses that are part of every LAN: frames for others, questions for others. */
const USUAL: readonly DropReason[] = [
  'OTHERHOST',
  'ARP_NOT_MINE',
  'ARP_IGNORED',
  'MCAST_NOT_JOINED',
  'TCP_RESET',
]

function firstLoss(notes: readonly TraceRecord[]): Partial<Verdict> {
  const lost = notes.find((n) => n.kind === 'drop' && !USUAL.includes(n.why))
  return lost?.kind === 'drop' ? { at: lost.i, drop: { why: lost.why, host: lost.host } } : {}
}
