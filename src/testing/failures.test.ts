import { describe, expect, test } from 'vitest'
import { SEC } from '../core/base/ids.ts'
import { EXPERIMENTS } from '../core/lab/experiments/failures.ts'
import { startExperiment } from '../core/lab/experiments/run.ts'
import type { ExperimentId, MarkKind, Outcome, Variant } from '../core/lab/experiments/types.ts'
import { finish } from '../core/lab/line.ts'
import { loadShell } from '../core/shell/module.ts'

await loadShell()

const played = new Map<string, Outcome>()

/** The outcome, run once for each variant. */
function play(id: ExperimentId, change: Partial<Variant> = {}): Outcome {
  const key = JSON.stringify([id, change])
  const outcome = played.get(key) ?? playAnew(id, change)
  played.set(key, outcome)
  return outcome
}

function playAnew(id: ExperimentId, change: Partial<Variant>): Outcome {
  const { timeline, job } = startExperiment(id, change)
  const outcome = finish(timeline, job)
  expect(outcome.warnings).toEqual([])
  // every request that was begun is accounted for
  const { begun, good, lost, losses } = outcome.short
  expect(good + lost).toBe(begun)
  expect(losses.timeout + losses.refused + losses.reset + losses.other).toBe(lost)
  return outcome
}

/** Seconds after the failure of the marks of one kind, on one host if named. */
function timesOf({ marks }: Outcome, kind: MarkKind, host?: string): number[] {
  return marks
    .filter((mark) => mark.kind === kind && (host === undefined || mark.host === host))
    .map(({ atNs }) => atNs / SEC)
}

const seconds = (ns: number | null | undefined): number => (ns ?? NaN) / SEC

describe('a load balancer that is gone: noticed by the dead timer, lost until then and no longer (golden A5)', () => {
  test.each<ExperimentId>(['cable', 'power'])('%s', (id) => {
    const outcome = play(id)
    const [dead = NaN] = timesOf(outcome, 'neighbor.down')
    expect(dead).toBeGreaterThan(3)
    expect(dead).toBeLessThanOrEqual(4)
    expect(seconds(outcome.withdrawnNs) - dead).toBeLessThan(0.1)
    const { short, lossNs, moved, long } = outcome
    expect(short.lost).toBeGreaterThan(0)
    expect(short.losses.timeout).toBe(short.lost)
    expect(seconds(lossNs?.first)).toBeGreaterThan(0)
    expect(seconds(lossNs?.last)).toBeLessThan(dead)
    // one begun late loses its first SYN, and the second goes the other way
    expect(short.slow).toBeGreaterThan(0)
    expect(seconds(outcome.recoveredNs)).toBeLessThan(dead)
    // fail-back takes longer than failover: exchange, then 5 s or more until the LSA is issued and heard
    const back = timesOf(outcome, 'route').at(-1) ?? NaN
    expect(back - 15).toBeGreaterThan(10)
    // and moves connections although their load balancer lives, which resets them
    expect(moved.forced).toBeGreaterThan(0)
    expect(moved.needless).toBeGreaterThan(0)
    expect(long.broken).toBeGreaterThan(0)
  })
})

describe('routing that stops while the load balancer goes on', () => {
  test('stopped in order: withdrawn at once, nothing lost, its connections moved and reset', () => {
    const outcome = play('frr-stopped')
    expect(seconds(outcome.withdrawnNs)).toBeLessThan(0.1)
    expect(outcome.short.lost).toBe(0)
    expect(outcome.moved.forced).toBe(0)
    expect(outcome.moved.needless).toBe(outcome.long.broken)
    expect(timesOf(outcome, 'neighbor.down')[0]).toBeGreaterThan(3)
  })

  test('killed: traffic flows on until the dead timer, then connections are moved for nothing', () => {
    const outcome = play('ospfd-killed')
    expect(seconds(outcome.withdrawnNs)).toBeGreaterThan(3)
    expect(outcome.short.losses.timeout).toBe(0)
    expect(outcome.moved.forced).toBe(0)
    expect(outcome.moved.needless).toBeGreaterThan(0)
  })
})

