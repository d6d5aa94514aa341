import type { Challenge } from '../challenge.ts'
import { answered, bothBalancers, bothServers, curls, fullnatSetup, HIDE, l, on, SERVICE } from './parts.ts'

/** Both load balancers in FULLNAT, each with a local address, and both servers behind each. */
const bothFullnat = (lips: { LB1: string; LB2: string }) => [
  ...on('router', 'sysctl -w net.ipv4.fib_multipath_hash_policy=1'),
  ...(['LB1', 'LB2'] as const).flatMap((lb) =>
    on(
      lb,
      'sysctl -w net.ipv4.conf.all.send_redirects=0',
      'sysctl -w net.ipv4.conf.ens33.send_redirects=0',
      'ipvsadm -C',
      `ipvsadm -A ${SERVICE} -s rr`,
      `ipvsadm -a ${SERVICE} -r 172.16.253.130:8080 -b`,
      `ipvsadm -a ${SERVICE} -r 172.16.253.134:8080 -b`,
      `ipvsadm -P ${SERVICE} -z ${lips[lb]}`,
    ),
  ),
]

export const fullnat: readonly Challenge[] = [
  {
    id: 'fullnat-local-address',
    topic: 'fullnat',
    level: 1,
    title: l('No address of its own', '没有自己的地址'),
    task: l(
      'FULLNAT has just been set up. {L1} receives the requests and throws them away. Let both servers answer {C}.',
      'FULLNAT 刚刚配好。{L1} 收到请求就丢。让两台服务器都能答到 {C}。',
    ),
    lab: 'outside',
    boot: [...fullnatSetup, ...on('LB1', `ipvsadm -Q ${SERVICE} -z 172.16.253.131`)],
    check: curls('client', 8),
    goals: [answered(8), bothServers(2)],
    hints: [
      l('FULLNAT rewrites two addresses. Which is the second?', 'FULLNAT 要改两个地址。第二个是什么？'),
      l('`ipvsadm -G` lists local addresses.', '`ipvsadm -G` 会列出本地地址。'),
      l('`ipvsadm -P SERVICE -z ADDRESS` gives the service one.', '`ipvsadm -P 服务 -z 地址` 给服务加一个。'),
    ],
    solution: on('LB1', `ipvsadm -P ${SERVICE} -z 172.16.253.131`),
    wrong: [
      {
        commands: on('LB1', `ipvsadm -P ${SERVICE} -z 172.16.253.77`),
        why: l(
          'An address that the load balancer does not own is refused.',
          '不属于负载均衡自己的地址，会被拒绝。',
        ),
      },
      {
        commands: on('LB1', 'ip addr add 172.16.253.77/24 dev ens33'),
        why: l(
          'An address is not yet a local address of the service.',
          '有了地址，还不等于服务有了本地地址。',
        ),
      },
    ],
    debrief: l(
      'FULLNAT puts an address of the load balancer in the place of the client’s, so answers come back by themselves. Without one it cannot start.',
      'FULLNAT 把客户端的地址换成负载均衡自己的，应答才会自己回来。没有这个地址，就无从开始。',
    ),
  },
  {
    id: 'fullnat-shared-address',
    topic: 'fullnat',
    level: 3,
    title: l('One return address for two', '两台共用一个回信地址'),
    task: l(
      'Two load balancers in FULLNAT behind ECMP, configured by copy and paste. About half of the connections fail: always those that one of them takes on. Let all 24 be answered, over **both** load balancers.',
      'ECMP 后面两台 FULLNAT 负载均衡，配置是复制粘贴来的。大约一半连接失败：总是其中一台接下的那些。让 24 个请求经**两台**负载均衡全部得到应答。',
    ),
    lab: 'course-static',
    boot: [
      ...on('LB2', ...HIDE, 'ip addr add 172.16.253.131/32 dev lo'),
      ...bothFullnat({ LB1: '172.16.253.131', LB2: '172.16.253.131' }),
    ],
    check: curls('router', 24),
    goals: [answered(24), bothBalancers(4), bothServers(4)],
    hints: [
      l(
        'Follow an answer of a server: which load balancer does it come to?',
        '跟着服务器的一个应答走：它到了哪台负载均衡？',
      ),
      l('Did that one take on the connection?', '接下这个连接的是它吗？'),
      l('Compare `ipvsadm -G` on both.', '在两台上比较 `ipvsadm -G`。'),
    ],
    solution: on('LB2', `ipvsadm -Q ${SERVICE} -z 172.16.253.131`, `ipvsadm -P ${SERVICE} -z 172.16.253.129`),
    wrong: [
      {
        commands: on('LB1', `ipvsadm -Q ${SERVICE} -z 172.16.253.131`),
        why: l('Now the other one has none at all.', '现在另一台一个也没有了。'),
      },
      {
        commands: on('LB2', 'sysctl -w net.ipv4.conf.all.arp_ignore=0'),
        why: l(
          'Both speak for one address now: whoever is believed takes the answers of the other.',
          '现在两台都替同一个地址应答：谁被相信，谁就拿走另一台的应答。',
        ),
      },
    ],
    debrief: l(
      'The answer goes to whoever owns the local address. So each load balancer needs its own.',
      '应答会去找本地地址的主人。所以每台负载均衡要有各自的本地地址。',
    ),
  },
  {
    id: 'fullnat-toa',
    topic: 'fullnat',
    level: 2,
    title: l('Everybody has one address', '所有人都是同一个地址'),
    task: l(
      'FULLNAT works, but the log of the servers shows one and the same client for all requests. {L1} already sends the client’s address along. Let the servers see {C}, still in FULLNAT.',
      'FULLNAT 工作正常，但服务器的日志里，所有请求都来自同一个客户端。{L1} 已经把客户端地址随包带上了。仍用 FULLNAT，让服务器看到 {C}。',
    ),
    lab: 'outside',
    boot: [...fullnatSetup, ...on('LB1', 'sysctl -w net.ipv4.vs.toa_entry=1')],
    check: curls('client', 8),
    goals: [
      answered(8),
      bothServers(2),
      {
        kind: 'source',
        ip: '10.0.0.10',
        text: l('The servers see the address of {C}', '服务器看到的是 {C} 的地址'),
      },
    ],
    hints: [
      l(
        'Look into the TCP options of a packet from {L1} to a server.',
        '看看 {L1} 发给服务器的包里有哪些 TCP 选项。',
      ),
      l(
        'Option 254 holds the address. Who on the server would read it?',
        '254 号选项里有那个地址。服务器上谁来读它？',
      ),
      l('It takes a kernel module on the servers: toa.', '服务器上要有一个内核模块：toa。'),
    ],
    solution: [...on('server1', 'modprobe toa'), ...on('server2', 'modprobe toa')],
    wrong: [
      {
        commands: on('LB1', 'modprobe toa'),
        why: l('The sender has no need of it; the readers have.', '发送方用不着它，要读的是接收方。'),
      },
      {
        commands: on('server1', 'modprobe toa'),
        why: l('The other server still does not read it.', '另一台服务器还是不会读。'),
      },
    ],
    debrief: l(
      'FULLNAT hides the client. TOA sends its address as a TCP option, and a module on the server shows it to programs.',
      'FULLNAT 把客户端藏了起来。TOA 把它的地址放进 TCP 选项，再由服务器上的模块告诉程序。',
    ),
  },
]
