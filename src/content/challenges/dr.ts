import type { Challenge } from '../challenge.ts'
import { answered, balanced, bothServers, curls, drSetup, l, on, prompt, SERVICE, VIP } from './parts.ts'

const CONF = '/etc/nginx/nginx.conf'

export const dr: readonly Challenge[] = [
  {
    id: 'dr-no-vip',
    topic: 'dr',
    level: 1,
    title: l('Every second request hangs', '每两个请求就有一个没反应'),
    task: l(
      'Direct routing, two servers in turn. Every second request gets no answer, and it is always the turn of the same server. Its nginx runs. Let **both** answer again.',
      '直接路由，两台服务器轮流。每两个请求就有一个没有应答，而且总是轮到同一台的时候。它的 nginx 在运行。让**两台**都重新应答。',
    ),
    lab: 'outside',
    boot: [...drSetup, ...on('server2', `ip addr del ${VIP}/32 dev lo`)],
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
      l('What does the quiet server do with the SYN?', '没反应的那台，收到 SYN 后做了什么？'),
      l(
        'The SYN still has the VIP as its destination: DR changes only the MAC.',
        'SYN 的目的地仍是 VIP：DR 只改 MAC。',
      ),
      l('Compare `ip addr show lo` on {S1} and {S2}.', '比较 {S1} 和 {S2} 上的 `ip addr show lo`。'),
    ],
    solution: on('server2', `ip addr add ${VIP}/32 dev lo`),
    wrong: [
      {
        commands: on('server2', `ip addr add ${VIP}/24 dev ens33`),
        why: l(
          'It accepts the packets now, but arp_ignore=1 lets an address of the asked interface be announced: two hosts claim the VIP.',
          '包是能收了，但 arp_ignore=1 允许应答被问接口自己的地址：现在有两台主机都自称 VIP。',
        ),
      },
      {
        commands: on('LB1', `ipvsadm -d ${SERVICE} -r 172.16.253.134:8080`),
        why: l('All are answered, but by one server alone.', '请求是都有应答了，但全靠一台服务器。'),
      },
    ],
    debrief: l(
      'In DR the packet arrives unchanged but for its MAC, so the server must own the VIP, on `lo`, where no one on the link can ask for it.',
      '在 DR 下，到达的包除了 MAC 什么都没变，所以服务器必须拥有 VIP，而且要放在 `lo` 上，这样链路上问不到它。',
    ),
  },
  {
    id: 'dr-wide-mask',
    topic: 'dr',
    level: 3,
    title: l('A mask too wide', '掩码太宽'),
    task: l(
      'Here {R} is the client. Since the VIP was typed anew on {S1}, not one request is answered in the whole LAN, not even those for {S2}. Mend {S1}.',
      '这里 {R} 就是客户端。自从在 {S1} 上重新敲了一遍 VIP，整个局域网里一个请求也得不到应答，连给 {S2} 的也不行。修好 {S1}。',
    ),
    lab: 'course-static',
    boot: [
      ...on('router', 'sysctl -w net.ipv4.fib_multipath_hash_policy=1'),
      ...on('server1', `ip addr del ${VIP}/32 dev lo`, `ip addr add ${VIP}/24 dev lo label lo:0`),
    ],
    check: curls('router', 24),
    goals: [answered(24), bothServers(4), prompt],
    hints: [
      l('Who answers when {R} asks for the MAC of {L1}?', '{R} 询问 {L1} 的 MAC 时，是谁应答的？'),
      l(
        '`ip route get 172.16.253.135` on {S1}, and the same on {S2}.',
        '在 {S1} 上执行 `ip route get 172.16.253.135`，再在 {S2} 上执行一遍。',
      ),
      l(
        'An address with /24 on `lo` makes the whole subnet local.',
        '`lo` 上的地址带 /24，整个子网就都成了本机地址。',
      ),
    ],
    solution: on('server1', `ip addr del ${VIP}/24 dev lo`, `ip addr add ${VIP}/32 dev lo label lo:0`),
    wrong: [
      {
        commands: on('server1', 'sysctl -w net.ipv4.conf.all.arp_ignore=1', 'ip neigh flush dev ens33'),
        why: l(
          'The others are left in peace, but the answers of {S1} do not even leave `lo`.',
          '别人是不受打扰了，可 {S1} 自己的应答连 `lo` 都出不去。',
        ),
      },
      {
        commands: on('server1', `ip addr del ${VIP}/24 dev lo`),
        why: l(
          'The way out is free again, but now the server refuses what is sent to the VIP.',
          '出去的路通了，可是服务器不再收发往 VIP 的包。',
        ),
      },
    ],
    debrief: l(
      'Addresses on `lo` are local with their whole prefix: {S1} took everybody’s packets for its own and answered ARP for all. The VIP there must be a /32.',
      '`lo` 上的地址，连同整个前缀都算本机：{S1} 把发给大家的包都当成自己的，还替所有人应答 ARP。所以 VIP 在那里必须是 /32。',
    ),
  },
  {
    id: 'dr-bound-to-rip',
    topic: 'dr',
    level: 2,
    title: l('Refused, but only through the VIP', '只有经 VIP 才被拒绝'),
    task: l(
      '`curl` to the own address of {S2} works from everywhere. Through the VIP every second connection is refused. Let all twelve be answered, without NAT.',
      '从哪里 `curl` {S2} 自己的地址都通。经过 VIP 时，每两个连接就有一个被拒绝。不用 NAT，让十二个全部得到应答。',
    ),
    lab: 'outside',
    boot: [
      ...drSetup,
      ...on(
        'server2',
        `sed -i 's/listen 8080/listen 172.16.253.134:8080/' ${CONF}`,
        'nginx -s stop',
        'nginx',
      ),
    ],
    check: curls('client', 12),
    goals: [answered(12), bothServers(4)],
    hints: [
      l('Who sends the RST, and why?', 'RST 是谁发的，为什么？'),
      l(
        '`ss -ltn` on both servers: compare the local addresses.',
        '在两台服务器上执行 `ss -ltn`，比较本地地址。',
      ),
      l(
        'A socket bound to one address does not take packets for another one.',
        '绑定在一个地址上的套接字，不收发往另一个地址的包。',
      ),
    ],
    solution: on(
      'server2',
      `sed -i 's/listen 172.16.253.134:8080/listen 8080/' ${CONF}`,
      'nginx -s stop',
      'nginx',
    ),
    wrong: [
      {
        commands: on('server2', `ip addr add ${VIP}/32 dev ens33`),
        why: l(
          'The address was there already; nobody listens on it.',
          '地址本来就有，只是没有程序在上面监听。',
        ),
      },
      {
        commands: on('server2', 'nginx -s reload'),
        why: l('The same file says the same thing again.', '同一份配置，再读一遍也一样。'),
      },
    ],
    debrief: l(
      'The destination in DR is still the VIP, so the program must listen on it or on all addresses.',
      'DR 里目的地址仍是 VIP，所以程序要监听 VIP，或者监听所有地址。',
    ),
  },
  {
    id: 'dr-port-map',
    topic: 'dr',
    level: 2,
    title: l('Another port inside', '里面换了端口'),
    task: l(
      '{S1} now listens on 8081, “the load balancer will map it”. It does not. Let the VIP’s port 8080 be served by **both** servers, still by direct routing.',
      '{S1} 现在监听 8081，“端口让负载均衡去映射”。可它不映射。仍用直接路由，让 VIP 的 8080 端口由**两台**服务器提供服务。',
    ),
    lab: 'outside',
    boot: [
      ...drSetup,
      ...on('server1', `sed -i 's/listen 8080/listen 8081/' ${CONF}`, 'nginx -s stop', 'nginx'),
    ],
    check: curls('client', 12),
    goals: [answered(12), bothServers(4)],
    hints: [
      l(
        'Which destination port does the SYN have when it arrives at {S1}?',
        'SYN 到达 {S1} 时，目的端口是几？',
      ),
      l(
        'DR changes no header above Ethernet: the port cannot change.',
        'DR 不改以太网以上的首部：端口也就改不了。',
      ),
      l('The server must listen where the client calls.', '客户端找哪个端口，服务器就得监听哪个。'),
    ],
    solution: on('server1', `sed -i 's/listen 8081/listen 8080/' ${CONF}`, 'nginx -s stop', 'nginx'),
    wrong: [
      {
        commands: on(
          'LB1',
          `ipvsadm -d ${SERVICE} -r 172.16.253.130:8080`,
          `ipvsadm -a ${SERVICE} -r 172.16.253.130:8081 -g`,
        ),
        why: l(
          'ipvsadm takes the port without a word, and DR cannot write it.',
          'ipvsadm 不声不响就收下了端口，而 DR 写不进包里。',
        ),
      },
      {
        commands: on('LB1', `ipvsadm -e ${SERVICE} -r 172.16.253.130:8080 -g -w 0`),
        why: l(
          'Weight 0 hides the trouble: one server does all the work.',
          '权重 0 只是把问题藏了起来：活全归一台干。',
        ),
      },
    ],
    debrief: l(
      'Only NAT and FULLNAT can map ports; DR and TUN deliver the packet as the client wrote it.',
      '只有 NAT 和 FULLNAT 能映射端口；DR 和 TUN 原样交付客户端写的包。',
    ),
  },
  {
    id: 'dr-gateway-director',
    topic: 'dr',
    level: 3,
    title: l('Home through the wrong door', '回家走错了门'),
    task: l(
      '{C} is outside. {S1} receives its requests and sends answers, but {C} never sees them; {S2} is fine. Let both servers answer {C}.',
      '{C} 在外面。{S1} 收到了它的请求，也发了应答，{C} 却从没见到；{S2} 正常。让两台服务器都能答到 {C}。',
    ),
    lab: 'outside',
    boot: [...drSetup, ...on('server1', 'ip route replace default via 172.16.253.131')],
    check: curls('client', 12),
    goals: [
      answered(12),
      bothServers(4),
      {
        kind: 'kept',
        why: ['IP_MARTIAN_SOURCE'],
        text: l('No packet is taken for a martian', '没有包被当作“火星包”丢掉'),
      },
    ],
    hints: [
      l('Where does the SYN+ACK of {S1} go first?', '{S1} 的 SYN+ACK 先去了哪里？'),
      l(
        '{L1} owns the VIP. What must it think of a packet that comes **from** it?',
        '{L1} 拥有 VIP。它收到一个**来自** VIP 的包，会怎么想？',
      ),
      l('Compare `ip route` of {S1} and {S2}.', '比较 {S1} 和 {S2} 的 `ip route`。'),
    ],
    solution: on('server1', 'ip route replace default via 172.16.253.135'),
    wrong: [
      {
        commands: on(
          'LB1',
          'sysctl -w net.ipv4.conf.all.rp_filter=0',
          'sysctl -w net.ipv4.conf.ens33.rp_filter=0',
        ),
        why: l(
          'A source address of one’s own is a martian whatever rp_filter says.',
          '源地址是自己的地址，不管 rp_filter 是多少，都算“火星包”。',
        ),
      },
      {
        commands: on('LB1', 'sysctl -w net.ipv4.ip_forward=1', 'iptables -P FORWARD ACCEPT'),
        why: l('It is dropped before any forwarding.', '还没到转发，就已经丢了。'),
      },
    ],
    debrief: l(
      'In DR answers go straight to the client. A server that uses the load balancer as its gateway sends it packets from its own address.',
      'DR 里应答直接去客户端。服务器若拿负载均衡当网关，就等于把“来自它自己”的包寄给它。',
    ),
  },
  {
    id: 'dr-far-server',
    topic: 'dr',
    level: 3,
    title: l('A server in another subnet', '另一个子网里的服务器'),
    task: l(
      'A third server, 192.168.66.13, was added to the service, by `-g` like the others. Its turn is always lost. It has tunl0 and the VIP on it. Let the twelve requests be answered, **by all three**.',
      '服务里加了第三台服务器 192.168.66.13，和别的一样用 `-g`。每次轮到它，请求都丢了。它有 tunl0，VIP 也在上面。让十二个请求由**三台**一起应答。',
    ),
    lab: 'outside',
    boot: [
      ...drSetup,
      ...on(
        'server3',
        'modprobe ipip',
        'ip link set tunl0 up',
        'sysctl -w net.ipv4.conf.all.rp_filter=0',
        'sysctl -w net.ipv4.conf.tunl0.rp_filter=0',
        `ip addr add ${VIP}/32 dev tunl0`,
      ),
      ...on('LB1', `ipvsadm -a ${SERVICE} -r 192.168.66.13:8080 -g`),
    ],
    check: curls('client', 12),
    goals: [
      answered(12),
      {
        kind: 'servers',
        hosts: ['server1', 'server2', 'server3'],
        least: 3,
        text: l('Each of the three answers at least 3', '三台各应答至少 3 个'),
      },
      balanced,
    ],
    hints: [
      l('Which MAC does {L1} write for a server behind {R}?', '服务器在 {R} 后面，{L1} 写的是谁的 MAC？'),
      l(
        '{R} gets a packet for the VIP, and the VIP lives at {L1}.',
        '{R} 收到的是发往 VIP 的包，而 VIP 在 {L1} 那里。',
      ),
      l(
        'Wrap it: the mode of one real server can differ from that of the others.',
        '包一层再送：每台真实服务器的模式可以各不相同。',
      ),
    ],
    solution: on('LB1', `ipvsadm -e ${SERVICE} -r 192.168.66.13:8080 -i`),
    wrong: [
      {
        commands: on('LB1', 'ip route add 192.168.66.0/24 via 172.16.253.135'),
        why: l(
          'The way was known. Direct routing needs the server on the same link.',
          '路本来就认识。直接路由要求服务器在同一链路上。',
        ),
      },
      {
        commands: on('LB1', `ipvsadm -e ${SERVICE} -r 192.168.66.13:8080 -m`),
        why: l(
          'The server gets it, but its answers go home by {R} with its own address as source.',
          '服务器能收到，但它的应答经 {R} 直接回去，源地址是它自己的。',
        ),
      },
    ],
    debrief: l(
      'A MAC reaches only the next host on the link. To get a packet for the VIP through routers it must travel inside another one.',
      'MAC 只管到链路上的下一台主机。发往 VIP 的包要穿过路由器，就得装在另一个包里走。',
    ),
  },
]
