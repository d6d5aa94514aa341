import type { Host } from './host.ts'
import { cloneIpvs } from './ipvs/types.ts'
import type { Neigh } from './neigh/entry.ts'
import { cloneNextHop } from './route/nexthop-object.ts'
import { cloneCt, cloneNf } from './netfilter/state.ts'
import type { Skb } from './skb.ts'
import { cloneTcp } from './tcp/types.ts'

/**
 * A copy of a host that shares nothing that is ever written: checkpoints are made of these. By hand, because a generic
 * deep copy is several times slower. Frames' bytes are immutable and shared; routes and next hops are replaced, never
 * written in place, so the lists are copied and their members shared.
 */
export function cloneHost(
  host: Host,
  cloneProc: (proc: Host['procs'][number]) => Host['procs'][number],
): Host {
  return {
    ...host,
    rng: { ...host.rng },
    devs: mapValues(host.devs, (dev) => ({ ...dev, addrs: dev.addrs.slice() })),
    neigh: mapValues(host.neigh, cloneNeigh),
    arpSocks: host.arpSocks.slice(),
    proxies: host.proxies.slice(),
    local: host.local.slice(),
    main: host.main.slice(),
    tables: mapValues(host.tables, (table) => table.slice()),
    rules: host.rules && host.rules.slice(),
    nexthops: mapValues(host.nexthops, cloneNextHop),
    exceptions: host.exceptions.slice(),
    frags: host.frags.slice(),
    sysctl: {
      conf: mapValues(host.sysctl.conf, (vars) => ({ ...vars })),
      neigh: mapValues(host.sysctl.neigh, (vars) => ({ ...vars })),
      ipv4: { ...host.sysctl.ipv4 },
      vs: { ...host.sysctl.vs },
      other: { ...host.sysctl.other },
    },
    ipvs: cloneIpvs(host.ipvs),
    nf: cloneNf(host.nf),
    ct: cloneCt(host.ct),
    tcp: cloneTcp(host.tcp),
    icmp: { socks: host.icmp.socks.slice(), credits: { ...host.icmp.credits } },
    udp: { socks: host.udp.socks.slice() },
    raw: host.raw.slice(),
    groups: host.groups.slice(),
    netlinkSocks: host.netlinkSocks.slice(),
    journal: host.journal.slice(),
    procs: mapValues(host.procs, cloneProc),
    units: { ...host.units },
    timers: { ...host.timers },
    files: { ...host.files },
    drops: { ...host.drops },
  }
}

function cloneNeigh(neigh: Neigh): Neigh {
  return { ...neigh, queue: neigh.queue.map(cloneSkb) }
}

/** A waiting packet owns its bytes until it is sent, so they are copied unless a frame shares them already. */
function cloneSkb(skb: Skb): Skb {
  return { ...skb, data: skb.shared ? skb.data : skb.data.slice(), ct: undefined }
}

function mapValues<K extends string | number, T>(record: Record<K, T>, copy: (value: T) => T): Record<K, T> {
  const out = {} as Record<K, T>
  for (const key in record) out[key] = copy(record[key])
  return out
}
