import type { Glossary } from '../words.ts'

export const glossary: Glossary = {
  vip: { name: 'VIP', means: '虚拟 IP：客户端使用的唯一地址，背后由多台机器共同服务。' },
  lb: { name: '负载均衡器', means: '负载均衡（这里是 LVS）：决定一个连接交给哪台服务器。也叫调度器。' },
  ecmp: { name: 'ECMP 等价多路径', means: '等价多路径：一条路由有几个同样好的下一跳。' },
  nexthop: { name: '下一跳', means: '下一跳：去往目的地的路上，把包交给的那个邻居。' },
  hash: { name: '哈希', means: '哈希：由首部字段算出的一个数；字段相同，结果总相同。' },
  policy: { name: '哈希策略', means: 'net.ipv4.fib_multipath_hash_policy：哪些字段参与等价多路径的哈希。' },
  seed: { name: '种子', means: '种子：混进哈希的一个秘密数；没有设置时，Linux 开机随机生成。' },
  flow: { name: '流', means: '流：一个连接的全部包，地址、端口、协议都相同。' },
  tuple5: { name: '五元组', means: '五元组：源地址、目的地址、源端口、目的端口、协议。' },
  neigh: { name: '邻居表', means: '邻居表：本链路上某个 IP 对应哪个 MAC，以及有多可信。' },
  arp: { name: 'ARP', means: '地址解析协议：在链路上询问某个 IP 的 MAC。' },
  arp_ignore: { name: 'arp_ignore', means: '回答哪些 ARP 请求。取 conf.all 与 conf.接口 中较大的值。' },
  arp_announce: {
    name: 'arp_announce',
    means: '自己发出的 ARP 请求里，发送方地址怎么填。取 conf.all 与 conf.接口 中较大的值。',
  },
  dr: { name: 'DR', means: '直接路由：负载均衡只改 MAC 地址，服务器直接回复客户端。' },
  ipvs: { name: 'IPVS', means: 'IP 虚拟服务器：Linux 内核里的负载均衡，挂在 LOCAL_IN 钩子上。' },
  hook: {
    name: '钩子',
    means: '钩子：内核中可以查看、改动包的位置：PREROUTING、LOCAL_IN、FORWARD、LOCAL_OUT、POSTROUTING。',
  },
  ttl: { name: 'TTL', means: '生存时间：每经过一跳减一的计数。' },
  mac: { name: 'MAC 地址', means: '接口的硬件地址：在这段链路上由谁收下这一帧。' },
  lo: { name: 'lo', means: '环回接口：配在它上面的地址属于本机，但不属于任何链路。' },
}
