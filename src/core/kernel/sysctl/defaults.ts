import type { ConfVars, NeighVars, Sysctl } from './types.ts'

/** Kernel defaults (Documentation/networking/ip-sysctl.rst); what a distribution changes is not applied. */
export function defaultConf(): ConfVars {
  return {
    forwarding: 0,
    arp_ignore: 0,
    arp_announce: 0,
    arp_filter: 0,
    arp_accept: 0,
    arp_notify: 0,
    rp_filter: 0,
    accept_local: 0,
    accept_redirects: 1,
    send_redirects: 1,
    secure_redirects: 1,
    proxy_arp: 0,
    log_martians: 0,
    route_localnet: 0,
  }
}

export function defaultNeigh(): NeighVars {
  return {
    base_reachable_time_ms: 30_000,
    retrans_time_ms: 1_000,
    delay_first_probe_time: 5,
    gc_stale_time: 60,
    mcast_solicit: 3,
    ucast_solicit: 3,
    app_solicit: 0,
    unres_qlen: 101,
  }
}

export function defaultSysctl(): Sysctl {
  return {
    conf: { all: defaultConf(), default: defaultConf() },
    neigh: { default: defaultNeigh() },
    ipv4: {
      ip_forward: 0,
      ip_default_ttl: 64,
      ip_nonlocal_bind: 0,
      fib_multipath_hash_policy: 0,
      fib_multipath_hash_fields: 7,
      fib_multipath_hash_seed: 0,
      fib_multipath_use_neigh: 0,
      icmp_echo_ignore_all: 0,
      icmp_echo_ignore_broadcasts: 1,
      icmp_ratelimit: 1000,
      icmp_ratemask: 6168,
      tcp_abort_on_overflow: 0,
      tcp_fin_timeout: 60,
      tcp_max_syn_backlog: 512,
      tcp_retries1: 3,
      tcp_retries2: 15,
      tcp_sack: 1,
      tcp_syn_retries: 6,
      tcp_synack_retries: 5,
      tcp_timestamps: 1,
      tcp_tw_reuse: 2,
      tcp_window_scaling: 1,
    },
    vs: {
      conn_reuse_mode: 1,
      conntrack: 0,
      drop_entry: 0,
      expire_nodest_conn: 0,
      expire_quiescent_template: 0,
      sloppy_tcp: 0,
    },
    other: {
      'net.core.somaxconn': '4096',
      'net.ipv4.ip_local_port_range': '32768\t60999',
      'net.ipv6.conf.all.forwarding': '0',
      'net.ipv6.conf.all.disable_ipv6': '1',
    },
  }
}
