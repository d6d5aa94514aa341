import type { HostId, Ip4 } from '../../core/base/ids.ts'
import type { HostView } from '../../engine/engine.ts'
import type { Ui } from '../../i18n/words.ts'
import type { Owners } from '../model/owners.ts'
import { daemonOf } from './daemons.ts'

type Views = Readonly<Record<HostId, HostView>>

/** Roles that daemons have given a host: 'DR', 'BDR', 'MASTER', and of a server what its checkers think of it: 'L1 ✓'. */
export function roleMarks(view: HostView, views: Views, owners: Owners): string[] {
  const ospf = daemonOf(view, 'ospf')
  const vrrp = daemonOf(view, 'vrrp')
  const marks = new Set<string>()
  for (const { state } of ospf?.interfaces ?? []) {
    if (state === 'DR') marks.add('DR')
    if (state === 'Backup') marks.add('BDR')
  }
  for (const { state } of vrrp?.instances ?? []) marks.add(state)
  return [...marks, ...healthMarks(view, views, owners)]
}

function healthMarks(view: HostView, views: Views, owners: Owners): string[] {
  if (view.role !== 'server') return []
  return checkersOf(view, views).map(({ lb, up }) => `${owners.codeOf(lb)} ${up ? '✓' : '×'}`)
}

/** Who checks this host's services, and what came of it. */
export function checkersOf(view: HostView, views: Views): { lb: HostId; up: boolean }[] {
  const own = new Set<Ip4>(view.devs.flatMap(({ addrs }) => addrs.map(({ ip }) => ip)))
  return Object.values(views).flatMap((other) => {
    const servers = daemonOf(other, 'health')?.services.flatMap((service) => service.servers) ?? []
    const here = servers.filter(({ ip }) => own.has(ip))
    return here.length === 0 ? [] : [{ lb: other.host, up: here.every(({ alive }) => alive) }]
  })
}

/** States of a host's OSPF neighbours behind one interface: 'Full ×2', 'L1 ExStart, Full'. */
export function neighbourNote(view: HostView, dev: string, owners: Owners): string | undefined {
  const ospf = daemonOf(view, 'ospf')
  if (ospf?.interfaces.some((one) => one.dev === dev) !== true) return undefined
  const here = ospf.neighbors.filter((one) => one.dev === dev)
  const full = here.filter(({ state }) => state === 'Full').length
  const others = here.filter(({ state }) => state !== 'Full')
  const parts = others.map(({ ip, state }) => `${owners.ofIp(ip)} ${state}`)
  if (full > 0) parts.push(full === 1 ? 'Full' : `Full ×${full}`)
  return parts.length === 0 ? 'OSPF: 0' : parts.join(', ')
}

/** Where a router that learns routes sends what is for the virtual address; undefined where routes are typed by hand. */
export function routeLine(view: HostView, owners: Owners, ui: Ui): string | undefined {
  if (view.role !== 'router' || daemonOf(view, 'ospf') === undefined) return undefined
  const route = view.routes.find(({ dst, prefix }) => prefix === 32 && owners.vips.includes(dst))
  if (route === undefined) return ui.control.stage.noVip
  return ui.control.stage.toVip(route.nexthops.map(({ gateway }) => owners.ofIp(gateway)).join(', '))
}
