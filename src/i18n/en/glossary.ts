/** One sentence per term; keys are used by lessons as {term:key}. */
export const glossary = {
  vip: 'Virtual IP: the one address that clients use, served by several machines.',
  lb: 'Load balancer, here LVS: decides which server a connection goes to. Also called director.',
  ecmp: 'Equal-cost multi-path: one route with several next hops that are equally good.',
  nexthop: 'The neighbour a packet is handed to on its way to the destination.',
  hash: 'A number computed from header fields; the same fields always give the same number.',
  policy: 'net.ipv4.fib_multipath_hash_policy: which fields go into the ECMP hash.',
  seed: 'A secret number mixed into the hash. Linux draws it at boot unless it is set.',
  flow: 'All packets of one connection: same addresses, same ports, same protocol.',
  tuple5: 'Source and destination address, source and destination port, protocol.',
  neigh: 'The neighbour table: which MAC an IP address has on the link, and how sure that is.',
  arp: 'Address Resolution Protocol: asks the link which MAC has an IP address.',
  arp_ignore: 'Which ARP requests are answered. The larger of conf.all and conf.INTERFACE counts.',
  arp_announce:
    'Which sender address our own ARP requests carry. The larger of conf.all and conf.INTERFACE counts.',
  dr: 'Direct routing: the load balancer changes only the MAC addresses; the server answers the client itself.',
  ipvs: 'IP Virtual Server: the load balancer inside the Linux kernel. It sits on the hook LOCAL_IN.',
  hook: 'A place in the kernel where functions may look at a packet: PREROUTING, LOCAL_IN, FORWARD, LOCAL_OUT, POSTROUTING.',
  ttl: 'Time to live: a counter that every hop lowers by one.',
  mac: 'The hardware address of an interface: who gets the frame on this link.',
  lo: 'The loopback interface: an address on it belongs to the host, but to no link.',
} as const
