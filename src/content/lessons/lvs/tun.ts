import { formatIp4 } from '../../../core/base/ids.ts'
import type { Lesson } from '../../lesson.ts'
import { asked, curl, forwards, l, lostFor, notes, on } from '../readings.ts'

const SERVICE = '-t 172.16.253.100:8080'
const OUTER: Readonly<Record<string, string>> = {
  '172.16.253.130': 'server',
  '172.16.253.134': 'server',
  '172.16.253.100': 'vip',
  '10.0.0.10': 'client',
}

export const tun: Lesson = {
  id: 'lvs/tun',
  title: l('TUN: a packet in a packet', 'TUN：包里装包'),
  chapter: { number: 4, title: l('LVS', 'LVS') },
  lab: 'outside-tun',
  summary: l(
    'Direct answers as in DR, but the servers may live in other subnets: the packet travels inside another one.',
    '像 DR 一样直接应答，服务器却可以在别的子网：把包装在另一个包里送过去。',
  ),
  setup: on(
    'server3',
    'modprobe ipip',
    'ip link set tunl0 up',
    'sysctl -w net.ipv4.conf.all.rp_filter=0',
    'sysctl -w net.ipv4.conf.tunl0.rp_filter=0',
    'ip addr add 172.16.253.100/32 dev tunl0',
  ),
  steps: [
    {
      id: 'one',
      title: l('A second pair of addresses', '又多一对地址'),
      text: l(
        '{L1} works by {term:tun} now (`ipvsadm -i`). The servers have the VIP on `tunl0`, a device that unwraps IP packets found in IP packets.\n\nSend a request. At {L1} the flag gets a second pair of IP cells around the first.',
        '{L1} 现在用 {term:tun}（`ipvsadm -i`）。服务器的 VIP 在 `tunl0` 上，这个设备会拆开装在 IP 包里的 IP 包。\n\n发一个请求。到了 {L1}，包的 IP 格子外面又多了一对。',
      ),
      knobs: ['send'],
      run: curl('client'),
      runLabel: l('Send one request', '发一个请求'),
      focus: { host: 'LB1', inspector: 'packet' },
    },
    {
      id: 'outer',
      title: l('What is written outside?', '外面写的是什么？'),
      text: l(
        'Inside, nothing changes but the TTL: from {C}, to {ip:172.16.253.100}.',
        '里面除了 TTL 什么都没变：来自 {C}，发往 {ip:172.16.253.100}。',
      ),
      knobs: ['send'],
      ask: {
        text: l('Which destination does the outer header carry?', '外层首部的目的地址是什么？'),
        choices: [
          {
            id: 'vip',
            text: l('The VIP again', '还是 VIP'),
            misconception: 'outer-is-vip',
            answer: l('Then routers would bring it back to {L1}.', '那样，路由器会把它送回 {L1}。'),
          },
          {
            id: 'server',
            text: l('The server’s own address', '服务器自己的地址'),
            answer: l('Right: any router can bring it there.', '对：任何路由器都能把它送到。'),
          },
          {
            id: 'client',
            text: l('That of {C}, for the answer', '{C} 的，为了应答'),
            misconception: 'outer-is-client',
            answer: l('The answer is another packet, and it is not wrapped.', '应答是另一个包，而且不用装。'),
          },
        ],
        right: (facts) => {
          const inward = notes(facts, 'tunnel').find((t) => t.way === 'in')
          return inward === undefined ? undefined : OUTER[formatIp4(inward.dst)]
        },
        evidence: { on: 'tunnel', where: { way: 'in' } },
        because: l(
          '`tunl0` of the server unwrapped a packet from {L1} to the server itself.',
          '服务器的 `tunl0` 拆开的包，是 {L1} 发给服务器自己的。',
        ),
      },
      run: curl('client'),
      focus: { host: 'LB1', inspector: 'packet' },
    },
    {
      id: 'back',
      title: l('And the answer?', '那应答呢？'),
      text: l(
        'The server has unwrapped the packet. It owns {ip:172.16.253.100}, so it takes it, and answers {C}.',
        '服务器拆开了包。它拥有 {ip:172.16.253.100}，于是收下，并应答 {C}。',
      ),
      knobs: ['send'],
      ask: {
        text: l('How does the answer travel?', '应答怎么走？'),
        choices: [
          {
            id: 'wrapped',
            text: l('Wrapped, back through the tunnel to {L1}', '装好，经隧道回到 {L1}'),
            misconception: 'tunnel-both-ways',
            answer: l(
              '`tunl0` only unwraps here. {L1} does not see the answer.',
              '`tunl0` 在这里只管拆。{L1} 见不到应答。',
            ),
          },
          {
            id: 'direct',
            text: l('Unwrapped, straight to {C}, from the VIP', '不装，直接去 {C}，源地址是 VIP'),
            answer: l('Right: as in DR.', '对，和 DR 一样。'),
          },
        ],
        right: (facts) =>
          facts.answered === 0
            ? undefined
            : forwards(facts, 'LB1') || notes(facts, 'tunnel', 'LB1').some((t) => t.way === 'in')
              ? 'wrapped'
              : 'direct',
        evidence: { on: 'request', where: { role: 'client' } },
        because: l(
          '{L1} unwrapped nothing and forwarded nothing; {C} has its answer.',
          '{L1} 没有拆包，也没有转发；{C} 却收到了应答。',
        ),
      },
      run: curl('client'),
      focus: { host: 'server1', inspector: 'packet' },
    },
    {
      id: 'rp-filter',
      title: l('Came in by the wrong door?', '从不该进的门进来？'),
      text: l(
        '{term:rp_filter} 1 asks of every packet: would I answer by the interface it came in by? Set it on {S1}: `net.ipv4.conf.all.rp_filter=1`. On `tunl0` alone it stays 0. Two requests.',
        '{term:rp_filter} 为 1 时，对每个包都要问：应答会从它进来的接口出去吗？在 {S1} 上设 `net.ipv4.conf.all.rp_filter=1`，`tunl0` 自己的仍是 0。发两个请求。',
      ),
      knobs: ['send', 'rp_filter'],
      ask: {
        text: l('What does {S1} do with its request?', '{S1} 会怎样处理它的请求？'),
        choices: [
          {
            id: 'takes',
            text: l('It takes it: `tunl0` has 0', '收下：`tunl0` 上是 0'),
            misconception: 'interface-value-wins',
            answer: l(
              'The larger of `all` and the interface counts here, too.',
              '这里也是取 `all` 与接口中较大的值。',
            ),
          },
          {
            id: 'outer',
            text: l('It drops the wrapped packet at ens33', '在 ens33 上就丢掉外层的包'),
            misconception: 'rp-filter-on-outer',
            answer: l(
              'The outer one comes from {L1} by ens33, where an answer would leave, too: it passes.',
              '外层来自 {L1}，从 ens33 进来，应答也会从那里出去，所以通过。',
            ),
          },
          {
            id: 'inner',
            text: l('It unwraps, then drops what was inside', '拆开之后，丢掉里面的'),
            answer: l(
              'Right: the inner packet came in by tunl0, an answer to {C} would leave by ens33.',
              '对：里面的包从 tunl0 进来，给 {C} 的应答却要从 ens33 出去。',
            ),
          },
        ],
        right: (facts) => {
          if (asked(facts) < 2) return undefined
          if ((facts.byServer['server1'] ?? 0) > 0) return 'takes'
          const unwrapped = notes(facts, 'tunnel', 'server1').some((t) => t.way === 'in')
          return lostFor(facts, 'IP_RPFILTER', 'server1') && unwrapped ? 'inner' : 'outer'
        },
        evidence: { on: 'drop', host: 'server1', where: { why: 'IP_RPFILTER' } },
        because: l(
          'Unwrapped, then dropped by the reverse path filter: silent for all others.',
          '拆开了，随后被反向路径过滤丢掉：别人什么也察觉不到。',
        ),
      },
      run: [...on('server1', 'sysctl -w net.ipv4.conf.all.rp_filter=1'), ...curl('client', 2)],
      focus: { host: 'server1', inspector: 'why' },
    },
    {
      id: 'repair',
      title: l('Your turn: let it in', '轮到你：放它进来'),
      text: l(
        'Put {S1} right and send until **both** servers have answered.',
        '改好 {S1}，发请求，直到**两台**服务器都应答过。',
      ),
      knobs: ['send', 'rp_filter'],
      expect: [
        {
          kind: 'facts',
          holds: ({ byServer }) => (byServer['server1'] ?? 0) > 0 && (byServer['server2'] ?? 0) > 0,
          text: l('{S1} and {S2} have answered', '{S1} 和 {S2} 都应答过'),
        },
      ],
      hint: l(
        '`sysctl -w net.ipv4.conf.all.rp_filter=0` on {S1}; `tunl0` is 0 already.',
        '在 {S1} 上执行 `sysctl -w net.ipv4.conf.all.rp_filter=0`；`tunl0` 已经是 0。',
      ),
      show: [...on('server1', 'sysctl -w net.ipv4.conf.all.rp_filter=0'), ...curl('client', 2)],
      focus: { host: 'server1', dock: 'terminal' },
    },
    {
      id: 'far',
      title: l('A server far away', '远处的服务器'),
      text: l(
        '{S3} lives in another subnet, behind {R}: {ip:192.168.66.13}. It has `tunl0` and the VIP. It is added to the service, once more by `-i`. Three requests.',
        '{S3} 在另一个子网，在 {R} 后面：{ip:192.168.66.13}。它有 `tunl0` 和 VIP。把它也用 `-i` 加进服务。发三个请求。',
      ),
      knobs: ['send'],
      ask: {
        text: l('Does {S3} get and answer its request?', '{S3} 能收到请求并应答吗？'),
        choices: [
          {
            id: 'no',
            text: l(
              'No: {R} knows the VIP at {L1} and sends it back',
              '不能：{R} 认为 VIP 在 {L1}，会送回去',
            ),
            misconception: 'tun-needs-one-lan',
            answer: l(
              '{R} reads the outer header only, and it names {S3}. In DR you would be right.',
              '{R} 只看外层首部，上面写的是 {S3}。换成 DR，你就说对了。',
            ),
          },
          {
            id: 'yes',
            text: l('Yes: to {R} it is a packet for {S3}', '能：在 {R} 看来，这就是给 {S3} 的包'),
            answer: l('Right. That is what the wrapping is for.', '对。装一层就是为了这个。'),
          },
        ],
        right: (facts) =>
          asked(facts) < 3 ? undefined : (facts.byServer['server3'] ?? 0) > 0 ? 'yes' : 'no',
        evidence: { on: 'request', host: 'server3', where: { role: 'server' } },
        because: l(
          '{S3} has served a request and answered {C} directly.',
          '{S3} 处理了请求，并直接应答了 {C}。',
        ),
      },
      run: [...on('LB1', `ipvsadm -a ${SERVICE} -r 192.168.66.13:8080 -i`), ...curl('client', 3)],
      focus: { host: 'server3', inspector: 'packet' },
    },
    {
      id: 'keep',
      title: l('What to keep', '记住这些'),
      text: l(
        '{term:tun} wraps the packet, to the server’s own address. So the server may be anywhere; it needs somebody to unwrap (`tunl0`), the VIP, and an rp_filter that lets the unwrapped packet in. On a shared LAN the ARP settings are needed as in DR.\n\nThe price: 20 bytes more per packet. Where a link carries 1500 bytes, 1480 are left: mind the {term:mtu}.',
        '{term:tun} 把包装起来，寄到服务器自己的地址。所以服务器在哪里都行；它需要有人拆包（`tunl0`）、有 VIP，rp_filter 还要放拆开的包进来。若在同一局域网，ARP 设置和 DR 一样要做。\n\n代价是每个包多 20 字节。链路能承载 1500 字节的，就只剩 1480：留意 {term:mtu}。',
      ),
      knobs: ['send', 'rp_filter'],
    },
  ],
}
