import type { Lesson, RunFacts } from '../../lesson.ts'
import { asked, curl, forwards, hooksOfFirst, l, notes, on } from '../readings.ts'

const VIP = '172.16.253.100'
const WAYS: Readonly<Record<string, string>> = {
  'PREROUTING FORWARD POSTROUTING': 'through',
  'PREROUTING LOCAL_IN LOCAL_OUT POSTROUTING': 'in-out',
  'PREROUTING LOCAL_IN': 'in',
}
/** Which of the ways the first packet took on a host. */
const wayOn = (facts: RunFacts, host: string): string | undefined => WAYS[hooksOfFirst(facts, host).join(' ')]

export const twoWays: Lesson = {
  id: 'netfilter/two-ways',
  title: l('Five hooks, two ways', '五个钩子，两条路'),
  chapter: { number: 3, title: l('Netfilter', 'Netfilter') },
  lab: 'outside',
  summary: l(
    'One routing decision parts what is for this host from what only passes. IPVS lives on one side of it: that is the key to the whole lab.',
    '一次路由判断，把归本机的包和只是路过的包分开。IPVS 就在其中一边：这是整个实验的关键。',
  ),
  steps: [
    {
      id: 'walk',
      title: l('One packet, several hosts', '一个包，几台主机'),
      text: l(
        'Now {C} is outside, and {R} only passes packets on. Inside each Linux there are five {term:hook|hooks}: PREROUTING, LOCAL_IN, FORWARD, LOCAL_OUT, POSTROUTING. After PREROUTING the kernel asks its routes: **is this for me?**\n\nSend one request and step through it; watch which hooks each host names.',
        '现在 {C} 在外面，{R} 只负责转发。每台 Linux 里都有五个{term:hook|钩子}：PREROUTING、LOCAL_IN、FORWARD、LOCAL_OUT、POSTROUTING。过了 PREROUTING，内核就去查路由：**这是给我的吗？**\n\n发一个请求，一步步看，留意每台主机经过了哪些钩子。',
      ),
      knobs: ['send'],
      run: curl('client'),
      runLabel: l('Send one request', '发一个请求'),
      focus: { host: 'router', inspector: 'why', dock: 'log' },
    },
    {
      id: 'router',
      title: l('On the router', '在路由器上'),
      text: l(
        'The packet for {ip:172.16.253.100} comes to {R}. {R} does not own that address; it has a route to it.',
        '发往 {ip:172.16.253.100} 的包到了 {R}。{R} 没有这个地址，只有一条去往它的路由。',
      ),
      knobs: ['send'],
      ask: {
        text: l('Which hooks does it pass on {R}?', '它在 {R} 上经过哪些钩子？'),
        choices: [
          {
            id: 'in-out',
            text: l(
              'PREROUTING, LOCAL_IN, LOCAL_OUT, POSTROUTING',
              'PREROUTING、LOCAL_IN、LOCAL_OUT、POSTROUTING',
            ),
            misconception: 'router-receives-all',
            answer: l(
              'LOCAL_IN is only for what is addressed to the host itself.',
              'LOCAL_IN 只收目的地是本机的包。',
            ),
          },
          {
            id: 'through',
            text: l('PREROUTING, FORWARD, POSTROUTING', 'PREROUTING、FORWARD、POSTROUTING'),
            answer: l('Right: for another host, so it passes through.', '对：它是给别人的，所以只是穿过去。'),
          },
          {
            id: 'all',
            text: l('All five, one after the other', '五个全过一遍'),
            misconception: 'all-five-hooks',
            answer: l(
              'No packet passes all five: the routing decision parts the ways.',
              '没有哪个包会经过全部五个：路由判断把路分开了。',
            ),
          },
        ],
        right: (facts) => wayOn(facts, 'router'),
        evidence: { on: 'forward', host: 'router' },
        because: l('The route on {R} says: forward it, by ens33.', '{R} 的路由说：从 ens33 转发出去。'),
      },
      run: curl('client'),
      focus: { host: 'router', inspector: 'why' },
    },
    {
      id: 'director',
      title: l('On the load balancer', '在负载均衡上'),
      text: l(
        '{L1} gets the same packet. It **does** own {ip:172.16.253.100}, and it has an {term:ipvs} service for it. In the end the packet goes on to a server.',
        '{L1} 收到的是同一个包。它**拥有** {ip:172.16.253.100}，上面还有一个 {term:ipvs} 服务。最后，包会继续去往某台服务器。',
      ),
      knobs: ['send'],
      ask: {
        text: l('Which way does the request take through {L1}?', '请求在 {L1} 里走哪条路？'),
        choices: [
          {
            id: 'through',
            text: l(
              'PREROUTING, FORWARD, POSTROUTING, since it goes on',
              'PREROUTING、FORWARD、POSTROUTING，因为它还要往前走',
            ),
            misconception: 'ipvs-forwards',
            answer: l(
              'The destination is an address of {L1}, so the routing decision says: for me. FORWARD never sees it.',
              '目的地址是 {L1} 自己的，路由判断的结论是“给我的”。FORWARD 根本见不到它。',
            ),
          },
          {
            id: 'in',
            text: l('PREROUTING, LOCAL_IN, and there it ends', 'PREROUTING、LOCAL_IN，到此为止'),
            misconception: 'ipvs-is-a-program',
            answer: l(
              'Up to there it is right. But IPVS takes it away in LOCAL_IN and sends it out again.',
              '前半段没错。不过 IPVS 在 LOCAL_IN 把它截走，又送了出去。',
            ),
          },
          {
            id: 'in-out',
            text: l(
              'PREROUTING, LOCAL_IN, then LOCAL_OUT, POSTROUTING',
              'PREROUTING、LOCAL_IN，然后 LOCAL_OUT、POSTROUTING',
            ),
            answer: l(
              'Right. IPVS steals it in LOCAL_IN, chooses a server, and the packet leaves as if {L1} had sent it.',
              '对。IPVS 在 LOCAL_IN 截走它，选好服务器，然后像 {L1} 自己发的一样送出去。',
            ),
          },
        ],
        right: (facts) => wayOn(facts, 'LB1'),
        evidence: { on: 'hook', host: 'LB1', where: { by: 'ip_vs_in' } },
        because: l(
          'The verdict in LOCAL_IN is STOLEN, by `ip_vs_in`. The course says that IPVS also sits in POSTROUTING; a current kernel has nothing of it there.',
          'LOCAL_IN 的结论是 STOLEN，出自 `ip_vs_in`。课程里说 IPVS 还挂在 POSTROUTING；现在的内核在那里已经没有它了。',
        ),
      },
      run: curl('client'),
      focus: { host: 'LB1', inspector: 'why' },
    },
    {
      id: 'no-vip',
      title: l('Without the address', '没有这个地址'),
      text: l(
        'Now take the VIP away from {L1}: `ip addr del 172.16.253.100/32 dev lo`. The IPVS service with its servers stays as it is, and {R} still sends to {L1}.',
        '现在从 {L1} 上拿掉 VIP：`ip addr del 172.16.253.100/32 dev lo`。IPVS 服务和它的服务器都不动，{R} 也照旧发给 {L1}。',
      ),
      knobs: ['send'],
      ask: {
        text: l('What becomes of the next request on {L1}?', '下一个请求在 {L1} 上会怎样？'),
        choices: [
          {
            id: 'balanced',
            text: l('It is balanced as before: the service is still there', '照样均衡：服务还在'),
            misconception: 'ipvs-sees-everything',
            answer: l(
              'The service waits in LOCAL_IN, and the packet does not come by.',
              '服务在 LOCAL_IN 等着，可包不从那里过。',
            ),
          },
          {
            id: 'forwarded',
            text: l(
              'It is forwarded like any stranger’s; IPVS does not see it',
              '当作别人的包转发，IPVS 看不到它',
            ),
            answer: l(
              'Right: not mine, says the routing decision, and the way leads through FORWARD.',
              '对：路由判断说“不是我的”，于是走 FORWARD。',
            ),
          },
          {
            id: 'refused',
            text: l('{L1} refuses it with RST', '{L1} 用 RST 拒绝'),
            misconception: 'rst-without-address',
            answer: l('To refuse, {L1} would have to be meant.', '要拒绝，也得先是给 {L1} 的才行。'),
          },
        ],
        right: (facts) =>
          notes(facts, 'ipvs.pick', 'LB1').length > 0
            ? 'balanced'
            : forwards(facts, 'LB1')
              ? 'forwarded'
              : asked(facts) > 0
                ? 'refused'
                : undefined,
        evidence: { on: 'hook', host: 'LB1', where: { point: 'FORWARD' } },
        because: l(
          'FORWARD on {L1}, and no choice of IPVS anywhere.',
          '{L1} 上出现了 FORWARD，哪里都没有 IPVS 的选择。',
        ),
      },
      run: [...on('LB1', `ip addr del ${VIP}/32 dev lo`), ...curl('client')],
      focus: { host: 'LB1', inspector: 'why' },
    },
    {
      id: 'give-back',
      title: l('Your turn: bring IPVS back', '轮到你：让 IPVS 回来'),
      text: l(
        'Give {L1} its address back, on `lo` where nobody on the LAN is asked for it, and send a request that IPVS takes.',
        '把地址还给 {L1}，放在 `lo` 上，然后发一个 IPVS 会接下的请求。',
      ),
      knobs: ['send', 'vip'],
      expect: [
        {
          kind: 'notes',
          cue: { on: 'ipvs.pick', host: 'LB1' },
          text: l('{L1} chose a server for a request', '{L1} 为请求选了服务器'),
        },
        {
          kind: 'facts',
          holds: (facts) => facts.answered > 0,
          text: l('{C} has got an answer', '{C} 收到了应答'),
        },
      ],
      hint: l(
        '`ip addr add 172.16.253.100/32 dev lo` on {L1}, then `curl` on {C}.',
        '在 {L1} 上执行 `ip addr add 172.16.253.100/32 dev lo`，再在 {C} 上执行 `curl`。',
      ),
      show: [...on('LB1', `ip addr add ${VIP}/32 dev lo`), ...curl('client')],
      focus: { host: 'LB1', dock: 'terminal' },
    },
    {
      id: 'ip-forward',
      title: l('Is that forwarding?', '这算转发吗？'),
      text: l(
        'Set `net.ipv4.ip_forward` to 0 on {L1}: it is no longer a router. Here the mode is {term:dr}, so the answers do not come by.',
        '在 {L1} 上把 `net.ipv4.ip_forward` 设为 0：它不再是路由器。这里用的是 {term:dr}，应答不从它这里过。',
      ),
      knobs: ['send', 'ip_forward'],
      ask: {
        text: l('Do requests still reach the servers?', '请求还能到达服务器吗？'),
        choices: [
          {
            id: 'no',
            text: l('No: passing packets on is forwarding', '不能：把包往前送就是转发'),
            misconception: 'ipvs-needs-ip-forward',
            answer: l(
              'It looks like forwarding from outside. Inside, the packet was taken in LOCAL_IN and sent by LOCAL_OUT: ip_forward is not asked.',
              '从外面看像转发。在里面，包是在 LOCAL_IN 收下、从 LOCAL_OUT 发出的：不问 ip_forward。',
            ),
          },
          {
            id: 'yes',
            text: l('Yes: IPVS does not ask ip_forward', '能：IPVS 不问 ip_forward'),
            answer: l(
              'Right. It is another matter for the answers under NAT, which are forwarded.',
              '对。NAT 的应答就不同了，它们是要转发的。',
            ),
          },
        ],
        right: (facts) => (asked(facts) === 0 ? undefined : facts.answered > 0 ? 'yes' : 'no'),
        evidence: { on: 'ipvs.xmit', host: 'LB1' },
        because: l(
          'The request was sent on and answered with ip_forward=0.',
          'ip_forward=0 时，请求照样送出并得到应答。',
        ),
      },
      run: [...on('LB1', 'sysctl -w net.ipv4.ip_forward=0'), ...curl('client')],
      focus: { host: 'LB1', inspector: 'why' },
    },
    {
      id: 'keep',
      title: l('What to keep', '记住这些'),
      text: l(
        'The **routing decision** parts two ways: for me (LOCAL_IN, program, LOCAL_OUT) or for another (FORWARD).\n\nIPVS takes requests in LOCAL_IN. So the load balancer must **own the VIP**, though its servers do the work.\n\nThe same question decides on every server: only who owns the address accepts the packet.',
        '**路由判断**分出两条路：归我的（LOCAL_IN、程序、LOCAL_OUT）和归别人的（FORWARD）。\n\nIPVS 在 LOCAL_IN 接请求。所以负载均衡必须**拥有 VIP**，尽管干活的是服务器。\n\n到了每台服务器，还是同一个问题：只有拥有这个地址的，才会收下包。',
      ),
      knobs: ['send', 'vip', 'ip_forward'],
    },
  ],
}
