import type { Challenge } from '../challenge.ts'
import type { Command } from '../lesson.ts'
import { answered, bothBalancers, bothServers, curls, l, on } from './parts.ts'

/** The router hashes ports, so that both ways are used as soon as there are two. */
const POLICY_1 = on('router', 'sysctl -w net.ipv4.fib_multipath_hash_policy=1')
const vtysh = (host: string, ...lines: string[]): Command[] =>
  on(host, ['vtysh', ...['configure terminal', ...lines].map((line) => `-c '${line}'`)].join(' '))
/** Routing is given time to settle, as after any change. */
const check = [...on('router', 'sleep 20'), ...curls('router', 24)]
const goals = [answered(24), bothBalancers(4)]
const KEEPALIVED = '/etc/keepalived/keepalived.conf'

export const ospf: readonly Challenge[] = [
  {
    id: 'ospf-cost',
    topic: 'ospf',
    level: 2,
    title: l('Equal, but not quite', '等价，又差一点'),
    task: l(
      'FRR runs on all three, both neighbours are Full, and still {R} has only one next hop to the VIP. Let it have two.',
      '三台都在运行 FRR，两个邻居都是 Full，{R} 到 VIP 却只有一个下一跳。让它有两个。',
    ),
    lab: 'course',
    boot: [...POLICY_1, ...vtysh('LB2', 'interface lo', 'ip ospf cost 50')],
    check,
    goals,
    hints: [
      l('Equal-cost multi-path needs equal cost. Who sets it?', '等价多路径，先要代价相等。代价是谁定的？'),
      l(
        'Compare the advertised VIP: `vtysh -c "show ip ospf database router"` on {R}.',
        '比较两台通告的 VIP：在 {R} 上执行 `vtysh -c "show ip ospf database router"`。',
      ),
      l(
        'The VIP is on `lo`: its cost counts, not that of ens33.',
        'VIP 在 `lo` 上：算的是它的代价，不是 ens33 的。',
      ),
    ],
    solution: vtysh('LB2', 'interface lo', 'no ip ospf cost'),
    wrong: [
      {
        commands: vtysh('LB2', 'interface ens33', 'ip ospf cost 1'),
        why: l(
          'That is the cost of **sending** by ens33; it is 1 already.',
          '那是从 ens33 **发出**的代价，本来就是 1。',
        ),
      },
      {
        commands: vtysh('router', 'interface ens33', 'ip ospf cost 50'),
        why: l(
          'The router’s own cost is added to both ways: the difference stays.',
          '路由器自己的代价两条路都要加，差距还在。',
        ),
      },
    ],
    debrief: l(
      'OSPF adds the cost of the way to that of the advertised address. Only equal sums become one route with two next hops.',
      'OSPF 把路上的代价和通告地址的代价相加。和相等，才会成为一条路由、两个下一跳。',
    ),
  },
  {
    id: 'ospf-hello',
    topic: 'ospf',
    level: 2,
    title: l('Neighbours that do not greet', '邻居不打招呼'),
    task: l(
      '{L2} has vanished from `show ip ospf neighbor` of {R}, though it can be pinged and its daemons run. Bring both next hops back.',
      '{L2} 从 {R} 的 `show ip ospf neighbor` 里消失了，可它 ping 得通，守护进程也在。让两个下一跳都回来。',
    ),
    lab: 'course',
    boot: [...POLICY_1, ...vtysh('LB2', 'interface ens33', 'ip ospf hello-interval 3')],
    check,
    goals,
    hints: [
      l('The hellos of {L2} arrive at {R}. What becomes of them?', '{L2} 的 Hello 到了 {R}。后来怎样了？'),
      l(
        'Some fields of a hello must be the same on both sides (RFC 2328, 10.5).',
        'Hello 里有几个字段，双方必须一致（RFC 2328 第 10.5 节）。',
      ),
      l(
        '`vtysh -c "show ip ospf interface ens33"` on {R} and {L2}: compare the timers.',
        '在 {R} 和 {L2} 上执行 `vtysh -c "show ip ospf interface ens33"`，比较计时器。',
      ),
    ],
    solution: vtysh('LB2', 'interface ens33', 'ip ospf hello-interval 1'),
    wrong: [
      {
        commands: vtysh('LB2', 'interface ens33', 'ip ospf dead-interval 12'),
        why: l('Now two timers differ instead of one.', '这下不一致的计时器从一个变成两个。'),
      },
      {
        commands: vtysh('router', 'interface ens33', 'ip ospf hello-interval 3'),
        why: l(
          'Now {R} agrees with {L2} and no longer with {L1}.',
          '这下 {R} 和 {L2} 一致了，和 {L1} 又不一致。',
        ),
      },
    ],
    debrief: l(
      'Hello and dead interval must agree, or the hello is thrown away without a word to its sender.',
      'Hello 间隔和失效间隔必须一致，否则对方会悄悄丢掉 Hello，发送方毫不知情。',
    ),
  },
  {
    id: 'ospf-firewall',
    topic: 'ospf',
    level: 2,
    title: l('Web allowed, all else not', '只放行网页'),
    task: l(
      'A firewall on {L1} lets in what looked necessary. After the dead interval {R} had one next hop less. Keep the firewall’s last rule and let {R} have both again.',
      '{L1} 上装了防火墙，放行了看起来必要的。过了失效间隔，{R} 就少了一个下一跳。保留防火墙的最后一条规则，让 {R} 重新有两个。',
    ),
    lab: 'course',
    boot: [
      ...POLICY_1,
      ...on(
        'LB1',
        'iptables -A INPUT -p tcp --dport 8080 -j ACCEPT',
        'iptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT',
        'iptables -A INPUT -j DROP',
      ),
    ],
    check: [...on('router', 'sleep 30'), ...curls('router', 24)],
    goals,
    hints: [
      l('Requests pass. What else must reach {L1}?', '请求能过。还有什么必须到达 {L1}？'),
      l(
        'OSPF is neither TCP nor UDP: it is IP protocol 89.',
        'OSPF 既不是 TCP 也不是 UDP，它是 IP 协议 89。',
      ),
      l(
        'A rule that accepts must stand **before** the one that drops.',
        '放行的规则必须排在丢弃的**前面**。',
      ),
    ],
    solution: on('LB1', 'iptables -I INPUT -p 89 -j ACCEPT'),
    wrong: [
      {
        commands: on('LB1', 'iptables -A INPUT -p 89 -j ACCEPT'),
        why: l('Behind the DROP nothing is asked.', '排在 DROP 后面，轮不到它。'),
      },
      {
        commands: on('LB1', 'iptables -I INPUT -p udp --dport 89 -j ACCEPT'),
        why: l('Protocol 89 is not port 89.', '协议 89 不是端口 89。'),
      },
    ],
    debrief: l(
      'A routing protocol that is filtered looks like a dead host after the dead interval. The lesson stops firewalld first of all.',
      '路由协议被过滤掉，过了失效间隔，看上去就像主机死了。课程一上来就先关掉 firewalld。',
    ),
  },
  {
    id: 'ospf-stopped',
    topic: 'ospf',
    level: 1,
    title: l('Nobody tells the router', '没有人告诉路由器'),
    task: l(
      '{L2} serves well when it is asked, but {R} has only one next hop. Let both take part again, without a static route.',
      '直接找 {L2} 时它服务正常，{R} 却只有一个下一跳。不写静态路由，让两台都重新参与。',
    ),
    lab: 'course',
    boot: [...POLICY_1, ...on('LB2', 'systemctl stop frr')],
    check,
    goals,
    hints: [
      l('Where do the next hops of {R} come from?', '{R} 的下一跳是从哪里来的？'),
      l(
        '`vtysh -c "show ip ospf neighbor"` on {R}: who is missing?',
        '在 {R} 上执行 `vtysh -c "show ip ospf neighbor"`：少了谁？',
      ),
      l('`systemctl status frr` on {L2}.', '在 {L2} 上执行 `systemctl status frr`。'),
    ],
    solution: on('LB2', 'systemctl start frr'),
    wrong: [
      {
        commands: on('LB2', 'systemctl restart keepalived'),
        why: l(
          'keepalived minds the servers; it tells the router nothing.',
          'keepalived 管的是服务器，不会告诉路由器什么。',
        ),
      },
      {
        commands: on('router', 'systemctl restart frr'),
        why: l('The router listens already; nobody speaks.', '路由器一直在听，只是没有人说话。'),
      },
    ],
    debrief: l(
      'Each load balancer announces the VIP itself. When its daemon stops, it leaves the share, which is also how one is drained.',
      '每台负载均衡自己通告 VIP。守护进程一停，它就退出分担；要摘下一台，也可以这么做。',
    ),
  },
  {
    id: 'ospf-health-check',
    topic: 'ospf',
    level: 2,
    title: l('Alive, but declared dead', '明明活着，却判了死'),
    task: l(
      'Connections that {R} gives to {L2} are refused, although nginx on {S2} answers everybody. {L2} says its server failed. Let both load balancers serve again.',
      '{R} 交给 {L2} 的连接都被拒绝，可 {S2} 的 nginx 谁问都答。{L2} 说它的服务器挂了。让两台负载均衡都恢复服务。',
    ),
    lab: 'course',
    boot: [
      ...POLICY_1,
      ...on(
        'LB2',
        `sed -i 's/status_code 200/status_code 204/' ${KEEPALIVED}`,
        'systemctl restart keepalived',
      ),
    ],
    check: [...on('router', 'sleep 40'), ...curls('router', 24)],
    goals: [answered(24), bothBalancers(4), bothServers(4)],
    hints: [
      l(
        '`ipvsadm -Ln` on {L2}: who stands below the service?',
        '在 {L2} 上执行 `ipvsadm -Ln`：服务下面有谁？',
      ),
      l(
        '`journalctl -u keepalived` on {L2} names the reason.',
        '{L2} 上的 `journalctl -u keepalived` 写着原因。',
      ),
      l(
        'Compare the check in `keepalived.conf` on both load balancers.',
        '比较两台负载均衡的 `keepalived.conf` 里的检查。',
      ),
    ],
    solution: on(
      'LB2',
      `sed -i 's/status_code 204/status_code 200/' ${KEEPALIVED}`,
      'systemctl restart keepalived',
    ),
    wrong: [
      {
        commands: on('server2', 'nginx -s reload'),
        why: l('The server is well; its judge is not.', '服务器没毛病，是检查的标准错了。'),
      },
      {
        commands: on('LB2', 'systemctl restart keepalived'),
        why: l(
          'The same file, the same judgement, after the next check.',
          '同一份配置，下一次检查还是同样的结论。',
        ),
      },
    ],
    debrief: l(
      'A health check is a claim about the answer. When the claim is wrong, a living server is taken out, and the VIP is announced all the same.',
      '健康检查是对应答的一种断言。断言错了，活着的服务器也会被摘掉，而 VIP 照样在通告。',
    ),
  },
]
