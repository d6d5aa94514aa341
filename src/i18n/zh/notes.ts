import { host, ip, mac, mono, type Part, say } from '../parts.ts'
import type { NoteWords } from '../words.ts'
import { configWords, faultWords, HOST_STATE, icmpName, policyFields, WHY_NEIGH } from './phrases.ts'

/** 「all 与接口取大」：同一参数两处的值与结果。 */
const effective = (name: string, n: { all: number; own: number; in: number }): Part =>
  mono(`${name} = max(all ${n.all}, 接口 ${n.own}) = ${n.in}`)

const VRRP_WHY = {
  init: '',
  timeout: '，超时没有收到通告',
  higher: '，出现了优先级更高的路由器',
  interface: '，因为所跟踪的接口变化',
  script: '，因为所跟踪的脚本结果变化',
  sync: '，随同步组一起切换',
} as const

const RIB_WHY = {
  only: '',
  connected: '：直连优先',
  distance: '：管理距离最小',
  metric: '：管理距离相同，度量值不更大',
} as const

const LSA_TYPE: Record<number, string | undefined> = { 1: '路由器', 2: '网络', 5: '外部' }

const LSA_FATE = {
  originate: '发布',
  install: '收下',
  flush: '撤回',
  refuse: '距上一份不足一秒，忽略',
  remove: '删除',
} as const

const OSPF_REFUSAL = {
  short: '长度不足一个首部',
  version: '不是版本 2',
  length: '长度字段不对',
  type: '没有这种报文类型',
  body: '内容与类型不符',
  lsa: '其中的 LSA 有错',
  auth: '认证方式不一致',
  checksum: '校验和错误',
  'no-interface': '发送者所在网段上本机没有启用 OSPF',
  passive: '接口处于被动模式',
  down: '接口上的 OSPF 处于 Down 状态',
  'not-dr': '这是发给 DR 和 BDR 的',
  area: '区域不一致',
  'unknown-neighbor': '还没收到过这个邻居的 Hello',
  mask: '子网掩码不一致',
  'dead-interval': 'dead 间隔不一致',
  'hello-interval': 'hello 间隔不一致',
  options: '选项不一致',
  mtu: '对方的 MTU 比本机大',
} as const

