/**
 * Why a packet was lost: a closed set, named after the kernel's skb drop reasons where one exists
 * (include/net/dropreason-core.h), else after the place that drops it. Words for people are in i18n.
 */
export const DROP_REASONS = [
  'DEV_DOWN', // interface is administratively down
  'NO_CARRIER', // cable is out
  'OTHERHOST', // frame is for another MAC (flooded by the switch)
  'UNHANDLED_PROTO', // no handler for this ethertype or IP protocol
  'PKT_TOO_SMALL', // shorter than its own headers
  'IP_INHDR', // version, header length or total length is wrong
  'IP_CSUM',
  'TCP_CSUM',
  'UDP_CSUM',
  'ICMP_CSUM',
  'IP_INNOROUTES', // no route for a packet that came in
  'IP_OUTNOROUTES', // no route for a packet of our own
  'IP_INADDRERRORS', // destination not acceptable
  'MCAST_NOT_JOINED', // to a group that nobody here listens to
  'IP_NOFORWARD', // not for this host, and ip_forward is 0
  'IP_MARTIAN_SOURCE', // source address that cannot come in here
  'IP_RPFILTER', // reverse path filter
  'IP_TTL', // TTL reached 0 while forwarding
  'FRAG_REASM_TIMEOUT', // fragments were missing for too long
  'DUP_FRAG', // the same fragment again, or one that overlaps
  'PKT_TOO_BIG', // DF set and larger than the next link's MTU
  'NETFILTER_DROP', // a rule or hook function said DROP
  'NEIGH_QUEUEFULL', // too many packets wait for one ARP answer
  'NEIGH_FAILED', // nobody answered ARP
  'ARP_INVALID', // malformed or martian ARP
  'ARP_IGNORED', // arp_ignore forbids the answer
  'ARP_NOT_MINE', // asked for somebody else's address
  'NO_SOCKET', // no socket for this port; TCP answers RST
  'TCP_INVALID_SEQUENCE',
  'TCP_OLD_DATA', // duplicate data
  'TCP_INVALID_STATE',
  'TCP_RESET', // a valid RST ended the connection
  'TCP_BACKLOG', // listen queue is full
  'SOCKET_CLOSED',
  'ICMP_UNEXPECTED', // ICMP that nobody waits for
  'IPVS_NO_DESTINATION', // service without a usable real server
  'LOST_ON_LINK', // loss set on the link, or cable pulled while in flight
  'HOST_OFF', // the host is frozen or has no power
  'LIMIT', // a limit of the simulation
] as const
export type DropReason = (typeof DROP_REASONS)[number]
