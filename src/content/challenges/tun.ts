import type { Challenge } from '../challenge.ts'
import { answered, balanced, bothServers, curls, HIDE, l, on, tunSetup, VIP } from './parts.ts'

export const tun: readonly Challenge[] = [
  {
    id: 'tun-rp-filter',
    topic: 'tun',
    level: 3,
    title: l('Unwrapped and thrown away', '拆开就丢了'),
    task: l(
      'TUN mode. {S1} receives the wrapped packets, unwraps them, and is silent. {S2} is set up the same, its owner says. Let both servers answer.',
      'TUN 模式。{S1} 收到外面包着一层的包，拆开了，然后就没有动静。据说 {S2} 的配置一模一样。让两台服务器都能应答。',
    ),
    lab: 'outside',
    boot: [...tunSetup, ...on('server1', 'sysctl -w net.ipv4.conf.all.rp_filter=1')],
    check: curls('client', 12),
    goals: [
      answered(12),
      bothServers(4),
      {
        kind: 'kept',
        why: ['IP_RPFILTER'],
        text: l('No packet fails the reverse path filter', '没有包被反向路径过滤丢弃'),
      },
    ],
    hints: [
      l('Find the drop on {S1} and read its reason.', '找到 {S1} 上的丢包，读它的原因。'),
      l(
        'By which interface does the inner packet come in, by which would the answer leave?',
        '内层的包从哪个接口进来？应答会从哪个接口出去？',
      ),
      l(
        'rp_filter counts as the **larger** of `all` and the interface.',
        'rp_filter 取 `all` 与接口中**较大**的值。',
      ),
    ],
    solution: on(
      'server1',
      'sysctl -w net.ipv4.conf.all.rp_filter=0',
      'sysctl -w net.ipv4.conf.tunl0.rp_filter=0',
    ),
    wrong: [
      {
        commands: on('server1', 'sysctl -w net.ipv4.conf.tunl0.rp_filter=0'),
        why: l('`all` is still 1, and the larger value counts.', '`all` 还是 1，而算数的是较大的值。'),
      },
      {
        commands: on('server1', 'sysctl -w net.ipv4.conf.ens33.rp_filter=0'),
        why: l(
          'The inner packet comes in by tunl0, not by ens33.',
          '内层的包是从 tunl0 进来的，不是 ens33。',
        ),
      },
    ],
    debrief: l(
      'The strict filter asks: would I answer by the interface this came from? For a tunnel the answer is no.',
      '严格的反向路径过滤会问：应答会从它来的接口出去吗？对隧道来说，不会。',
    ),
  },
  {
    id: 'tun-device-down',
    topic: 'tun',
    level: 1,
    title: l('The tunnel has no far end', '隧道没有另一头'),
    task: l(
      'TUN mode. Every second request hangs, and {S2} does nothing with what it gets. Let both servers answer.',
      'TUN 模式。每两个请求就有一个没反应，{S2} 收到包却什么也不做。让两台服务器都能应答。',
    ),
    lab: 'outside',
    boot: [...tunSetup, ...on('server2', 'ip link set tunl0 down')],
    check: curls('client', 12),
    goals: [answered(12), bothServers(4), balanced],
    hints: [
      l(
        'What arrives at {S2}: what is the protocol of the outer header?',
        '到达 {S2} 的是什么？外层首部的协议号是几？',
      ),
      l('Compare `ip addr show tunl0` on {S1} and {S2}.', '比较 {S1} 和 {S2} 上的 `ip addr show tunl0`。'),
      l('A device that is not UP takes nothing in.', '没有 UP 的设备什么也不收。'),
    ],
    solution: on('server2', 'ip link set tunl0 up'),
    wrong: [
      {
        commands: on('server2', `ip addr add ${VIP}/32 dev lo`),
        why: l('The address is not what is missing: nobody unwraps.', '缺的不是地址：没有人拆包。'),
      },
      {
        commands: on('server2', 'modprobe ipip'),
        why: l('The module is there; its device is down.', '模块已经有了，是设备没有启用。'),
      },
    ],
    debrief: l(
      'TUN needs somebody to unwrap on the server: the module ipip, and its device tunl0 up.',
      'TUN 需要服务器上有人拆包：加载 ipip 模块，并启用它的设备 tunl0。',
    ),
  },
  {
    id: 'tun-no-vip',
    topic: 'tun',
    level: 2,
    title: l('Unwrapped, for whom?', '拆开了，可给谁呢？'),
    task: l(
      'TUN mode. {S1} unwraps every packet and then forwards it instead of taking it. Let both servers answer, and let only {L1} answer ARP for the VIP.',
      'TUN 模式。{S1} 拆开每个包，却把它转发出去，自己不收。让两台服务器都能应答，并且只有 {L1} 应答对 VIP 的 ARP。',
    ),
    lab: 'outside',
    boot: [...tunSetup, ...on('server1', `ip addr del ${VIP}/32 dev tunl0`)],
    check: [...on('router', 'ip neigh flush dev ens33'), ...curls('client', 12)],
    goals: [
      answered(12),
      bothServers(4),
      {
        kind: 'arp',
        ip: VIP,
        hosts: ['LB1'],
        text: l('Only {L1} answers ARP for the VIP', '只有 {L1} 应答对 VIP 的 ARP'),
      },
    ],
    hints: [
      l('What is the destination of the inner packet?', '内层的包，目的地址是什么？'),
      l('The routing decision on {S1} comes again after unwrapping.', '拆包之后，{S1} 会再做一次路由判断。'),
      l('Compare the addresses of tunl0 on both servers.', '比较两台服务器 tunl0 上的地址。'),
    ],
    solution: on('server1', `ip addr add ${VIP}/32 dev tunl0`),
    wrong: [
      {
        commands: on('server1', `ip addr add ${VIP}/32 dev ens33`),
        why: l('Taken now, and announced on the LAN as well.', '是收下了，可是也在局域网上应答了。'),
      },
      {
        commands: on('server1', 'sysctl -w net.ipv4.ip_forward=0'),
        why: l('Not forwarded any more, and not taken either.', '不转发了，可也没有收下。'),
      },
    ],
    debrief: l(
      'The inner packet is for the VIP. Without it on some interface, the server is only a router for it.',
      '内层的包是给 VIP 的。哪个接口上都没有 VIP，服务器对它来说就只是个路由器。',
    ),
  },
  {
    id: 'tun-announce',
    topic: 'tun',
    level: 2,
    title: l('Tunnels and ARP', '隧道也怕 ARP'),
    task: l(
      'TUN mode on one LAN. The wrapping works, but {R} hears of the VIP from more than one host. Let only {L1} answer.',
      '同一局域网里的 TUN 模式。包装、拆包都没问题，但 {R} 从不止一台主机那里听到 VIP。让只有 {L1} 应答。',
    ),
    lab: 'outside',
    boot: [
      ...tunSetup,
      ...['server1', 'server2'].flatMap((host) => on(host, 'sysctl -w net.ipv4.conf.all.arp_ignore=0')),
    ],
    check: [...on('router', 'ip neigh flush dev ens33'), ...curls('client', 12)],
    goals: [
      {
        kind: 'arp',
        ip: VIP,
        hosts: ['LB1'],
        text: l('Only {L1} answers ARP for the VIP', '只有 {L1} 应答对 VIP 的 ARP'),
      },
      answered(12),
      balanced,
    ],
    hints: [
      l('An address on tunl0 is still an address of the host.', 'tunl0 上的地址，仍然是主机的地址。'),
      l('By which interface does the ARP question come?', 'ARP 询问从哪个接口进来？'),
      l(
        'arp_ignore=1 on `all` or on ens33 of both servers.',
        '在两台服务器的 `all` 或 ens33 上设 arp_ignore=1。',
      ),
    ],
    solution: [...on('server1', ...HIDE), ...on('server2', ...HIDE)],
    wrong: [
      {
        commands: [
          ...on('server1', 'sysctl -w net.ipv4.conf.tunl0.arp_ignore=1'),
          ...on('server2', 'sysctl -w net.ipv4.conf.tunl0.arp_ignore=1'),
        ],
        why: l(
          'The question comes in by ens33; only that interface and `all` count.',
          '询问从 ens33 进来，只有它和 `all` 算数。',
        ),
      },
      {
        commands: ['server1', 'server2'].flatMap((host) =>
          on(host, `ip addr del ${VIP}/32 dev tunl0`, `ip addr add ${VIP}/32 dev lo`),
        ),
        why: l('On `lo` it is announced by ens33 as well.', '放在 `lo` 上，ens33 照样替它应答。'),
      },
    ],
    debrief: l(
      'Wherever the VIP lives on a server, the LAN interface would speak for it. The ARP settings are needed in TUN as in DR, if client-side router and servers share a link.',
      '不管 VIP 放在服务器的哪个接口上，局域网接口都会替它应答。只要路由器和服务器在同一链路上，TUN 和 DR 一样要设 ARP。',
    ),
  },
]