describe('servers that are gone', () => {
  test('nginx stopped: out after two refusals, and its load balancer stays on the way, a black hole (golden A7)', () => {
    const outcome = play('nginx-stopped')
    const [down = NaN] = timesOf(outcome, 'health.down', 'LB1')
    // at most a loop of 5 s until the next check, then one retry a second later
    expect(down).toBeGreaterThan(1)
    expect(down).toBeLessThan(7)
    expect(outcome.withdrawnNs).toBeNull()
    expect(outcome.short.losses.refused).toBeGreaterThan(0)
    // until nginx is back and the next check finds it so
    expect(seconds(outcome.recoveredNs)).toBeGreaterThan(20)
    expect(seconds(outcome.recoveredNs)).toBeLessThan(27)
    expect(outcome.moved).toEqual({ forced: 0, needless: 0 })
  })

  test('all servers of one: quorum_down takes the address away, and the losses end with it', () => {
    const hole = play('servers-dead')
    const cured = play('servers-dead', { quorum: true })
    expect(hole.withdrawnNs).toBeNull()
    expect(seconds(hole.recoveredNs)).toBeGreaterThan(25)
    const [gone = NaN] = timesOf(cured, 'vip.removed', 'LB1')
    expect(timesOf(cured, 'quorum.down', 'LB1')[0]).toBeLessThanOrEqual(gone)
    expect(seconds(cured.withdrawnNs) - gone).toBeLessThan(0.5)
    expect(seconds(cured.lossNs?.last)).toBeLessThan(gone)
    expect(cured.short.lost).toBeLessThan(hole.short.lost / 2)
    expect(timesOf(cured, 'vip.added', 'LB1')).toHaveLength(1)
  })
})

test('keepalived stopped: its virtual server goes with it, the route stays; killed: IPVS goes on', () => {
  const stopped = play('keepalived-stopped')
  expect(stopped.withdrawnNs).toBeNull()
  expect(stopped.short.losses.refused).toBe(stopped.short.lost)
  expect(seconds(stopped.recoveredNs)).toBeGreaterThan(14)
  const killed = play('keepalived-killed')
  expect([killed.short.lost, killed.long.broken]).toEqual([0, 0])
})

test('a flapping cable: never out for the dead interval, yet the way changes each time it is back', () => {
  const outcome = play('flapping')
  expect(timesOf(outcome, 'fail')).toHaveLength(3)
  expect(timesOf(outcome, 'neighbor.down').length).toBeGreaterThan(1)
  expect(timesOf(outcome, 'route').length).toBeGreaterThan(3)
  expect(outcome.moved.needless).toBeGreaterThan(play('cable').moved.needless)
})

describe('a load balancer added while connections run', () => {
  test('nothing new is lost, but connections that ran well are moved to it and reset', () => {
    const outcome = play('balancer-added')
    expect(outcome.short.lost).toBe(0)
    expect(outcome.moved.needless).toBeGreaterThan(0)
    expect(outcome.long.broken).toBe(outcome.moved.needless)
    expect(outcome.perBalancer['LB2']).toBeGreaterThan(0)
  })

  test('resilient groups give it buckets that nobody uses', () => {
    const plain = play('balancer-added', { balancers: 3, hops: 'plain' })
    const resilient = play('balancer-added', { balancers: 3, hops: 'resilient' })
    expect(plain.moved.needless).toBeGreaterThan(0)
    expect(resilient.moved.needless).toBe(0)
    expect(resilient.long.broken).toBe(0)
    expect(resilient.perBalancer['LB3']).toBeGreaterThan(0)
  })
})

