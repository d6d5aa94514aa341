import type { Challenge, Goal } from '../challenge.ts'
import { answered, balanced, bothServers, curls, l, natSetup, on, SERVICE } from './parts.ts'

const CLIENT: Goal = {
  kind: 'source',
  ip: '10.0.0.10',
  text: l('The servers see the address of {C}', '服务器看到的是 {C} 的地址'),
}

export const nat: readonly Challenge[] = [
  {
    id: 'nat-gateway',
    topic: 'nat',
    level: 1,
    title: l('The way back misses the balancer', '回程没有经过负载均衡'),
    task: l(
      'NAT mode. Requests whose turn is {S1} are answered by it, and {C} resets them. Let both servers answer; they shall go on seeing the address of {C}.',
      'NAT 模式。轮到 {S1} 的请求，它应答了，却被 {C} 用 RST 打断。让两台服务器都能应答，并且仍能看到 {C} 的地址。',
    ),
    lab: 'outside',
    boot: [...natSetup, ...on('server1', 'ip route replace default via 172.16.253.135')],
    check: curls('client', 12),
    goals: [answered(12), bothServers(4), CLIENT],
    hints: [
      l(
        'Which source address does the SYN+ACK carry that {C} refuses?',
        '{C} 拒绝的那个 SYN+ACK，源地址是什么？',
      ),
      l('Who puts the VIP back, and did the packet pass there?', '是谁负责换回 VIP？包经过那里了吗？'),
      l('`ip route` on {S1} and {S2}.', '看 {S1} 和 {S2} 的 `ip route`。'),
    ],
    solution: on('server1', 'ip route replace default via 172.16.253.131'),
    wrong: [
      {
        commands: on('server1', 'sysctl -w net.ipv4.ip_forward=1'),
        why: l(
          'The server sends its own packets; it forwards nothing.',
          '服务器发的是自己的包，并不转发什么。',
        ),
      },
      {
        commands: on('LB1', `ipvsadm -e ${SERVICE} -r 172.16.253.130:8080 -g`),
        why: l(
          'In DR the server would need the VIP; without it the packet is not taken.',
          '用 DR，服务器就得有 VIP；没有它，包不会被收下。',
        ),
      },
    ],
    debrief: l(
      'NAT rewrites in one direction and must undo it in the other: the answer has to pass the same load balancer.',
      'NAT 去时改写，回时要改回来：应答必须经过同一台负载均衡。',
    ),
  },
  {
    id: 'nat-same-subnet',
    topic: 'nat',
    level: 3,
    title: l('Too near to be served', '离得太近，反而不通'),
    task: l(
      '{C} outside is served well. {R}, which is in the servers’ own subnet, gets RSTs instead of answers, though the servers’ gateway is {L1}. Let {R} be served, **without** losing {C}.',
      '外面的 {C} 一切正常。{R} 与服务器同一子网，服务器的网关也是 {L1}，它的连接却被复位。让 {R} 也能用，**同时**不影响 {C}。',
    ),
    lab: 'outside',
    boot: natSetup,
    check: [...curls('router', 6), ...curls('client', 6)],
    goals: [answered(12), bothServers(4), balanced],
    hints: [
      l('Which way does the SYN+ACK to {R} take?', '发给 {R} 的 SYN+ACK 走哪条路？'),
      l(
        'For a neighbour no gateway is used: the subnet’s own route is longer than default.',
        '邻居之间不用网关：子网自己的路由比默认路由更长。',
      ),
      l(
        'Either a longer route for {R} through {L1}, or a mode in which the answer comes back by itself.',
        '要么给 {R} 加一条更长的、经过 {L1} 的路由，要么换一种应答会自己回来的模式。',
      ),
    ],
    solution: [
      ...on('server1', 'ip route add 172.16.253.135 via 172.16.253.131'),
      ...on('server2', 'ip route add 172.16.253.135 via 172.16.253.131'),
    ],
    wrong: [
      {
        commands: [
          ...on('server1', 'ip route replace default via 172.16.253.131'),
          ...on('server2', 'ip route replace default via 172.16.253.131'),
        ],
        why: l('That was so already; the subnet’s route wins.', '本来就是这样；子网的路由更长，它说了算。'),
      },
      {
        commands: on('LB1', `iptables -t nat -A POSTROUTING -p tcp --dport 8080 -j MASQUERADE`),
        why: l(
          'IPVS traffic passes the NAT table only with `net.ipv4.vs.conntrack=1`.',
          '只有 `net.ipv4.vs.conntrack=1` 时，IPVS 的流量才会经过 nat 表。',
        ),
      },
    ],
    debrief: l(
      'The default gateway is for strangers. A client in the same subnet gets the answer directly, with the server’s own address, and resets it. FULLNAT or a /32 route heals it.',
      '默认网关只管外人。同子网的客户端直接收到应答，源地址是服务器自己的，于是复位。用 FULLNAT，或加一条 /32 路由就好。',
    ),
  },
  {
    id: 'nat-no-forward',
    topic: 'nat',
    level: 2,
    title: l('Which direction dies?', '断的是哪个方向？'),
    task: l(
      'NAT mode, gateways are right, no firewall anywhere. {C} gets nothing. Mend it on **one** host.',
      'NAT 模式，网关没错，哪里都没有防火墙。{C} 却什么也收不到。只动**一台**主机，把它修好。',
    ),
    lab: 'outside',
    boot: [...natSetup, ...on('LB1', 'sysctl -w net.ipv4.ip_forward=0')],
    check: curls('client', 8),
    goals: [
      answered(8),
      bothServers(2),
      { kind: 'kept', why: ['IP_NOFORWARD'], text: l('No host refuses to forward', '没有主机拒绝转发') },
    ],
    hints: [
      l('The request gets through. Follow the answer.', '请求过去了。跟着应答走。'),
      l(
        'The request is for {L1} itself, the answer is for {C}: what must {L1} be to pass it on?',
        '请求是给 {L1} 的，应答是给 {C} 的：{L1} 得是什么，才能把它转过去？',
      ),
      l('`sysctl net.ipv4.ip_forward` on {L1}.', '在 {L1} 上看 `sysctl net.ipv4.ip_forward`。'),
    ],
    solution: on('LB1', 'sysctl -w net.ipv4.ip_forward=1'),
    wrong: [
      {
        commands: [
          ...on('server1', 'sysctl -w net.ipv4.ip_forward=1'),
          ...on('server2', 'sysctl -w net.ipv4.ip_forward=1'),
        ],
        why: l('Servers are ends, not routers.', '服务器是终点，不是路由器。'),
      },
      {
        commands: on('LB1', 'sysctl -w net.ipv4.conf.all.rp_filter=0'),
        why: l('The source is fine; forwarding is off.', '源地址没问题，是转发关着。'),
      },
    ],
    debrief: l(
      'IPVS sends requests on without asking ip_forward; answers under NAT are ordinary forwarding and need it.',
      'IPVS 把请求送出去时不看 ip_forward；NAT 的应答是普通转发，需要它。',
    ),
  },
  {
    id: 'nat-real-port',
    topic: 'nat',
    level: 1,
    title: l('Knocking at the wrong port', '敲错了门'),
    task: l(
      'NAT mode. One of the servers refuses every connection that {L1} gives it; asked directly it works. Let both servers answer.',
      'NAT 模式。{L1} 交给其中一台服务器的连接全被拒绝；直接访问它却正常。让两台服务器都能应答。',
    ),
    lab: 'outside',
    boot: [
      ...natSetup,
      ...on(
        'LB1',
        `ipvsadm -d ${SERVICE} -r 172.16.253.134:8080`,
        `ipvsadm -a ${SERVICE} -r 172.16.253.134:80 -m`,
      ),
    ],
    check: curls('client', 12),
    goals: [answered(12), bothServers(4)],
    hints: [
      l('Which host sends the RST, and for which port?', 'RST 是哪台主机发的，针对哪个端口？'),
      l('Under NAT the load balancer writes the port, too.', 'NAT 下，负载均衡连端口也会改写。'),
      l(
        '`ipvsadm -Ln` on {L1}: read the ports of the real servers.',
        '在 {L1} 上执行 `ipvsadm -Ln`，看真实服务器的端口。',
      ),
    ],
    solution: on(
      'LB1',
      `ipvsadm -d ${SERVICE} -r 172.16.253.134:80`,
      `ipvsadm -a ${SERVICE} -r 172.16.253.134:8080 -m`,
    ),
    wrong: [
      {
        commands: on('LB1', `ipvsadm -a ${SERVICE} -r 172.16.253.134:8080 -m`),
        why: l(
          'Now it is right in one turn of three, and wrong in another.',
          '三轮里对了一轮，错的那个还在。',
        ),
      },
      {
        commands: on('LB1', `ipvsadm -d ${SERVICE} -r 172.16.253.134:80`),
        why: l('No more refusals, and one server idle.', '不再被拒绝，但一台服务器闲下来了。'),
      },
    ],
    debrief: l(
      'Port mapping is a gift of NAT, and one more thing that can be wrong.',
      '端口映射是 NAT 的长处，也多了一处可能出错的地方。',
    ),
  },
]
