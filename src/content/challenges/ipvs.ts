import type { Challenge } from '../challenge.ts'
import { answered, bothServers, curls, drSetup, l, on, prompt, SERVICE } from './parts.ts'

export const ipvs: readonly Challenge[] = [
  {
    id: 'ipvs-weight-zero',
    topic: 'ipvs',
    level: 1,
    title: l('Left over from the last drain', '上次维护忘了改回来'),
    task: l(
      '{S2} is back from maintenance, yet it gets no new connections. Let both servers share twelve requests.',
      '{S2} 维护完已经回来，却收不到新连接。让两台服务器分担十二个请求。',
    ),
    lab: 'outside',
    boot: [...drSetup, ...on('LB1', `ipvsadm -e ${SERVICE} -r 172.16.253.134:8080 -g -w 0`)],
    check: curls('client', 12),
    goals: [answered(12), bothServers(4)],
    hints: [
      l('Ask the one who chooses: {L1}.', '去问做选择的那台：{L1}。'),
      l('`ipvsadm -Ln`: read every column.', '`ipvsadm -Ln`：每一列都读一读。'),
      l('Weight 0 means: no new connections.', '权重 0 的意思是：不再给新连接。'),
    ],
    solution: on('LB1', `ipvsadm -e ${SERVICE} -r 172.16.253.134:8080 -g -w 1`),
    wrong: [
      {
        commands: on('LB1', `ipvsadm -e ${SERVICE} -r 172.16.253.130:8080 -g -w 0`),
        why: l('Now nobody may take a connection.', '现在谁也不能接连接了。'),
      },
      {
        commands: on('LB1', `ipvsadm -E ${SERVICE} -s wrr`),
        why: l('Another scheduler respects the weight 0 just as well.', '换个调度算法，照样尊重权重 0。'),
      },
    ],
    debrief: l(
      'Weight 0 drains a server: old connections go on, new ones go elsewhere. It must be undone by hand.',
      '权重 0 用来让服务器慢慢退出：旧连接继续，新连接去别处。恢复要手工改回来。',
    ),
  },
  {
    id: 'ipvs-persistent',
    topic: 'ipvs',
    level: 2,
    title: l('Faithful to one server', '认定一台不放'),
    task: l(
      '{C} has sent one request, and from then on all of its connections meet the same server. Nobody here needs that. Let twelve requests be shared.',
      '{C} 发过一个请求后，它的所有连接都落到同一台服务器。这里没有人需要这样。让两台分担十二个请求。',
    ),
    lab: 'outside',
    boot: [...drSetup, ...on('LB1', `ipvsadm -E ${SERVICE} -s rr -p 300`)],
    check: curls('client', 12),
    goals: [answered(12), bothServers(4)],
    hints: [
      l(
        'The scheduler is round robin; something decides before it.',
        '调度算法是轮流，但在它之前另有东西做了决定。',
      ),
      l(
        '`ipvsadm -Ln` names it at the service; `ipvsadm -Lnc` shows the template.',
        '`ipvsadm -Ln` 在服务那一行写着它；`ipvsadm -Lnc` 能看到模板。',
      ),
      l('Edit the service without `-p`.', '重新编辑服务，去掉 `-p`。'),
    ],
    solution: on('LB1', `ipvsadm -E ${SERVICE} -s rr`),
    wrong: [
      {
        commands: on('LB1', `ipvsadm -E ${SERVICE} -s wlc -p 300`),
        why: l(
          'The scheduler is asked only once per client while `-p` stands.',
          '只要有 `-p`，每个客户端只问一次调度算法。',
        ),
      },
      {
        commands: on('LB1', `ipvsadm -E ${SERVICE} -s rr -p 60`),
        why: l('Faithful for a shorter time, but faithful.', '认定的时间短一些，还是认定。'),
      },
    ],
    debrief: l(
      'Persistence keeps a template per client: right for sessions kept on one server, wrong for sharing load evenly.',
      '持久连接为每个客户端留一个模板：会话存在服务器上时有用，想平均分担时有害。',
    ),
  },
  {
    id: 'ipvs-source-hash',
    topic: 'ipvs',
    level: 1,
    title: l('Always the same choice', '总是同一个选择'),
    task: l(
      'No persistence is set, both weights are 1, and still all requests of {C} meet one server. Let both share twelve.',
      '没有设持久连接，两台权重都是 1，{C} 的请求却总到同一台服务器。让两台分担十二个。',
    ),
    lab: 'outside',
    boot: [...drSetup, ...on('LB1', `ipvsadm -E ${SERVICE} -s sh`)],
    check: curls('client', 12),
    goals: [answered(12), bothServers(4)],
    hints: [
      l('What does {L1} look at when it chooses?', '{L1} 选择时看的是什么？'),
      l('`ipvsadm -Ln`: the word behind the service.', '`ipvsadm -Ln`：服务后面的那个词。'),
      l('`sh` hashes the source address. `rr` takes turns.', '`sh` 对源地址做哈希，`rr` 轮流。'),
    ],
    solution: on('LB1', `ipvsadm -E ${SERVICE} -s rr`),
    wrong: [
      {
        commands: on('LB1', `ipvsadm -e ${SERVICE} -r 172.16.253.134:8080 -g -w 5`),
        why: l(
          'One address still has one hash: it stays with one server.',
          '一个地址还是一个哈希，还是只到一台。',
        ),
      },
      {
        commands: on('router', 'sysctl -w net.ipv4.fib_multipath_hash_policy=1'),
        why: l(
          'That is the router’s hash, and here it has one way only.',
          '那是路由器的哈希，而这里它只有一条路。',
        ),
      },
    ],
    debrief: l(
      'The same idea at two places: ECMP hashes flows over load balancers, `sh` hashes clients over servers.',
      '同一个想法用在两处：ECMP 用哈希把流分给负载均衡，`sh` 用哈希把客户端分给服务器。',
    ),
  },
  {
    id: 'ipvs-empty-service',
    topic: 'ipvs',
    level: 1,
    title: l('A service with nobody behind it', '服务背后没有人'),
    task: l(
      'After a change on {L1}, {C} gets nothing but refusals. Let both servers answer twelve requests by direct routing.',
      '{L1} 上改过一次之后，{C} 得到的全是拒绝。让两台服务器用直接路由应答十二个请求。',
    ),
    lab: 'outside',
    boot: [
      ...drSetup,
      ...on(
        'LB1',
        `ipvsadm -d ${SERVICE} -r 172.16.253.130:8080`,
        `ipvsadm -d ${SERVICE} -r 172.16.253.134:8080`,
      ),
    ],
    check: curls('client', 12),
    goals: [answered(12), bothServers(4)],
    hints: [
      l('What is the reason of the drop on {L1}?', '{L1} 上丢包的原因是什么？'),
      l('`ipvsadm -Ln`: is anybody listed below the service?', '`ipvsadm -Ln`：服务下面列着谁吗？'),
      l('`ipvsadm -a SERVICE -r SERVER -g` adds one.', '`ipvsadm -a 服务 -r 服务器 -g` 加一台。'),
    ],
    solution: on(
      'LB1',
      `ipvsadm -a ${SERVICE} -r 172.16.253.130:8080 -g`,
      `ipvsadm -a ${SERVICE} -r 172.16.253.134:8080 -g`,
    ),
    wrong: [
      {
        commands: on('LB1', `ipvsadm -a ${SERVICE} -r 172.16.253.130:8080 -g`),
        why: l('One of two is back.', '两台只回来了一台。'),
      },
      {
        commands: on(
          'LB1',
          `ipvsadm -a ${SERVICE} -r 172.16.253.130:8080 -m`,
          `ipvsadm -a ${SERVICE} -r 172.16.253.134:8080 -m`,
        ),
        why: l(
          'By NAT the answers would have to come back through {L1}; their gateway is {R}.',
          '用 NAT，应答得经 {L1} 回来，可服务器的网关是 {R}。',
        ),
      },
    ],
    debrief: l(
      'A service without a usable server refuses. keepalived takes dead servers out; somebody must put living ones in.',
      '没有可用服务器的服务只会拒绝。keepalived 会摘掉死的；活的总得有人放进去。',
    ),
  },
  {
    id: 'ipvs-dead-server',
    topic: 'ipvs',
    level: 1,
    title: l('Refused in turn', '轮流被拒'),
    task: l(
      'Every second request is refused at once. There is no health check in this lab, so {L1} does not know. Let all twelve be answered by **both** servers.',
      '每两个请求就有一个立刻被拒绝。这个实验里没有健康检查，{L1} 并不知情。让十二个请求由**两台**服务器全部应答。',
    ),
    lab: 'outside',
    boot: [...drSetup, ...on('server1', 'nginx -s stop')],
    check: curls('client', 12),
    goals: [answered(12), bothServers(4), prompt],
    hints: [
      l('Who sends the RST?', 'RST 是谁发的？'),
      l('`ss -ltn` on that host.', '在那台主机上执行 `ss -ltn`。'),
      l('Nobody listens on 8080: start nginx.', '没有程序监听 8080：启动 nginx。'),
    ],
    solution: on('server1', 'nginx'),
    wrong: [
      {
        commands: on('LB1', `ipvsadm -e ${SERVICE} -r 172.16.253.130:8080 -g -w 0`),
        why: l('A good first aid, but one server now does all the work.', '应急可以，但活全归一台服务器了。'),
      },
      {
        commands: on('server1', 'nginx -s reload'),
        why: l('There is no master process to reload.', '没有主进程可以重新加载。'),
      },
    ],
    debrief: l(
      'The kernel shares among what it was told of, alive or not. Health checks are the work of keepalived.',
      '内核只按被告知的名单分配，不管死活。检查死活是 keepalived 的事。',
    ),
  },
]
