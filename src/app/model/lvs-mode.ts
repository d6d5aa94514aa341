import type { HostId } from '../../core/base/ids.ts'
import { type Change, destsOf, type HostLine, type LvsMode, modeOf, ownerOf, type Views } from './lvs-lab.ts'
import { directorLines } from './lvs-director.ts'
import { serverLines } from './lvs-server.ts'

/**
 * Command lines that bring a whole lab from the mode it is in to another, in the order in which they are typed: real
 * servers' methods, local addresses and redirects on the load balancers; virtual address, ARP settings, tunnel and way
 * back on the servers. What an earlier mode needed is undone to what it was at boot (`home`). Pure; the same mode again
 * mends what is missing.
 * Simplified: services with another port than their servers stay so, which only NAT and FULLNAT can carry; a server of
 * several load balancers goes back through the first of them.
 */
export function modeCommands(views: Views, home: Views, to: LvsMode): HostLine[] {
  const change = { from: modeOf(views), to, homeMode: modeOf(home), all: views }
  const lines = (host: HostId, make: (change: Change) => string[]): HostLine[] => {
    const now = views[host]
    if (now === undefined) return []
    return make({ ...change, now, home: home[host] }).map((line) => ({ host, line }))
  }
  const dests = destsOf(views)
  const directors = [...new Set(dests.map(({ director }) => director.host))]
  const servers = [...new Set(dests.flatMap(({ dest }) => ownerOf(views, dest.ip) ?? []))]
  return [
    ...directors.flatMap((host) => lines(host, directorLines)),
    ...servers.flatMap((host) => lines(host, serverLines)),
  ]
}
