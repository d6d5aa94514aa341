import type { Lesson, RunFacts } from '../../lesson.ts'
import { asked, curl, forwards, l, notes, on, peers } from '../readings.ts'

const NAMES: Readonly<Record<string, string>> = {
  '10.0.0.10': 'client',
  '172.16.253.131': 'lb',
  '172.16.253.100': 'vip',
}
const sourceSeen = (facts: RunFacts): string | undefined => NAMES[peers(facts)[0] ?? '']

export const fullnat: Lesson = {
  id: 'lvs/fullnat',
  title: l('FULLNAT: both addresses', 'FULLNAT：两个地址都换'),
  chapter: { number: 4, title: l('LVS', 'LVS') },
  lab: 'outside-fullnat',
  summary: l(
    'The servers need nothing at all, and know nothing of the client. How its address gets through all the same.',
    '服务器什么都不用配，也就不认得客户端了。看看客户端的地址怎样还能传过去。',
  ),
  steps: [
    {
      id: 'one',
      title: l('Two cells at once', '一次换两格'),
      text: l(
        '{L1} works by {term:fullnat} (`ipvsadm -b`; a kernel with a patch). The servers have no VIP, no tunnel, and {R} as their gateway, like any host.\n\nSend a request and watch both IP cells at {L1}.',
        '{L1} 现在用 {term:fullnat}（`ipvsadm -b`，要打过补丁的内核）。服务器没有 VIP，没有隧道，网关是 {R}，和普通主机一样。\n\n发一个请求，看 {L1} 上的两个 IP 格子。',
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
        'The service on {L1} has a {term:lip|local address}: {ip:172.16.253.131}.',
        '{L1} 上的服务有一个{term:lip|本地地址}：{ip:172.16.253.131}。',
      ),
      knobs: ['send'],
      ask: {
        text: l('Which address does the server see?', '服务器看到哪个地址？'),
        choices: [
          {
            id: 'client',
            text: l('That of {C}, as always', '{C} 的，一直如此'),
            misconception: 'source-is-kept',
            answer: l(
              'In the three other modes, yes. Here it has been written over.',
              '另外三种模式是。这里被换掉了。',
            ),
          },
          {
            id: 'lb',
            text: l('The local address of {L1}', '{L1} 的本地地址'),
            answer: l('Right: to the server, {L1} is the client.', '对：在服务器看来，{L1} 就是客户端。'),
          },
          {
            id: 'vip',
            text: l('The VIP', 'VIP'),
            misconception: 'server-sees-vip',
            answer: l(
              'Answers to the VIP could come to any host that owns it.',
              '应答若寄往 VIP，哪台拥有它的主机都可能收到。',
            ),
          },
        ],
        right: sourceSeen,
        evidence: { on: 'request', where: { role: 'server' } },
        because: l(
          'nginx noted {ip:172.16.253.131} as the sender.',
          'nginx 记下的来源是 {ip:172.16.253.131}。',
        ),
      },
      run: curl('client'),
      focus: { host: 'server1', inspector: 'packet' },
    },
    {
      id: 'gateway',
      title: l('A gateway that would spoil NAT', '会毁掉 NAT 的网关'),
      text: l(
        'The gateway of the servers is {R}, not {L1}. In the NAT lesson that broke every connection.',
        '服务器的网关是 {R}，不是 {L1}。在 NAT 那一课里，这会让每个连接都断掉。',
      ),
      knobs: ['send'],
      ask: {
        text: l('And here?', '这里呢？'),
        choices: [
          {
            id: 'breaks',
            text: l('The same: answers miss {L1}', '一样：应答错过 {L1}'),
            misconception: 'fullnat-needs-gateway',
            answer: l('They cannot miss it: they are addressed to it.', '不可能错过：它们就是寄给它的。'),
          },
          {
            id: 'works',
            text: l('It works: the answer is addressed to {L1}', '能行：应答就是寄给 {L1} 的'),
            answer: l(
              'Right: it comes back by itself, from wherever the server is.',
              '对：不管服务器在哪里，应答自己会回来。',
            ),
          },
        ],
        right: (facts) =>
          asked(facts) === 0
            ? undefined
            : facts.answered > 0 &&
                notes(facts, 'ipvs.reply', 'LB1').length > 0 &&
                !forwards(facts, 'server1')
              ? 'works'
              : 'breaks',
        evidence: { on: 'ipvs.reply', host: 'LB1' },
        because: l(
          '{L1} got the answer, put both addresses back, and sent it to {C}.',
          '{L1} 收到应答，换回两个地址，再发给 {C}。',
        ),
      },
      run: curl('client'),
      focus: { host: 'LB1', inspector: 'why' },
    },
    {
      id: 'same-subnet',
      title: l('The neighbour again', '又是隔壁的客户端'),
      text: l(
        '{R}, in the subnet of the servers, asks the VIP. Under NAT its answers took a short cut.',
        '与服务器同一子网的 {R} 来请求 VIP。在 NAT 下，它的应答会抄近路。',
      ),
      knobs: ['send'],
      ask: {
        text: l('Is {R} served now?', '这次 {R} 能得到服务吗？'),
        choices: [
          {
            id: 'yes',
            text: l('Yes: no short cut leads to {R}', '能：没有近路通向 {R}'),
            answer: l(
              'Right: the server answers {L1}; it does not know of {R}.',
              '对：服务器答给 {L1}，它根本不知道有 {R}。',
            ),
          },
          {
            id: 'no',
            text: l('No: the subnet’s route wins again', '不能：还是子网的路由说了算'),
            misconception: 'same-subnet-always-breaks',
            answer: l('It does win, and it leads to {L1}.', '它确实说了算，只是通向 {L1}。'),
          },
        ],
        right: (facts) => (asked(facts) === 0 ? undefined : facts.answered > 0 ? 'yes' : 'no'),
        evidence: { on: 'request', host: 'router', where: { role: 'client' } },
        because: l(
          '{R} has got its answer, from {ip:172.16.253.100}.',
          '{R} 收到了来自 {ip:172.16.253.100} 的应答。',
        ),
      },
      run: curl('router'),
      focus: { host: 'router', inspector: 'packet' },
    },
    {
      id: 'toa',
      title: l('Your turn: who is it really?', '轮到你：到底是谁？'),
      text: l(
        'The price: all clients look the same in the server’s log. {term:toa} carries the true address along as a TCP option: `net.ipv4.vs.toa_entry=1` on {L1}, and the module `toa` on the servers, which reads it.\n\nBring it about that a server sees {ip:10.0.0.10}.',
        '代价是：在服务器的日志里，所有客户端都长一个样。{term:toa} 把真实地址放进 TCP 选项带过去：{L1} 上设 `net.ipv4.vs.toa_entry=1`，服务器上加载模块 `toa` 来读它。\n\n让服务器看到 {ip:10.0.0.10}。',
      ),
      knobs: ['send'],
      expect: [
        {
          kind: 'notes',
          cue: { on: 'ipvs.local', host: 'LB1', where: { toa: true } },
          text: l('{L1} sends the client’s address along', '{L1} 把客户端地址带上了'),
        },
        {
          kind: 'facts',
          holds: (facts) => peers(facts).includes('10.0.0.10'),
          text: l('A server sees {C}', '有服务器看到了 {C}'),
        },
      ],
      hint: l(
        '`sysctl -w net.ipv4.vs.toa_entry=1` on {L1}, `modprobe toa` on {S1} and {S2}, then send.',
        '在 {L1} 上执行 `sysctl -w net.ipv4.vs.toa_entry=1`，在 {S1} 和 {S2} 上执行 `modprobe toa`，然后发送。',
      ),
      show: [
        ...on('LB1', 'sysctl -w net.ipv4.vs.toa_entry=1'),
        ...on('server1', 'modprobe toa'),
        ...on('server2', 'modprobe toa'),
        ...curl('client', 2),
      ],
      focus: { host: 'LB1', dock: 'terminal' },
    },
    {
      id: 'keep',
      title: l('What to keep', '记住这些'),
      text: l(
        '{term:fullnat} replaces both addresses: the answer comes back by itself, so the servers may be anywhere and need no setting.\n\nEach load balancer needs a local address **of its own**: with a shared one, answers come to the wrong one. The client is hidden, unless TOA carries its address along.\n\nFour modes, one trade: what is not asked of the servers must be done by the load balancer.',
        '{term:fullnat} 把两个地址都换掉：应答自己会回来，所以服务器在哪里都行，什么都不用设。\n\n每台负载均衡要有**自己的**本地地址；若是共用，应答会到错的那台。客户端被藏了起来，除非用 TOA 带上地址。\n\n四种模式各有取舍：对服务器要求得少，负载均衡就要多做。',
      ),
      knobs: ['send', 'mode'],
    },
  ],
}
