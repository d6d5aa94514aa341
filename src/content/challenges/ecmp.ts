import type { Challenge } from '../challenge.ts'
import { answered, bothBalancers, curls, l, on, VIP } from './parts.ts'

const HOP1 = 'nexthop via 172.16.253.131 dev ens33'
const HOP2 = 'nexthop via 172.16.253.129 dev ens33'
const ROUTE = `ip route replace ${VIP} proto ospf metric 20`
const POLICY_1 = 'sysctl -w net.ipv4.fib_multipath_hash_policy=1'
/** The course's three extra addresses and five more, so that many hashes are drawn under policy 0. */
const EXTRA = [200, 201, 202, 203, 204, 205, 206, 207]

export const ecmp: readonly Challenge[] = [
  {
    id: 'ecmp-idle-balancer',
    topic: 'ecmp',
    level: 1,
    title: l('A balancer sits idle', '一台负载均衡闲着'),
    task: l(
      '{R} has two equal routes to the VIP. It has been sending for hours, and one load balancer has not seen a single connection. Both are healthy. Make {R} use **both**, without giving it further addresses.',
      '{R} 到 VIP 有两条等价路由。它已经发了几个小时，却有一台负载均衡一个连接也没见过。两台都是好的。不给 {R} 加别的地址，让它**两台都用**。',
    ),
    lab: 'course-static',
    boot: [],
    check: curls('router', 24),
    goals: [answered(24), bothBalancers(4)],
    hints: [
      l(
        'Compare two requests: what differs between them, what does not?',
        '比较两个请求：哪些字段不同，哪些相同？',
      ),
      l(
        'Open **Why** on the decision: policy 0 hashes the two addresses, and they never change.',
        '在**原因**里看那次选择：策略 0 只对两个地址做哈希，而它们从不变。',
      ),
      l(
        '`sysctl net.ipv4.fib_multipath_hash_policy` on {R}.',
        '在 {R} 上看 `sysctl net.ipv4.fib_multipath_hash_policy`。',
      ),
    ],
    solution: on('router', POLICY_1),
    wrong: [
      {
        commands: on('router', 'sysctl -w net.ipv4.fib_multipath_hash_policy=2'),
        why: l(
          'Policy 2 takes the inner addresses of a tunnel; without one it is policy 0.',
          '策略 2 看隧道内层的地址；没有隧道时，它等于策略 0。',
        ),
      },
      {
        commands: on('router', `${ROUTE} ${HOP2} ${HOP1}`),
        why: l(
          'Another order, still one hash: only the name of the lucky one changes.',
          '换了次序，哈希还是一个：只是换了谁走运。',
        ),
      },
    ],
    debrief: l(
      'Under policy 0 one client is one hash, so one load balancer. With ports in the hash each connection falls anew.',
      '在策略 0 下，一个客户端就是一个哈希，也就只有一台负载均衡。把端口算进哈希，每个连接才会重新落点。',
    ),
  },
  {
    id: 'ecmp-one-hop',
    topic: 'ecmp',
    level: 1,
    title: l('Half of the route is gone', '路由少了一半'),
    task: l(
      'Since last night only {L1} gets requests, although the hash policy is 1. {L2} pings well. Bring it back into the share.',
      '从昨晚起只有 {L1} 收到请求，哈希策略明明是 1。{L2} 也 ping 得通。让它重新分担。',
    ),
    lab: 'course-static',
    boot: on('router', POLICY_1, `${ROUTE} via 172.16.253.131 dev ens33`),
    check: curls('router', 24),
    goals: [answered(24), bothBalancers(4)],
    hints: [
      l('Who decides which load balancer a request takes?', '一个请求走哪台负载均衡，由谁决定？'),
      l('`ip route show` on {R}: count the next hops.', '在 {R} 上执行 `ip route show`，数一数下一跳。'),
      l(
        'One route needs two `nexthop`s; `ip route replace` puts it in the place of the old one.',
        '一条路由要有两个 `nexthop`；`ip route replace` 会替换旧的那条。',
      ),
    ],
    solution: on('router', `${ROUTE} ${HOP1} ${HOP2}`),
    wrong: [
      {
        commands: on('router', `ip route add ${VIP} via 172.16.253.129 dev ens33 metric 30`),
        why: l(
          'A second route with another metric is a spare, not a share: the lower metric takes all.',
          '另一条 metric 更大的路由只是备用，不分担：metric 小的那条全包。',
        ),
      },
      {
        commands: on('router', `ip route replace ${VIP} proto ospf metric 20 via 172.16.253.129 dev ens33`),
        why: l('Now {L2} has everything and {L1} nothing.', '现在全归 {L2}，{L1} 什么都没有了。'),
      },
    ],
    debrief: l(
      'Equal cost means one route with several next hops. Two routes that differ in metric are first choice and reserve.',
      '等价多路径是一条路由带几个下一跳。metric 不同的两条路由，一条是首选，一条是后备。',
    ),
  },
  {
    id: 'ecmp-weights',
    topic: 'ecmp',
    level: 2,
    title: l('Far from even', '远谈不上平均'),
    task: l(
      'Both load balancers get requests, but one of them only a few. They are equally strong: let each get **at least a quarter** of 40.',
      '两台负载均衡都收到请求，但其中一台只有零星几个。两台一样强：40 个请求里，让每台**至少分到四分之一**。',
    ),
    lab: 'course-static',
    boot: on('router', POLICY_1, `${ROUTE} ${HOP1} weight 1 ${HOP2} weight 12`),
    check: curls('router', 40),
    goals: [answered(40), bothBalancers(10)],
    hints: [
      l('The hash is fair; what is divided unfairly?', '哈希是公平的；分得不公平的是什么？'),
      l('**Why** shows the bounds between the next hops.', '**原因**里画出了几个下一跳之间的界线。'),
      l('Look for `weight` in `ip route show`.', '在 `ip route show` 里找 `weight`。'),
    ],
    solution: on('router', `${ROUTE} ${HOP1} ${HOP2}`),
    wrong: [
      {
        commands: [...on('LB1', `ipvsadm -e -t ${VIP}:8080 -r 172.16.253.130:8080 -g -w 30`)],
        why: l(
          'That weight shares among the servers of one load balancer; {R} does not know it.',
          '那个权重只在一台负载均衡的服务器之间起作用，{R} 不知道它。',
        ),
      },
      {
        commands: on('router', 'sysctl -w net.ipv4.fib_multipath_hash_policy=0'),
        why: l(
          'One hash for all: now one load balancer gets everything.',
          '所有请求一个哈希：现在全归一台。',
        ),
      },
    ],
    debrief: l(
      'Weights of next hops are lengths on the number line: 1 to 12 leaves a 13th of it.',
      '下一跳的权重就是数轴上的长度：1 比 12，只占十三分之一。',
    ),
  },
  {
    id: 'ecmp-black-hole',
    topic: 'ecmp',
    level: 2,
    title: l('Every other address fails', '有的地址总不通'),
    task: l(
      '{L2} has been taken down for repair: leave it so. Since then some source addresses of {R} work always, others never. Make **all** work, over {L1}.',
      '{L2} 已经停机检修，不要动它。从那时起，{R} 的有些源地址总是通，有些总是不通。让它们**全部**经 {L1} 走通。',
    ),
    lab: 'course-static',
    boot: [
      ...on(
        'router',
        ...EXTRA.map((n, i) => `ifconfig lo:${i + 1} 172.16.253.${n} netmask 255.255.255.255 up`),
      ),
      ...on('LB2', 'ip link set ens33 down'),
    ],
    check: EXTRA.flatMap((n) => curls('router', 1, ` --interface 172.16.253.${n}`)),
    goals: [
      answered(8),
      {
        kind: 'balancers',
        hosts: ['LB1'],
        least: 8,
        text: l('{L1} takes on all eight', '{L1} 接下全部八个'),
      },
    ],
    hints: [
      l('Which load balancer do the failing addresses choose?', '不通的那些地址，选中的是哪台？'),
      l(
        '`ip route get 172.16.253.100 from 172.16.253.203` tells the next hop of an address.',
        '`ip route get 172.16.253.100 from 172.16.253.203` 会给出某个地址的下一跳。',
      ),
      l(
        'A static next hop stays although nobody is there: with OSPF it would leave after the dead interval.',
        '静态下一跳后面没有人了也不会消失；若是 OSPF，过了失效时间就会撤走。',
      ),
    ],
    solution: on('router', `${ROUTE} via 172.16.253.131 dev ens33`),
    wrong: [
      {
        commands: on('router', POLICY_1),
        why: l(
          'Now it is luck for every connection instead of for every address.',
          '现在不是看地址，而是每个连接都碰运气。',
        ),
      },
      {
        commands: on('router', 'ip neigh flush dev ens33'),
        why: l(
          'Asking again does not raise the dead: the next hop is still chosen.',
          '再问一遍也问不活它：下一跳照样会被选中。',
        ),
      },
    ],
    debrief: l(
      'A hash sends a fixed share of the flows to each next hop, alive or not. That is why a routing protocol must take the dead one out.',
      '不论死活，哈希都把固定的一份流交给每个下一跳。所以才需要路由协议把失效的那个撤走。',
    ),
  },
]
