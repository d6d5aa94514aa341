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
  cip: { name: 'CIP', means: 'The client’s IP address.' },
  rip: { name: 'RIP', means: 'Real server’s IP: the own address of a server behind the load balancer.' },
  dip: { name: 'DIP', means: 'Director’s IP: the load balancer’s own address on the LAN of its servers.' },
  lip: {
    name: 'LIP',
    means: 'Local IP: the address of the load balancer that FULLNAT puts in the place of the client’s.',
  },
  nat: {
    name: 'NAT',
    means:
      'Address translation: the load balancer writes the server’s address over the VIP, and the VIP back over it in the answer.',
  },
  fullnat: {
    name: 'FULLNAT',
    means:
      'Both addresses are translated: the server answers an address of the load balancer. Not part of the mainline kernel.',
  },
  tun: {
    name: 'TUN',
    means:
      'The load balancer wraps the packet in another IP packet to the server, which unwraps it and answers the client itself.',
  },
  toa: { name: 'TOA', means: 'TCP option 254 with the client’s address, for servers behind FULLNAT.' },
  gateway: {
    name: 'gateway',
    means: 'The router that a host hands packets to when their destination is not on its own link.',
  },
  rst: { name: 'RST', means: 'TCP’s way to say: I know no such connection.' },
  rp_filter: {
    name: 'rp_filter',
    means:
      'Reverse path filter: drops a packet that came in by another interface than an answer would leave by.',
  },
  martian: {
    name: 'martian',
    means: 'A packet with a source address that cannot come in here, such as the host’s own.',
  },
  ip_forward: {
    name: 'ip_forward',
    means: 'Whether the host passes on packets that are not for itself: what makes it a router.',
  },
  mtu: { name: 'MTU', means: 'The largest IP packet a link takes, in bytes.' },
  scheduler: {
    name: 'scheduler',
    means:
      'How IPVS chooses a server for a new connection: rr takes turns, wrr by weight, sh by source address.',
  },
  ospf: {
    name: 'OSPF',
    means: 'A routing protocol: routers tell each other what they reach, and compute the cheapest ways.',
  },
  keepalived: {
    name: 'keepalived',
    means: 'A daemon that checks servers and tells IPVS which of them are alive.',
  },
} as const
