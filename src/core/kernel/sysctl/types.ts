/** Sysctl trees as plain numbers, nested the way the kernel keeps them, so that hot paths need no string building. */

/** net.ipv4.conf.{all,default,DEV}.* */
export interface ConfVars {
  forwarding: number
  arp_ignore: number
  arp_announce: number
  arp_filter: number
  arp_accept: number
  arp_notify: number
  rp_filter: number
  accept_local: number
  accept_redirects: number
  send_redirects: number
  secure_redirects: number
  proxy_arp: number
  log_martians: number
  route_localnet: number
  shared_media: number
  ignore_routes_with_linkdown: number
  proxy_arp_pvlan: number
  bc_forwarding: number
  drop_unicast_in_l2_multicast: number
  drop_gratuitous_arp: number
  arp_evict_nocarrier: number
  src_valid_mark: number
  promote_secondaries: number
}

/** net.ipv4.neigh.{default,DEV}.*; times in milliseconds except where the kernel's name says otherwise. */
export interface NeighVars {
  base_reachable_time_ms: number
  retrans_time_ms: number
  /** Seconds. */
  delay_first_probe_time: number
  /** Seconds. */
  gc_stale_time: number
  mcast_solicit: number
  ucast_solicit: number
  app_solicit: number
  /** Packets. */
  unres_qlen: number
  proxy_qlen: number
  /** Hundredths of a second. */
  proxy_delay: number
  /** Hundredths of a second. */
  locktime: number
}

export interface Sysctl {
  conf: Record<string, ConfVars>
  neigh: Record<string, NeighVars>
  /** net.ipv4.* numbers: ip_forward, fib_multipath_hash_policy, tcp_* ... */
  ipv4: Record<string, number>
  /** net.ipv4.vs.* */
  vs: Record<string, number>
  /** Everything else by full dotted key, numbers or several numbers as text. */
  other: Record<string, string>
}
