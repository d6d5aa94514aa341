import { OUTSIDE_VIP as VIP } from '../../core/lab/labs/outside.ts'

/** Words that the scenarios with the client outside have in common. */

export const S1 = '172.16.253.130'
export const S2 = '172.16.253.134'
export const LB1 = '172.16.253.131'
export const ROUTE_LB1 = [`ip route add ${VIP}/32 via ${LB1}`]
export const HIDE = ['sysctl -w net.ipv4.conf.all.arp_ignore=1', 'sysctl -w net.ipv4.conf.all.arp_announce=2']
export const VIP_ON_LO = `ip addr add ${VIP}/32 dev lo label lo:0`
export const HIDDEN_VIP = [...HIDE, VIP_ON_LO]
export const NO_RP_FILTER = 'sysctl -w net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.tunl0.rp_filter=0'
export const HIDE_LINE = HIDE.map((line) => line.replace('sysctl -w ', '')).join(' ')
export const VIA_LB1 = { server1: LB1, server2: LB1 }

/** A service with its real servers, added in this order. */
export function ipvs(scheduler: string, mode: string, ...servers: readonly string[]): string[] {
  const service = `${VIP}:8080`
  return [
    `ipvsadm -A -t ${service} -s ${scheduler}`,
    ...servers.map((server) => `ipvsadm -a -t ${service} -r ${server}:8080 ${mode}`),
  ]
}

export function on(hosts: string, ...lines: readonly string[]): string {
  return hosts
    .split(' ')
    .flatMap((host) => lines.map((line) => `${host}$ ${line}`))
    .join('\n')
}

export function tunnelVip(): string[] {
  return ['modprobe ipip', `ip addr add ${VIP}/32 dev tunl0`, 'ip link set tunl0 up', NO_RP_FILTER]
}

export function at(points: string, reason: string): Record<string, string> {
  return Object.fromEntries(points.split(' ').map((point) => [point, reason]))
}

export const STALL =
  'the next redirect is sent no earlier than 40 ms (then 80, 160) after the first one: here the emulated machine stood still for that long between two packets'
export const OWNED =
  'all hosts of the recording shared one processor: the redirect came while the program was still inside its system call, and a socket in use ignores it (sock_owned_by_user); and one of two programs was five times as slow as the other'
export const BODY_STALL =
  'the emulated machine stood still for up to 80 ms between taking packets in and handling them: answers and retransmissions crossed in another order'
export const SEGMENT_STALL =
  'the third of three segments sent at once left 8 ms after the others, when the first had been refused already'
export const NO_TERMINAL = {
  curl: 'the recording was made without a terminal: curl tells of the data it sends',
  'ip route get': 'the path MTU has another age',
}
export const DR_SERVERS = { server1: HIDDEN_VIP, server2: HIDDEN_VIP }
export const NAT_BOTH = { router: ROUTE_LB1, LB1: ipvs('rr', '-m', S1, S2) }

export const RULE = `iptables -t nat -A POSTROUTING -m ipvs --vaddr ${VIP}/32`
