import type { DevName } from '../../base/ids.ts'
import type { Host } from '../host.ts'
import type { ConfVars } from './types.ts'

/** A per-interface setting and how it came about: most ARP and filter settings are max(conf.all, conf.DEV). */
export interface InEffect {
  all: number
  own: number
  value: number
}

/** IN_DEV_MAXCONF of include/linux/inetdevice.h. */
export function maxConf(host: Host, dev: DevName, name: keyof ConfVars): InEffect {
  const all = host.sysctl.conf['all']?.[name] ?? 0
  const own = host.sysctl.conf[dev]?.[name] ?? 0
  return { all, own, value: Math.max(all, own) }
}

/** A setting that is on when either conf.all or conf.DEV is (IN_DEV_ORCONF). */
export function orConf(host: Host, dev: DevName, name: keyof ConfVars): boolean {
  return maxConf(host, dev, name).value > 0
}

/** A setting that is on only when both are (IN_DEV_ANDCONF). */
export function andConf(host: Host, dev: DevName, name: keyof ConfVars): boolean {
  const { all, own } = maxConf(host, dev, name)
  return all !== 0 && own !== 0
}
