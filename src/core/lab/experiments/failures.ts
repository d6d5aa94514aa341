import type { HostId } from '../../base/ids.ts'
import type { Experiment, ExperimentId, Step, Variant } from './types.ts'
import { isByHand, withAllHops, withoutHop } from './routes-by-hand.ts'

/**
 * The experiments. The victim is LB1, or what stands behind it. By hand means that a script stands in for OSPF: it takes a
 * next hop out after the dead interval and puts it back after what OSPF needs (golden A5: 4 s and 16 s).
 */
const VICTIM = 'LB1'
const DEAD_S = 4
const FAILBACK_S = 16
/** When what failed is made whole again. */
const HEAL_S = 15

/** What follows by hand on a failure that OSPF would notice. */
function byHand(variant: Variant, failS: number, healS: number): Step[] {
  if (!isByHand(variant)) return []
  return [
    { atS: failS + DEAD_S, action: withoutHop(variant, VICTIM) },
    { atS: healS + FAILBACK_S, action: withAllHops(variant) },
  ]
}

const run = (atS: number, host: HostId, line: string, mark?: 'fail' | 'heal'): Step => ({
  ...{ atS, action: { do: 'run', host, line } },
  ...(mark && { mark }),
})

const cable = (atS: number, plugged: boolean): Step => ({
  ...{ atS, action: { do: 'cable', host: VICTIM, plugged }, mark: plugged ? 'heal' : 'fail' },
})

const BOTH: Experiment['ways'] = ['ecmp', 'vrrp']
const OSPF_ONLY: Experiment['ways'] = ['ecmp']

const cableOut: Experiment = {
  id: 'cable',
  ways: BOTH,
  dead: () => VICTIM,
  steps: (variant) => [cable(0, false), cable(HEAL_S, true), ...byHand(variant, 0, HEAL_S)],
  endS: 45,
}

const powerOff: Experiment = {
  id: 'power',
  ways: BOTH,
  dead: () => VICTIM,
  steps: (variant) => [
    { atS: 0, action: { do: 'off', host: VICTIM }, mark: 'fail' },
    { atS: HEAL_S, action: { do: 'boot', host: VICTIM }, mark: 'heal' },
    ...byHand(variant, 0, HEAL_S),
  ],
  endS: 45,
}

/** The load balancer forwards on; only its routing is silent, until watchfrr starts it anew. */
const ospfdKilled: Experiment = {
  id: 'ospfd-killed',
  ways: OSPF_ONLY,
  dead: () => '',
  steps: () => [
    run(0, VICTIM, 'kill -9 $(pidof watchfrr) $(pidof ospfd)', 'fail'),
    run(HEAL_S, VICTIM, 'systemctl restart frr', 'heal'),
  ],
  endS: 45,
}

const frrStopped: Experiment = {
  id: 'frr-stopped',
  ways: OSPF_ONLY,
  dead: () => '',
  steps: () => [
    run(0, VICTIM, 'systemctl stop frr', 'fail'),
    run(HEAL_S, VICTIM, 'systemctl start frr', 'heal'),
  ],
  endS: 45,
}

/** keepalived takes its virtual servers along: a load balancer that is still on the way has nothing to send to. */
const keepalivedStopped: Experiment = {
  id: 'keepalived-stopped',
  ways: BOTH,
  dead: () => VICTIM,
  steps: () => [
    run(0, VICTIM, 'systemctl stop keepalived', 'fail'),
    run(HEAL_S, VICTIM, 'systemctl start keepalived', 'heal'),
  ],
  endS: 35,
}

/** Killed, it takes nothing along: IPVS in the kernel goes on, but nobody says so to the other one. */
const keepalivedKilled: Experiment = {
  id: 'keepalived-killed',
  ways: BOTH,
  dead: () => '',
  steps: () => [
    run(0, VICTIM, 'kill -9 $(pidof keepalived)', 'fail'),
    run(HEAL_S, VICTIM, 'systemctl restart keepalived', 'heal'),
  ],
  endS: 35,
}

const nginxStopped: Experiment = {
  id: 'nginx-stopped',
  ways: BOTH,
  dead: () => '',
  steps: () => [run(0, 'server1', 'nginx -s stop', 'fail'), run(20, 'server1', 'nginx', 'heal')],
  endS: 45,
}

/** Every server of LB1 goes off. Its virtual address stays announced unless quorum_down takes it away. */
const serversDead: Experiment = {
  id: 'servers-dead',
  ways: BOTH,
  dead: () => '',
  steps: (variant) => {
    const servers = variant.servers === 'own' ? ['server1'] : ['server1', 'server2']
    return servers.flatMap((host, i): Step[] => [
      { atS: 0, action: { do: 'off', host }, ...(i === 0 && { mark: 'fail' }) },
      { atS: 25, action: { do: 'boot', host }, ...(i === 0 && { mark: 'heal' }) },
    ])
  },
  endS: 60,
}

/** Out and in again, each time shorter than the dead interval. */
const flapping: Experiment = {
  id: 'flapping',
  ways: BOTH,
  dead: () => VICTIM,
  steps: () => [0, 4, 8].flatMap((atS) => [cable(atS, false), cable(atS + 2, true)]),
  endS: 45,
}

const lastOf = ({ balancers }: Variant): HostId => `LB${balancers}`

const balancerAdded: Experiment = {
  id: 'balancer-added',
  ways: OSPF_ONLY,
  dead: () => '',
  absent: (variant) => [lastOf(variant)],
  steps: (variant) =>
    isByHand(variant)
      ? [{ atS: 0, action: withAllHops(variant), mark: 'heal' }]
      : [run(0, lastOf(variant), 'systemctl start frr', 'heal')],
  endS: 40,
}

export const EXPERIMENTS: Readonly<Record<ExperimentId, Experiment>> = {
  cable: cableOut,
  power: powerOff,
  'ospfd-killed': ospfdKilled,
  'frr-stopped': frrStopped,
  'keepalived-stopped': keepalivedStopped,
  'keepalived-killed': keepalivedKilled,
  'nginx-stopped': nginxStopped,
  'servers-dead': serversDead,
  flapping,
  'balancer-added': balancerAdded,
}
