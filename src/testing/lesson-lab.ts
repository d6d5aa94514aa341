import { course } from '../core/lab/labs/course.ts'
import type { Lab, LabHost } from '../core/lab/schema.ts'

/**
 * The course lab as it stood when the transcripts were made: the same files and addresses, but daemons started by hand instead
 * of by systemd, and no watchfrr. LB2 came up some seconds later.
 */
const FRR = [
  '/usr/lib/frr/zebra -d -F traditional -A 127.0.0.1 -s 90000000',
  '/usr/lib/frr/ospfd -d -F traditional -A 127.0.0.1',
  'vtysh -b',
]
const KEEPALIVED = 'keepalived -n -l -D -C >/var/log/keepalived.log 2>&1 &'

function byHand(id: string, host: LabHost): LabHost {
  const boot = host.boot.flatMap((line) => {
    if (line === 'sysctl -p') return ['sysctl -w net.ipv4.ip_forward=1']
    if (line === 'systemctl restart frr') return id === 'LB2' ? ['sleep 4', ...FRR] : FRR
    return line === 'systemctl restart keepalived' ? [KEEPALIVED] : [line]
  })
  return { ...host, boot, files: { ...host.files, '/etc/sysctl.conf': '# nothing is set here\n' } }
}

export const lessonLab: Lab = {
  ...course,
  profile: 'debian-12',
  hosts: Object.fromEntries(Object.entries(course.hosts).map(([id, host]) => [id, byHand(id, host)])),
}
