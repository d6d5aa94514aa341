import type { Challenge, Goal } from '../challenge.ts'
import type { Command } from '../lesson.ts'
import { answered, balanced, bothServers, curls, drSetup, l, on, VIP } from './parts.ts'

const LB1_MAC = '00:0c:29:31:01:31'
const zero = (host: string, name: string): Command[] => on(host, `sysctl -w net.ipv4.conf.all.${name}=0`)
const hide = (host: string, name: string, value: number): Command[] =>
  on(host, `sysctl -w net.ipv4.conf.all.${name}=${value}`)

const onlyLb: Goal = {
  kind: 'arp',
  ip: VIP,
  hosts: ['LB1'],
  text: l('Only {L1} answers ARP for the VIP', '只有 {L1} 应答对 VIP 的 ARP'),
}
const keepsLb: Goal = {
  kind: 'neighbour',
  host: 'router',
  ip: VIP,
  mac: LB1_MAC,
  text: l('{R} never notes another MAC than that of {L1} for the VIP', '{R} 给 VIP 记下的始终是 {L1} 的 MAC'),
}
/** The router has forgotten everything, as it will sooner or later. */
const asksAnew = on('router', 'ip neigh flush dev ens33')
/** The servers have too: they must ask, and their question has a sender. */
const serversAsk = [
  ...on('server1', 'ip neigh flush dev ens33'),
  ...on('server2', 'ip neigh flush dev ens33'),
]

