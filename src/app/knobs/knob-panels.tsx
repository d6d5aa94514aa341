import type { ComponentType } from 'react'
import type { KnobId } from '../../content/lesson.ts'
import { ArpKnob } from './arp-knob.tsx'
import { SchedulerKnob, WeightKnob } from './balancing-knobs.tsx'
import { DaemonsKnob } from './daemons-knob.tsx'
import { CableKnob, FaultKnob, MtuKnob, PowerKnob } from './hardware-knobs.tsx'
import { ModeKnob } from './mode-knob.tsx'
import { PolicyKnob } from './policy-knob.tsx'
import { FirewallKnob, ForwardKnob, GatewayKnob, RpFilterKnob } from './routing-knobs.tsx'
import { VipKnob } from './vip-knob.tsx'

/** All knobs but the first one a person meets: they are loaded while that one is looked at. */
const PANELS: Record<Exclude<KnobId, 'send'>, ComponentType> = {
  mode: ModeKnob,
  policy: PolicyKnob,
  weight: WeightKnob,
  cable: CableKnob,
  scheduler: SchedulerKnob,
  arp_ignore: () => <ArpKnob name="arp_ignore" />,
  arp_announce: () => <ArpKnob name="arp_announce" />,
  vip: VipKnob,
  gateway: GatewayKnob,
  ip_forward: ForwardKnob,
  rp_filter: RpFilterKnob,
  mtu: MtuKnob,
  fault: FaultKnob,
  firewall: FirewallKnob,
  power: PowerKnob,
  daemons: DaemonsKnob,
}

export function KnobPanel({ id }: { id: Exclude<KnobId, 'send'> }) {
  const Panel = PANELS[id]
  return <Panel />
}
