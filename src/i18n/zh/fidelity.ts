/** 保真度页：场景与差异说明的中文，按英文原文查。没有的，页面显示英文。 */
export const fidelityZh: Readonly<Record<string, string>> = {
  'the course lab, hash policy 0: one address pair stays on one load balancer':
    '课程实验，哈希策略 0：同一对地址始终走同一台负载均衡',
  'hash policy 1: connections are spread by their ports': '哈希策略 1：连接按端口分散',
  'hash policy 0, requests from other source addresses': '哈希策略 0，从不同源地址发请求',
  'no OSPF: who answers ARP for the virtual address, and whose answer is kept':
    '没有 OSPF：谁替虚拟地址应答 ARP，留下的是谁的应答',
  'DR with the virtual address missing on server1: forwarded, dropped, or sent in a circle':
    'DR，server1 上缺虚拟地址：转发、丢弃，或者兜圈子',
  'DR, client outside: addresses never change, only MAC addresses; the reply does not meet the load balancer':
    'DR，客户端在外部：IP 不变，只换 MAC；应答不经过负载均衡',
  "DR with the load balancer as the server's gateway: a martian source":
    'DR，服务器拿负载均衡当网关：源地址被判为火星地址',
  'DR: ping, TTL, traceroute, closed ports, services without servers':
    'DR：ping、TTL、traceroute、关闭的端口、没有服务器的服务',
  'persistence: a client stays with its server': '会话保持：客户端一直用同一台服务器',
  "NAT with the load balancer as the servers' gateway": 'NAT，服务器的网关是负载均衡',
  'NAT: what ICMP redirects do to servers that accept them': 'NAT：服务器若接受 ICMP 重定向，会怎样',
  "NAT with the router as the servers' gateway: the classic failure": 'NAT，服务器的网关却是路由器：经典故障',
  "NAT with a client on the servers' own subnet": 'NAT，客户端与服务器在同一子网',
  'TUN to a server on the LAN and to one in another subnet': 'TUN，一台服务器在局域网内，另一台在别的子网',
  'TUN to a server that cannot unwrap': 'TUN，服务器不会拆包',
  'TUN and packets that no longer fit': 'TUN，包大得装不下',
  'rp_filter on the servers, in TUN and DR': '服务器上的 rp_filter，TUN 与 DR',
  'FULLNAT built from IPVS NAT and a source rule': '用 IPVS 的 NAT 加一条源地址转换规则做成的 FULLNAT',
  'ip_forward on the load balancer, in all four modes': '负载均衡上的 ip_forward，四种模式逐一试过',
  'every setting of arp_ignore and arp_announce, on all, the interface and lo':
    'arp_ignore 与 arp_announce 的每个取值，分别设在 all、接口和 lo 上',
  'the Netfilter hooks a packet meets, in each mode': '各模式下，包依次遇到哪些 Netfilter 钩子',
  'how many packets of one exchange pass each chain of the load balancer, in each mode':
    '各模式下，一次往返有多少包经过负载均衡的每条链',
  'the recording filtered the output through a pipe': '录制时输出又经管道筛选过',
  'the next redirect is sent no earlier than 40 ms after the first one: the emulated machine needed about that long for a connection, now more, now less':
    '两次重定向至少相隔 40 毫秒；模拟机上建一条连接也差不多要这么久，时多时少',
  'the next redirect is sent no earlier than 40 ms (then 80, 160) after the first one: here the emulated machine stood still for that long between two packets':
    '两次重定向至少相隔 40 毫秒（之后 80、160）；录制用的模拟机恰好在两个包之间停顿了这么久',
  'the recording left error messages out': '录制时没有记下错误信息',
  'a real machine adds its counters up every two seconds, so the last packets may be missing':
    '真机每两秒汇总一次计数，最后几个包可能还没算进去',
  'nstat is not modelled': '没有模拟 nstat',
  'the file is not modelled': '没有模拟这个文件',
  'all hosts of the recording shared one processor: the redirect came while the program was still inside its system call, and a socket in use ignores it (sock_owned_by_user); and one of two programs was five times as slow as the other':
    '录制时所有主机共用一个处理器：重定向到达时程序还在系统调用里，使用中的套接字不理会它（sock_owned_by_user）；两个程序的快慢也差了五倍',
  'connections of the takes before are listed until they expire: the time between the takes was another one':
    '前几次录制留下的连接要到期才消失，而各次录制之间的间隔不一样',
  'the emulated machine stood still for up to 80 ms between taking packets in and handling them: answers and retransmissions crossed in another order; the tunnel device merged what had piled up (GRO)':
    '模拟机收包之后、处理之前最多停顿了 80 毫秒：应答与重传交错的次序不同；堆积的包又被隧道设备合并（GRO）',
  'the recording was made without a terminal: curl tells of the data it sends':
    '录制时没有终端，curl 会报告它发送的数据',
  'the tunnel device merged segments that came together (GRO): fewer ACKs':
    '隧道设备把同时到达的报文段合并了（GRO），所以 ACK 较少',
  'the third of three segments sent at once left 8 ms after the others, when the first had been refused already':
    '一起发出的三个报文段，第三个晚了 8 毫秒，那时第一个已被拒绝',
  'what the health of an entry learned from a question is when it is listed depends on the second':
    '从请求里学到的表项，列出时处于什么状态，要看恰好是哪一秒',
  'LB2 has lost its server: keepalived, which takes it out, is stood in for':
    'LB2 失去了它的服务器：把服务器摘掉的 keepalived 在这里是用命令代替的',
  '/sys is not modelled': '没有模拟 /sys',
  'nft is not modelled': '没有模拟 nft',
  'the emulated machine stood still for up to 80 ms between taking packets in and handling them: answers and retransmissions crossed in another order':
    '模拟机收包之后、处理之前最多停顿了 80 毫秒：应答与重传交错的次序不同',
  'the course lab with FRR and keepalived themselves': '课程实验，由 FRR 与 keepalived 本身运行',
  'a point-to-point link: no designated router, no network LSA': '点到点链路：没有指定路由器，也没有网络 LSA',
  'three load balancers; the virtual address is taken from one and given back':
    '三台负载均衡；从其中一台取下虚拟地址，再放回去',
  'eight load balancers': '八台负载均衡',
  'ospfd is killed and watched over; FRR is stopped and started':
    'ospfd 被杀掉后由 watchfrr 拉起；FRR 停止再启动',
  'the cable of a load balancer is pulled and put in again': '拔掉一台负载均衡的网线，再插回去',
  'four routers on one LAN elect by priority; the designated router leaves and comes back':
    '同一局域网四台路由器按优先级选举；指定路由器离开后又回来',
  'three routers of one priority: the highest id wins': '三台路由器优先级相同：路由器 ID 最大者胜出',
  'a square with costs: one way there, another one back, then two of equal cost':
    '四台路由器连成方形，开销不同：去一条路，回另一条；随后两条等价',
  'two routers in a row, two load balancers behind the second':
    '两台路由器前后相连，两台负载均衡在第二台后面',
  'a network without Hellos is announced, one outside the configuration is not':
    '不发 Hello 的网段照样通告，配置之外的网段不通告',
  'static and connected routes as external ones; a default route is not among them':
    '静态与直连路由作为外部路由通告；默认路由不在其中',
  'a static route of a longer distance stands in while OSPF has none':
    'OSPF 没有路由时，管理距离更大的静态路由顶上',
  'two routers that do not agree on the interval, a third with another area':
    '两台路由器的间隔不一致，第三台在另一个区域',
  'a sorry server while no other one answers': '其他服务器都不应答时，由 sorry 服务器顶上',
  'a server that fails stays in the table with weight 0': '失效的服务器留在表里，权重为 0',
  'a TCP check, weights, and a cable that is pulled': 'TCP 检查、权重，以及拔掉网线',
  'a check of a page that is not there': '检查一个不存在的页面',
  'keepalived is stopped, started, and told to read its file again': 'keepalived 停止、启动、重新读取配置',
  'the virtual address is announced while there is a server': '只要还有服务器，就通告虚拟地址',
  'the better one takes the address back when it comes': '优先级高的一台回来后夺回地址',
  'the better one waits until the other fails': '优先级高的一台等到另一台失效才接管',
  'two masters of one priority: the higher address stays': '两台优先级相同的主机：地址大的留下',
  'the master is cut off: two masters, then one again': '主机被断开：一时有两台主，随后又只剩一台',
}
