/** Terms by key, used by lessons as {term:key}: the word, and what it means in one sentence. */
export const glossary = {
  vip: { name: 'VIP', means: 'Virtual IP: the one address that clients use, served by several machines.' },
  lb: {
    name: 'load balancer',
    means: 'Load balancer, here LVS: decides which server a connection goes to. Also called director.',
  },
  ecmp: {
    name: 'ECMP',
    means: 'Equal-cost multi-path: one route with several next hops that are equally good.',
  },
  nexthop: { name: 'next hop', means: 'The neighbour a packet is handed to on its way to the destination.' },
  hash: {
    name: 'hash',
    means: 'A number computed from header fields; the same fields always give the same number.',
  },
  policy: {
    name: 'hash policy',
    means: 'net.ipv4.fib_multipath_hash_policy: which fields go into the ECMP hash.',
  },
  seed: {
    name: 'seed',
    means: 'A secret number mixed into the hash. Linux draws it at boot unless it is set.',
  },
  flow: { name: 'flow', means: 'All packets of one connection: same addresses, same ports, same protocol.' },
  tuple5: {
    name: '5-tuple',
    means: 'Source and destination address, source and destination port, protocol.',
  },
  neigh: {
    name: 'neighbour table',
    means: 'The neighbour table: which MAC an IP address has on the link, and how sure that is.',
  },
  arp: { name: 'ARP', means: 'Address Resolution Protocol: asks the link which MAC has an IP address.' },
  arp_ignore: {
    name: 'arp_ignore',
    means: 'Which ARP requests are answered. The larger of conf.all and conf.INTERFACE counts.',
  },
  arp_announce: {
    name: 'arp_announce',
    means:
      'Which sender address our own ARP requests carry. The larger of conf.all and conf.INTERFACE counts.',
  },
  dr: {
    name: 'DR',
    means:
      'Direct routing: the load balancer changes only the MAC addresses; the server answers the client itself.',
  },
  ipvs: {
    name: 'IPVS',
    means: 'IP Virtual Server: the load balancer inside the Linux kernel. It sits on the hook LOCAL_IN.',
  },
  hook: {
    name: 'hook',
    means:
      'A place in the kernel where functions may look at a packet: PREROUTING, LOCAL_IN, FORWARD, LOCAL_OUT, POSTROUTING.',
  },
  ttl: { name: 'TTL', means: 'Time to live: a counter that every hop lowers by one.' },
  mac: {
    name: 'MAC address',
    means: 'The hardware address of an interface: who gets the frame on this link.',
  },
  lo: { name: 'lo', means: 'The loopback interface: an address on it belongs to the host, but to no link.' },
} as const
