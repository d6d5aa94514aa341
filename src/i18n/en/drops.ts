import type { DropWords } from '../words.ts'

export const drops: DropWords = {
  DEV_DOWN: {
    what: 'interface is down',
    why: 'The interface was set down, so it neither sends nor receives.',
  },
  NO_CARRIER: { what: 'cable is out', why: 'There is no carrier: nothing can leave this interface.' },
  OTHERHOST: {
    what: 'for another MAC',
    why: 'The switch flooded the frame; its MAC destination is another host.',
  },
  UNHANDLED_PROTO: { what: 'unknown protocol', why: 'No handler for this ethertype or IP protocol.' },
  PKT_TOO_SMALL: { what: 'too short', why: 'The packet is shorter than its own headers.' },
  IP_INHDR: { what: 'bad IP header', why: 'Version, header length or total length is wrong.' },
  IP_CSUM: { what: 'bad IP checksum', why: 'The IPv4 header checksum does not match.' },
  TCP_CSUM: { what: 'bad TCP checksum', why: 'The TCP checksum does not match.' },
  UDP_CSUM: { what: 'bad UDP checksum', why: 'The UDP checksum does not match.' },
  ICMP_CSUM: { what: 'bad ICMP checksum', why: 'The ICMP checksum does not match.' },
  IP_INNOROUTES: { what: 'no route', why: 'The packet came in, but no route leads to its destination.' },
  IP_OUTNOROUTES: {
    what: 'no route',
    why: 'This host wanted to send, but no route leads to the destination.',
  },
  IP_INADDRERRORS: { what: 'bad destination', why: 'The destination address is not acceptable here.' },
  MCAST_NOT_JOINED: {
    what: 'group not joined',
    why: 'The packet is for a multicast group that no program here listens to.',
  },
  IP_NOFORWARD: { what: 'not forwarding', why: 'The packet is for somebody else and ip_forward is 0.' },
  IP_MARTIAN_SOURCE: {
    what: 'martian source',
    why: 'A packet with this source address cannot come in here.',
  },
  IP_RPFILTER: {
    what: 'reverse path filter',
    why: 'The way back to the source does not use this interface (rp_filter).',
  },
  IP_TTL: { what: 'TTL used up', why: 'The TTL reached 0 while forwarding.' },
  FRAG_REASM_TIMEOUT: {
    what: 'fragments missing',
    why: 'Not all fragments of the packet came within ipfrag_time.',
  },
  DUP_FRAG: { what: 'fragment twice', why: 'The fragment repeats or overlaps one that is there already.' },
  PKT_TOO_BIG: {
    what: 'too big',
    why: "Don't fragment is set and the packet is larger than the next link's MTU.",
  },
  NETFILTER_DROP: { what: 'filtered', why: 'A rule or hook function said DROP.' },
  NEIGH_QUEUEFULL: { what: 'ARP queue full', why: 'Too many packets already wait for one ARP answer.' },
  NEIGH_FAILED: { what: 'no ARP answer', why: 'Nobody answered the ARP requests for the next hop.' },
  ARP_INVALID: { what: 'bad ARP', why: 'The ARP packet is malformed or its addresses are impossible.' },
  ARP_IGNORED: {
    what: 'ARP ignored',
    why: 'arp_ignore forbids answering for this address on this interface.',
  },
  ARP_NOT_MINE: { what: 'not my address', why: "The request asks for somebody else's address." },
  NO_SOCKET: { what: 'nobody listens', why: 'No socket for this port; TCP answers with RST.' },
  TCP_INVALID_SEQUENCE: {
    what: 'wrong sequence number',
    why: 'The segment lies outside the receive window.',
  },
  TCP_OLD_DATA: { what: 'old data', why: 'The segment repeats data that was already received.' },
  TCP_INVALID_STATE: { what: 'wrong TCP state', why: 'A segment of this kind has no meaning in this state.' },
  TCP_RESET: { what: 'connection reset', why: 'A valid RST ended the connection.' },
  TCP_BACKLOG: {
    what: 'listen queue full',
    why: 'The server has too many connections waiting to be accepted.',
  },
  SOCKET_CLOSED: { what: 'socket closed', why: 'The program has closed the socket.' },
  ICMP_UNEXPECTED: { what: 'unexpected ICMP', why: 'Nobody waits for this ICMP message.' },
  IPVS_NO_DESTINATION: { what: 'no real server', why: 'The IPVS service has no usable real server.' },
  LOST_ON_LINK: { what: 'lost on the link', why: 'The cable was pulled, or the link loses packets.' },
  HOST_OFF: { what: 'host does not run', why: 'The host is frozen or switched off.' },
  LIMIT: { what: 'limit', why: 'A limit of the simulation was reached.' },
}
