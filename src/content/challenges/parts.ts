import type { Goal } from '../challenge.ts'
import type { Command, L10n } from '../lesson.ts'

/** What many challenges share: traffic, goals, and how a lab is set up for a mode. */
export const VIP = '172.16.253.100'
export const SERVICE = `-t ${VIP}:8080`
const LB1_IP = '172.16.253.131'
const SERVERS = { server1: '172.16.253.130:8080', server2: '172.16.253.134:8080' } as const

export const on = (host: string, ...lines: string[]): Command[] => lines.map((sh) => ({ host, sh }))

/** Requests from a host, one after the other; one that is not answered is given up after two seconds. */
export const curls = (host: string, count: number, more = ''): Command[] =>
  on(host, ...Array.from({ length: count }, () => `curl -s -m 2${more} http://${VIP}:8080`))

const words = (en: string, zh: string): L10n => ({ en, zh })

export const answered = (of: number): Goal => ({
  kind: 'answered',
  of,
  text: words(`All ${of} requests are answered with 200`, `${of} 个请求全部得到 200`),
})

export const bothServers = (least: number): Goal => ({
  kind: 'servers',
  hosts: ['server1', 'server2'],
  least,
  text: words(`{S1} and {S2} each answer at least ${least}`, `{S1}、{S2} 各应答至少 ${least} 个`),
})

export const bothBalancers = (least: number): Goal => ({
  kind: 'balancers',
  hosts: ['LB1', 'LB2'],
  least,
  text: words(`{L1} and {L2} each take on at least ${least}`, `{L1}、{L2} 各接下至少 ${least} 个`),
})

export const balanced: Goal = {
  kind: 'balanced',
  text: words('No request goes past the load balancers', '没有请求绕过负载均衡器'),
}

export const prompt: Goal = {
  kind: 'prompt',
  text: words('Nothing has to be sent twice', '没有一个包需要重发'),
}

/** One load balancer, LB1, in front of both servers, the client outside; what the servers need for the mode. */
const service = (flag: string): Command[] =>
  on(
    'LB1',
    `ipvsadm -A ${SERVICE} -s rr`,
    `ipvsadm -a ${SERVICE} -r ${SERVERS.server1} ${flag}`,
    `ipvsadm -a ${SERVICE} -r ${SERVERS.server2} ${flag}`,
  )

/** Only LB1 has the VIP, so that ARP may be asked for it. */
const oneBalancer: Command[] = on('LB2', `ip addr del ${VIP}/32 dev lo`)

export const HIDE = ['sysctl -w net.ipv4.conf.all.arp_ignore=1', 'sysctl -w net.ipv4.conf.all.arp_announce=2']
export const ON_LO = `ip addr add ${VIP}/32 dev lo label lo:0`
const servers = (...lines: string[]): Command[] => [...on('server1', ...lines), ...on('server2', ...lines)]

export const drSetup: Command[] = [...oneBalancer, ...servers(...HIDE, ON_LO), ...service('-g')]

/** Redirects are off, as a NAT director on one leg needs it. */
export const natSetup: Command[] = [
  ...oneBalancer,
  ...on(
    'LB1',
    'sysctl -w net.ipv4.conf.all.send_redirects=0',
    'sysctl -w net.ipv4.conf.ens33.send_redirects=0',
  ),
  ...servers(`ip route replace default via ${LB1_IP}`),
  ...service('-m'),
]

export const tunSetup: Command[] = [
  ...oneBalancer,
  ...servers(
    'modprobe ipip',
    'ip link set tunl0 up',
    'sysctl -w net.ipv4.conf.all.rp_filter=0',
    'sysctl -w net.ipv4.conf.tunl0.rp_filter=0',
    ...HIDE,
    `ip addr add ${VIP}/32 dev tunl0`,
  ),
  ...service('-i'),
]

export const fullnatSetup: Command[] = [
  ...oneBalancer,
  ...on(
    'LB1',
    'sysctl -w net.ipv4.conf.all.send_redirects=0',
    'sysctl -w net.ipv4.conf.ens33.send_redirects=0',
  ),
  ...service('-b'),
  ...on('LB1', `ipvsadm -P ${SERVICE} -z ${LB1_IP}`),
]

export const l = words
