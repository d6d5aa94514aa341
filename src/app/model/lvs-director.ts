import { formatIp4 } from '../../core/base/ids.ts'
import { type Change, facing, lanAddresses, type LvsMode, MODE_FLAGS, serviceWords } from './lvs-lab.ts'
import { type Setting, settingsLine } from './lvs-settings.ts'

/** What a load balancer types for a change of mode. */
export function directorLines(change: Change): string[] {
  return [
    ...methodLines(change),
    ...localLines(change),
    ...forwardLine(change),
    ...settingsLine(change, needsOf(change)),
  ]
}

function methodLines({ now, to }: Change): string[] {
  return now.ipvs.services.flatMap((service) =>
    service.dests
      .filter((dest) => dest.mode !== to)
      .map((dest) => {
        const limits = dest.upper > 0 || dest.lower > 0 ? ` -x ${dest.upper} -y ${dest.lower}` : ''
        const real = `${formatIp4(dest.ip)}:${dest.port}`
        return `ipvsadm -e ${serviceWords(service)} -r ${real} ${MODE_FLAGS[to]} -w ${dest.weight}${limits}`
      }),
  )
}

/** FULLNAT needs an address that the servers answer to: the load balancer's own on their LAN. */
function localLines({ now, to }: Change): string[] {
  return now.ipvs.services.flatMap((service) => {
    const words = serviceWords(service)
    if (to !== 'fullnat') return service.laddrs.map((lip) => `ipvsadm -Q ${words} -z ${formatIp4(lip)}`)
    const first = service.dests[0]
    const own = (first && facing(now, first.ip)) ?? lanAddresses(now)[0]
    if (service.laddrs.length > 0 || own === undefined) return []
    return [`ipvsadm -P ${words} -z ${formatIp4(own.ip)}`]
  })
}

/** NAT and FULLNAT take the answers through FORWARD. */
function forwardLine({ now, to }: Change): string[] {
  const needed = to === 'nat' || to === 'fullnat'
  return needed && now.sysctl['net.ipv4.ip_forward'] !== '1' ? ['sysctl -w net.ipv4.ip_forward=1'] : []
}

/** On one LAN the load balancer would tell the servers of the shorter way, past itself (golden B2, B4). */
function needsOf({ now }: Change): (mode: LvsMode) => readonly Setting[] {
  const places = ['all', ...new Set(lanAddresses(now).map(({ dev }) => dev))]
  return (mode) =>
    mode === 'nat' || mode === 'fullnat'
      ? places.map((place) => ({ place, name: 'send_redirects', value: 0 }))
      : []
}
