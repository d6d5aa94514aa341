import { frrDaemons } from '../../core/lab/labs/course-files.ts'

/** Configuration of routing daemons and keepalived for own labs, and the questions that are put to them. */

interface FrrOptions {
  /** Lines by interface. */
  ifaces?: Record<string, readonly string[]>
  /** Lines of `router ospf`; `network 0.0.0.0/0 area 0` stands for "everywhere". */
  ospf: readonly string[]
  /** Lines at the top. */
  top?: readonly string[]
}

/** Seconds between Hellos and until a silent neighbour is given up, on every interface. */
export const FAST = ['ip ospf hello-interval 1', 'ip ospf dead-interval 4']

/** frr.conf and daemons of a host. */
export function frrFiles(
  name: string,
  routerId: string,
  { ifaces = {}, ospf, top = [] }: FrrOptions,
): Record<string, string> {
  const node = (head: string, lines: readonly string[]): string[] => [
    head,
    ...lines.map((line) => ` ${line}`),
    'exit',
    '!',
  ]
  const lines = [
    'frr version 8.4.4',
    'frr defaults traditional',
    `hostname ${name}`,
    'log file /var/log/frr/frr.log informational',
    'service integrated-vtysh-config',
    '!',
    ...top,
    ...Object.entries(ifaces).flatMap(([dev, words]) => node(`interface ${dev}`, words)),
    ...node('router ospf', [`ospf router-id ${routerId}`, 'log-adjacency-changes', ...ospf]),
  ]
  return { '/etc/frr/daemons': frrDaemons(), '/etc/frr/frr.conf': `${lines.join('\n')}\n` }
}

/** The questions of a lab, each to one host: `show ip ospf ...` by vtysh. */
export function ask(host: string, ...questions: readonly string[]): string[] {
  return questions.map((question) => `${host}$ vtysh -c "show ip ${question}"`)
}

export const NEIGHBORS = 'ospf neighbor'
export const DATABASE = 'ospf database'
export const OSPF_ROUTES = 'ospf route'
export const ROUTES = 'route'

interface Real {
  address: string
  lines?: readonly string[]
  check?: readonly string[]
}

/** Checked every second, given up after one repetition. */
export const HTTP_CHECK = [
  'HTTP_GET {',
  'url {',
  'path /',
  'status_code 200',
  '}',
  'connect_timeout 1',
  'retry 1',
  'delay_before_retry 1',
  '}',
]
export const TCP_CHECK = ['TCP_CHECK {', 'connect_timeout 1', 'retry 1', 'delay_before_retry 1', '}']

/** keepalived.conf with one virtual service at port 8080, whose servers are looked at every two seconds. */
export function virtualServer(vip: string, lines: readonly string[], servers: readonly Real[]): string {
  const reals = servers.flatMap(({ address, lines: more = [], check = HTTP_CHECK }) => [
    `real_server ${address} 8080 {`,
    ...more,
    ...check,
    '}',
  ])
  return indent([
    `virtual_server ${vip} 8080 {`,
    ...['delay_loop 2', 'lvs_method DR', 'protocol TCP'],
    ...lines,
    ...reals,
    '}',
  ])
}

/** One VRRP instance on an interface. */
export function vrrpInstance(dev: string, vip: string, lines: readonly string[]): string {
  return indent([
    'vrrp_instance VI_1 {',
    ...[`interface ${dev}`, 'virtual_router_id 51', 'advert_int 1'],
    ...lines,
    ...['virtual_ipaddress {', vip, '}'],
    '}',
  ])
}

function indent(lines: readonly string[]): string {
  let depth = 0
  const out = lines.map((line) => {
    if (line === '}') depth--
    const text = '    '.repeat(depth) + line
    if (line.endsWith('{')) depth++
    return text
  })
  return `${out.join('\n')}\n`
}