export const notes: NoteWords = {
  flight: (n) => {
    const to = n.to.flatMap((end, i): Part[] => (i === 0 ? [host(end.host)] : ['、', host(end.host)]))
    if (n.lost !== undefined) return say`第 ${n.frame} 帧从 ${mono(n.dev)} 发出，丢失在链路上`
    if (to.length === 0) return say`第 ${n.frame} 帧从 ${mono(n.dev)} 发出，没有主机收到`
    return [...say`第 ${n.frame} 帧从 ${mono(n.dev)} 发出，到 `, ...to]
  },
  tx: (n) => say`第 ${n.frame} 帧交给 ${mono(n.dev)}`,
  rx: (n) =>
    n.pkt === 'otherhost'
      ? say`第 ${n.frame} 帧从 ${mono(n.dev)} 进来，但目的 MAC 是别的主机`
      : n.pkt === 'broadcast'
        ? say`广播帧 ${n.frame} 从 ${mono(n.dev)} 进来`
        : say`第 ${n.frame} 帧从 ${mono(n.dev)} 进来`,
  link: (n) => say`${mono(n.dev)} ${n.up ? '已启用' : '已停用'}${n.carrier ? '' : '，没有载波'}`,
  neigh: (n) => {
    const address: Part[] =
      n.mac === 0
        ? []
        : n.oldMac !== 0 && n.oldMac !== n.mac
          ? say` 改为 ${mac(n.mac)}，原来是 ${mac(n.oldMac)}`
          : say` 在 ${mac(n.mac)}`
    return [...say`邻居 ${ip(n.ip)}`, ...address, ...say`：${n.from} → ${mono(n.to)}（${WHY_NEIGH[n.why]}）`]
  },
  'neigh.queue': (n) => say`还不知道 ${ip(n.ip)} 的 MAC：包先等着（等待 ${n.waiting} 个）`,
  'neigh.resolved': (n) => say`邻居表：${ip(n.ip)} 在 ${mac(n.mac)}（${mono(n.state)}）`,
  'arp.request': (n) => {
    const ask = n.unicast ? '向已知的 MAC 再确认：谁是 ' : '问所有主机：谁是 '
    const sender = say`${ask}${ip(n.target)}？发送方填 ${ip(n.sender)}`
    const from =
      n.sender === n.source ? say`，沿用待发包的源地址` : say`，没有沿用待发包的源地址 ${ip(n.source)}`
    return [
      ...sender,
      ...(n.source === 0 ? [] : from),
      ...say`；${effective('arp_announce', { all: n.all, own: n.own, in: n.announce })}`,
    ]
  },
  'arp.reply': (n) =>
    say`回答 ${ip(n.to)}：${ip(n.target)} 是我；${effective('arp_ignore', { all: n.all, own: n.own, in: n.ignore })}`,
  'arp.ignored': (n) =>
    say`不回答 ${ip(n.from)} 对 ${ip(n.target)}（在 ${mono(n.owner)} 上）的询问；${effective('arp_ignore', { all: n.all, own: n.own, in: n.ignore })}`,
  route: (n) => {
    if (n.found === 'none') return say`没有到 ${ip(n.dst)} 的路由`
    if (n.found === 'local') return say`${ip(n.dst)} 是本机地址（local 表）：收下`
    if (n.found === 'broadcast') return say`${ip(n.dst)} 是广播地址`
    if (n.found === 'multicast') return say`${ip(n.dst)} 是组播地址`
    if (n.found !== 'unicast') return say`到 ${ip(n.dst)} 的路由是 ${mono(n.found)}`
    const rule = say`到 ${ip(n.dst)} 的路由：${mono(formatNet(n.net, n.prefix))}，`
    return [
      ...rule,
      ...(n.gateway === 0
        ? say`直接从 ${mono(n.dev)} 发出`
        : say`下一跳 ${ip(n.gateway)}，从 ${mono(n.dev)} 发出`),
    ]
  },
  ecmp: (n) => {
    const gateway = n.gateways[n.pick]
    const chosen = gateway === undefined ? mono(String(n.pick)) : ip(gateway)
    if (n.bySource) return say`等价多路径：源地址属于 ${chosen} 所在的接口，优先选它`
    const port = n.randomPort ? '（端口还没选定，用一个随机数代替）' : ''
    return say`等价多路径，哈希策略 ${n.policy}：对${policyFields(n.policy)}${port}做哈希，得 ${mono(String(n.hash))}，选 ${n.gateways.length} 个下一跳中的第 ${n.pick + 1} 个：${chosen}`
  },
  'arp.announce': (n) => say`向所有主机通告：${ip(n.ip)} 在本机的 ${mono(n.dev)}`,
  'arp.proxy': (n) => say`替 ${ip(n.target)} 应答 ${ip(n.to)}，它在 ${mono(n.by)} 那一侧（proxy_arp）`,
  'redirect.sent': (n) =>
    say`${ip(n.to)} 发往 ${ip(n.dst)} 不必经过本机：发 ICMP 重定向，更好的网关是 ${ip(n.gateway)}`,
  'redirect.ignored': (n) => say`不采信 ${ip(n.from)} 的重定向：${ip(n.dst)} 改走 ${ip(n.gateway)}`,
  'route.cache': (n) => {
    if (n.why === 'expired') return say`关于 ${ip(n.dst)} 的路径记录已过期`
    if (n.why === 'redirect') return say`此后发往 ${ip(n.dst)} 的包改走网关 ${ip(n.gateway)}（重定向）`
    return say`此后到 ${ip(n.dst)} 的路径 MTU 为 ${n.mtu}`
  },
  martian: (n) => say`内核日志：martian source ${ip(n.dst)} from ${ip(n.src)}, on dev ${mono(n.dev)}`,
  'ip.fragment': (n) => say`${n.length} 字节的包分成 ${n.pieces} 片，${mono(n.dev)} 的 MTU 是 ${n.mtu}`,
  'ip.reassembled': (n) => say`${n.pieces} 个分片到齐，重组成 ${n.length} 字节的包`,
  tunnel: (n) =>
    n.way === 'in'
      ? say`拆掉外层首部 ${ip(n.src)} → ${ip(n.dst)}，内层的包从 ${mono(n.dev)} 进来`
      : say`${mono(n.dev)} 在前面加上外层首部：${ip(n.src)} → ${ip(n.dst)}，TTL ${n.ttl}`,
  forward: (n) => say`不是给本机的：转发，TTL ${n.ttlIn} → ${n.ttlOut}，从 ${mono(n.dev)} 发出`,
  hook: (n) =>
    say`钩子 ${mono(n.point)}：${n.by === '' ? '' : mono(n.by)}${n.by === '' ? '' : ' 判定 '}${mono(n.verdict)}`,
  'nf.rule': (n) =>
    n.rule === 0
      ? say`${mono(`${n.table}/${n.chain}`)}：没有规则作出判定，按默认策略 ${mono(n.target)}`
      : say`${mono(`${n.table}/${n.chain}`)}：命中第 ${n.rule} 条规则，${mono(n.target)}`,
  'nf.log': (n) => say`内核日志：${mono(n.line)}`,
  conntrack: (n) => {
    const who: Part[] = [ip(n.src, n.sport), ' → ', ip(n.dst, n.dport)]
    const state: Part[] = n.from === n.to ? [] : say`，${n.from} → ${mono(n.to)}`
    if (n.info === 'INVALID') return [...say`连接跟踪：${mono('INVALID')}，`, ...who]
    const way = n.dir === 'reply' ? '，回程' : ''
    return [...say`连接跟踪：${mono(n.info)}${way}，`, ...who, ...state]
  },
  nat: (n) =>
    n.manip === 'src'
      ? say`NAT：此后这条连接的源地址 ${ip(n.from, n.fromPort)} 改写为 ${ip(n.to, n.toPort)}`
      : say`NAT：此后这条连接的目的地址 ${ip(n.from, n.fromPort)} 改写为 ${ip(n.to, n.toPort)}`,
  'ipvs.conn': (n) =>
    n.found
      ? say`IPVS 认得连接 ${ip(n.cip, n.cport)} → ${ip(n.vip, n.vport)}：送往 ${ip(n.dip, n.dport)}，${n.oldState === n.state ? '' : `${n.oldState} → `}${mono(n.state)}`
      : say`IPVS 新建连接项 ${ip(n.cip, n.cport)} → ${ip(n.vip, n.vport)} → ${ip(n.dip, n.dport)}，${mono(n.state)}`,
  'ipvs.pick': (n) =>
    say`命中 IPVS 服务 ${ip(n.vip, n.vport)}；${mono(n.scheduler)} 从 ${n.candidates} 台中选 ${ip(n.dip, n.dport)}，权重 ${n.weight}`,
  'ipvs.xmit': (n) =>
    n.mode === 'dr'
      ? say`DR 方式：两个 IP 地址都不变，只把帧送给 ${ip(n.dip)}；TTL ${n.ttlIn} → ${n.ttlOut}`
      : say`${mono(n.mode)} 方式：送往 ${ip(n.dip)}；TTL ${n.ttlIn} → ${n.ttlOut}`,
  'ipvs.reply': (n) =>
    n.mode === 'nat' || n.mode === 'fullnat'
      ? say`${ip(n.dip, n.dport)} 的应答：IPVS 把源地址还原为 ${ip(n.vip, n.vport)}，${n.oldState === n.state ? '' : `${n.oldState} → `}${mono(n.state)}`
      : say`${ip(n.dip, n.dport)} 的应答从这里经过，${n.oldState === n.state ? '' : `${n.oldState} → `}${mono(n.state)}`,
  'ipvs.local': (n) =>
    n.way === 'in'
      ? say`FULLNAT：${ip(n.lip, n.lport)} 代表客户端 ${ip(n.cip, n.cport)}，目的地址改回客户端`
      : say`FULLNAT：源地址 ${ip(n.cip, n.cport)} 改为 ${ip(n.lip, n.lport)}${n.toa ? '；客户端地址放在 TCP 选项 254 里带给服务器' : ''}`,
  'ipvs.sync': (n) =>
    n.way === 'out'
      ? say`把连接 ${ip(n.cip, n.cport)} → ${ip(n.vip, n.vport)} → ${ip(n.dip, n.dport)} 告诉其他调度器`
      : say`从另一台调度器得知连接 ${ip(n.cip, n.cport)} → ${ip(n.vip, n.vport)} → ${ip(n.dip, n.dport)}`,
  'ipvs.expire': (n) => say`IPVS 删除连接项 ${ip(n.cip, n.cport)} → ${ip(n.vip, n.vport)}`,
  icmp: (n) =>
    n.why === 'in'
      ? say`收到 ICMP ${icmpName(n.type, n.code)}`
      : say`向 ${ip(n.to)} 发送 ICMP ${icmpName(n.type, n.code)}（${n.why}）`,
  'tcp.state': (n) =>
    say`TCP ${ip(n.laddr, n.lport)} ↔ ${ip(n.raddr, n.rport)}：${n.from} → ${mono(n.to)}${n.why === '' ? '' : `（${n.why}）`}`,
  'tcp.send': (n) =>
    say`TCP 发送 ${mono(n.what)}，seq ${n.seq}，ack ${n.ack}${n.length > 0 ? `，${n.length} 字节` : ''}`,
  'tcp.rexmit': (n) =>
    say`等不到应答：TCP 第 ${n.attempt} 次重传，超时改为 ${Math.round(n.rtoNs / 1e6)} 毫秒`,
  'proc.start': (n) => say`进程 ${n.pid} 启动：${mono(n.argv.join(' '))}`,
  'proc.exit': (n) => say`进程 ${n.pid} 结束，状态 ${n.status}`,
  stdout: (n) => say`${n.err ? '输出到 stderr' : '输出'}：${mono(n.text.trimEnd())}`,
  health: (n) =>
    n.up
      ? say`对 ${mono(n.server)} 的 ${n.why === 'http' ? 'HTTP' : n.why === 'tcp' ? 'TCP' : 'ping'} 健康检查恢复成功`
      : say`对 ${mono(n.server)} 的 ${n.why === 'http' ? 'HTTP' : n.why === 'tcp' ? 'TCP' : 'ping'} 健康检查失败`,
  quorum: (n) =>
    n.up
      ? say`${mono(n.service)} 达到法定数：存活的真实服务器权重合计 ${n.weight}，门槛是 ${n.quorum}`
      : say`${mono(n.service)} 低于法定数：存活的真实服务器权重合计 ${n.weight}，门槛是 ${n.quorum}`,
  vrrp: (n) =>
    say`VRRP ${mono(n.instance)}（虚拟路由器 ${n.vrid}，优先级 ${n.priority}）：${mono(n.from)} → ${mono(n.to)}${VRRP_WHY[n.why]}`,
  journal: (n) => say`${mono(n.ident)} 写入日志：${mono(n.text)}`,
  'ospf.neighbor': (n) =>
    say`${mono(n.dev)} 上的 OSPF 邻居 ${ip(n.id)}：${n.from} → ${mono(n.to)}（${mono(n.why)}）`,
  'ospf.interface': (n) => {
    const dr = n.dr === 0 ? say`还没有 DR` : say`DR 是 ${ip(n.dr)}`
    const bdr = n.bdr === 0 ? [] : say`，BDR 是 ${ip(n.bdr)}`
    return [...say`${mono(n.dev)} 的 OSPF 状态：${n.from} → ${mono(n.to)}；`, ...dr, ...bdr]
  },
  'ospf.lsa': (n) =>
    say`${LSA_FATE[n.what]}${LSA_TYPE[n.type] ?? `类型 ${n.type} `} LSA ${ip(n.id)}（由 ${ip(n.adv)} 通告，序列号 ${mono(`0x${n.seq.toString(16)}`)}）`,
  'ospf.spf': (n) => say`SPF 计算完成：${n.vertices} 个节点，${n.routes} 条路由（原因 ${n.why}）`,
  'ospf.refused': (n) => say`不接受 ${mono(n.dev)} 上来自 ${ip(n.from)} 的 OSPF 报文：${OSPF_REFUSAL[n.why]}`,
  netlink: (n) => [...say`${mono(n.program)} 通知内核：`, ...configWords(n.op)],
  rib: (n) => {
    const net = mono(formatNet(n.dst, n.prefix))
    if (n.why === 'gone') return say`zebra 不再有到 ${net} 的路由`
    const hops = n.hops
      .map((hop) => (hop.gateway === 0 ? hop.dev : formatNet(hop.gateway, 32).slice(0, -3)))
      .join('、')
    return say`zebra 选用 ${mono(n.from)} 路由到 ${net}，[${n.distance}/${n.metric}]，经 ${mono(hops)}${RIB_WHY[n.why]}`
  },
  request: (n) =>
    n.role === 'client'
      ? say`客户端收到应答：${mono(`${n.method} ${n.path}`)}，来自 ${ip(n.peer, n.peerPort)}，状态 ${n.status}`
      : say`服务器应答 ${ip(n.peer, n.peerPort)} 的 ${mono(`${n.method} ${n.path}`)}，状态 ${n.status}`,
  command: (n) => say`命令 ${mono(n.line)}${n.status === 0 ? '' : ` 失败，状态 ${n.status}`}`,
  config: (n) => configWords(n.op),
  fault: (n) => say`${mono(n.dev)} 的链路，${n.way === 'in' ? '进' : '出'}方向：${faultWords(n.faults)}`,
  host: (n) => say`主机${HOST_STATE[n.state]}`,
  cable: (n) => say`${mono(n.dev)} 的网线${n.plugged ? '插上了' : '拔掉了'}`,
  drop: (n) => say`第 ${n.frame} 帧被丢弃：${mono(n.why)}${n.detail === '' ? '' : `，${n.detail}`}`,
  limit: (n) => say`到达模拟的上限：${n.what}，${n.value}`,
}

function formatNet(net: number, prefix: number): string {
  return prefix === 0
    ? 'default'
    : `${net >>> 24}.${(net >>> 16) & 255}.${(net >>> 8) & 255}.${net & 255}/${prefix}`
}