export const arp: readonly Challenge[] = [
  {
    id: 'arp-lo-only',
    topic: 'arp',
    level: 2,
    title: l('Three answers to one question', '一个问题，三个回答'),
    task: l(
      '{R} asks ARP for the VIP, and more than one host answers. The sysctls of the servers were set by the book, on `lo`. Let **only {L1}** answer, and all twelve requests pass it.',
      '{R} 用 ARP 询问 VIP，应答的不止一台。两台服务器的 sysctl 是“照书”设在 `lo` 上的。让**只有 {L1}** 应答，十二个请求都经过它。',
    ),
    lab: 'outside',
    boot: [
      ...drSetup,
      ...['server1', 'server2'].flatMap((host) => [
        ...zero(host, 'arp_ignore'),
        ...zero(host, 'arp_announce'),
        ...on(host, 'sysctl -w net.ipv4.conf.lo.arp_ignore=1', 'sysctl -w net.ipv4.conf.lo.arp_announce=2'),
      ]),
    ],
    check: [...asksAnew, ...serversAsk, ...curls('client', 12)],
    goals: [onlyLb, keepsLb, answered(12), balanced],
    hints: [
      l('Which interface does the question come in by?', '这个询问是从哪个接口进来的？'),
      l(
        'The kernel takes the larger of `conf.all` and `conf.` of **that** interface.',
        '内核取 `conf.all` 与**那个**接口的 `conf` 中较大的值。',
      ),
      l('Nothing ever comes in by `lo` from the LAN.', '局域网来的东西，从不经 `lo` 进来。'),
    ],
    solution: ['server1', 'server2'].flatMap((host) => [
      ...hide(host, 'arp_ignore', 1),
      ...hide(host, 'arp_announce', 2),
    ]),
    wrong: [
      {
        commands: ['server1', 'server2'].flatMap((host) =>
          on(host, 'sysctl -w net.ipv4.conf.lo.arp_ignore=2', 'sysctl -w net.ipv4.conf.lo.arp_announce=2'),
        ),
        why: l(
          'A larger number in the wrong place is still in the wrong place.',
          '放错了地方，数再大也没用。',
        ),
      },
      {
        commands: ['server1', 'server2'].flatMap((host) => hide(host, 'arp_announce', 2)),
        why: l(
          'arp_announce chooses the sender of the servers’ own questions; it stops no answer.',
          'arp_announce 管的是服务器自己发问时的发送方地址，并不阻止应答。',
        ),
      },
      {
        commands: on(
          'server1',
          'sysctl -w net.ipv4.conf.ens33.arp_ignore=1',
          'sysctl -w net.ipv4.conf.ens33.arp_announce=2',
        ),
        why: l('Right, but there are two servers.', '做法对，可是服务器有两台。'),
      },
    ],
    debrief: l(
      'The course sets `lo` alone. With the OSPF route {R} never asks for the VIP, so the slip is not seen there; here it is.',
      '课程里只设了 `lo`。有 OSPF 路由时，{R} 从不询问 VIP，这个疏漏看不出来；在这里就露出来了。',
    ),
  },
  {
    id: 'arp-announce',
    topic: 'arp',
    level: 3,
    title: l('The entry changes in the middle', '用着用着，表项变了'),
    task: l(
      'Only {L1} answers ARP for the VIP: well done. Yet after a while {R} sends the VIP’s packets to a server, past {L1}, and its balance is gone. Let {R} note nothing but {L1}, even when the servers have to ask around.',
      '只有 {L1} 应答对 VIP 的 ARP：做得好。可是过一阵，{R} 就把发往 VIP 的包交给了某台服务器，绕过 {L1}，均衡也没了。让 {R} 记下的始终是 {L1}，哪怕服务器自己要发问。',
    ),
    lab: 'outside',
    boot: [...drSetup, ...zero('server1', 'arp_announce'), ...zero('server2', 'arp_announce')],
    check: [...asksAnew, ...serversAsk, ...curls('client', 12)],
    goals: [keepsLb, onlyLb, answered(12), balanced],
    hints: [
      l(
        'What makes {R} change its entry? Look for the note just before.',
        '是什么让 {R} 改了表项？看它前面那条记录。',
      ),
      l(
        'A question has a sender, too, and who hears it learns from it.',
        '询问也有发送方，听到的主机会照着记。',
      ),
      l(
        'Which value of arp_announce takes the interface’s own address, whatever the packet says?',
        'arp_announce 取什么值，才会不看包、只用接口自己的地址？',
      ),
    ],
    solution: [...hide('server1', 'arp_announce', 2), ...hide('server2', 'arp_announce', 2)],
    wrong: [
      {
        commands: [...hide('server1', 'arp_announce', 1), ...hide('server2', 'arp_announce', 1)],
        why: l(
          'Level 1 avoids only senders from foreign subnets. The VIP is in the subnet that is asked.',
          '取 1 只避开别的子网的地址；VIP 正好在被问的子网里。',
        ),
      },
      {
        commands: [...hide('server1', 'arp_ignore', 2), ...hide('server2', 'arp_ignore', 2)],
        why: l('No answer was the trouble, a question was.', '惹祸的不是应答，是询问。'),
      },
    ],
    debrief: l(
      'A server asks for its gateway with the source of the waiting packet, the VIP. {R} learns from the question. arp_announce=2 asks with the interface’s own address.',
      '服务器询问网关时，拿等着发的那个包的源地址（VIP）当发送方，{R} 就照着学了。arp_announce=2 只用接口自己的地址发问。',
    ),
  },
  {
    id: 'arp-vip-on-nic',
    topic: 'arp',
    level: 2,
    title: l('The VIP on the wrong shelf', 'VIP 放错了地方'),
    task: l(
      'All sysctls of {S2} are right, and still it answers for the VIP. Find out why, and let only {L1} answer, without losing {S2}.',
      '{S2} 的 sysctl 全都正确，它却还在应答 VIP。找出原因，让只有 {L1} 应答，又不丢掉 {S2}。',
    ),
    lab: 'outside',
    boot: [...drSetup, ...on('server2', `ip addr del ${VIP}/32 dev lo`, `ip addr add ${VIP}/32 dev ens33`)],
    check: [...asksAnew, ...serversAsk, ...curls('client', 12)],
    goals: [onlyLb, bothServers(4), answered(12)],
    hints: [
      l('arp_ignore=1 has a condition. Which?', 'arp_ignore=1 有个条件，是什么？'),
      l(
        'It answers for addresses **of the interface that was asked**.',
        '它会应答**被问的那个接口**上的地址。',
      ),
      l('`ip addr` on {S2}: on which interface is the VIP?', '在 {S2} 上执行 `ip addr`：VIP 在哪个接口上？'),
    ],
    solution: on('server2', `ip addr del ${VIP}/32 dev ens33`, `ip addr add ${VIP}/32 dev lo label lo:0`),
    wrong: [
      {
        commands: on('server2', 'sysctl -w net.ipv4.conf.ens33.arp_ignore=2'),
        why: l(
          'Level 2 asks for a common subnet in addition, and that of the interface’s other address will do.',
          '取 2 只是再要求同一子网，而接口上另一个地址的子网就满足了。',
        ),
      },
      {
        commands: on('server2', `ip addr del ${VIP}/32 dev ens33`),
        why: l('Quiet now, but it no longer accepts the packets.', '是安静了，可是包也不收了。'),
      },
    ],
    debrief: l(
      'Put the VIP on `lo`: there it belongs to the host, but to no link that could ask for it.',
      '把 VIP 放在 `lo` 上：它属于主机，却不属于任何能问到它的链路。',
    ),
  },
  {
    id: 'arp-stale-entry',
    topic: 'arp',
    level: 1,
    title: l('An old answer', '过时的答案'),
    task: l(
      'The servers were put right an hour ago: nobody but {L1} answers for the VIP. Yet everything still goes to {S1}, past {L1}. Let the twelve requests be balanced.',
      '一小时前服务器就都改好了：除了 {L1}，没有谁应答 VIP。可是请求仍然绕过 {L1}，全到 {S1}。让十二个请求都经过负载均衡。',
    ),
    lab: 'outside',
    boot: [
      ...drSetup,
      ...on('router', `ip neigh replace ${VIP} lladdr 00:0c:29:30:01:30 dev ens33 nud permanent`),
    ],
    check: curls('client', 12),
    goals: [answered(12), balanced, bothServers(4)],
    hints: [
      l('Who wrote the MAC into the packet?', '包里的 MAC 是谁写上去的？'),
      l('`ip neigh` on {R}: look at the state of the entry.', '在 {R} 上执行 `ip neigh`，看表项的状态。'),
      l('PERMANENT is never asked again, nor forgotten.', 'PERMANENT 的表项不会再问，也不会忘。'),
    ],
    solution: on('router', `ip neigh del ${VIP} dev ens33`),
    wrong: [
      {
        commands: on('router', 'ip neigh flush dev ens33'),
        why: l('`flush` spares permanent entries.', '`flush` 会放过 PERMANENT 表项。'),
      },
      {
        commands: on('LB1', `arping -c 1 -U -I ens33 ${VIP}`),
        why: l('A gratuitous ARP does not overwrite a permanent entry.', '免费 ARP 盖不掉 PERMANENT 表项。'),
      },
    ],
    debrief: l(
      'Mending the answers does not mend what was learnt before. Delete the entry, or let it be asked again.',
      '应答改对了，先前学到的并不会跟着变。要么删掉表项，要么让它重新询问。',
    ),
  },
]
