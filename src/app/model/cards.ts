import { formatIp4, isLoopback } from '../../core/base/ids.ts'
import type { HostView, Loaded } from '../../engine/engine.ts'
import type { Ui } from '../../i18n/words.ts'
import type { AddressRow, StagePort } from '../../view/stage/model.ts'
import { neighbourNote, routeLine } from '../control/stage-marks.ts'
import { faultWords, gatewayOf } from './host-commands.ts'
import type { LvsMode } from './lvs-lab.ts'
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

/** `ui`: a click on a link pulls its cable, and says so in these words. */
export function portsOf(lab: Loaded['lab'], view: HostView, ui?: Ui, owners?: Owners): StagePort[] {
  return view.devs.flatMap((dev) => {
    const segment = lab.hosts[view.host]?.interfaces[dev.name]?.segment
    if (segment === undefined) return []
    const note = Object.entries(dev.faults)
      .map(([way, faults]) => `${way === 'in' ? '→' : '←'} ${faultWords(faults)}`)
      .concat((owners && neighbourNote(view, dev.name, owners)) ?? [])
      .join(', ')
    const action = ui?.stage[dev.carrier ? 'pull' : 'plug'](view.host, dev.name)
    const up = dev.up && dev.carrier && view.power !== 'off'
    return [
      { dev: dev.name, segment, up, ...(note !== '' && { note }), ...(action !== undefined && { action }) },
    ]
  })
}

/** Why nothing comes through to a host, or gets done there; undefined when all is well. */
export function troubleLine(view: HostView, ports: readonly StagePort[], ui: Ui): string | undefined {
  if (view.power !== 'on') return ui.stage[view.power]
  if (ports.length === 0 || ports.some((port) => port.up)) return undefined
  const devs = view.devs.filter(({ name }) => ports.some((port) => port.dev === name))
  return devs.some(({ up }) => up) ? ui.stage.unplugged : ui.stage.down
}

/** The one fact about a host that matters when nothing particular happens on it. `mode` is the lab's LVS mode. */
export function stateLine(view: HostView, owners: Owners, ui: Ui, mode?: LvsMode): string {
  if (view.role === 'router')
    return [routeLine(view, owners, ui), ui.stage.policy(policyOf(view))].filter(Boolean).join(' · ')
  if (view.role === 'lb') return serviceLine(view, owners, ui)
  if (view.role !== 'server') return ''
  const places = view.devs.filter(({ addrs }) => addrs.some(({ ip }) => owners.vips.includes(ip)))
  if (mode === 'fullnat') return ui.stage.seesLb
  if (mode === 'nat') {
    const gateway = gatewayOf(view)
    return gateway === 0 ? ui.stage.noGateway : ui.stage.gateway(owners.ofIp(gateway))
  }
  if (mode === 'tun' && places.some(({ name, up }) => up && name.startsWith('tun'))) return ui.stage.unwraps
  if (!places.some(({ name }) => name === 'lo')) return ui.stage.noVip
  return inEffect(view, mainDev(view), 'arp_ignore') > 0 ? ui.stage.accepts : ui.stage.announces
}

export function policyOf(view: HostView): number {
  return Number(view.sysctl['net.ipv4.fib_multipath_hash_policy'] ?? 0)
}

function serviceLine(view: HostView, owners: Owners, ui: Ui): string {
  const service = view.ipvs.services[0]
  const dest = service?.dests[0]
  if (service !== undefined && dest === undefined) return ui.control.stage.noServer
  if (service === undefined || dest === undefined) return ui.stage.noIpvs
  const mode = dest.mode.toUpperCase()
  if (service.dests.length > 1) return ui.stage.services(mode, service.scheduler, service.dests.length)
  return ui.stage.service(mode, service.scheduler, `${owners.ofIp(dest.ip)}:${dest.port}`, dest.weight)
}
