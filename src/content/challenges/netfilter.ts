import type { Challenge } from '../challenge.ts'
import {
  answered,
  balanced,
  bothBalancers,
  bothServers,
  curls,
  drSetup,
  l,
  natSetup,
  on,
  VIP,
} from './parts.ts'

const POLICY_1 = on('router', 'sysctl -w net.ipv4.fib_multipath_hash_policy=1')

export const netfilter: readonly Challenge[] = [
  {
    id: 'netfilter-not-mine',
    topic: 'netfilter',
    level: 2,
    title: l('A balancer that passes it by', '负载均衡却不接'),
    task: l(
      '{L1} has its IPVS service, its server is well, {R} chooses it for about half of the connections. Yet {L1} takes on none of them. Make both load balancers work again.',
      '{L1} 上有 IPVS 服务，它的服务器也正常，{R} 的连接大约有一半选中它。可是 {L1} 一个也没接。让两台负载均衡都恢复工作。',
    ),
    lab: 'course-static',
    boot: [...POLICY_1, ...on('LB1', `ip addr del ${VIP}/32 dev lo`)],
    check: curls('router', 24),
    goals: [answered(24), bothBalancers(4), balanced],
    hints: [
      l(
        'Which of the two ways through Netfilter does the request take on {L1}?',
        '请求在 {L1} 上走的是 Netfilter 两条路中的哪一条？',
      ),
      l(
        'IPVS takes requests in LOCAL_IN. Compare the hooks on {L1} and {L2}.',
        'IPVS 在 LOCAL_IN 接请求。比较 {L1} 和 {L2} 上经过的钩子。',
      ),
      l(
        '`ip addr show lo` on both: only one owns the VIP.',
        '两边都看 `ip addr show lo`：只有一台拥有 VIP。',
      ),
    ],
    solution: on('LB1', `ip addr add ${VIP}/32 dev lo`),
    wrong: [
      {
        commands: on('LB1', `ip route add ${VIP}/32 via 172.16.253.130`),
        why: l(
          'The packet arrives at the server, but by FORWARD: IPVS never saw it, and nothing is balanced.',
          '包是到了服务器，但走的是 FORWARD：IPVS 没见到它，也就没有做负载均衡。',
        ),
      },
      {
        commands: on('LB1', 'sysctl -w net.ipv4.ip_forward=0'),
        why: l('Then what is not for {L1} is not even passed on.', '那样，不归 {L1} 的包连转发都没有了。'),
      },
    ],
    debrief: l(
      'The routing decision comes before LOCAL_IN: only what is addressed to the host gets there. So the load balancer must own the VIP.',
      '路由判断在 LOCAL_IN 之前：只有目的地是本机的包才能到那里。所以负载均衡必须拥有 VIP。',
    ),
  },
  {
    id: 'netfilter-input-rule',
    topic: 'netfilter',
    level: 1,
    title: l('A rule in the way', '一条规则挡了路'),
    task: l(
      'Half of the connections time out since somebody “made things safer”. Find the rule, and let all 24 requests be answered. The rules for other ports shall stay.',
      '自从有人“加固”之后，一半的连接超时。找出那条规则，让 24 个请求全部得到应答。其他端口的规则要保留。',
    ),
    lab: 'course-static',
    boot: [
      ...POLICY_1,
      ...on(
        'LB2',
        'iptables -A INPUT -p tcp --dport 22 -j ACCEPT',
        'iptables -A INPUT -p tcp --dport 8080 -j DROP',
        'iptables -A INPUT -p tcp --dport 23 -j DROP',
      ),
    ],
    check: curls('router', 24),
    goals: [
      answered(24),
      bothBalancers(4),
      { kind: 'kept', why: ['NETFILTER_DROP'], text: l('No rule throws a packet away', '没有规则丢包') },
    ],
    hints: [
      l('Step to the next drop: on which host, in which hook?', '跳到下一次丢包：在哪台主机、哪个钩子？'),
      l('`iptables -L INPUT -n --line-numbers` there.', '在那里执行 `iptables -L INPUT -n --line-numbers`。'),
      l('Rules are tried from the top; the first that fits decides.', '规则从上往下试，第一条符合的说了算。'),
    ],
    solution: on('LB2', 'iptables -D INPUT -p tcp --dport 8080 -j DROP'),
    wrong: [
      {
        commands: on('LB2', 'iptables -A INPUT -p tcp --dport 8080 -j ACCEPT'),
        why: l('It stands behind the DROP and is never reached.', '它排在 DROP 后面，永远轮不到。'),
      },
      {
        commands: on('LB2', 'iptables -I FORWARD -p tcp --dport 8080 -j ACCEPT'),
        why: l(
          'The request is for the host itself: it goes by INPUT, not by FORWARD.',
          '请求是给本机的：走 INPUT，不走 FORWARD。',
        ),
      },
    ],
    debrief: l(
      'IPVS sits in LOCAL_IN behind the filter: what INPUT drops, it never sees. The lesson switches firewalld off for that reason.',
      'IPVS 在 LOCAL_IN 里排在 filter 之后：INPUT 丢掉的，它看不到。课程里关掉 firewalld 正是为此。',
    ),
  },
  {
    id: 'netfilter-forward-policy',
    topic: 'netfilter',
    level: 2,
    title: l('Questions pass, answers do not', '有去无回'),
    task: l(
      'NAT mode. The servers log every SYN and answer it, but {C} gets nothing. Let its eight requests be answered, by both servers, through {L1}.',
      'NAT 模式。服务器收到每个 SYN，也都应答了，{C} 却什么也收不到。让它的八个请求经 {L1} 由两台服务器应答。',
    ),
    lab: 'outside',
    boot: [...natSetup, ...on('LB1', 'iptables -P FORWARD DROP')],
    check: curls('client', 8),
    goals: [answered(8), bothServers(2), balanced],
    hints: [
      l('Follow one SYN+ACK: where does it end?', '跟着一个 SYN+ACK 走：它在哪里停下？'),
      l(
        'Requests go by LOCAL_IN and LOCAL_OUT. Which hook do the answers go through?',
        '请求走 LOCAL_IN 和 LOCAL_OUT。应答走的是哪个钩子？',
      ),
      l(
        '`iptables -L FORWARD -n` on {L1}: look at the policy.',
        '在 {L1} 上执行 `iptables -L FORWARD -n`，看默认策略。',
      ),
    ],
    solution: on('LB1', 'iptables -P FORWARD ACCEPT'),
    wrong: [
      {
        commands: on('LB1', 'iptables -A INPUT -j ACCEPT'),
        why: l(
          'Requests were never the trouble; the answers are forwarded.',
          '请求本来就没有问题；应答走的是转发。',
        ),
      },
      {
        commands: on('server1', 'iptables -P FORWARD ACCEPT'),
        why: l(
          'The servers send their own answers: nothing is forwarded there.',
          '服务器发的是自己的应答，那里没有转发。',
        ),
      },
    ],
    debrief: l(
      'Under NAT the answer is for the client, not for the load balancer: it is forwarded, and IPVS puts the VIP back in FORWARD.',
      'NAT 下，应答的目的地是客户端而不是负载均衡：它被转发，IPVS 就在 FORWARD 里换回 VIP。',
    ),
  },
  {
    id: 'netfilter-router-stops',
    topic: 'netfilter',
    level: 1,
    title: l('The router keeps it to itself', '路由器不肯转'),
    task: l(
      '{C} cannot reach the VIP; {R} can be pinged from it. Let eight requests of {C} be answered.',
      '{C} 连不上 VIP，但能 ping 通 {R}。让 {C} 的八个请求得到应答。',
    ),
    lab: 'outside',
    boot: [...drSetup, ...on('router', 'sysctl -w net.ipv4.ip_forward=0')],
    check: curls('client', 8),
    goals: [answered(8), bothServers(2)],
    hints: [
      l('How far does the SYN get?', 'SYN 走到了哪里？'),
      l(
        'The drop has a reason: a packet for somebody else on a host that does not forward.',
        '丢包有原因：包是给别人的，而这台主机不转发。',
      ),
      l('`sysctl net.ipv4.ip_forward` on {R}.', '在 {R} 上看 `sysctl net.ipv4.ip_forward`。'),
    ],
    solution: on('router', 'sysctl -w net.ipv4.ip_forward=1'),
    wrong: [
      {
        commands: on('LB1', 'sysctl -w net.ipv4.ip_forward=1'),
        why: l('The packet does not come that far.', '包根本没走到那里。'),
      },
      {
        commands: on('router', 'iptables -P FORWARD ACCEPT'),
        why: l(
          'No rule forbade it: without ip_forward there is no FORWARD at all.',
          '并没有规则禁止：没有 ip_forward，就根本不进 FORWARD。',
        ),
      },
    ],
    debrief: l(
      'A host that is not a router drops what is not addressed to it. `ip_forward` is what makes it one.',
      '不是路由器的主机，会丢掉不归自己的包。`ip_forward` 让它成为路由器。',
    ),
  },
]
