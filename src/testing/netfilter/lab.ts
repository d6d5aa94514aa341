import { tcpConnect, tcpListen } from '../../core/kernel/tcp/socket.ts'
import { ip, makeLan } from '../lan.ts'
import { withShell } from './shell-lan.ts'

const PID = 9999

/** The lab with the client outside: client -- router -- LB1, server1 in one subnet, server3 in another. */
export function makeLab() {
  const lan = makeLan({
    client: { eth0: '10.0.0.10/24 on outside' },
    router: {
      eth0: '10.0.0.1/24 on outside',
      ens33: '172.16.253.135/24 on inside',
      eth1: '192.168.66.1/24 on far',
    },
    LB1: { ens33: '172.16.253.131/24 on inside' },
    server1: { ens33: '172.16.253.130/24 on inside' },
    server3: { eth0: '192.168.66.13/24 on far' },
  })
  const { sh, set } = withShell(lan)
  for (const host of ['router', 'LB1', 'server1']) lan.sysctl(host, 'ip_forward', 1)
  set('client', 'ip route add default via 10.0.0.1')
  set('server3', 'ip route add default via 192.168.66.1')
  for (const host of ['LB1', 'server1']) set(host, 'ip route add default via 172.16.253.135')
  set('LB1', 'ip addr add 172.16.253.100/32 dev lo label lo:0')
  set('router', 'ip route add 172.16.253.100/32 via 172.16.253.131')
  for (const host of ['server1', 'server3']) {
    lan.act(host, (h, ctx) => void tcpListen(h, { pid: PID, ip: ip('0.0.0.0'), port: 8080, backlog: 8 }, ctx))
  }
  const connectOnly = (to: string, dport: number): void =>
    lan.act('client', (host, ctx) => void tcpConnect(host, { pid: PID, dst: ip(to), dport }, ctx))
  return { ...lan, sh, set, connectOnly }
}
