import { formatIp4, isLoopback } from '../../core/base/ids.ts'
import type { HostView, Loaded } from '../../engine/engine.ts'
import type { Ui } from '../../i18n/words.ts'
import type { AddressRow, StagePort } from '../../view/stage/model.ts'
import type { Owners } from './owners.ts'

/** The larger of conf.all and conf.DEV: what the kernel uses for ARP on that interface. */
export function inEffect(view: HostView, dev: string, name: 'arp_ignore' | 'arp_announce'): number {
  return Math.max(view.conf['all']?.[name] ?? 0, view.conf[dev]?.[name] ?? 0)
}

/** First interface that is not loopback: the only one in the course lab. */
export function mainDev(view: HostView): string {
  return view.devs.find((dev) => dev.name !== 'lo')?.name ?? 'lo'
}

/** Addresses of a host as its card shows them: one row per interface, then what is on lo beside 127.0.0.1. */
export function addressRows(view: HostView, owners: Owners): AddressRow[] {
  const rows: AddressRow[] = []
  for (const dev of view.devs) {
    const addrs = dev.addrs.filter(({ ip }) => !isLoopback(ip))
    const shown = dev.name === 'lo' ? addrs.at(-1) : addrs[0]
    if (shown === undefined) continue
    const row: AddressRow = { label: dev.name, address: formatIp4(shown.ip), owner: owners.ofIp(shown.ip) }
    rows.push(addrs.length > 1 ? { ...row, note: `+${addrs.length - 1}` } : row)
  }
  return rows.sort((a, b) => Number(a.label === 'lo') - Number(b.label === 'lo'))
}

export function portsOf(lab: Loaded['lab'], view: HostView): StagePort[] {
  return view.devs.flatMap((dev) => {
    const segment = lab.hosts[view.host]?.interfaces[dev.name]?.segment
    return segment === undefined ? [] : [{ dev: dev.name, segment, up: dev.up && dev.carrier }]
  })
}

/** The one fact about a host that matters when nothing particular happens on it. */
export function stateLine(view: HostView, owners: Owners, ui: Ui): string {
  if (view.role === 'router') return ui.stage.policy(policyOf(view))
  if (view.role === 'lb') return serviceLine(view, owners, ui)
  if (view.role !== 'server') return ''
  const hasVip = view.devs.some(
    (dev) => dev.name === 'lo' && dev.addrs.some(({ ip }) => owners.vips.includes(ip)),
  )
  if (!hasVip) return ui.stage.noVip
  return inEffect(view, mainDev(view), 'arp_ignore') > 0 ? ui.stage.accepts : ui.stage.announces
}

export function policyOf(view: HostView): number {
  return Number(view.sysctl['net.ipv4.fib_multipath_hash_policy'] ?? 0)
}

function serviceLine(view: HostView, owners: Owners, ui: Ui): string {
  const service = view.ipvs.services[0]
  const dest = service?.dests[0]
  if (service === undefined || dest === undefined) return ui.stage.noIpvs
  const mode = dest.mode.toUpperCase()
  if (service.dests.length > 1) return ui.stage.services(mode, service.scheduler, service.dests.length)
  return ui.stage.service(mode, service.scheduler, `${owners.ofIp(dest.ip)}:${dest.port}`, dest.weight)
}
