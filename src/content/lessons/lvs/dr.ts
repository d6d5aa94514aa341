import type { Lesson } from '../../lesson.ts'
import { asked, curl, forwards, l, notes, on } from '../readings.ts'

const VIP = '172.16.253.100'
const CHANGES: Readonly<Record<string, string>> = { dr: 'mac', nat: 'dst', fullnat: 'both', tun: 'outer' }

export const dr: Lesson = {
  id: 'lvs/dr',
  title: l('DR: one MAC address', 'DR：只改一个 MAC'),
  chapter: { number: 4, title: l('LVS', 'LVS') },
  lab: 'outside',
  summary: l(
    'The load balancer changes six bytes and never sees an answer. See which six, and what the servers owe to it.',
    '负载均衡只改六个字节，而且从不见应答。看看是哪六个，以及服务器为此要做什么。',
  ),
  steps: [
    {
      id: 'one',
      title: l('Six bytes', '六个字节'),
      text: l(
        '{C} asks the VIP. {R} hands the packet to {L1}, and {L1} hands it to one of two servers, by {term:dr}.\n\nSend a request, and stop where {L1} sends the packet on. Compare its four cells with those that came in.',
        '{C} 请求 VIP。{R} 把包交给 {L1}，{L1} 用 {term:dr} 把它交给两台服务器中的一台。\n\n发一个请求，停在 {L1} 把包送出的地方，把四个格子和进来时比一比。',
      ),
      knobs: ['send'],
      run: curl('client'),
      runLabel: l('Send one request', '发一个请求'),
      focus: { host: 'LB1', inspector: 'packet' },
    },
    {
      id: 'what-changes',
      title: l('What did the mode change?', '这个模式改了什么？'),
      text: l(
        'At each hop the source MAC, the TTL and the checksum change: that is ordinary. One more thing changes because of IPVS.',
        '每一跳都会换源 MAC、减 TTL、改校验和，这是平常事。还有一处，是 IPVS 改的。',
      ),
      knobs: ['send'],
      ask: {
        text: l('What does {L1} write into the request?', '{L1} 在请求里写了什么？'),
        choices: [
          {
            id: 'dst',
            text: l('The server’s IP in the place of the VIP', '把 VIP 换成服务器的 IP'),
            misconception: 'dr-rewrites-ip',
            answer: l(
              'That would be NAT. In DR the IP header says VIP to the end.',
              '那是 NAT。在 DR 里，IP 首部从头到尾都写着 VIP。',
            ),
          },
          {
            id: 'mac',
            text: l('The server’s MAC as the destination', '把目的 MAC 写成服务器的'),
            answer: l(
              'Right: one address of the link, nothing of the network.',
              '对：只改链路上的地址，网络层的一概不动。',
            ),
          },
          {
            id: 'both',
            text: l('Both IP addresses', '两个 IP 都改'),
            misconception: 'dr-is-fullnat',
            answer: l(
              'That would be FULLNAT; then the server would not know the client.',
              '那是 FULLNAT，服务器就不认得客户端了。',
            ),
          },
        ],
        right: (facts) => {
          const [xmit] = notes(facts, 'ipvs.xmit', 'LB1')
          return xmit === undefined ? undefined : CHANGES[xmit.mode]
        },
        evidence: { on: 'ipvs.xmit', host: 'LB1' },
        because: l(
          'The ringed cell of the frame that leaves {L1} is the destination MAC; both IP cells are as {C} wrote them.',
          '{L1} 送出的那一帧，圈起来的格子是目的 MAC；两个 IP 格子和 {C} 写的一样。',
        ),
      },
      run: curl('client'),
      focus: { host: 'LB1', inspector: 'packet' },
    },
    {
      id: 'way-back',
      title: l('The way back', '回程'),
      text: l(
        'The server has the request, with {C} as its source and {ip:172.16.253.100} as its destination. Now it answers.',
        '服务器收到请求，源地址是 {C}，目的地址是 {ip:172.16.253.100}。现在它要应答。',
      ),
      knobs: ['send'],
      ask: {
        text: l('Which way does the answer take?', '应答走哪条路？'),
        choices: [
          {
            id: 'back',
            text: l('Back through {L1}, as it came', '原路返回，经过 {L1}'),
            misconception: 'reply-through-director',
            answer: l(
              'Nothing in the packet speaks of {L1}. The server looks at the destination, {C}, and uses its own gateway.',
              '包里没有一处提到 {L1}。服务器看的是目的地址 {C}，用的是自己的网关。',
            ),
          },
          {
            id: 'direct',
            text: l('Straight to {R} and {C}, with the VIP as source', '直接经 {R} 到 {C}，源地址是 VIP'),
            answer: l(
              'Right. That is the strength of DR: answers are the larger part, and {L1} does not carry them.',
              '对。这正是 DR 的长处：应答占大头，而 {L1} 不用搬。',
            ),
          },
        ],
        right: (facts) => (facts.answered === 0 ? undefined : forwards(facts, 'LB1') ? 'back' : 'direct'),
        evidence: { on: 'request', where: { role: 'client' } },
        because: l(
          '{L1} forwarded nothing; {C} has got its answer, from {ip:172.16.253.100}.',
          '{L1} 什么也没有转发；{C} 却收到了来自 {ip:172.16.253.100} 的应答。',
        ),
      },
      run: curl('client'),
      focus: { host: 'server1', inspector: 'packet' },
    },
    {
      id: 'without-vip',
      title: l('A server without the VIP', '没有 VIP 的服务器'),
      text: l(
        'Take the VIP away from {S2}: `ip addr del 172.16.253.100/32 dev lo`. {L1} knows nothing of it and goes on in turn. Two requests follow.',
        '从 {S2} 上拿掉 VIP：`ip addr del 172.16.253.100/32 dev lo`。{L1} 并不知情，照样轮流。接着发两个请求。',
      ),
      knobs: ['send', 'vip'],
      ask: {
        text: l('What does {S2} do with its request?', '{S2} 会怎样处理它的请求？'),
        choices: [
          {
            id: 'answers',
            text: l('It answers all the same: the MAC was its own', '照样应答：MAC 就是它的'),
            misconception: 'mac-is-enough',
            answer: l(
              'The MAC brings the frame in. Whether the packet is accepted is decided by its IP destination.',
              'MAC 只能让帧进门。收不收包，要看目的 IP。',
            ),
          },
          {
            id: 'passes',
            text: l('It does not take it: the address is not its own', '不收：这个地址不是它的'),
            answer: l(
              'Right: the routing decision again. It is a router for this packet, and sends it back to whoever owns the VIP.',
              '对，又是路由判断。对这个包来说，它只是个路由器，于是把包送回给拥有 VIP 的主机。',
            ),
          },
          {
            id: 'notices',
            text: l('{L1} notices and gives both to {S1}', '{L1} 发现后，两个都交给 {S1}'),
            misconception: 'kernel-checks-health',
            answer: l(
              'The kernel checks nobody’s health. keepalived would, and even it asks for the own address of the server.',
              '内核不检查死活。keepalived 会，但它问的也是服务器自己的地址。',
            ),
          },
        ],
        right: (facts) => {
          if (asked(facts) < 2) return undefined
          if ((facts.byServer['server2'] ?? 0) > 0) return 'answers'
          return (facts.byServer['server1'] ?? 0) > 1 ? 'notices' : 'passes'
        },
        evidence: { on: 'hook', host: 'server2', where: { point: 'FORWARD' } },
        because: l(
          'On {S2} the packet went through FORWARD instead of LOCAL_IN.',
          '在 {S2} 上，包走的是 FORWARD，而不是 LOCAL_IN。',
        ),
      },
      run: [...on('server2', `ip addr del ${VIP}/32 dev lo`), ...curl('client', 2)],
      focus: { host: 'server2', inspector: 'why' },
    },
    {
      id: 'repair',
      title: l('Your turn: both must serve', '轮到你：两台都要服务'),
      text: l(
        'Give {S2} the VIP back, on `lo`, as a /32, and send until **both** servers have answered.',
        '把 VIP 还给 {S2}，放在 `lo` 上，掩码 /32，然后发请求，直到**两台**服务器都应答过。',
      ),
      knobs: ['send', 'vip'],
      expect: [
        {
          kind: 'facts',
          holds: ({ byServer }) => (byServer['server1'] ?? 0) > 0 && (byServer['server2'] ?? 0) > 0,
          text: l('{S1} and {S2} have answered', '{S1} 和 {S2} 都应答过'),
        },
      ],
      hint: l(
        '`ip addr add 172.16.253.100/32 dev lo` on {S2}.',
        '在 {S2} 上执行 `ip addr add 172.16.253.100/32 dev lo`。',
      ),
      show: [...on('server2', `ip addr add ${VIP}/32 dev lo`), ...curl('client', 2)],
      focus: { host: 'server2', dock: 'terminal' },
    },
    {
      id: 'keep',
      title: l('What to keep', '记住这些'),
      text: l(
        '{term:dr} changes the **destination MAC** and nothing else. So the server must be on the same link, listen on the same port, and **own the VIP**.\n\nAnswers go straight to the client, with the VIP as source: the client knows no other.\n\nBut now several hosts on one link own one address. Who answers when ARP asks for it? That is the next lesson.',
        '{term:dr} 只改**目的 MAC**。所以服务器必须在同一链路上，监听同一端口，并且**拥有 VIP**。\n\n应答直接去客户端，源地址是 VIP：客户端只认它。\n\n可是这样一来，一条链路上就有几台主机拥有同一个地址。ARP 问起来，谁应答？这就是下一课。',
      ),
      knobs: ['send', 'vip'],
    },
  ],
}