describe('three load balancers, one lost', () => {
  const three = { balancers: 3 } as const

  test('resilient groups move the connections of the lost one only, plain ones others, too', () => {
    const plain = play('cable', { ...three, hops: 'plain' })
    const resilient = play('cable', { ...three, hops: 'resilient' })
    expect(plain.moved.needless).toBeGreaterThan(0)
    expect(resilient.moved.forced).toBeGreaterThan(0)
    expect(resilient.moved.needless).toBe(0)
  })

  test('mh and a sloppy director: whoever gets a connection sends it to the server it had; rr does not', () => {
    const mh = play('cable', { ...three, scheduler: 'mh', sloppy: true })
    const rr = play('cable', { ...three, scheduler: 'rr', sloppy: true })
    expect(mh.moved.needless).toBeGreaterThan(0)
    expect(mh.long.broken).toBe(0)
    expect(rr.long.broken).toBeGreaterThan(0)
  })

  test('sh depends on the order in which servers were added, so that one which lost and regained its own differs', () => {
    const before = play('frr-stopped', { servers: 'shared', scheduler: 'sh', sloppy: true })
    expect(before.moved.needless).toBeGreaterThan(0)
    expect(before.long.broken).toBe(0)
    const after = play('cable', { ...three, scheduler: 'sh', sloppy: true })
    expect(after.long.broken).toBeGreaterThan(0)
  })

  test('connections that directors have told each other go on', () => {
    const alone = play('cable', three)
    const synced = play('cable', { ...three, sync: true })
    expect(synced.moved.needless).toBeGreaterThan(0)
    expect(synced.long.broken).toBeLessThan(alone.long.broken / 3)
  })
})

describe('VRRP instead of equal routes', () => {
  const vrrp = { way: 'vrrp' } as const

  test.each<ExperimentId>(['cable', 'power'])(
    '%s: the backup takes over after three adverts, with everything at once',
    (id) => {
      const outcome = play(id, vrrp)
      const master = outcome.marks.find(
        ({ kind, host, value }) => kind === 'vrrp' && host === 'LB2' && value === 'MASTER',
      )
      // 3 x 1 s + (256 - 100) / 256 s after the last advert (RFC 5798 6.1)
      expect(seconds(master?.atNs)).toBeGreaterThan(2.6)
      expect(seconds(master?.atNs)).toBeLessThan(3.7)
      expect(outcome.moved.forced).toBe(outcome.long.connections)
      expect(outcome.long.broken).toBe(outcome.long.connections)
      // the old master is back after another 3.4 s, and takes everything with it again
      expect(outcome.moved.needless).toBe(outcome.long.connections)
    },
  )

  test('stopped in order it says so (priority 0), and the backup waits for its skew time only', () => {
    const outcome = play('keepalived-stopped', vrrp)
    expect(seconds(outcome.withdrawnNs)).toBeGreaterThan(0.5)
    expect(seconds(outcome.withdrawnNs)).toBeLessThan(0.7)
    expect(outcome.short.lost).toBe(0)
  })

  test('with connection synchronisation nothing is reset when master and backup change places', () => {
    const outcome = play('cable', { ...vrrp, sync: true })
    expect(outcome.moved.forced + outcome.moved.needless).toBeGreaterThan(0)
    expect(outcome.long.broken).toBe(0)
  })

  test('a master without servers stays the master: losses last as long as with equal routes, for all', () => {
    const outcome = play('servers-dead', vrrp)
    expect(timesOf(outcome, 'vrrp')).toEqual([])
    expect(outcome.short.lost).toBeGreaterThan(play('servers-dead').short.lost)
  })
})

test('the same experiment gives the same outcome twice, and each can be run in the ways it names', () => {
  expect(playAnew('cable', {})).toEqual(play('cable'))
  for (const { id, ways } of Object.values(EXPERIMENTS)) {
    for (const way of ways) expect(play(id, way === 'ecmp' ? {} : { way }).short.begun).toBeGreaterThan(100)
  }
})
