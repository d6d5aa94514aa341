import type { Ip4, Nanos } from '../../base/ids.ts'

/** Parameters of an ipip tunnel device (struct ip_tunnel_parm of include/uapi/linux/if_tunnel.h). */
export interface Tunnel {
  /** Outer source, 0 = any. */
  local: Ip4
  /** Outer destination, 0 = any: the device can only receive, or sends to the next hop of its routes. */
  remote: Ip4
  /** 0 = inherit the inner packet's. */
  ttl: number
  /** Bit 0 set = inherit the inner packet's. */
  tos: number
  /** The outer packet carries DF whatever the inner one says. */
  pmtudisc: boolean
  /** tunl0, which the module makes by itself and which takes what no other tunnel claims. */
  fallback: boolean
  /** ICMP errors about outer packets that inner senders have not been told of, and when the last one came. */
  errors?: { count: number; atNs: Nanos }
}
