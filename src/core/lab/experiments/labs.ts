import type { HostId } from '../../base/ids.ts'
import { must } from '../../base/assert.ts'
import { frrConf } from '../labs/course-files.ts'
import { course } from '../labs/course.ts'
import { vrrp } from '../labs/vrrp.ts'
import type { Lab, LabHost } from '../schema.ts'
import { addressOf, balancersOf, isByHand, routeLines, VIP } from './routes-by-hand.ts'
import type { Variant } from './types.ts'

/** The lab an experiment runs in: the course's, or the one with VRRP, with what the variant changes. */

const SERVERS = ['172.16.253.130', '172.16.253.134'] as const
const KEEPALIVED = '/etc/keepalived/keepalived.conf'
/** All connections of one client differ in their ports alone. */
const HASH_PORTS = 'sysctl -w net.ipv4.fib_multipath_hash_policy=1'

const TO_ROUTER = 'ip route add default via 172.16.253.135'
const OUTSIDE: LabHost = {
  role: 'client',
  at: [288, -180],
  interfaces: { eth0: { segment: 'net', mac: '02:00:00:00:00:10', addresses: ['10.0.0.10/24'] } },
  files: {},
  boot: ['ip route add default via 10.0.0.1'],
}

/** `absent`: load balancers that do not announce the virtual address yet. */
export function experimentLab(variant: Variant, absent: readonly HostId[]): Lab {
  const base = variant.way === 'vrrp' ? vrrp : course
  const hosts: Record<HostId, LabHost> = {}
  for (const [id, host] of Object.entries(base.hosts)) {
    if (host.role !== 'lb') hosts[id] = { ...host, boot: [...host.boot] }
  }
  for (const id of balancersOf(variant)) hosts[id] = balancer(variant, id, absent)
  if (variant.way === 'ecmp') setRouter(variant, must(hosts['router'], 'router'), absent)
  if (!isByHand(variant)) return { ...base, seed: variant.seed, hosts }
  for (const [id, host] of Object.entries(hosts)) if (id !== 'router') host.boot.push(TO_ROUTER)
  hosts['client'] = OUTSIDE
  return {
    ...base,
    seed: variant.seed,
    segments: { ...base.segments, net: { mtu: 1500, delayUs: 50 } },
    hosts,
  }
}

/** Who sends the requests. */
export function clientOf(variant: Variant): HostId {
  return variant.way === 'vrrp' || isByHand(variant) ? 'client' : 'router'
}

function setRouter(variant: Variant, router: LabHost, absent: readonly HostId[]): void {
  if (!isByHand(variant)) return void router.boot.push(HASH_PORTS)
  const outside = { segment: 'net', mac: '02:00:00:00:00:01', addresses: ['10.0.0.1/24'] }
  router.interfaces = { ...router.interfaces, eth0: outside }
  const members = balancersOf(variant).filter((id) => !absent.includes(id))
  router.boot = [...withoutFrr(router.boot), HASH_PORTS, ...routeLines(variant, members)]
}

function withoutFrr(boot: readonly string[]): string[] {
  return boot.filter((line) => !line.endsWith(' frr'))
}

/** One load balancer; those after the lesson's two are made like the second. */
function balancer(variant: Variant, id: HostId, absent: readonly HostId[]): LabHost {
  const base = variant.way === 'vrrp' ? vrrp : course
  const like = must(base.hosts[id] ?? base.hosts['LB2'], 'LB2')
  const port = must(like.interfaces['ens33'], 'ens33')
  const number = Number(id.slice(2))
  const files: Record<string, string> = { ...like.files, [KEEPALIVED]: keepalivedConf(variant, id, like) }
  const host: LabHost = { ...like, files, boot: [...like.boot] }
  if (number > 2) {
    const mac = `00:0c:29:00:00:${number.toString(16).padStart(2, '0')}`
    host.interfaces = { ens33: { ...port, mac, addresses: [`${addressOf(id)}/24`] } }
    host.at = [288 + 130 * (number - 2), 130]
    files['/etc/frr/frr.conf'] = frrConf(id, addressOf(id), 0)
  }
  if (isByHand(variant) || absent.includes(id)) host.boot = withoutFrr(host.boot)
  host.boot.unshift(...directorLines(variant))
  return host
}

function directorLines({ sloppy, sync }: Variant): string[] {
  const daemon = (state: string): string =>
    `ipvsadm --start-daemon ${state} --mcast-interface ens33 --syncid 1`
  return [
    ...(sloppy ? ['sysctl -w net.ipv4.vs.sloppy_tcp=1'] : []),
    // told after its first packet, not only after the third
    ...(sync ? [daemon('master'), daemon('backup'), 'sysctl -w net.ipv4.vs.sync_threshold="1 50"'] : []),
  ]
}

/** The lab's own file, its virtual server replaced. */
function keepalivedConf(variant: Variant, id: HostId, like: LabHost): string {
  const old = like.files[KEEPALIVED] ?? ''
  const before = old.slice(0, old.indexOf('virtual_server'))
  const own = SERVERS[id === 'LB1' ? 0 : 1]
  const servers = variant.servers === 'own' && variant.way === 'ecmp' ? [own] : SERVERS
  const port = variant.scheduler === 'rr' ? '' : `    ${variant.scheduler}-port\n`
  const quorum = variant.quorum
    ? `    quorum_up "/sbin/ip addr add ${VIP}/32 dev lo label lo:0"\n    quorum_down "/sbin/ip addr del ${VIP}/32 dev lo"\n`
    : ''
  return `${before}virtual_server ${VIP} 8080 {
    delay_loop ${variant.delayLoopS}
    lvs_sched ${variant.scheduler}
${port}    lvs_method DR
    protocol TCP
${quorum}${servers.map(realServer).join('')}}
`
}

function realServer(server: string): string {
  return `    real_server ${server} 8080 {
        weight 10
        HTTP_GET {
            url {
                path /
                status_code 200
            }
            connect_port 8080
            connect_timeout 2
            retry 1
            delay_before_retry 1
        }
    }
`
}
