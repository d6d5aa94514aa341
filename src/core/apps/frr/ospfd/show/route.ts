import { formatIp4 } from '../../../../base/ids.ts'
import type { ZapiNexthop } from '../../zapi.ts'
import type { Ospf } from '../types.ts'

/** `show ip ospf route` (golden A9): OSPF's own tables, before zebra compares them with other sources. */
export function showRoutes(o: Ospf): string {
  if (!o.conf.enabled) return ''
  const lines = ['============ OSPF network routing table ============']
  for (const route of o.routes) {
    const net = `${formatIp4(route.ip)}/${route.prefix}`.padEnd(18)
    lines.push(`N    ${net}    [${route.cost}] area: ${formatIp4(route.area)}`, ...hopLines(route.nexthops))
  }
  lines.push('', ...routerLines(o))
  lines.push('', '============ OSPF external routing table ===========')
  for (const route of [...o.extRoutes].sort((a, b) => a.ip - b.ip || a.prefix - b.prefix)) {
    const net = `${formatIp4(route.ip)}/${route.prefix}`.padEnd(18)
    const cost = route.type === 'ext1' ? `${route.cost}` : `${route.cost}/${route.cost2}`
    const kind = route.type === 'ext1' ? 'E1' : 'E2'
    lines.push(`N ${kind} ${net}    [${cost}] tag: ${route.tag}`, ...hopLines(route.nexthops))
  }
  return `${lines.join('\n')}\n\n\n`
}

/** `show ip ospf border-routers`. */
export function showBorderRouters(o: Ospf): string {
  return `${routerLines(o).join('\n')}\n\n\n`
}

function routerLines(o: Ospf): string[] {
  const lines = ['============ OSPF router routing table =============']
  for (const router of [...o.routers].sort((a, b) => a.id - b.id)) {
    const roles = `${(router.flags & 1) !== 0 ? ', ABR' : ''}${(router.flags & 2) !== 0 ? ', ASBR' : ''}`
    const head = `R    ${formatIp4(router.id).padEnd(15)}      `
    lines.push(
      `${head} [${router.cost}] area: ${formatIp4(router.area)}${roles}`,
      ...hopLines(router.nexthops),
    )
  }
  return lines
}

function hopLines(nexthops: readonly ZapiNexthop[]): string[] {
  const blank = ' '.repeat(27)
  return nexthops.map((hop) =>
    hop.gateway === 0
      ? `${blank}directly attached to ${hop.dev}`
      : `${blank}via ${formatIp4(hop.gateway)}, ${hop.dev}`,
  )
}
