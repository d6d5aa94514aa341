import type { HostView } from '../../engine/engine.ts'

export type Daemon = HostView['daemons'][number]
export type OspfView = Extract<Daemon, { kind: 'ospf' }>
export type HealthView = Extract<Daemon, { kind: 'health' }>
export type VrrpView = Extract<Daemon, { kind: 'vrrp' }>

/** What a daemon of that kind knows on a host; undefined when none runs there (or the host has no power). */
export function daemonOf<K extends Daemon['kind']>(
  view: HostView | undefined,
  kind: K,
): Extract<Daemon, { kind: K }> | undefined {
  if (view?.power === 'off') return undefined
  return view?.daemons.find((one): one is Extract<Daemon, { kind: K }> => one.kind === kind)
}
