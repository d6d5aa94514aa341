import { course } from '../../core/lab/labs/course.ts'
import type { Lab } from '../../core/lab/schema.ts'

/**
 * The load balancers and servers of the course lab as golden A7 had them: keepalived runs, delay_loop is 5 instead of 30. Without
 * router and OSPF: of that recording only the health checks are compared here.
 */
export const PAIRS = [
  { lb: 'LB1', lbIp: '172.16.253.131', serverIp: '172.16.253.130' },
  { lb: 'LB2', lbIp: '172.16.253.129', serverIp: '172.16.253.134' },
] as const

/** When nginx was stopped on server1 and started again, and when the captures ended; seconds. */
export const STOPPED_S = 12.636
export const STARTED_S = 45.703
export const END_S = 60.5

export const checksLab: Lab = {
  ...course,
  profile: 'debian-12',
  segments: { lan: { mtu: 1500, delayUs: 1 } },
  hosts: Object.fromEntries(
    Object.entries(course.hosts)
      .filter(([id]) => id !== 'router')
      .map(([id, host]) => {
        const path = '/etc/keepalived/keepalived.conf'
        const conf = (host.files[path] ?? '').replace('delay_loop 30', 'delay_loop 5')
        const files = id.startsWith('LB') ? { ...host.files, [path]: conf } : host.files
        const boot = host.boot.filter((line) => !/ipvsadm|frr|keepalived/.test(line))
        if (id.startsWith('LB')) boot.push('systemctl restart keepalived')
        return [id, { ...host, files, boot }]
      }),
  ),
}
