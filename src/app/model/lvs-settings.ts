import type { HostView } from '../../engine/engine.ts'
import type { Change, LvsMode } from './lvs-lab.ts'

/** One value under net.ipv4.conf; `place` is `all` or an interface. */
export interface Setting {
  place: string
  name: 'arp_ignore' | 'arp_announce' | 'rp_filter' | 'send_redirects'
  value: number
}

/**
 * The sysctl line for a change of mode, if one is needed. What the new mode needs is set; what only the old one needed goes
 * back to its value at boot. The mode of the boot needs nothing: the lab is right for it as it is.
 */
export function settingsLine(change: Change, needs: (mode: LvsMode) => readonly Setting[]): string[] {
  const { now, home, from, to, homeMode } = change
  const wanted = to === homeMode ? [] : needs(to)
  const before = from === undefined || from === homeMode ? [] : needs(from)
  const undone = before.flatMap((setting): Setting[] => {
    const value = home && valueOf(home, setting)
    const isKept = wanted.some((one) => one.place === setting.place && one.name === setting.name)
    return isKept || value === undefined ? [] : [{ ...setting, value }]
  })
  const words = [...wanted, ...undone]
    .filter((setting) => valueOf(now, setting) !== setting.value)
    .map(({ place, name, value }) => `net.ipv4.conf.${place}.${name}=${value}`)
  return words.length === 0 ? [] : [`sysctl -w ${words.join(' ')}`]
}

/** A device that is not there yet will begin with the defaults. */
function valueOf(view: HostView, { place, name }: Setting): number | undefined {
  return (view.conf[place] ?? view.conf['default'])?.[name]
}
