import type { Io } from '../sys.ts'
import { restore } from './iptables/save.ts'

/**
 * firewalld as far as packets notice it: the rules of its iptables backend with zone public as default, services ssh and
 * dhcpv6-client (which is IPv6 and so has no rule here). Reduced to the chains that decide; its empty pre, post, log and
 * direct chains are left out. Everything that is not allowed is answered with host-prohibited.
 */

const RULES = `*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:INPUT_ZONES - [0:0]
:FORWARD_ZONES - [0:0]
:IN_public - [0:0]
:IN_public_allow - [0:0]
:FWD_public - [0:0]
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED,DNAT -j ACCEPT
-A INPUT -i lo -j ACCEPT
-A INPUT -j INPUT_ZONES
-A INPUT -m conntrack --ctstate INVALID -j DROP
-A INPUT -j REJECT --reject-with icmp-host-prohibited
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED,DNAT -j ACCEPT
-A FORWARD -i lo -j ACCEPT
-A FORWARD -j FORWARD_ZONES
-A FORWARD -m conntrack --ctstate INVALID -j DROP
-A FORWARD -j REJECT --reject-with icmp-host-prohibited
-A OUTPUT -o lo -j ACCEPT
-A INPUT_ZONES -g IN_public
-A FORWARD_ZONES -g FWD_public
-A IN_public -j IN_public_allow
-A IN_public -p icmp -j ACCEPT
-A IN_public_allow -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW,UNTRACKED -j ACCEPT
-A FWD_public -p icmp -j ACCEPT
COMMIT
`

/** A chain that only firewalld makes: it is running when it is there. */
const SIGN = 'INPUT_ZONES'

export function isFirewalldOn(io: Io): boolean {
  return io.sys.host().nf.tables.filter?.chains.some((chain) => chain.name === SIGN) ?? false
}

/** The rules of table filter are replaced, as firewalld flushes what it finds. */
export function startFirewalld(io: Io): number {
  if (isFirewalldOn(io)) return 0
  const done = restore(RULES, true, io)
  return done.ok ? 0 : 1
}

export function stopFirewalld(io: Io): number {
  if (isFirewalldOn(io)) io.sys.apply({ op: 'nf.table.del', table: 'filter' })
  return 0
}
