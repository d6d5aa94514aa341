import { KNOB_IDS, type KnobId } from '../../content/lesson.ts'
import { servicesOf } from '../control/daemon-lines.ts'
import { hostsOfRole } from '../model/knob-commands.ts'
import { destsOf, type Views } from '../model/lvs-lab.ts'

/** Those that most experiments use, always in sight. */
export const FIRST_KNOBS: readonly KnobId[] = ['send', 'mode', 'policy', 'weight', 'cable']

/** The rest, by what they are about. */
export const KNOB_GROUPS: Readonly<Record<'lvs' | 'vip' | 'routing' | 'links' | 'hosts', readonly KnobId[]>> =
  {
    lvs: ['scheduler'],
    vip: ['vip', 'arp_ignore', 'arp_announce'],
    routing: ['gateway', 'ip_forward', 'rp_filter'],
    links: ['fault', 'mtu'],
    hosts: ['daemons', 'power', 'firewall'],
  }

/** Knobs that some host of this lab has: no mode without a balanced service, no hash policy without several next hops. */
export function knobsFor(views: Views): readonly KnobId[] {
  const balanced = destsOf(views).length > 0
  const servers = hostsOfRole(views, 'server').length > 0
  const multipath = Object.values(views).some(({ routes }) =>
    routes.some(({ nexthops, nhid }) => nexthops.length > 1 || nhid !== undefined),
  )
  const serves = Object.values(views).some((view) => servicesOf(view).length > 0)
  const needs: Partial<Record<KnobId, boolean>> = {
    ...{ send: balanced, mode: balanced, weight: balanced, scheduler: balanced, policy: multipath },
    ...{
      vip: servers && balanced,
      arp_ignore: servers,
      arp_announce: servers,
      gateway: servers,
      daemons: serves,
    },
  }
  return KNOB_IDS.filter((id) => needs[id] ?? true)
}
