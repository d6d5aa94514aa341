import type { Lesson, RunFacts } from '../../lesson.ts'
import { asked, curl, forwards, l, lostFor, notes, on, peers } from '../readings.ts'

const chapter = { number: 4, title: l('LVS', 'LVS') }
const NAMES: Readonly<Record<string, string>> = {
  '10.0.0.10': 'client',
  '172.16.253.131': 'lb',
  '172.16.253.100': 'vip',
}
const sourceSeen = (facts: RunFacts): string | undefined => NAMES[peers(facts)[0] ?? '']

export const nat: Lesson = {
  id: 'lvs/nat',
  title: l('NAT: the destination, and back', 'NAT：改目的地址，还要改回来'),
  chapter,
  lab: 'outside-nat',
  summary: l(
    'The servers need no VIP any more, but every answer must come home by the same door. Two ways to miss it.',
    '服务器不再需要 VIP，但每个应答都得从同一扇门回来。看两种走错门的情形。',
  ),
  steps: [
    {
      id: 'one',
      title: l('Another rewriting', '换一种改写'),
      text: l(
        'The lab is the same, but {L1} works by {term:nat} (`ipvsadm -m`). The servers have no VIP; their {term:gateway} is {L1}.\n\nSend a request and watch the IP cells when it passes {L1}: once on its way in, once on its way back.',
        '还是同一个实验，但 {L1} 用 {term:nat}（`ipvsadm -m`）。服务器没有 VIP，它们的{term:gateway}是 {L1}。\n\n发一个请求，看它经过 {L1} 时的 IP 格子：去一次，回一次。',
      ),
      knobs: ['send'],
      run: curl('client'),
      runLabel: l('Send one request', '发一个请求'),
      focus: { host: 'LB1', inspector: 'packet' },
    },
    {
      id: 'source',
      title: l('Whom does the server see?', '服务器看到的是谁？'),
      text: l(
        'nginx on the servers writes the address that a request came from into `X-Remote-IP`.',
        '服务器上的 nginx 会把请求的来源地址写进 `X-Remote-IP`。',
      ),
      knobs: ['send'],
      ask: {
        text: l('Which address does the server see?', '服务器看到哪个地址？'),
        choices: [
          {
            id: 'lb',
            text: l('That of {L1}: it translates addresses', '{L1} 的：它在做地址转换'),
            misconception: 'lvs-nat-is-snat',
            answer: l(
              'Only the destination is translated. That would be FULLNAT.',
              '转换的只有目的地址。两个都换，那是 FULLNAT。',
            ),
          },
          {
            id: 'vip',
            text: l('The VIP', 'VIP'),
            misconception: 'server-sees-vip',
            answer: l(
              'The VIP was the destination, and it has been replaced.',
              'VIP 是原来的目的地址，已经被换掉了。',
            ),
          },
          {
            id: 'client',
            text: l('That of {C}', '{C} 的'),
            answer: l(
              'Right. And so the server will address its answer to {C}.',
              '对。所以服务器会把应答寄给 {C}。',
            ),
          },
        ],
        right: sourceSeen,
        evidence: { on: 'request', where: { role: 'server' } },
        because: l(
          'The request as nginx got it came from {ip:10.0.0.10}.',
          'nginx 收到的请求来自 {ip:10.0.0.10}。',
        ),
      },
      run: curl('client'),
      focus: { host: 'server1', inspector: 'packet' },
    },
    {
      id: 'back',
      title: l('The answer’s way', '应答的路'),
      text: l(
        'The server addresses its answer to {ip:10.0.0.10}, which is in none of its subnets.',
        '服务器把应答寄往 {ip:10.0.0.10}，它不在服务器的任何子网里。',
      ),
      knobs: ['send'],
      ask: {
        text: l('How does {L1} come to see it?', '{L1} 怎么会见到它？'),
        choices: [
          {
            id: 'gateway',
            text: l('It is forwarded by {L1}, the server’s gateway', '{L1} 是服务器的网关，由它转发'),
            answer: l(
              'Right: in FORWARD, IPVS knows the connection and puts the VIP back as the source.',
              '对：在 FORWARD 里，IPVS 认出这个连接，把源地址换回 VIP。',
            ),
          },
          {
            id: 'addressed',
            text: l('It is addressed to {L1}', '它就是寄给 {L1} 的'),
            misconception: 'nat-reply-addressed-to-director',
            answer: l(
              'Only under FULLNAT. Here its destination is {C}.',
              '只有 FULLNAT 才是。这里的目的地址是 {C}。',
            ),
          },
          {
            id: 'not',
            text: l('Not at all, as in DR', '根本见不到，和 DR 一样'),
            misconception: 'nat-reply-is-direct',
            answer: l(
              'Then nobody would put the VIP back, and {C} would refuse the answer.',
              '那样就没有人换回 VIP，{C} 会拒绝这个应答。',
            ),
          },
        ],
        right: (facts) =>
          facts.answered === 0
            ? undefined
            : notes(facts, 'ipvs.reply', 'LB1').length === 0
              ? 'not'
              : forwards(facts, 'LB1')
                ? 'gateway'
                : 'addressed',
        evidence: { on: 'ipvs.reply', host: 'LB1' },
        because: l(
          'On {L1} the answer goes PREROUTING, FORWARD, POSTROUTING, and is rewritten in FORWARD.',
          '在 {L1} 上，应答走 PREROUTING、FORWARD、POSTROUTING，在 FORWARD 里改写。',
        ),
      },
      run: curl('client'),
      focus: { host: 'LB1', inspector: 'why' },
    },
    {
      id: 'wrong-door',
      title: l('Another gateway', '换个网关'),
      text: l(
        'Give {S1} the router as its gateway: `ip route replace default via 172.16.253.135`. {R} knows the way to {C} very well. Two requests, one for each server.',
        '让 {S1} 用路由器当网关：`ip route replace default via 172.16.253.135`。{R} 完全认得去 {C} 的路。发两个请求，每台服务器一个。',
      ),
      knobs: ['send', 'gateway'],
      ask: {
        text: l('What does {C} make of the answer of {S1}?', '{C} 会怎样对待 {S1} 的应答？'),
        choices: [
          {
            id: 'takes',
            text: l('It takes it: it has arrived', '收下：毕竟到了'),
            misconception: 'arriving-is-enough',
            answer: l(
              'TCP asks who speaks. {C} called {ip:172.16.253.100}, and here {ip:172.16.253.130} answers.',
              'TCP 要看是谁在说话。{C} 找的是 {ip:172.16.253.100}，答话的却是 {ip:172.16.253.130}。',
            ),
          },
          {
            id: 'resets',
            text: l('It refuses it with RST', '用 RST 拒绝'),
            answer: l(
              'Right. For {C} it is an answer from a stranger.',
              '对。对 {C} 来说，这是陌生人的应答。',
            ),
          },
          {
            id: 'never',
            text: l('It never gets it', '根本收不到'),
            misconception: 'router-drops-it',
            answer: l(
              '{R} forwards it faithfully. It is merely the wrong address.',
              '{R} 老老实实转发了，只是地址不对。',
            ),
          },
        ],
        right: (facts) =>
          asked(facts) < 2
            ? undefined
            : facts.answered >= 2
              ? 'takes'
              : lostFor(facts, 'NO_SOCKET', 'client')
                ? 'resets'
                : 'never',
        evidence: { on: 'drop', host: 'client', where: { why: 'NO_SOCKET' } },
        because: l(
          'On {C} no socket fits the SYN+ACK from {ip:172.16.253.130}: it is dropped and answered with RST.',
          '在 {C} 上，没有套接字对得上来自 {ip:172.16.253.130} 的 SYN+ACK：丢弃，并回一个 RST。',
        ),
      },
      run: [...on('server1', 'ip route replace default via 172.16.253.135'), ...curl('client', 2)],
      focus: { host: 'client', inspector: 'why' },
    },
    {
      id: 'repair',
      title: l('Your turn: the right door', '轮到你：走对门'),
      text: l(
        'Mend the gateway of {S1} and send until **both** servers have answered {C}.',
        '改好 {S1} 的网关，发请求，直到**两台**服务器都答到 {C}。',
      ),
      knobs: ['send', 'gateway'],
      expect: [
        {
          kind: 'facts',
          holds: ({ byServer, answered }) =>
            (byServer['server1'] ?? 0) > 0 && (byServer['server2'] ?? 0) > 0 && answered >= 2,
          text: l('{S1} and {S2} have answered', '{S1} 和 {S2} 都应答过'),
        },
      ],
      hint: l(
        '`ip route replace default via 172.16.253.131` on {S1}.',
        '在 {S1} 上执行 `ip route replace default via 172.16.253.131`。',
      ),
      show: [...on('server1', 'ip route replace default via 172.16.253.131'), ...curl('client', 2)],
      focus: { host: 'server1', dock: 'terminal' },
    },
    {
      id: 'same-subnet',
      title: l('A client next door', '住隔壁的客户端'),
      text: l(
        'Now {R} itself asks the VIP. {R} is in the subnet of the servers. Their gateway is {L1}, both of them.',
        '现在由 {R} 自己请求 VIP。{R} 和服务器在同一子网。两台服务器的网关都是 {L1}。',
      ),
      knobs: ['send', 'gateway'],
      ask: {
        text: l('Is {R} served?', '{R} 能得到服务吗？'),
        choices: [
          {
            id: 'yes',
            text: l('Yes: the gateways are right', '能：网关都对'),
            misconception: 'gateway-for-neighbours',
            answer: l(
              'For a neighbour no gateway is asked: the route of the subnet is longer than the default one.',
              '邻居之间不经网关：子网的路由比默认路由更长。',
            ),
          },
          {
            id: 'no',
            text: l('No: the answer takes a short cut', '不能：应答抄了近路'),
            answer: l(
              'Right. It goes straight to {R}, with the server’s own address, and {R} refuses it.',
              '对。它直接到了 {R}，带着服务器自己的地址，被 {R} 拒绝。',
            ),
          },
        ],
        right: (facts) => (asked(facts) === 0 ? undefined : facts.answered > 0 ? 'yes' : 'no'),
        evidence: { on: 'drop', host: 'router', where: { why: 'NO_SOCKET' } },
        because: l(
          'The SYN+ACK came to {R} without passing {L1}, so nobody had put the VIP back.',
          'SYN+ACK 没有经过 {L1} 就到了 {R}，也就没有人换回 VIP。',
        ),
      },
      run: curl('router'),
      focus: { host: 'router', inspector: 'why' },
    },
    {
      id: 'long-route',
      title: l('Your turn: a longer route', '轮到你：一条更长的路由'),
      text: l(
        'Longest prefix wins: give both servers a route to {ip:172.16.253.135} alone, through {L1}, and let {R} be answered twice. (Or change the mode: the next lessons.)',
        '最长前缀优先：给两台服务器各加一条只到 {ip:172.16.253.135} 的路由，经过 {L1}，让 {R} 得到两次应答。（也可以换个模式，见后面几课。）',
      ),
      knobs: ['send', 'gateway'],
      expect: [
        {
          kind: 'notes',
          cue: { on: 'request', host: 'router', where: { role: 'client', status: 200 } },
          min: 2,
          text: l('{R} has got two answers', '{R} 收到了两个应答'),
        },
      ],
      hint: l(
        '`ip route add 172.16.253.135 via 172.16.253.131` on {S1} and {S2}.',
        '在 {S1} 和 {S2} 上执行 `ip route add 172.16.253.135 via 172.16.253.131`。',
      ),
      show: [
        ...on('server1', 'ip route add 172.16.253.135 via 172.16.253.131'),
        ...on('server2', 'ip route add 172.16.253.135 via 172.16.253.131'),
        ...curl('router', 2),
      ],
      focus: { host: 'server1', dock: 'terminal' },
    },
    {
      id: 'keep',
      title: l('What to keep', '记住这些'),
      text: l(
        '{term:nat} writes the server’s address (and port) over the VIP, and must undo it in the answer. So the answer has to **pass the same load balancer**: it is the servers’ gateway, and it needs {term:ip_forward}.\n\nThe servers need no VIP, and any port will do. The price: {L1} carries the answers too, and a client in the servers’ own subnet needs extra care.',
        '{term:nat} 把 VIP 换成服务器的地址（和端口），应答时再换回来。所以应答必须**经过同一台负载均衡**：它是服务器的网关，还要开 {term:ip_forward}。\n\n服务器不需要 VIP，端口也随意。代价是：{L1} 连应答也要搬，而同一子网里的客户端要另外照顾。',
      ),
      knobs: ['send', 'gateway'],
    },
  ],
}
